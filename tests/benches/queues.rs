//! Claiming and ending jobs, with few and with very many of them waiting.

use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

use cuelight_core::action::Action;
use cuelight_core::decision::{Effect, Firing, Origin};
use cuelight_core::event::EventType;
use cuelight_core::facts::{Facts, GiftFact, Values, ViewerFact};
use cuelight_core::id::{ActionKindId, JobId, MsgId, RuleId, ServiceId, SessionId, UserId};
use cuelight_core::job::Ending;
use cuelight_core::service::Services;
use cuelight_core::step::{Act, Step};
use cuelight_core::totals::SessionTotals;
use cuelight_core::world::World;
use cuelight_runtime::actions::Registry;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::locks::EngineLock;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::store::{self, Claim, Commit, Effects, Journal, NumberedEffect, SessionStart};
use tempfile::TempDir;

use crate::rounds::{Rounds, cpu_time, median};
use crate::table::{self, Wanted};

/// Jobs that are claimed and ended in one timing.
const JOBS: usize = 1_000;

/// Jobs that wait all the time.
const WAITING: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

/// Firings of one commit while a queue is filled.
const FIRINGS: usize = 20_000;

/// How long the log may take to be moved away before a timing.
const SETTLING: Duration = Duration::from_millis(200);

const START_MS: i64 = 1_790_000_000_000;

const SERVICE: &str = "basics";

pub(crate) fn measure() {
    table::section(&format!("queues, {JOBS} jobs claimed and ended in a timing, all with an event's facts"));
    let mut queues: Vec<Queue> = WAITING.iter().map(|waiting| Queue::filled(*waiting, 1)).collect();
    for (jobs_at_once, of) in [(JOBS, "one commit"), (64, "64 a commit"), (8, "8 a commit"), (1, "1 a commit")] {
        let mut ways: Vec<_> = queues.iter_mut().map(|queue| move || queue.work(jobs_at_once, 1)).collect();
        let mut ways: Vec<&mut dyn FnMut() -> Duration> =
            ways.iter_mut().map(|way| way as &mut dyn FnMut() -> Duration).collect();
        let rounds = Rounds::of(JOBS as u64, &mut ways);
        let is_counted = jobs_at_once == JOBS;
        for (way, waiting) in WAITING.iter().enumerate() {
            let wanted = if is_counted { Wanted::AtMost { goal: 12.0, floor: 20.0 } } else { Wanted::Told };
            table::figure(&format!("claim + end, {of}, {waiting} waiting"), wanted, rounds.cpu_us(way), "us");
        }
        let wanted = if is_counted { Wanted::AtMost { goal: 1.3, floor: 2.0 } } else { Wanted::Told };
        table::figure("  a million waiting, times a thousand", wanted, rounds.ratio_to_first(WAITING.len() - 1), "x");
    }
    drop(queues);
    let mut two_steps = Queue::filled(WAITING[1], 2);
    let rounds = Rounds::of(JOBS as u64, &mut [&mut || two_steps.work(64, 2)]);
    table::figure("  a job of a run of two steps, hand-off included", Wanted::Told, rounds.cpu_us(0), "us");
    table::figure("  a run and its first job, written", Wanted::Told, median(two_steps.fill_us), "us");
}

/// A data folder in which jobs wait.
struct Queue {
    journal: Journal,
    session: SessionId,
    services: Services,
    registry: Registry,
    /// The last event that caused something.
    number: u32,
    steps: Arc<[Step]>,
    /// CPU time that a run took to be written, one for each commit.
    fill_us: Vec<f64>,
    _lock: EngineLock,
    _place: TempDir,
}

impl Queue {
    /// That many runs of so many steps, each with its first job waiting.
    fn filled(waiting: usize, steps: usize) -> Self {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::new(place.path());
        folder.create().expect("the data folder");
        let lock = EngineLock::take(&folder).expect("nobody else is there");
        let (store, _) = store::open(&folder, &Clock::system(), &lock).expect("a new database");
        let mut services = cuelight_core::defaults::services();
        for service in &mut services {
            (service.max_queue_size, service.max_parallel) = (u32::MAX, u32::MAX);
        }
        store.seed(&services, &[]).expect("services can be stored");
        let mut journal = store.journal().expect("the database can be written");
        let start = SessionStart {
            creator: "luna.plays",
            room_id: "7123456789012345678",
            source: "bench",
            name: None,
            taken_in_ms: START_MS,
        };
        let session = journal.begin_session(&start, START_MS).expect("a session").session;
        let mut queue = Self {
            journal,
            session,
            services: Services::new(services),
            registry: Registry::built_in(),
            number: 0,
            steps: (0..steps).map(|_| say_thanks()).collect(),
            fill_us: Vec::new(),
            _lock: lock,
            _place: place,
        };
        let service = ServiceId::new(SERVICE);
        queue.journal.work(|queues| queues.begin_work(&service, START_MS)).expect("a worker begins");
        queue.fill(waiting);
        queue
    }

    fn fill(&mut self, firings: usize) {
        let end = self.number + u32::try_from(firings).expect("some millions");
        while self.number < end {
            let first = self.number + 1;
            self.number = end.min(self.number + FIRINGS as u32);
            let list: Vec<NumberedEffect> = (first..=self.number).map(|number| self.effect(number)).collect();
            let values = Values::default();
            let Self { services, registry, journal, session, .. } = self;
            let world = World { services, prepare: registry, values: &values, seed: 7, now_ms: START_MS };
            let totals = SessionTotals::default();
            let commit = Commit {
                session: *session,
                rows: &[],
                combos: &[],
                totals: &totals,
                last_event_ms: START_MS,
                gifts: &[],
                received: &[],
                faults: &[],
                sheds: &[],
                viewers: None,
                effects: Some(Effects { list: &list, world: &world }),
                rule_state: &[],
                emitted: &[],
            };
            let spent = cpu_time(|| drop(journal.commit(&commit).expect("there is room")));
            self.fill_us.push(spent.as_secs_f64() * 1e6 / list.len() as f64);
        }
    }

    /// One firing in three is for a gift, the others for comments.
    fn effect(&self, number: u32) -> NumberedEffect {
        let event_type = if number.is_multiple_of(3) { EventType::Gift } else { EventType::Comment };
        let firing = Firing {
            origin: Origin::Rule(RuleId::new("thanks")),
            cause: number,
            firing: 1,
            event_type: Some(event_type),
            msg_id: Some(MsgId::new((7_000_000_000_000_000_000 + u64::from(number)).to_string())),
            facts: facts(number, event_type),
            steps: Arc::clone(&self.steps),
            priority: None,
            fold: None,
            combo_open: false,
            depth: 0,
        };
        NumberedEffect { number, effect: Effect::Start(Box::new(firing)) }
    }

    /// Claims and ends jobs as a worker does, so many in each transaction, and puts as many in their places; gives the CPU
    /// time of the former.
    fn work(&mut self, jobs_at_once: usize, steps: usize) -> Duration {
        self.fill(JOBS / steps);
        self.journal.tidy_log();
        sleep(SETTLING);
        let service = ServiceId::new(SERVICE);
        let values = Values::default();
        let done = Ending::Completed { outputs: Vec::new(), changes: Vec::new() };
        let Self { services, registry, journal, .. } = self;
        let world = World { services, prepare: registry, values: &values, seed: 7, now_ms: START_MS };
        let mut running: Vec<JobId> = Vec::new();
        let mut left = JOBS;
        cpu_time(|| {
            while left > 0 || !running.is_empty() {
                let turn = journal.work(|queues| {
                    for job in running.drain(..) {
                        queues.end(job, &done, &world)?;
                    }
                    for _ in 0..jobs_at_once.min(left) {
                        match queues.claim(&service, &world)?.0 {
                            Claim::Started(job) => running.push(job.id),
                            Claim::Wait | Claim::Empty => panic!("jobs are waiting and none is sync"),
                        }
                    }
                    queues.release_due(&world)
                });
                turn.expect("there is room");
                left -= running.len().min(left);
            }
        })
    }
}

fn say_thanks() -> Step {
    let text = "Thank you {nickname} for {count} {giftname}!";
    let parameters = [("text".to_owned(), text.into())].into_iter().collect();
    let action = Action { kind: ActionKindId::new("log_write"), service: Some(ServiceId::new(SERVICE)), parameters };
    Step::Act(Act { action, at_the_same_time: false, go_on_if_this_fails: true, at_the_end: false })
}

/// What is known of an event as a busy live has them: one of some thousands of viewers, with a picture's address.
fn facts(number: u32, event_type: EventType) -> Facts {
    let viewer = number.wrapping_mul(2_654_435_761) % 4_000;
    let picture =
        |of: &str| format!("https://p16.example.com/{of}/{:0>32x}~tplv-100x100.webp?x-expires=1790000000", viewer);
    Facts {
        event_type: Some(event_type),
        viewer: Some(ViewerFact {
            user_id: UserId::new((6_800_000_000_000_000_000 + u64::from(viewer)).to_string()),
            unique_id: format!("viewer.{viewer}").into(),
            nickname: format!("Viewer № {viewer} 🌹").into(),
            profile_picture: Some(picture("avatar")),
            follow_role: Some(1),
            team_level: Some(3),
            ..ViewerFact::default()
        }),
        text: (event_type == EventType::Comment).then(|| "hello from the other side of the world".to_owned()),
        gift: (event_type == EventType::Gift).then(|| GiftFact {
            id: 5655,
            name: "Rose".into(),
            diamond_count: Some(1),
            image_url: Some(picture("gift")),
        }),
        count: Some(3),
        diamonds: Some(3),
        creator: "luna.plays".into(),
        ..Facts::default()
    }
}
