//! The running system: what comes and what is done is shown until the live ends or somebody stops it.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use cuelight_app::live::{Ended, Spectator, Then, Witness};
use cuelight_app::server::{Serving, Wish};
use cuelight_app::{App, Door, live};
use cuelight_core::id::SessionId;
use cuelight_runtime::engine::OldJobs;
use cuelight_runtime::feed::Committed;
use cuelight_runtime::report::story::{self, SessionHeading};
use cuelight_runtime::runtime::CaptureEnd;
use cuelight_runtime::source::{SourceEnd, SourceError, SourceStatus};
use cuelight_runtime::worker::Statuses;
use tokio::time::Instant;

use super::plan::{Plan, Serves};
use crate::console::{TextTo, print_line};
use crate::disk_health::tell_disk_health;
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::publishing_watch::PublishingWatch;
use crate::serve;
use crate::story::{STATISTICS_EVERY, Story};
use crate::workers_watch::WorkersWatch;

/// The running app, and the story of it that is told.
pub(super) struct Watch {
    app: Arc<App>,
    story: Story,
}

/// What is known of the live so far, and who ends it when.
struct Course {
    witness: Witness,
    interrupts: Interrupts,
    workers: WorkersWatch,
    deadline: Option<Instant>,
    old_jobs: Option<OldJobs>,
    /// The session that the heading told of.
    announced: SessionId,
    session: Option<SessionId>,
    /// Events of it that count.
    events: u64,
    is_connected: bool,
    has_told_waiting: bool,
}

impl Course {
    fn session(&self) -> Option<(SessionId, u64)> {
        self.session.map(|session| (session, self.events))
    }

    fn note(&mut self, committed: &Committed) {
        if self.session != Some(committed.id.session) {
            (self.session, self.events) = (Some(committed.id.session), 0);
        }
        self.events += u64::from(cuelight_core::totals::counts(&committed.event));
    }

    /// Waits until somebody or the duration ends it.
    async fn is_over(interrupts: &mut Interrupts, deadline: Option<Instant>) {
        tokio::select! {
            () = interrupts.next() => interrupts.say_stopping(),
            () = until(deadline) => {}
        }
    }
}

impl Watch {
    pub(super) fn new(app: Arc<App>, story: Story) -> Self {
        Self { app, story }
    }

    /// Follows the live to its end, and ends the app.
    pub(super) async fn run(self, plan: Plan) -> Result<ExitCode, Failure> {
        let mut interrupts = Interrupts::listen(self.story.language())?;
        let mut workers = WorkersWatch::new(&self.app.engine.workers);
        let statuses = workers.settled().await;
        let announced = self.tell_heading(&plan.live, &statuses)?;
        let serving = match plan.serving {
            Serves::AsSet => Some(self.serve().await),
            Serves::Never => None,
        };
        self.tell_source(&plan.live);
        let deadline = (plan.duration_seconds > 0).then(|| Instant::now() + Duration::from_secs(plan.duration_seconds));
        let old_jobs = plan.live.old_jobs;
        let (result, session) = match self.app.live.follow(plan.live).await {
            Ok(witness) => {
                let mut course = Course {
                    witness,
                    interrupts,
                    workers,
                    deadline,
                    old_jobs,
                    announced,
                    session: None,
                    events: 0,
                    is_connected: false,
                    has_told_waiting: false,
                };
                let result = self.follow(&mut course).await;
                let session = course.session();
                (interrupts, workers) = (course.interrupts, course.workers);
                (result, session)
            }
            Err(failure) => (Err(failure.into()), None),
        };
        let closing = async {
            if let Some(serving) = serving {
                serving.stop().await;
            }
        };
        interrupts.or_end(async { tokio::join!(closing, self.app.end()) }).await;
        workers.show_rest(&self.story).await;
        self.story.end(session, &workers.statuses())?;
        result
    }

    /// Tells what begins; gives the session that it is expected to be.
    fn tell_heading(&self, live: &live::Plan, statuses: &Statuses) -> Result<SessionId, Failure> {
        let next = self.app.store().reader()?.next_session()?;
        let session = SessionHeading { id: next, name: live.session_name.as_deref() };
        self.story.heading(live.creator.as_deref(), Some(session), statuses);
        Ok(next)
    }

    /// Starts the local server, and tells where it answers, where it is wanted.
    async fn serve(&self) -> Serving {
        let mut serving = Serving::start(&Door::new(Arc::clone(&self.app)), Wish::AsSet);
        serving.settled().await;
        serve::tell_beside(self.story.language(), &self.app.server.status());
        serving
    }

    fn tell_source(&self, live: &live::Plan) {
        let language = self.story.language();
        print_line(&match &live.creator {
            Some(creator) => story::connecting(language, creator),
            None => story::reading(language, &live.source_name),
        });
    }

    /// Shows every capture of the live, and says how it all ended.
    async fn follow(&self, course: &mut Course) -> Result<ExitCode, Failure> {
        loop {
            let over = Course::is_over(&mut course.interrupts, course.deadline);
            let spectator = tokio::select! {
                biased;
                spectator = course.witness.next() => spectator?,
                () = over => return Ok(ExitCode::SUCCESS),
            };
            // Somebody ended the live while nobody was live.
            let Some(spectator) = spectator else { return Ok(ExitCode::SUCCESS) };
            let Some(Ended { end, then }) = self.show(spectator, course).await? else { return Ok(ExitCode::SUCCESS) };
            let CaptureEnd { outcome, journal } = end;
            journal?;
            match (then, outcome) {
                (Then::Stopped, _) | (_, Ok(SourceEnd::Stopped)) => return Ok(ExitCode::SUCCESS),
                (_, Ok(SourceEnd::Ended)) => {
                    self.tell_old_jobs(course).await?;
                    self.finish_jobs(course).await?;
                    return Ok(ExitCode::SUCCESS);
                }
                (Then::TriedAgain, Err(SourceError::NotLive { user })) => {
                    if !std::mem::replace(&mut course.has_told_waiting, true) {
                        print_line(&story::waiting_for_live(self.story.language(), &user));
                        self.tell_old_jobs(course).await?;
                    }
                }
                (Then::TriedAgain, Err(_)) => {}
                (Then::Over, Err(SourceError::NotLive { user })) => {
                    self.tell_old_jobs(course).await?;
                    print_line(&format!("❌ @{user} is not currently live"));
                    return Err(SourceError::NotLive { user }.into());
                }
                (Then::Over, Err(error)) => return Err(error.into()),
            }
        }
    }

    /// Shows one capture to its end.
    async fn show(&self, mut spectator: Spectator, course: &mut Course) -> Result<Option<Ended>, Failure> {
        let mut publishing = PublishingWatch::beside(spectator.publishing.take());
        let mut is_stopped = false;
        loop {
            let deadline = course.deadline.filter(|_| !is_stopped);
            let session = course.session();
            tokio::select! {
                biased;
                () = course.interrupts.next() => {
                    course.interrupts.say_stopping();
                    self.stop();
                    is_stopped = true;
                }
                Ok(()) = spectator.status.changed() => {
                    let status = spectator.status.borrow_and_update().clone();
                    self.tell_status(&status, course);
                }
                Ok(()) = spectator.health.changed() => {
                    tell_disk_health("journal is", &spectator.health.borrow_and_update());
                }
                () = publishing.changed() => publishing.tell_health(),
                events = spectator.feed.next() => {
                    let Some(events) = events? else { break };
                    self.tell_events(&events, course).await?;
                }
                () = until(deadline) => {
                    self.stop();
                    is_stopped = true;
                }
                shown = course.workers.show_next(&self.story, session) => shown?,
            }
        }
        let ended = course.interrupts.or_end(spectator.end()).await;
        if course.session.is_some() {
            publishing.finish(&mut course.interrupts, TextTo::Stdout).await?;
        }
        Ok(ended)
    }

    /// Ends the live; no job starts any more.
    fn stop(&self) {
        self.app.engine.workers.halt();
        let app = Arc::clone(&self.app);
        tokio::spawn(async move {
            // It may have ended by itself just now.
            let _ = app.live.end().await;
        });
    }

    async fn tell_events(&self, events: &[Committed], course: &mut Course) -> Result<(), Failure> {
        for committed in events {
            if course.session.is_none() && committed.id.session != course.announced {
                print_line(&story::session_goes_on(self.story.language(), committed.id.session));
            }
            course.note(committed);
            self.tell_old_jobs(course).await?;
            self.story.event(&committed.event);
        }
        Ok(())
    }

    /// Tells once what became of the jobs of earlier sessions, as soon as that is known.
    async fn tell_old_jobs(&self, course: &mut Course) -> Result<(), Failure> {
        let Some(old_jobs) = course.old_jobs.take() else { return Ok(()) };
        let count = course.witness.old_jobs().await?.unwrap_or_default();
        if count > 0 {
            let tell = match old_jobs {
                OldJobs::Hold => story::old_jobs_held,
                OldJobs::Run => story::old_jobs_run,
                OldJobs::Discard => story::old_jobs_discarded,
            };
            print_line(&tell(self.story.language(), count));
        }
        Ok(())
    }

    /// The source is through: what it caused is done to the end, unless somebody stops it.
    async fn finish_jobs(&self, course: &mut Course) -> Result<(), Failure> {
        let session = course.session();
        let idle = self.app.engine.workers.idle();
        tokio::pin!(idle);
        let over = Course::is_over(&mut course.interrupts, course.deadline);
        tokio::pin!(over);
        loop {
            tokio::select! {
                idle = &mut idle => {
                    self.story.resting(&idle.map_err(Failure::failed)?);
                    return Ok(());
                }
                () = &mut over => return Ok(()),
                shown = course.workers.show_next(&self.story, session) => shown?,
            }
        }
    }

    fn tell_status(&self, status: &SourceStatus, course: &mut Course) {
        let language = self.story.language();
        match status {
            SourceStatus::Idle | SourceStatus::LookingForRoom { .. } | SourceStatus::Connecting { .. } => {}
            SourceStatus::Connected { .. } => {
                if !std::mem::replace(&mut course.is_connected, true) {
                    print_line(&story::capturing(language));
                    print_line(&story::tips(language, STATISTICS_EVERY.as_secs()));
                }
            }
            SourceStatus::Reconnecting { cause, wait_ms, attempt } => {
                print_line(&story::reconnecting(language, *wait_ms, *attempt, cause));
            }
        }
    }
}

/// Waits for that moment; for ever where there is none.
async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
