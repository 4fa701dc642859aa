//! Full queues against a plain list that follows the sentences word by word; who is claimed next, and when.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::action::Replay;
use crate::id::{ActionKindId, ServiceId};

fn priority(number: u8) -> Priority {
    Priority::new(number).expect("1 to 10")
}

fn new_job(priority: Priority, discardable: bool) -> NewJob {
    NewJob {
        step: 1,
        service: ServiceId::new("overlays"),
        kind: ActionKindId::new("log_write"),
        parameters: Value::Null,
        priority,
        mode: Mode::Async,
        discardable,
        expires_after_ms: None,
        time_limit_ms: 30_000,
        replay: Replay::Safe,
        follows: false,
        ended: None,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Waiting {
    id: JobId,
    priority: Priority,
    discardable: bool,
}

/// A queue that finds its weakest job by an index, as the journal does.
#[derive(Default)]
struct IndexedQueue {
    jobs: BTreeSet<JobId>,
    discardable: BTreeSet<(Priority, Reverse<JobId>)>,
}

impl IndexedQueue {
    fn enter(&mut self, job: Waiting) {
        self.jobs.insert(job.id);
        if job.discardable {
            self.discardable.insert((job.priority, Reverse(job.id)));
        }
    }

    fn leave(&mut self, id: JobId) {
        self.jobs.remove(&id);
        self.discardable.retain(|(_, Reverse(it))| *it != id);
    }
}

impl QueueView for IndexedQueue {
    fn waiting(&self) -> u32 {
        self.jobs.len() as u32
    }

    fn weakest_discardable(&self) -> Option<(JobId, Priority)> {
        self.discardable.first().map(|&(priority, Reverse(id))| (id, priority))
    }
}

/// The three sentences of `docs/queues.md` on a plain list; gives the job that is discarded, if one is.
fn place_word_by_word(jobs: &mut Vec<Waiting>, max_queue_size: usize, newcomer: Waiting) -> Option<Waiting> {
    if jobs.len() < max_queue_size {
        jobs.push(newcomer);
        return None;
    }
    let lower = jobs.iter().filter(|job| job.discardable && job.priority < newcomer.priority);
    if let Some(lowest) = lower.map(|job| job.priority).min() {
        let newest = jobs.iter().rposition(|job| job.discardable && job.priority == lowest).expect("just seen");
        let displaced = jobs.remove(newest);
        jobs.push(newcomer);
        return Some(displaced);
    }
    if newcomer.discardable {
        return Some(newcomer);
    }
    jobs.push(newcomer);
    None
}

#[derive(Debug, Clone)]
enum Move {
    Arrive { priority: u8, discardable: bool },
    Leave(prop::sample::Index),
}

fn any_move() -> impl Strategy<Value = Move> {
    prop_oneof![
        4 => (1..=10_u8, any::<bool>()).prop_map(|(priority, discardable)| Move::Arrive { priority, discardable }),
        1 => any::<prop::sample::Index>().prop_map(Move::Leave),
    ]
}

proptest! {
    #[test]
    fn a_full_queue_follows_the_sentences(
        max_queue_size in 0..6_u32, moves in prop::collection::vec(any_move(), 0..60),
    ) {
        let mut queue = IndexedQueue::default();
        let mut list: Vec<Waiting> = Vec::new();
        for (number, one) in moves.into_iter().enumerate() {
            let newcomer = match one {
                Move::Arrive { priority: number_of, discardable } => {
                    Waiting { id: JobId(number as i64), priority: priority(number_of), discardable }
                }
                Move::Leave(index) => {
                    if !list.is_empty() {
                        queue.leave(list.remove(index.index(list.len())).id);
                    }
                    continue;
                }
            };
            let was = list.clone();
            let expected = place_word_by_word(&mut list, max_queue_size as usize, newcomer);
            let discarded = match place(&queue, max_queue_size, &new_job(newcomer.priority, newcomer.discardable)) {
                Placing::Enter => {
                    queue.enter(newcomer);
                    None
                }
                Placing::InPlaceOf(displaced) => {
                    queue.leave(displaced);
                    queue.enter(newcomer);
                    was.into_iter().find(|job| job.id == displaced)
                }
                Placing::Refused => Some(newcomer),
            };
            prop_assert_eq!(discarded, expected, "the same job must go as in the sentences");
            prop_assert_eq!(&queue.jobs, &list.iter().map(|job| job.id).collect(), "and the same ones stay");
            prop_assert!(discarded.is_none_or(|job| job.discardable), "what is not discardable is never dropped");
            prop_assert!(
                discarded.is_none_or(|job| job.id == newcomer.id || job.priority < newcomer.priority),
                "only what is less important makes way"
            );
            let grew_beyond = queue.waiting() > max_queue_size && queue.jobs.contains(&newcomer.id) && expected.is_none();
            prop_assert!(!grew_beyond || !newcomer.discardable, "only what is not discardable exceeds the bound");
        }
    }

    #[test]
    fn claim_order_is_one_order_of_all_jobs(
        jobs in prop::collection::vec((any::<bool>(), 1..=10_u8, 0..4_i64), 2..12),
    ) {
        let mut turns: Vec<ClaimOrder> = jobs
            .iter()
            .zip(1..)
            .map(|(&(follows, number, position), id)| turn(follows, number, position, id))
            .collect();
        turns.sort();
        for pair in turns.windows(2) {
            let (first, second) = (pair[0], pair[1]);
            let overtakes = second.follows && !first.follows
                || second.follows == first.follows && second.priority > first.priority
                || second.follows == first.follows && second.priority == first.priority
                    && (second.position, second.id) < (first.position, first.id);
            prop_assert!(!overtakes, "{:?} must not come after {:?}", second, first);
        }
    }
}

fn turn(follows: bool, number: u8, position: i64, id: i64) -> ClaimOrder {
    ClaimOrder { follows, priority: priority(number), position, id: JobId(id) }
}

#[test]
fn what_goes_on_then_what_matters_then_what_came_first_is_claimed() {
    let expected = [
        turn(true, 1, 9, 9),
        turn(false, 10, 3, 7),
        turn(false, 10, 4, 2),
        turn(false, 10, 4, 5),
        turn(false, 6, 1, 1),
    ];
    let mut turns = expected;
    turns.reverse();
    turns.sort();
    assert_eq!(turns, expected, "follows, then priority, then position, then id");
}

#[test]
fn a_sync_job_is_alone_and_async_jobs_fill_their_places() {
    let nothing = Running::default();
    let beside = |count| Running { sync: false, count };
    let alone = Running { sync: true, count: 1 };
    for (head, running, max_parallel, expected) in [
        (Mode::Sync, nothing, 8, true),
        (Mode::Sync, beside(1), 8, false),
        (Mode::Sync, alone, 8, false),
        (Mode::Async, nothing, 8, true),
        (Mode::Async, beside(7), 8, true),
        (Mode::Async, beside(8), 8, false),
        (Mode::Async, alone, 8, false),
        (Mode::Async, nothing, 0, true),
        (Mode::Async, beside(1), 0, false),
    ] {
        assert_eq!(may_start(head, running, max_parallel), expected, "{head:?} beside {running:?} of {max_parallel}");
    }
}
