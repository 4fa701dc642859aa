//! A process of the program: the one that decides, or one that only works; it dies without a word.

use std::collections::BTreeMap;
use std::sync::Arc;

use cuelight_core::id::ServiceId;
use cuelight_core::reason::Reason;
use cuelight_core::world::World as Surroundings;
use cuelight_runtime::actions::Registry;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::locks::{EngineLock, ServiceLock};
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::rulebook::Rulebook;
use cuelight_runtime::store::{self, Journal, QueueTransaction, Recovered, Store, StoreError};

use super::actions::{Outcome, Running};
use super::lane::RunningLane;

pub(super) struct Process {
    pub(super) lane: Option<RunningLane>,
    /// The services that it works for.
    pub(super) seats: BTreeMap<String, Seat>,
    pub(super) store: Store,
    journal: Journal,
    rulebook: Rulebook,
    registry: Arc<Registry>,
    clock: Clock,
    _lock: Option<EngineLock>,
}

/// The place of a service's worker.
pub(super) struct Seat {
    pub(super) running: Vec<Running>,
    _lock: ServiceLock,
}

impl Process {
    /// The process that decides; its lane waits for `connect`.
    pub(super) fn that_decides(folder: &DataFolder, clock: &Clock, registry: &Arc<Registry>) -> Self {
        let lock = EngineLock::take(folder).expect("the one before is dead");
        let (store, story) = store::open(folder, clock, &lock).expect("it opens");
        assert_eq!(story, [], "nothing is damaged");
        let mut process = Self::new(store, Some(lock), clock, registry);
        process.lane = Some(RunningLane::start(&process.store, clock, registry));
        process
    }

    /// A process that only works.
    pub(super) fn that_works(folder: &DataFolder, clock: &Clock, registry: &Arc<Registry>) -> Self {
        let (store, _) = store::open_beside_engine(folder, clock).expect("it opens");
        Self::new(store, None, clock, registry)
    }

    fn new(store: Store, lock: Option<EngineLock>, clock: &Clock, registry: &Arc<Registry>) -> Self {
        Self {
            lane: None,
            seats: BTreeMap::new(),
            journal: store.journal().expect("the journal opens"),
            rulebook: Rulebook::read(store.reader().expect("readable")).expect("readable"),
            registry: Arc::clone(registry),
            clock: clock.clone(),
            store,
            _lock: lock,
        }
    }

    /// Works on the queues in one transaction, with the world as it is now.
    pub(super) fn work<T>(
        &mut self,
        deed: impl FnOnce(&mut QueueTransaction<'_>, &Surroundings<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.rulebook.refresh()?;
        let world = Surroundings {
            services: self.rulebook.services(),
            prepare: &*self.registry,
            values: self.rulebook.values(),
            seed: 0,
            now_ms: self.clock.now_ms(),
        };
        self.journal.work(|queues| deed(queues, &world))
    }

    /// Sits down for a service if nobody else works for it, and puts in order what a crash left running.
    pub(super) fn sit_down(&mut self, folder: &DataFolder, service: &str) -> Option<Recovered> {
        let id = ServiceId::new(service);
        let lock = ServiceLock::take(folder, &id).ok()?;
        let recovered = self.work(|queues, world| {
            let (recovered, _) = queues.recover(&id, world)?;
            queues.begin_work(&id, world.now_ms)?;
            Ok(recovered)
        });
        self.seats.insert(service.to_owned(), Seat { running: Vec::new(), _lock: lock });
        Some(recovered.expect("there is room"))
    }
}

impl Seat {
    /// Takes out what has ended by now, the first one first.
    pub(super) fn ended(&mut self, passed_ms: i64) -> Vec<Running> {
        let mut ended: Vec<Running> = self.running.extract_if(.., |running| running.ends_ms <= passed_ms).collect();
        ended.sort_by_key(|running| (running.ends_ms, running.job.id));
        ended
    }
}

/// Writes what became of a job, as a worker does; a reason where it learned that its run was stopped.
pub(super) fn write(
    queues: &mut QueueTransaction<'_>,
    ended: &Running,
    world: &Surroundings<'_>,
) -> Result<Option<Reason>, StoreError> {
    let job = ended.job.id;
    match &ended.outcome {
        Outcome::Ended(ending) => queues.end(job, ending, world).map(|_| None),
        Outcome::Again { due_ms, reason } => queues.retry(job, *due_ms, reason, world).map(|_| None),
        Outcome::BacksOff { due_ms, reason } => Ok(queues.back_off(job, *due_ms, reason)?.0),
        Outcome::TriesAgain => Ok(queues.try_again(job)?.0),
    }
}
