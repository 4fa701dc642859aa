//! Gift combos: many messages with a growing count that are one gift.
//!
//! `repeat_count` is the combo's running total, so what was given is the highest count seen, once. Counts come out of order,
//! ends come late, twice or never.

mod key;
mod tracker;

use serde::{Deserialize, Serialize};

pub use key::{ComboKey, ComboKeyError};
pub use tracker::{ComboTracker, Verdict};

use crate::event::Gift;
use crate::limits::{COMBO_MEMORY_MS, COMBO_REPEATED_END_MS};

/// How far one combo is, as it is stored beside the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Combo {
    /// The highest count seen; all of it was reported.
    seen: u32,
    /// When its latest message arrived, ms since 1970.
    arrived_ms: i64,
    /// TikTok's time of its newest message, ms since 1970.
    created_ms: i64,
    phase: Phase,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Phase {
    /// It may grow; `last` is what its end is told with should no end message come.
    Open { last: Box<Gift> },
    /// Its end was told.
    Ended { inferred: bool },
}

/// Where a message belongs, seen from the combo that stands under its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// It is a part of this combo.
    This,
    /// It says only what this combo's end has said.
    Repetition,
    /// The viewer gives the same gift anew.
    Next,
}

impl Combo {
    /// Whether its end was told.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        match self.phase {
            Phase::Open { .. } => false,
            Phase::Ended { .. } => true,
        }
    }

    /// When something is due if no further message comes: its end, or its being forgotten.
    fn due_ms(&self, idle_ms: i64) -> i64 {
        let wait_ms = if self.is_ended() { COMBO_MEMORY_MS } else { idle_ms };
        self.arrived_ms.saturating_add(wait_ms)
    }

    fn place(&self, gift: &Gift, created_ms: i64, idle_ms: i64) -> Place {
        let inferred = match self.phase {
            Phase::Open { .. } => return Place::This,
            Phase::Ended { inferred } => inferred,
        };
        if inferred && gift.inferred_end && gift.repeat_count <= self.seen {
            // Only our own recordings hold inferred ends, and this one we have just inferred again.
            return Place::Repetition;
        }
        if gift.group_id.is_some() {
            // TikTok numbers every combo anew, so what comes after the end can only correct it.
            return if gift.repeat_count > self.seen { Place::This } else { Place::Repetition };
        }
        self.place_without_number(gift, created_ms, if inferred { idle_ms } else { 0 })
    }

    /// Without a combo number the viewer's next combo of the same gift looks the same, and nothing paid may be lost. So a
    /// message counts as a part of the ended combo only where it cannot be paid anew, by TikTok's own times: arrival times
    /// would merge what waited together behind a broken connection.
    fn place_without_number(&self, gift: &Gift, created_ms: i64, unseen_ms: i64) -> Place {
        // An end without its message may have happened any time up to when it was inferred.
        let end_latest_ms = self.created_ms.saturating_add(unseen_ms).saturating_add(COMBO_REPEATED_END_MS);
        let end_earliest_ms = self.created_ms.saturating_sub(COMBO_REPEATED_END_MS);
        if gift.repeat_count > self.seen {
            return if created_ms <= end_latest_ms { Place::This } else { Place::Next };
        }
        if gift.streaking {
            // Out of order: older than what this combo has shown already.
            return if created_ms < self.created_ms { Place::Repetition } else { Place::Next };
        }
        let same_count = gift.repeat_count == self.seen;
        let same_moment = (end_earliest_ms..=end_latest_ms).contains(&created_ms);
        // A delta is in our own recordings only, and those hold every end once.
        let from_wire = gift.delta_count.is_none();
        if same_count && same_moment && from_wire { Place::Repetition } else { Place::Next }
    }
}

#[cfg(test)]
mod tests;
