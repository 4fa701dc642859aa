//! A process of the program: the one that decides, or one that only works; it dies without a word.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cuelight_core::id::ServiceId;
use cuelight_core::reason::Reason;
use cuelight_core::world::World as Surroundings;
use cuelight_runtime::actions::Registry;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::locks::{EngineLock, LockError, ServiceLock};
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::rulebook::Rulebook;
use cuelight_runtime::store::{self, Journal, QueueTransaction, Recovered, Store, StoreError};

use super::actions::{Outcome, Running};
use super::lane::RunningLane;

/// Far longer than a program takes to start.
const PATIENCE: Duration = Duration::from_secs(10);

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
        let lock = take_free(|| EngineLock::take(folder));
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

    /// Sits down for a service that nobody works for, and puts in order what a crash left running.
    pub(super) fn sit_down(&mut self, folder: &DataFolder, service: &str) -> Recovered {
        let id = ServiceId::new(service);
        let lock = take_free(|| ServiceLock::take(folder, &id));
        let recovered = self.work(|queues, world| {
            let (recovered, _) = queues.recover(&id, world)?;
            queues.begin_work(&id, world.now_ms)?;
            Ok(recovered)
        });
        self.seats.insert(service.to_owned(), Seat { running: Vec::new(), _lock: lock });
        recovered.expect("there is room")
    }
}

/// Takes a lock whose holder is dead. A program that another test starts at this moment keeps the holder's file open until
/// it has become that program.
fn take_free<T>(take: impl Fn() -> Result<T, LockError>) -> T {
    let begun = Instant::now();
    loop {
        match take() {
            Ok(lock) => return lock,
            Err(LockError::Taken { .. }) if begun.elapsed() < PATIENCE => std::thread::yield_now(),
            Err(error) => panic!("the one before is dead: {error}"),
        }
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
