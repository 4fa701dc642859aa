//! The running system: what comes and what is done is shown until the live ends or somebody stops it.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use cuelight_app::live::{CaptureView, Ended, Then, Witness};
use cuelight_app::server::{Serving, Wish};
use cuelight_app::{App, Door, live};
use cuelight_core::handle::Handle;
use cuelight_core::id::SessionId;
use cuelight_runtime::engine::OldJobs;
use cuelight_runtime::feed::Committed;
use cuelight_runtime::report::story::{self, SessionHeading};
use cuelight_runtime::report::texts::Text;
use cuelight_runtime::runtime::CaptureEnd;
use cuelight_runtime::source::{SourceEnd, SourceError, SourceStatus};
use cuelight_runtime::worker::Statuses;
use tokio::time::Instant;

use super::plan::Plan;
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
struct Following<'a> {
    witness: Witness,
    interrupts: &'a mut Interrupts,
    workers: &'a mut WorkersWatch,
    deadline: Option<Instant>,
    /// Its time is over, or somebody here ended it.
    is_stopped: bool,
    old_jobs: Option<OldJobs>,
    /// The session that the heading told of.
    announced: SessionId,
    session: Option<SessionId>,
    /// Events of it that count.
    events: u64,
    is_connected: bool,
    has_told_waiting: bool,
}

impl Following<'_> {
    /// The session, and its events that count.
    fn counted(&self) -> Option<(SessionId, u64)> {
        self.session.map(|session| (session, self.events))
    }

    fn note(&mut self, committed: &Committed) {
        if self.session != Some(committed.id.session) {
            (self.session, self.events) = (Some(committed.id.session), 0);
        }
        self.events += u64::from(cuelight_core::totals::counts(&committed.event));
    }

    /// Whether nothing more is to be done, because somebody does not want it or its time is over.
    fn is_over(&self) -> bool {
        self.is_stopped || self.interrupts.have_come()
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
            Some(wish) => Some(self.serve(wish).await),
            None => None,
        };
        self.tell_source(&plan.live);
        let deadline = (plan.duration_seconds > 0).then(|| Instant::now() + Duration::from_secs(plan.duration_seconds));
        let old_jobs = plan.live.old_jobs;
        let (result, session) = match self.app.live.follow(plan.live).await {
            Ok(witness) => {
                let mut following = Following {
                    witness,
                    interrupts: &mut interrupts,
                    workers: &mut workers,
                    deadline,
                    is_stopped: false,
                    old_jobs,
                    announced,
                    session: None,
                    events: 0,
                    is_connected: false,
                    has_told_waiting: false,
                };
                let result = self.follow(&mut following).await;
                (result, following.counted())
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
        self.story.heading(live.creator.as_ref().map(Handle::as_str), Some(session), statuses);
        Ok(next)
    }

    /// Starts the local server, and tells where it answers, where it is wanted.
    async fn serve(&self, wish: Wish) -> Serving {
        let mut serving = Serving::start(&Door::new(Arc::clone(&self.app)), wish);
        serving.settled().await;
        serve::tell_beside(self.story.language(), &self.app);
        serving
    }

    fn tell_source(&self, live: &live::Plan) {
        let language = self.story.language();
        print_line(&match &live.creator {
            Some(creator) => story::connecting(language, creator.as_str()),
            None => story::reading(language, &live.source_name),
        });
    }

    /// Shows every capture of the live, and says how it all ended.
    async fn follow(&self, following: &mut Following<'_>) -> Result<ExitCode, Failure> {
        loop {
            let Some(capture) = self.next(following).await? else { return Ok(ExitCode::SUCCESS) };
            let Ended { end, then, unreadable } = self.show(capture, following).await?;
            let CaptureEnd { outcome, journal } = end;
            journal?;
            if let Some(error) = unreadable {
                return Err(error.into());
            }
            match (then, outcome) {
                (Then::Stopped, _) => return Ok(ExitCode::SUCCESS),
                (Then::TriedAgain, _) if following.is_over() => return Ok(ExitCode::SUCCESS),
                (_, Ok(SourceEnd::Ended | SourceEnd::Stopped)) => {
                    self.tell_old_jobs(following).await?;
                    if !following.is_over() {
                        self.finish_jobs(following).await?;
                    }
                    return Ok(ExitCode::SUCCESS);
                }
                (Then::TriedAgain, Err(SourceError::NotLive { user })) => {
                    if !std::mem::replace(&mut following.has_told_waiting, true) {
                        print_line(&story::waiting_for_live(self.story.language(), &user));
                        self.tell_old_jobs(following).await?;
                    }
                }
                (Then::TriedAgain, Err(_)) => {}
                (Then::Over, Err(SourceError::NotLive { user })) => {
                    self.tell_old_jobs(following).await?;
                    print_line(&story::not_live(self.story.language(), &user));
                    return Err(SourceError::NotLive { user }.into());
                }
                (Then::Over, Err(error)) => return Err(error.into()),
            }
        }
    }

    /// Waits for the next capture, and shows what workers do meanwhile; `None` where somebody ended the wait.
    async fn next(&self, following: &mut Following<'_>) -> Result<Option<CaptureView>, Failure> {
        let session = following.counted();
        let over = until_over(following.interrupts, following.deadline);
        tokio::pin!(over);
        loop {
            tokio::select! {
                biased;
                capture = following.witness.next() => return Ok(capture?),
                () = &mut over => return Ok(None),
                shown = following.workers.show_next(&self.story, session) => shown?,
            }
        }
    }

    /// Shows one capture to its end.
    async fn show(&self, mut capture: CaptureView, following: &mut Following<'_>) -> Result<Ended, Failure> {
        let language = self.story.language();
        let mut publishing = PublishingWatch::beside(capture.publishing.take(), language);
        loop {
            let deadline = following.deadline.filter(|_| !following.is_stopped);
            let session = following.counted();
            tokio::select! {
                biased;
                () = following.interrupts.next() => {
                    following.interrupts.say_stopping();
                    self.stop(following);
                }
                Ok(()) = capture.status.changed() => {
                    let status = capture.status.borrow_and_update().clone();
                    self.tell_status(&status, following);
                }
                Ok(()) = capture.health.changed() => {
                    tell_disk_health(language, Text::JournalWritten, &capture.health.borrow_and_update());
                }
                () = publishing.changed() => publishing.tell_health(),
                events = capture.feed.next() => {
                    let Some(events) = events? else { break };
                    self.tell_events(&events, following).await?;
                }
                () = until(deadline) => self.stop(following),
                shown = following.workers.show_next(&self.story, session) => shown?,
            }
        }
        let ended = following.interrupts.or_end(capture.end()).await;
        if following.session.is_some() {
            publishing.finish(following.interrupts, TextTo::Stdout).await?;
        }
        ended.ok_or_else(|| Failure::failed("the live broke off without a word"))
    }

    /// Ends the live; no job starts any more.
    fn stop(&self, following: &mut Following<'_>) {
        following.is_stopped = true;
        self.app.engine.workers.halt();
        let app = Arc::clone(&self.app);
        tokio::spawn(async move {
            // It may have ended by itself just now.
            let _ = app.live.end().await;
        });
    }

    async fn tell_events(&self, events: &[Committed], following: &mut Following<'_>) -> Result<(), Failure> {
        for committed in events {
            if following.session.is_none() && committed.id.session != following.announced {
                print_line(&story::session_goes_on(self.story.language(), committed.id.session));
            }
            following.note(committed);
            self.tell_old_jobs(following).await?;
            self.story.event(&committed.event);
        }
        Ok(())
    }

    /// Tells once what became of the jobs of earlier sessions, as soon as that is known.
    async fn tell_old_jobs(&self, following: &mut Following<'_>) -> Result<(), Failure> {
        let Some(old_jobs) = following.old_jobs.take() else { return Ok(()) };
        let count = following.witness.old_jobs().await?.unwrap_or_default();
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
    async fn finish_jobs(&self, following: &mut Following<'_>) -> Result<(), Failure> {
        let session = following.counted();
        let idle = self.app.engine.workers.idle();
        tokio::pin!(idle);
        let over = until_over(following.interrupts, following.deadline);
        tokio::pin!(over);
        loop {
            tokio::select! {
                idle = &mut idle => {
                    self.story.resting(&idle.map_err(Failure::failed)?);
                    return Ok(());
                }
                () = &mut over => return Ok(()),
                shown = following.workers.show_next(&self.story, session) => shown?,
            }
        }
    }

    fn tell_status(&self, status: &SourceStatus, following: &mut Following<'_>) {
        let language = self.story.language();
        match status {
            SourceStatus::Idle | SourceStatus::LookingForRoom { .. } | SourceStatus::Connecting { .. } => {}
            SourceStatus::Connected { .. } => {
                if !std::mem::replace(&mut following.is_connected, true) {
                    print_line(&story::capturing(language));
                    print_line(&story::tips(language, STATISTICS_EVERY.as_secs()));
                }
            }
            SourceStatus::Climbing { from, to, cause } => {
                print_line(&story::climbing(language, *from, *to, cause));
            }
            SourceStatus::AskingPerson { user } => print_line(&story::asking_person(language, user)),
            SourceStatus::Reconnecting { cause, wait_ms, attempt } => {
                print_line(&story::reconnecting(language, *wait_ms, *attempt, cause));
            }
        }
    }
}

/// Waits until somebody or the duration ends it.
async fn until_over(interrupts: &mut Interrupts, deadline: Option<Instant>) {
    tokio::select! {
        () = interrupts.next() => interrupts.say_stopping(),
        () = until(deadline) => {}
    }
}

/// Waits for that moment; for ever where there is none.
async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
