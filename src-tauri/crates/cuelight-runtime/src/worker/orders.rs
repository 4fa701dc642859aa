//! What people order while the workers work: pause, skip, clear, move up, run again, silence, stop everything.

use std::collections::BTreeSet;
use std::sync::Arc;

use cuelight_core::decision::Firing;
use cuelight_core::event::EventType;
use cuelight_core::id::{JobId, RunId, ServiceId};
use cuelight_core::job::JobState;
use cuelight_core::reason::Reason;
use cuelight_core::world::World;

use super::board::Board;
use super::queue_thread::{QueueError, Queues};
use crate::store::{JobFilter, QueueTransaction, Store, StoreError, Touched, Which};

/// Jobs read at once where they are counted.
const PAGE_JOBS: u32 = 500;

/// The way to order things; clones are cheap and share it.
#[derive(Debug, Clone)]
pub struct Orders {
    pub(super) queues: Queues,
    pub(super) board: Arc<Board>,
    pub(super) store: Store,
    /// The services that are worked for and that can be heard.
    pub(super) audible: Arc<BTreeSet<ServiceId>>,
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

    /// Ends speech and sounds that run, at once; says how many. What waits is heard in its turn.
    pub fn silence(&self) -> usize {
        self.board.cut_off(&Reason::SilencedByYou, |_, service| self.audible.contains(service))
    }

    /// How many jobs wait that a viewer paid for: what to ask about before [`Orders::stop_everything`].
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn paid_waiting(&self) -> Result<usize, StoreError> {
        let reader = self.store.reader()?;
        let mut filter = JobFilter { state: Some(JobState::Pending), ..JobFilter::default() };
        let mut paid = 0;
        loop {
            let page = reader.jobs(&filter, PAGE_JOBS)?;
            let Some(last) = page.last() else { return Ok(paid) };
            filter.before = Some(last.id);
            paid += page.iter().filter(|job| !job.test && job.event_type.is_some_and(is_paid)).count();
        }
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

/// Whether a viewer gave money for events of that type.
fn is_paid(event_type: EventType) -> bool {
    matches!(event_type, EventType::Gift | EventType::Subscribe)
}
