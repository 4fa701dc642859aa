//! The order of a queue by hand, against a model that is a list.

use cuelight_core::event::EventType::Gift;
use cuelight_core::id::{JobId, ServiceId};
use cuelight_core::job::JobState::{Completed, Pending};
use proptest::prelude::*;

use super::engine::{Engine, act, firing, with_priority};
use super::{LUNA, reader};
use crate::store::{Claim, Which};

fn basics() -> ServiceId {
    ServiceId::new("basics")
}

/// What somebody does; a number means the job at that place among the ready ones, or held ones where it is released.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Arrive { priority: u8 },
    Up(usize),
    Down(usize),
    Hold(usize),
    Release(usize),
    Claim,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        3 => (1..=3_u8).prop_map(|priority| Deed::Arrive { priority }),
        2 => (0..6_usize).prop_map(Deed::Up),
        2 => (0..6_usize).prop_map(Deed::Down),
        1 => (0..6_usize).prop_map(Deed::Hold),
        1 => (0..3_usize).prop_map(Deed::Release),
        1 => Just(Deed::Claim),
    ]
}

/// The queue as a list: the first is next.
struct Model {
    engine: Engine,
    ready: Vec<(JobId, u8)>,
    held: Vec<(JobId, u8)>,
}

impl Model {
    fn new() -> Self {
        Self { engine: Engine::new(), ready: Vec::new(), held: Vec::new() }
    }

    fn act(&mut self, deed: Deed) {
        match deed {
            Deed::Arrive { priority } => self.arrive(priority),
            Deed::Up(place) => {
                let Some(&(job, _)) = self.ready.get(place) else { return };
                let moved = self.engine.work(|queues, _| queues.move_up(job)).0;
                assert_eq!(moved, place > 0, "only the first has none before it");
                if moved {
                    self.ready[place].1 = self.ready[place - 1].1;
                    self.ready.swap(place, place - 1);
                }
            }
            Deed::Down(place) => {
                let Some(&(job, _)) = self.ready.get(place) else { return };
                let moved = self.engine.work(|queues, _| queues.move_down(job)).0;
                assert_eq!(moved, place + 1 < self.ready.len(), "only the last has none behind it");
                if moved {
                    self.ready[place].1 = self.ready[place + 1].1;
                    self.ready.swap(place, place + 1);
                }
            }
            Deed::Hold(place) => {
                if place >= self.ready.len() {
                    return;
                }
                let job = self.ready.remove(place);
                let now_ms = self.engine.now_ms;
                assert!(self.engine.work(|queues, _| queues.hold_job(job.0, now_ms)).0, "it waits, so it can be held");
                self.held.push(job);
            }
            Deed::Release(place) => self.release(place),
            Deed::Claim => match self.engine.claim("basics") {
                Claim::Started(job) => {
                    assert_eq!(job.id, self.ready.remove(0).0, "the first of the list is next");
                    self.engine.complete(job.id);
                }
                Claim::Empty => assert_eq!(self.ready, [], "nothing is ready"),
                Claim::Wait => panic!("nothing runs that it could wait for"),
            },
        }
    }

    /// Behind everything of the same priority that is there.
    fn arrive(&mut self, priority: u8) {
        let cause = self.engine.number + 1;
        self.engine.fire(with_priority(firing(cause, Gift, "rose", &[act("log_write", "basics")]), priority));
        let job = self.engine.jobs().last().expect("it was handed off").id;
        let place = self.ready.iter().position(|(_, other)| *other < priority).unwrap_or(self.ready.len());
        self.ready.insert(place, (job, priority));
    }

    /// It finds a place among those of its priority; all others stay as they are to each other.
    fn release(&mut self, place: usize) {
        if place >= self.held.len() {
            return;
        }
        let (job, priority) = self.held.remove(place);
        let now_ms = self.engine.now_ms;
        assert_eq!(self.engine.work(|queues, _| queues.release_held(&Which::Job(job), now_ms)).0, 1, "it was held");
        let place = self.ready_now().iter().position(|ready| *ready == job).expect("it is ready again");
        self.ready.insert(place, (job, priority));
        assert!(
            self.ready.is_sorted_by(|one, next| one.1 >= next.1),
            "the higher priority goes first: {:?}",
            self.ready
        );
    }

    fn ready_now(&self) -> Vec<JobId> {
        let waiting = reader(&self.engine.store).waiting_jobs(&basics(), u32::MAX).expect("readable");
        waiting.into_iter().filter(|job| self.held.iter().all(|(held, _)| held != job)).collect()
    }

    fn check(&self, deed: Deed) {
        let expected: Vec<JobId> = self.ready.iter().map(|(job, _)| *job).collect();
        assert_eq!(self.ready_now(), expected, "after {deed:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_queue_is_a_list_whatever_people_do_to_it(deeds in prop::collection::vec(deed(), 1..40)) {
        let mut model = Model::new();
        for deed in deeds {
            model.act(deed);
            model.check(deed);
        }
    }
}

#[test]
fn nothing_gets_between_steps_that_are_held_together() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Gift, "first", &[act("open", "voice"), act("click", "voice")]));
    engine.fire(firing(2, Gift, "second", &[act("speak", "voice")]));
    let open = engine.started("voice");
    engine.complete(open.id);
    let [second, click] = reader(&engine.store)
        .waiting_jobs(&ServiceId::new("voice"), 9)
        .map(|waiting| [waiting[1], waiting[0]])
        .expect("readable");
    assert!(!engine.work(|queues, _| queues.move_up(second)).0, "it cannot pass the click");
    assert!(!engine.work(|queues, _| queues.move_down(click)).0, "and the click cannot let it pass");
    assert_eq!(engine.run_all("voice"), ["first", "second"], "so the page is clicked that was opened");
}

#[test]
fn a_job_held_by_hand_is_no_old_job() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Gift, "held", &[act("speak", "voice")]));
    engine.fire(firing(2, Gift, "waits", &[act("speak", "voice")]));
    let job = engine.jobs()[0].id;
    let now_ms = engine.now_ms;
    assert!(engine.work(|queues, _| queues.hold_job(job, now_ms)).0, "it waits");
    assert!(!engine.work(|queues, _| queues.hold_job(job, now_ms)).0, "twice is once");
    assert_eq!(reader(&engine.store).held_jobs().expect("readable"), 0, "nobody is asked about it");
    engine.work(|queues, world| queues.discard(&Which::Held, &cuelight_core::reason::Reason::OldJob, world));
    let session = engine.session;
    for which in [Which::Held, Which::Session(session)] {
        assert_eq!(engine.work(|queues, _| queues.release_held(&which, now_ms)).0, 0, "{which:?} does not mean it");
    }
    assert_eq!(engine.run_all("voice"), ["waits"], "others go on");
    assert_eq!(engine.states(), [Pending, Completed], "and it stays where it is");
    assert_eq!(engine.work(|queues, _| queues.release_held(&Which::Job(job), now_ms)).0, 1, "until it is released");
    assert_eq!(engine.run_all("voice"), ["held"], "then it runs");
}

#[test]
fn a_job_held_by_hand_grows_old_with_its_session() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Gift, "held", &[act("speak", "voice")]));
    let (job, now_ms) = (engine.jobs()[0].id, engine.now_ms);
    engine.work(|queues, _| queues.hold_job(job, now_ms));
    engine.session = engine.journal.begin_session(&LUNA, now_ms).expect("it begins").session;
    let session = engine.session;
    engine.work(|queues, _| queues.hold_old(Some(session), now_ms));
    assert_eq!(reader(&engine.store).held_jobs().expect("readable"), 1, "now it is asked about");
    assert_eq!(engine.work(|queues, _| queues.release_held(&Which::Held, now_ms)).0, 1, "and released with the others");
}
