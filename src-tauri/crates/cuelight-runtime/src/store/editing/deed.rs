//! What people did, as *undo* and *redo* name it.

use serde::{Deserialize, Serialize};

/// A change that somebody made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// What was done.
    pub kind: DeedKind,
    /// What it was about, as people called it then.
    pub name: String,
}

/// What was done; the names are stored and never changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeedKind {
    /// A rule was added, also by duplicating one.
    RuleAdded,
    /// A rule was changed, also switched.
    RuleChanged,
    /// A rule was put into the bin.
    RuleBinned,
    /// A rule came back from the bin.
    RuleRestored,
    /// A rule got another place.
    RuleMoved,
    /// A rules file was taken in.
    RulesImported,
    /// A group was added or changed.
    GroupChanged,
    /// A service was changed, also its default actions.
    ServiceChanged,
    /// A service was added.
    ServiceAdded,
    /// A service was removed.
    ServiceRemoved,
}

impl Deed {
    /// Something done to what is called so.
    #[must_use]
    pub fn new(kind: DeedKind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }
}

/// What became of *undo* or *redo*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undone {
    /// There was nothing to undo or to do again.
    Nothing,
    /// It was done.
    Done(Deed),
    /// Somebody else changed what the deed was about: it was given up, and the next one is another deed.
    ChangedMeanwhile(Deed),
    /// A service would go that still has jobs; the deed can be undone when they have ended.
    JobsWait(Deed),
}
