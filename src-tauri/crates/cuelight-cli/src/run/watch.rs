//! The running system: what comes and what is done is shown until the live ends or somebody stops it.

use std::process::ExitCode;
use std::time::Duration;

use cuelight_core::id::SessionId;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::engine::{Engine, OldJobs, settle_held_jobs};
use cuelight_runtime::feed::Committed;
use cuelight_runtime::report::story::{self, SessionHeading};
use cuelight_runtime::runtime::{CaptureEnd, CaptureRequest, Runtime};
use cuelight_runtime::source::tiktok::pace::ASK_AGAIN;
use cuelight_runtime::source::{EventSource, SourceEnd, SourceError, SourceStatus};
use cuelight_runtime::worker::Statuses;
use tokio::time::Instant;

use super::Plan;
use crate::console::{TextTo, print_line};
use crate::disk_health::tell_disk_health;
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::publishing_watch::PublishingWatch;
use crate::story::{STATISTICS_EVERY, Story};
use crate::workers_watch::WorkersWatch;

/// All that the running system is made of.
pub(super) struct Watch<'a> {
    pub(super) plan: &'a Plan<'a>,
    pub(super) runtime: &'a Runtime,
    pub(super) engine: Engine,
    pub(super) story: Story,
}

/// How one capture ended.
enum Ended {
    /// The source came to its end, or failed.
    Source(Box<CaptureEnd>),
    /// Somebody, or the duration, stopped it.
    Stopped(Box<CaptureEnd>),
}

/// What is known of the session so far.
struct Progress {
    /// The session that the heading told of.
    announced: SessionId,
    session: Option<SessionId>,
    /// Events of it that count.
    events: u64,
    is_connected: bool,
    has_settled_old_jobs: bool,
}

impl Progress {
    fn towards(announced: SessionId) -> Self {
        Self { announced, session: None, events: 0, is_connected: false, has_settled_old_jobs: false }
    }

    fn session(&self) -> Option<(SessionId, u64)> {
        self.session.map(|session| (session, self.events))
    }

    fn note(&mut self, committed: &Committed) {
        if self.session != Some(committed.id.session) {
            (self.session, self.events) = (Some(committed.id.session), 0);
        }
        self.events += u64::from(cuelight_core::totals::counts(&committed.event));
    }
}

impl Watch<'_> {
    /// Runs to the end; `source` is open already.
    pub(super) async fn run(self, source: Box<dyn EventSource>) -> Result<ExitCode, Failure> {
        let mut interrupts = Interrupts::listen(self.story.language())?;
        let mut workers = WorkersWatch::new(&self.engine.workers);
        let mut progress = Progress::towards(self.begin(&workers.settled().await)?);
        let result = self.capture_until_over(source, &mut progress, &mut interrupts, &mut workers).await;
        let Watch { engine, story, .. } = self;
        interrupts.or_end(engine.workers.stop()).await;
        workers.show_rest(&story).await;
        story.end(progress.session(), &workers.statuses())?;
        result
    }

    /// Tells what begins; gives the session that it is expected to be.
    fn begin(&self, statuses: &Statuses) -> Result<SessionId, Failure> {
        let next = self.runtime.store().reader()?.next_session()?;
        let session = SessionHeading { id: next, name: self.plan.session_name };
        self.story.heading(self.plan.streamer, Some(session), statuses);
        let language = self.story.language();
        print_line(&match self.plan.streamer {
            Some(streamer) => story::connecting(language, streamer),
            None => story::reading(language, &self.plan.source_name),
        });
        Ok(next)
    }

    /// Decides once about the jobs of earlier sessions, and tells it: a session that goes on has taken its own back by then.
    fn settle_old_jobs(&self, progress: &mut Progress) -> Result<(), Failure> {
        if std::mem::replace(&mut progress.has_settled_old_jobs, true) {
            return Ok(());
        }
        let count = settle_held_jobs(self.runtime.store(), self.plan.old_jobs, &Clock::system())?;
        if count > 0 {
            let tell = match self.plan.old_jobs {
                OldJobs::Hold => story::old_jobs_held,
                OldJobs::Run => story::old_jobs_run,
                OldJobs::Discard => story::old_jobs_discarded,
            };
            print_line(&tell(self.story.language(), count));
        }
        Ok(())
    }

    /// Captures, again and again while the streamer is not live yet.
    async fn capture_until_over(
        &self,
        source: Box<dyn EventSource>,
        progress: &mut Progress,
        interrupts: &mut Interrupts,
        workers: &mut WorkersWatch,
    ) -> Result<ExitCode, Failure> {
        let deadline =
            (self.plan.duration_seconds > 0).then(|| Instant::now() + Duration::from_secs(self.plan.duration_seconds));
        let mut has_told_waiting = false;
        let mut opened = Some(source);
        loop {
            let source = opened.take().map_or_else(|| (self.plan.open)(), Ok)?;
            let end = match self.capture(source, progress, interrupts, workers, deadline).await? {
                Ended::Stopped(end) => {
                    end.journal?;
                    return Ok(ExitCode::SUCCESS);
                }
                Ended::Source(end) => end,
            };
            let (journal, outcome) = (end.journal, end.outcome);
            journal?;
            match outcome {
                Ok(SourceEnd::Stopped) => return Ok(ExitCode::SUCCESS),
                Ok(SourceEnd::Ended) => {
                    self.settle_old_jobs(progress)?;
                    self.finish_jobs(progress, interrupts, workers, deadline).await?;
                    return Ok(ExitCode::SUCCESS);
                }
                Err(SourceError::NotLive { user }) if self.plan.waits && progress.session.is_none() => {
                    if !has_told_waiting {
                        print_line(&story::waiting_for_live(self.story.language(), &user));
                        self.settle_old_jobs(progress)?;
                        has_told_waiting = true;
                    }
                    if Self::is_over_before(ASK_AGAIN, interrupts, deadline).await {
                        return Ok(ExitCode::SUCCESS);
                    }
                }
                Err(SourceError::NotLive { user }) if progress.session.is_none() => {
                    self.settle_old_jobs(progress)?;
                    print_line(&format!("❌ @{user} is not currently live"));
                    return Err(SourceError::NotLive { user }.into());
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn capture(
        &self,
        source: Box<dyn EventSource>,
        progress: &mut Progress,
        interrupts: &mut Interrupts,
        workers: &mut WorkersWatch,
        deadline: Option<Instant>,
    ) -> Result<Ended, Failure> {
        let plan = self.plan;
        let (deciding, signals) = self.engine.deciding(plan.rules.clone(), Clock::system().utc_offset_s())?;
        let request = CaptureRequest {
            source_name: plan.source_name.clone(),
            session_name: plan.session_name.map(str::to_owned),
            settings: plan.settings.clone(),
            publication: plan.publication.clone(),
            deciding: Some(deciding),
        };
        let mut capture = self.runtime.capture(request, source)?;
        let stopper = capture.stopper();
        let mut publishing = PublishingWatch::new(capture.publishing.take());
        let mut is_stopped = false;
        loop {
            let until_deadline = async {
                match deadline.filter(|_| !is_stopped) {
                    Some(deadline) => tokio::time::sleep_until(deadline).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = interrupts.next() => {
                    interrupts.say_stopping();
                    stopper.stop();
                    self.engine.workers.halt();
                    is_stopped = true;
                }
                Ok(()) = capture.status.changed() => {
                    let status = capture.status.borrow_and_update().clone();
                    self.tell_status(&status, progress);
                }
                Ok(()) = capture.health.changed() => tell_disk_health("journal is", &capture.health.borrow_and_update()),
                () = publishing.changed() => publishing.tell_health(),
                events = capture.feed.next() => {
                    let Some(events) = events? else { break };
                    for committed in events.iter() {
                        if progress.session.is_none() && committed.id.session != progress.announced {
                            print_line(&story::session_goes_on(self.story.language(), committed.id.session));
                        }
                        progress.note(committed);
                        self.settle_old_jobs(progress)?;
                        self.story.event(&committed.event);
                    }
                }
                () = until_deadline => {
                    stopper.stop();
                    self.engine.workers.halt();
                    is_stopped = true;
                }
                shown = workers.show_next(&self.story, progress.session()) => shown?,
            }
        }
        // The journal has ended; a source that has not noticed yet is told.
        stopper.stop();
        drop(signals);
        let end = Box::new(interrupts.or_end(capture.end()).await);
        if progress.session.is_some() {
            publishing.finish(interrupts, TextTo::Stdout).await?;
        }
        Ok(if is_stopped { Ended::Stopped(end) } else { Ended::Source(end) })
    }

    /// The source is through: what it caused is done to the end, unless somebody stops it.
    async fn finish_jobs(
        &self,
        progress: &Progress,
        interrupts: &mut Interrupts,
        workers: &mut WorkersWatch,
        deadline: Option<Instant>,
    ) -> Result<(), Failure> {
        let idle = self.engine.workers.idle();
        tokio::pin!(idle);
        let over = Self::is_over(interrupts, deadline);
        tokio::pin!(over);
        loop {
            tokio::select! {
                idle = &mut idle => {
                    self.story.resting(&idle.map_err(Failure::failed)?);
                    return Ok(());
                }
                () = &mut over => return Ok(()),
                shown = workers.show_next(&self.story, progress.session()) => shown?,
            }
        }
    }

    async fn is_over_before(wait: Duration, interrupts: &mut Interrupts, deadline: Option<Instant>) -> bool {
        tokio::time::timeout(wait, Self::is_over(interrupts, deadline)).await.is_ok()
    }

    /// Waits until somebody or the duration ends it.
    async fn is_over(interrupts: &mut Interrupts, deadline: Option<Instant>) {
        let until_deadline = async {
            match deadline {
                Some(deadline) => tokio::time::sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = interrupts.next() => interrupts.say_stopping(),
            () = until_deadline => {}
        }
    }

    fn tell_status(&self, status: &SourceStatus, progress: &mut Progress) {
        let language = self.story.language();
        match status {
            SourceStatus::Idle | SourceStatus::LookingForRoom { .. } | SourceStatus::Connecting { .. } => {}
            SourceStatus::Connected { .. } => {
                if !progress.is_connected {
                    progress.is_connected = true;
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
