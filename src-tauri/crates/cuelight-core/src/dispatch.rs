//! Where a new job goes when its queue is full, which job is claimed next, and when it may start.

use std::cmp::Ordering;

use crate::id::JobId;
use crate::job::NewJob;
use crate::priority::Priority;
use crate::service::Mode;

/// What placing a job depends on in the queue of its service.
pub trait QueueView {
    /// How many jobs wait: ready, retrying or held; exact up to the queue's bound, beyond it any number from the bound on.
    fn waiting(&self) -> u32;

    /// The waiting discardable job of the lowest priority, the newest of those; asked only when the queue is full.
    fn weakest_discardable(&self) -> Option<(JobId, Priority)>;
}

/// What becomes of a new job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placing {
    /// It waits in the queue.
    Enter,
    /// It waits in the queue, and this job is discarded for it: `displaced`.
    InPlaceOf(JobId),
    /// It is discarded itself: `queue_full`.
    Refused,
}

/// Finds the place of a new job in a queue of at most `max_queue_size` waiting ones.
///
/// In a full queue it takes the place of a discardable job of lower priority; without such a one it is refused if it is
/// discardable itself, and else enters all the same, so only what is not discardable ever exceeds the bound.
pub fn place(queue: &impl QueueView, max_queue_size: u32, job: &NewJob) -> Placing {
    if queue.waiting() < max_queue_size {
        return Placing::Enter;
    }
    match queue.weakest_discardable() {
        Some((weakest, priority)) if priority < job.priority => Placing::InPlaceOf(weakest),
        _ if job.discardable => Placing::Refused,
        _ => Placing::Enter,
    }
}

/// A ready job's turn among the ready jobs of its service: the smallest is claimed first.
///
/// First what goes on where its run's last job ended, then the highest priority, then the lowest position, then the lowest
/// id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimOrder {
    /// The job follows another one of its run on a sync service.
    pub follows: bool,
    /// Its priority.
    pub priority: Priority,
    /// Its arrival, which *move up* changes.
    pub position: i64,
    /// Its number, by which jobs of one event keep the order of their steps.
    pub id: JobId,
}

impl Ord for ClaimOrder {
    fn cmp(&self, other: &Self) -> Ordering {
        let follows = other.follows.cmp(&self.follows);
        follows
            .then(other.priority.cmp(&self.priority))
            .then(self.position.cmp(&other.position))
            .then(self.id.cmp(&other.id))
    }
}

impl PartialOrd for ClaimOrder {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// What runs in a service.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Running {
    /// One of them is sync, so it is alone.
    pub sync: bool,
    /// How many.
    pub count: u32,
}

/// Whether the job at the head of the ready ones may start; if not, none behind it may either.
///
/// A `max_parallel` of 0 is taken for 1, as nothing may block a queue for ever.
#[must_use]
pub fn may_start(head: Mode, running: Running, max_parallel: u32) -> bool {
    match head {
        Mode::Sync => running.count == 0,
        Mode::Async => !running.sync && running.count < max_parallel.max(1),
    }
}

#[cfg(test)]
mod tests;
