//! Rules for every so many of something that only grows, and when the next of them is due.

use std::sync::Arc;

/// Every so many, and the rule that waits for it.
#[derive(Debug, Clone)]
pub(crate) struct Milestones(Arc<[(u64, usize)]>);

impl Milestones {
    /// None of the steps is 0.
    pub(super) fn new(steps: Vec<(u64, usize)>) -> Self {
        Self(steps.into())
    }

    /// Tells each rule that has a multiple of its step above `before` and up to `now`, with how many it has.
    pub(crate) fn passed(&self, before: u64, now: u64, mut found: impl FnMut(usize, u64)) {
        for &(every, rule) in &*self.0 {
            let times = now / every - before / every;
            if times > 0 {
                found(rule, times);
            }
        }
    }

    /// The first number above `now` that is a multiple of any step; `None` where there is none.
    fn next(&self, now: u64) -> Option<u64> {
        self.0.iter().filter_map(|&(every, _)| now.checked_add(every - now % every)).min()
    }
}

impl Default for Milestones {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

/// The next milestone of some rules, so that most messages need no look at any of them.
#[derive(Debug, Clone)]
pub(crate) struct NextMilestone {
    /// The rules for which it was found; others may be followed by now.
    of: Milestones,
    at: Option<u64>,
}

impl NextMilestone {
    pub(crate) fn new(of: &Milestones, now: u64) -> Self {
        Self { of: of.clone(), at: of.next(now) }
    }

    /// Whether it is known that these rules have no milestone up to `now`.
    pub(crate) fn is_beyond(&self, now: u64, of: &Milestones) -> bool {
        Arc::ptr_eq(&self.of.0, &of.0) && self.at.is_none_or(|at| now < at)
    }
}
