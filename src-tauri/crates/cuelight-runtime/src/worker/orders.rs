//! What people order while the workers work: pause, skip, clear, move, hold, run again, silence, stop everything.

use std::sync::Arc;

use cuelight_core::decision::Firing;
use cuelight_core::id::{JobId, RunId, ServiceId, SessionId, UserId};
use cuelight_core::reason::Reason;
use cuelight_core::world::World;
use serde_json::{Map, Value};
use tokio::sync::watch;

use super::board::Board;
use super::queue_thread::{QueueError, Queues};
use super::silence::Silence;
use crate::store::{QueueTransaction, Store, Touched, Which};

/// The way to order things; clones are cheap and share it.
#[derive(Debug, Clone)]
pub struct Orders {
    pub(super) queues: Queues,
    pub(super) board: Arc<Board>,
    pub(super) store: Store,
    pub(super) silence: Silence,
}

impl Orders {
    /// Lets the service start no more jobs; what runs goes on.
    ///
    /// # Errors
    /// The database refused, or the workers have stopped.
    pub async fn pause(&self, service: &ServiceId) -> Result<(), QueueError> {
        let service = service.clone();
        self.queues.ask(move |queues, _| Ok(((), queues.pause(&service)?))).await
    }

    /// Lets the service start jobs again.
    ///
    /// # Errors
    /// As [`Orders::pause`].
    pub async fn resume(&self, service: &ServiceId) -> Result<(), QueueError> {
        let service = service.clone();
        self.queues.ask(move |queues, _| Ok(((), queues.resume(&service)?))).await
    }

    /// Runs steps that somebody asked for, of no session; gives the number of the run.
    ///
    /// # Errors
    /// As [`Orders::pause`].
    pub async fn ask(&self, firing: Firing) -> Result<RunId, QueueError> {
        self.queues.ask(move |queues, world| queues.ask(&firing, world)).await
    }

    /// Ends the running job, which fails as skipped; false where it does not run here.
    #[must_use]
    pub fn skip_job(&self, job: JobId) -> bool {
        self.board.cut_off(&Reason::SkippedByYou, |running, _| running == job) > 0
    }

    /// Ends what runs in the service, as [`Orders::skip_job`] does; says how many jobs that were.
    pub fn skip_service(&self, service: &ServiceId) -> usize {
        self.board.cut_off(&Reason::SkippedByYou, |_, running_in| running_in == service)
    }

    /// Takes jobs that wait out of the queues; says how many. What runs goes on.
    ///
    /// # Errors
    /// As [`Orders::pause`].
    pub async fn discard(&self, which: Which) -> Result<u32, QueueError> {
        self.discard_for(which, Reason::DiscardedByYou).await
    }

    /// Moves a ready job one place ahead; false where that is not possible.
    ///
    /// # Errors
    /// As [`Orders::pause`].
    pub async fn move_up(&self, job: JobId) -> Result<bool, QueueError> {
        self.queues.ask(move |queues, _| queues.move_up(job)).await
    }

    /// Moves a ready job one place back; false where that is not possible.
    ///
    /// # Errors
    /// As [`Orders::pause`].
    pub async fn move_down(&self, job: JobId) -> Result<bool, QueueError> {
        self.queues.ask(move |queues, _| queues.move_down(job)).await
    }

    /// Holds a job that waits, until it is released; false where it does not wait, or is held already.
    ///
    /// # Errors
    /// As [`Orders::pause`].
    pub async fn hold(&self, job: JobId) -> Result<bool, QueueError> {
        self.queues.ask(move |queues, world| queues.hold_job(job, world.now_ms)).await
    }

    /// Lets a held job wait for its turn again; false where it is not held.
    ///
    /// # Errors
    /// As [`Orders::pause`].
    pub async fn release(&self, job: JobId) -> Result<bool, QueueError> {
        let release = move |queues: &mut QueueTransaction<'_>, world: &World<'_>| {
            let (released, touched) = queues.release_held(&Which::Job(job), world.now_ms)?;
            Ok((released > 0, touched))
        };
        self.queues.ask(release).await
    }

    /// Runs a job that has ended once more, as a job of its own; `None` where there is none that has ended.
    ///
    /// # Errors
    /// As [`Orders::pause`].
    pub async fn run_again(&self, job: JobId) -> Result<Option<JobId>, QueueError> {
        self.queues.ask(move |queues, world| queues.run_again(job, world.now_ms)).await
    }

    /// Runs these firings as tests, all or none: through the queues as on a live, of no session, and changing nothing of ours.
    ///
    /// # Errors
    /// As [`Orders::pause`].
    pub async fn try_out(&self, firings: Vec<Firing>) -> Result<Vec<RunId>, QueueError> {
        let act = move |queues: &mut QueueTransaction<'_>, world: &World<'_>| {
            let (mut runs, mut touched) = (Vec::new(), Touched::default());
            for firing in &firings {
                let (run, also) = queues.try_out(firing, world)?;
                runs.push(run);
                touched.add(also);
            }
            Ok((runs, touched))
        };
        self.queues.ask(act).await
    }

    /// Ends speech and sounds that run, at once, and lets none start until [`Orders::unsilence`].
    ///
    /// # Errors
    /// As [`Orders::pause`]; what ran was ended and nothing starts all the same.
    pub async fn silence(&self) -> Result<(), QueueError> {
        self.silence.set(true);
        let end_sound = || self.board.cut_off(&Reason::SilencedByYou, |_, service| self.silence.concerns(service));
        // Once before, because the disk may be full, and once after, for what was claimed meanwhile.
        end_sound();
        let settled = self.queues.ask(|_, _| Ok(((), Touched::default()))).await;
        end_sound();
        settled
    }

    /// Lets speech and sounds start again.
    pub fn unsilence(&self) {
        self.silence.set(false);
    }

    /// Whether sound is held back, from now on.
    #[must_use]
    pub fn silenced(&self) -> watch::Receiver<bool> {
        self.silence.watch()
    }

    /// Brings up an event of that session, which its lane answers; false where the session is not open.
    ///
    /// # Errors
    /// As [`Orders::pause`].
    pub async fn emit(&self, session: SessionId, name: String, fields: Map<String, Value>) -> Result<bool, QueueError> {
        self.queues.ask(move |queues, _| queues.emit_for(session, &name, &fields)).await
    }

    /// Lets what is held of those sessions wait for its turn again; says how many jobs, and runs that wait for their time,
    /// those were.
    ///
    /// # Errors
    /// As [`Orders::pause`].
    pub async fn resume_sessions(&self, sessions: Vec<SessionId>) -> Result<u32, QueueError> {
        let act = move |queues: &mut QueueTransaction<'_>, world: &World<'_>| {
            queues.each_session(&sessions, |queues, which| queues.release_held(&which, world.now_ms))
        };
        self.queues.ask(act).await
    }

    /// Discards what waits of those sessions, because they are over; says how many jobs those were.
    ///
    /// # Errors
    /// As [`Orders::pause`].
    pub async fn discard_sessions(&self, sessions: Vec<SessionId>) -> Result<u32, QueueError> {
        let act = move |queues: &mut QueueTransaction<'_>, world: &World<'_>| {
            queues.each_session(&sessions, |queues, which| queues.discard(&which, &Reason::OldJob, world))
        };
        self.queues.ask(act).await
    }

    /// Mutes a viewer and discards what waits of theirs; says how many jobs that were.
    ///
    /// # Errors
    /// As [`Orders::pause`].
    pub async fn mute(&self, viewer: UserId) -> Result<u32, QueueError> {
        self.queues.ask(move |queues, world| queues.mute(&viewer, world)).await
    }

    /// Lets a viewer speak again.
    ///
    /// # Errors
    /// As [`Orders::pause`].
    pub async fn unmute(&self, viewer: UserId) -> Result<(), QueueError> {
        self.queues.ask(move |queues, _| Ok(((), queues.unmute(&viewer)?))).await
    }

    /// Discards all that waits in every queue and ends all that runs here; says how many jobs waited.
    ///
    /// # Errors
    /// As [`Orders::pause`]; what runs was ended all the same.
    pub async fn stop_everything(&self) -> Result<u32, QueueError> {
        let end_all = || self.board.cut_off(&Reason::StoppedByYou, |_, _| true);
        // Once before, because the disk may be full, and once after, for what was claimed meanwhile.
        end_all();
        let discarded = self.discard_for(Which::All, Reason::StoppedByYou).await;
        end_all();
        discarded
    }

    async fn discard_for(&self, which: Which, reason: Reason) -> Result<u32, QueueError> {
        self.queues.ask(move |queues, world| queues.discard(&which, &reason, world)).await
    }
}
