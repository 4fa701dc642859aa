//! The moments for which rules wait, each with its rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::trigger::TimeOfDay;

/// Moments that come again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Beat {
    /// So many milliseconds after the first connection, and each time after as many more.
    Every(i64),
    /// Each day.
    Daily(TimeOfDay),
}

/// Every beat for which a rule waits, once: many rules wait for few of them.
#[derive(Debug, Clone)]
pub(crate) struct Awaited(Arc<[(Beat, Vec<usize>)]>);

impl Awaited {
    pub(super) fn new(beats: BTreeMap<Beat, Vec<usize>>) -> Self {
        Self(beats.into_iter().collect())
    }

    pub(crate) fn beats(&self) -> impl Iterator<Item = Beat> {
        self.0.iter().map(|(beat, _)| *beat)
    }

    /// The rules that wait for those of these beats.
    pub(crate) fn of_beats(&self, chosen: impl Fn(Beat) -> bool) -> impl Iterator<Item = usize> {
        self.0.iter().filter(move |(beat, _)| chosen(*beat)).flat_map(|(_, rules)| rules).copied()
    }

    /// Whether the other one has the same beats, whoever waits for them.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.beats().eq(other.beats())
    }

    /// Whether both are of one set of rules; a quick look that finds most that are the same.
    pub(crate) fn is_identical(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Default for Awaited {
    fn default() -> Self {
        Self::new(BTreeMap::new())
    }
}
