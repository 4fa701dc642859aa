//! One simulated evening: the processes, the far side, the time, and what is known of all of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use cuelight_core::event::Event;
use cuelight_core::id::ServiceId;
use cuelight_core::reason::Reason;
use cuelight_core::rule_set::RuleSet;
use cuelight_core::service::{Service, Services};
use cuelight_core::signal::Signal;
use cuelight_runtime::actions::Registry;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::engine::{OldJobs, hold_old_jobs, settle_held_jobs};
use cuelight_runtime::locks::ServiceLock;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::store;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::actions::{SimulatedOnce, SimulatedSafe};
use super::combos::Confirmed;
use super::dice::Dice;
use super::live::Live;
use super::log::WorkLog;
use super::oracle::Oracle;
use super::process::Process;
use super::rows::Rows;
use super::turns::{Bounds, Queues};
use super::{rules, services};

/// Noon of a day, from which all simulations count.
const NOON_MS: i64 = 1_768_219_200_000;

/// All times are multiples of this, so that what the lane does by itself never falls between two batches.
pub(super) const STEP_MS: i64 = 500;

/// A gap after which nothing of before is under way on the far side.
const LONG_MS: i64 = 5 * 60_000;

pub(super) struct World {
    pub(super) seed: u64,
    pub(super) dice: Dice,
    pub(super) services: Vec<Service>,
    pub(super) rules: RuleSet,
    /// The process that decides, and one that only works; `None` while it is dead.
    pub(super) processes: [Option<Process>; 2],
    pub(super) live: Live,
    pub(super) rows: Rows,
    pub(super) oracle: Oracle,
    pub(super) confirmed: Confirmed,
    pub(super) log: WorkLog,
    pub(super) bounds: Bounds,
    /// Time that passed for everybody, in milliseconds; it never jumps.
    pub(super) passed_ms: i64,
    /// How far the clock on the wall is off.
    off_ms: i64,
    /// It was set back, so times in the tables say little about the order of things.
    pub(super) went_back: bool,
    pub(super) clock: Clock,
    registry: Arc<Registry>,
    pub(super) folder: DataFolder,
    pub(super) tasks: Runtime,
    _place: TempDir,
}

/// The process that decides.
pub(super) const DECIDES: usize = 0;
/// The process that only works.
pub(super) const WORKS: usize = 1;

impl World {
    pub(super) fn new(seed: u64) -> Self {
        let mut dice = Dice::of(seed);
        let place = place();
        let folder = DataFolder::new(place.path().join("data"));
        folder.create().expect("it can be made");
        let clock = Clock::manual(NOON_MS);
        let services = services::random(&mut dice);
        let (rules, groups) = rules::random(&mut dice);
        let (store, _) = store::open_beside_engine(&folder, &clock).expect("it opens");
        store.seed(&services, &[]).expect("there is room");
        store.put_rules(&rules, &groups).expect("there is room");
        let revision = store.reader().and_then(|reader| reader.revisions()).expect("readable").rules;
        let known = Services::new(services.clone());
        let (set, faults) = RuleSet::new(revision, rules.clone(), groups.clone(), &known);
        assert_eq!(faults, [], "every rule can be followed");
        Self {
            seed,
            dice,
            rows: Rows::open(&folder.database()),
            oracle: Oracle::new(rules, groups, services.clone()),
            services,
            rules: set,
            processes: [None, None],
            live: Live::new(1),
            confirmed: Confirmed::default(),
            log: WorkLog::default(),
            bounds: Bounds::default(),
            passed_ms: 0,
            off_ms: 0,
            went_back: false,
            clock,
            registry: Arc::new(Registry::built_in().with(SimulatedSafe).with(SimulatedOnce)),
            folder,
            tasks: tokio::runtime::Builder::new_current_thread().enable_time().build().expect("it starts"),
            _place: place,
        }
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Lets time pass.
    pub(super) fn pass(&mut self, time_ms: i64) {
        self.passed_ms += time_ms;
        self.clock.set_ms(NOON_MS + self.passed_ms + self.off_ms);
        if time_ms >= LONG_MS {
            self.live.forget();
        }
    }

    /// Sets the clock on the wall forward or back.
    pub(super) fn jump(&mut self, by_ms: i64) {
        self.off_ms += by_ms;
        self.went_back |= by_ms < 0;
        self.pass(0);
        if by_ms.abs() >= LONG_MS {
            self.live.forget();
        }
    }

    /// Starts the process that decides, as `run` does.
    pub(super) fn start_deciding(&mut self, old_jobs: OldJobs) {
        let in_tasks = self.tasks.enter();
        let mut process = Process::that_decides(&self.folder, &self.clock, &self.registry);
        drop(in_tasks);
        let running = self.rows.jobs().into_iter().filter(|job| job.is_running()).count();
        hold_old_jobs(&process.store, &self.clock).expect("there is room");
        let jobs = self.rows.jobs();
        self.log.parted.extend(jobs.iter().filter(|job| job.is_held).map(|job| job.id));
        let still = jobs.iter().filter(|job| job.is_running()).count();
        assert_eq!(running, still, "what runs elsewhere is nobody's to settle");
        for (id, _) in services::IDS {
            if self.dice.chance(75) {
                self.sit_down(&mut process, id);
            }
        }
        self.processes[DECIDES] = Some(process);
        let mut events = vec![self.live.connect(self.now_ms())];
        events.extend(self.live.again(&mut self.dice));
        self.take(events);
        self.log.stopped_runs |= old_jobs == OldJobs::Discard;
        let process = self.processes[DECIDES].as_ref().expect("it runs");
        settle_held_jobs(&process.store, old_jobs, &self.clock).expect("there is room");
        self.check_session_is_free();
    }

    /// Nothing of the session that goes on is held, and nothing of it was thrown away as old.
    fn check_session_is_free(&self) {
        for job in self.rows.jobs().iter().filter(|job| job.session == Some(self.rows.newest_session())) {
            assert!(!job.is_held && job.reason != Some(Reason::OldJob), "its session goes on: {job:?}");
        }
    }

    /// Starts a process that only works, as `work` does.
    pub(super) fn start_working(&mut self) {
        let mut process = Process::that_works(&self.folder, &self.clock, &self.registry);
        for (id, _) in services::IDS {
            if self.dice.chance(60) {
                self.sit_down(&mut process, id);
            }
        }
        self.processes[WORKS] = Some(process);
    }

    /// Has the process sit down for every service that nobody works for.
    pub(super) fn sit_everywhere(&mut self) {
        let mut process = self.processes[DECIDES].take().expect("it runs");
        for (id, _) in services::IDS {
            self.sit_down(&mut process, id);
        }
        self.processes[DECIDES] = Some(process);
    }

    fn sit_down(&mut self, process: &mut Process, service: &str) {
        let before = self.rows.active(service);
        let stopped: BTreeSet<i64> =
            self.rows.runs().into_iter().filter(|run| run.state == "stopped").map(|run| run.id).collect();
        let is_taken = self.processes.iter().flatten().any(|other| other.seats.contains_key(service))
            || process.seats.contains_key(service);
        if is_taken {
            let lock = ServiceLock::take(&self.folder, &ServiceId::new(service));
            assert!(lock.is_err(), "{service} has one worker at a time");
            return;
        }
        // What a lane that was killed had committed.
        self.bounds.check(&self.services, &self.rows, 0);
        let recovered = process.sit_down(&self.folder, service);
        for job in before.iter().filter(|job| job.is_running()) {
            let now = self.rows.job(job.id).expect("jobs are not deleted");
            // It waited in its place for its next try, and nothing was under way.
            let waited = job.due_ms.is_some();
            let fails = !waited && (job.is_once || job.attempt >= cuelight_core::limits::MAX_ATTEMPTS);
            let is_displaced = now.state == "discarded" && matches!(now.reason, Some(Reason::Displaced { .. }));
            let is_as_it_should_be = match () {
                () if fails => now.state == "failed",
                () if stopped.contains(&job.run) => now.state == "discarded" && now.reason == job.reason,
                () => now.is_pending() && now.is_held == job.is_held && now.due_ms == job.due_ms || is_displaced,
            };
            assert!(is_as_it_should_be && (now.interrupted || waited), "after a crash {job:?} became {now:?}");
            if waited {
                self.log.parted.insert(job.id);
            }
        }
        assert!(!self.rows.active(service).iter().any(|job| job.is_running()), "nothing is left running by nobody");
        self.log.parted.extend(self.rows.active(service).iter().filter(|job| job.is_held).map(|job| job.id));
        let returned = recovered.again as usize;
        self.bounds.check(&self.services, &self.rows, returned);
    }

    /// The lane takes a batch, and the model what came of it.
    pub(super) fn take(&mut self, events: Vec<Event>) {
        let Some(lane) = self.processes[DECIDES].as_ref().and_then(|process| process.lane.as_ref()) else { return };
        let moderates = events.iter().any(|event| matches!(event.event_type().as_str(), "delete" | "moderation"));
        let queues = (!moderates).then(|| Queues::before(&self.services, &self.rows));
        self.log.stopped_runs |= moderates;
        let now_ms = self.clock.now_ms();
        self.tasks.block_on(lane.take(events.clone(), now_ms));
        let session = self.rows.newest_session();
        self.confirmed.take(session, &events);
        self.absorb();
        if let Some(queues) = queues {
            queues.check_after(&self.services, &self.rows);
        }
        self.bounds.check(&self.services, &self.rows, 0);
    }

    /// The streamer presses a key.
    pub(super) fn press(&mut self) {
        let Some(lane) = self.processes[DECIDES].as_ref().and_then(|process| process.lane.as_ref()) else { return };
        let signal = Signal::Hotkey { keys: rules::HOTKEY.parse().expect("a key combination") };
        self.tasks.block_on(lane.signal(signal, self.clock.now_ms()));
        *self.log.keys.entry(self.rows.newest_session()).or_default() += 1;
        self.absorb();
    }

    /// The lane looks at what others changed.
    pub(super) fn look(&mut self) {
        let Some(lane) = self.processes[DECIDES].as_ref().and_then(|process| process.lane.as_ref()) else { return };
        self.tasks.block_on(lane.look(self.clock.now_ms()));
        self.absorb();
    }

    /// Tells the model what is new in the journal.
    pub(super) fn absorb(&mut self) {
        let newest = self.rows.newest_session();
        for session in newest.saturating_sub(1).max(1)..=newest {
            for row in self.rows.events_after(session, self.oracle.last_number(session)) {
                self.oracle.tell(session, &row);
            }
        }
    }

    /// A process dies; these events had reached its lane, and the journal had not.
    pub(super) fn kill(&mut self, process: usize, events: Vec<Event>) {
        let Some(dead) = self.processes[process].take() else { return };
        let Process { lane, seats, .. } = dead;
        for running in seats.values().flat_map(|seat| &seat.running) {
            self.log.cut_off(running, self.passed_ms);
        }
        if let Some(lane) = lane {
            self.tasks.block_on(lane.kill(events, self.clock.now_ms()));
        }
    }
}

/// A folder in memory where the system has such a place.
fn place() -> TempDir {
    let memory = std::path::Path::new("/dev/shm");
    let in_memory = memory.is_dir().then(|| tempfile::tempdir_in(memory).ok()).flatten();
    in_memory.unwrap_or_else(|| tempfile::tempdir().expect("a temporary folder"))
}
