//! What changed since the last batch: marks of what is to be read, and the little that is told as it is.

use std::collections::BTreeSet;

use cuelight_core::id::{EventId, JobId, ServiceId};

use crate::dto::{Banner, Gift, Undo};

/// Jobs and events that may be marked at once: more than a window has lines. Beyond it everything is asked for anew.
const MARKS: usize = 20_000;

/// Events that one batch tells the outcomes of; the others follow with the next one.
const OUTCOMES: usize = 1_000;

/// What changed since the last batch; what is only marked is read when the batch is made.
#[derive(Debug, Default, PartialEq)]
pub struct Gathered {
    /// The head of the Live screen.
    pub live: bool,
    /// The healths.
    pub health: bool,
    /// New events.
    pub lines: Option<NewLines>,
    /// Events that something became of.
    pub outcomes: BTreeSet<EventId>,
    /// Jobs that changed; their events are looked up.
    pub jobs: BTreeSet<JobId>,
    /// Services that stand otherwise.
    pub services: BTreeSet<ServiceId>,
    /// Nobody knows which services stand otherwise.
    pub all_services: bool,
    /// The list of services, with its newest revision; how all of them stand is told with it. Revisions are noted in no
    /// order, so each note takes the greater one.
    pub services_revision: Option<i64>,
    /// What runs and what comes next.
    pub now_and_next: bool,
    /// The rulebook, with its newest revision.
    pub rulebook_revision: Option<i64>,
    /// What can be undone.
    pub undo: Option<Undo>,
    /// The settings.
    pub settings: bool,
    /// The gift that was waited for.
    pub caught: Option<Gift>,
    /// What must be known everywhere; `Some(None)`: it is over.
    pub banner: Option<Option<Banner>>,
    /// More changed than can be told.
    pub too_much: bool,
}

/// A stretch of new events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewLines {
    /// The first of them.
    pub first: EventId,
    /// The last of them.
    pub last: EventId,
    /// How many they are.
    pub count: u64,
}

impl Gathered {
    /// Adds new events behind those that were added before.
    pub fn lines(&mut self, new: NewLines) {
        let NewLines { first, last, count } = new;
        self.lines = Some(match self.lines {
            None => new,
            Some(lines) => NewLines {
                first: lines.first.min(first),
                last: lines.last.max(last),
                count: lines.count.saturating_add(count),
            },
        });
    }

    /// Marks a job that changed.
    pub fn job(&mut self, job: JobId) {
        self.jobs.insert(job);
        self.too_much |= self.jobs.len() > MARKS;
        if self.too_much {
            self.jobs.clear();
        }
    }

    /// Takes in what was gathered later.
    pub(super) fn add(&mut self, later: Self) {
        self.live |= later.live;
        self.health |= later.health;
        if let Some(lines) = later.lines {
            self.lines(lines);
        }
        self.outcomes.extend(later.outcomes);
        self.jobs.extend(later.jobs);
        self.services.extend(later.services);
        self.all_services |= later.all_services;
        self.services_revision = self.services_revision.max(later.services_revision);
        self.now_and_next |= later.now_and_next;
        self.rulebook_revision = self.rulebook_revision.max(later.rulebook_revision);
        self.undo = later.undo.or(self.undo.take());
        self.settings |= later.settings;
        self.caught = later.caught.or(self.caught.take());
        self.banner = later.banner.or(self.banner.take());
        self.too_much |= later.too_much || self.outcomes.len() + self.jobs.len() > MARKS;
        if self.too_much {
            self.outcomes.clear();
            self.jobs.clear();
        }
    }

    /// Whether something is marked that is not read for every frame.
    pub(super) fn has_slow(&self) -> bool {
        let marks_outcomes = !self.outcomes.is_empty() || !self.jobs.is_empty();
        let marks_services = !self.services.is_empty() || self.all_services || self.services_revision.is_some();
        self.live || self.health || marks_outcomes || marks_services || self.now_and_next
    }

    /// Takes what is told in this frame: all, or all but what is not read for every frame.
    pub(super) fn take_due(&mut self, slow_too: bool) -> Self {
        let all = std::mem::take(self);
        if slow_too { self.leave_outcomes(all) } else { self.leave_slow(all) }
    }

    fn leave_slow(&mut self, mut all: Self) -> Self {
        self.live = std::mem::take(&mut all.live);
        self.health = std::mem::take(&mut all.health);
        self.outcomes = std::mem::take(&mut all.outcomes);
        self.jobs = std::mem::take(&mut all.jobs);
        self.services = std::mem::take(&mut all.services);
        self.all_services = std::mem::take(&mut all.all_services);
        self.services_revision = all.services_revision.take();
        self.now_and_next = std::mem::take(&mut all.now_and_next);
        all
    }

    /// Leaves outcomes beyond those of one batch, the oldest: people look at the newest.
    fn leave_outcomes(&mut self, mut all: Self) -> Self {
        if all.jobs.len() > OUTCOMES {
            let newest = all.jobs.iter().rev().nth(OUTCOMES - 1).copied().expect("there are more");
            let newest = all.jobs.split_off(&newest);
            self.jobs = std::mem::replace(&mut all.jobs, newest);
        }
        if all.outcomes.len() > OUTCOMES {
            let newest = all.outcomes.iter().rev().nth(OUTCOMES - 1).copied().expect("there are more");
            let newest = all.outcomes.split_off(&newest);
            self.outcomes = std::mem::replace(&mut all.outcomes, newest);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use cuelight_core::id::SessionId;

    use super::*;

    fn event(number: u32) -> EventId {
        EventId { session: SessionId(1), number }
    }

    #[test]
    fn stretches_of_new_events_become_one() {
        let mut gathered = Gathered::default();
        gathered.lines(NewLines { first: event(3), last: event(5), count: 3 });
        gathered.lines(NewLines { first: event(6), last: event(9), count: 4 });
        let both = NewLines { first: event(3), last: event(9), count: 7 };
        assert_eq!(gathered.lines, Some(both), "from the first to the last of both");
    }

    #[test]
    fn of_two_revisions_in_one_frame_the_newer_is_told() {
        let mut earlier = Gathered { rulebook_revision: Some(8), services_revision: Some(5), ..Gathered::default() };
        let later = Gathered { rulebook_revision: Some(7), services_revision: Some(4), ..Gathered::default() };
        earlier.add(later);
        assert_eq!(earlier.rulebook_revision, Some(8), "the list is read again up to the newest change");
        assert_eq!(earlier.services_revision, Some(5), "and so are the services");
    }

    #[test]
    fn what_is_not_read_for_every_frame_waits_and_the_rest_does_not() {
        let lines = Some(NewLines { first: event(1), last: event(1), count: 1 });
        let mut gathered = Gathered { lines, live: true, now_and_next: true, ..Gathered::default() };
        gathered.job(JobId(7));
        let due = gathered.take_due(false);
        assert_eq!(due, Gathered { lines, ..Gathered::default() }, "a new event is told at once");
        assert!(gathered.has_slow(), "the job, the head of the screen and what runs are kept");
        let due = gathered.take_due(true);
        assert!(due.live && due.now_and_next && due.jobs.contains(&JobId(7)), "for the next time");
        assert_eq!(gathered, Gathered::default(), "and then nothing is left");
    }

    #[test]
    fn more_outcomes_than_one_batch_holds_follow_with_the_next_newest_first() {
        let mut gathered = Gathered::default();
        (1..=1_500).for_each(|job| gathered.job(JobId(job)));
        let first = gathered.take_due(true);
        assert_eq!((first.jobs.len(), first.jobs.first()), (OUTCOMES, Some(&JobId(501))), "the newest are seen first");
        let second = gathered.take_due(true);
        assert_eq!((second.jobs.len(), second.jobs.first()), (500, Some(&JobId(1))), "and none is forgotten");
    }

    #[test]
    fn marks_without_end_become_one_that_says_so() {
        let mut gathered = Gathered::default();
        (0..=MARKS as i64).for_each(|job| gathered.job(JobId(job)));
        assert!(gathered.too_much && gathered.jobs.is_empty(), "everything is asked for anew, and nothing piles up");
        let mut earlier = Gathered::default();
        earlier.add(gathered);
        assert!(earlier.too_much, "also together with what waited before");
    }
}
