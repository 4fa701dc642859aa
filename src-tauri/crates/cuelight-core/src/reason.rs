//! Codes for everything that people are told why, and the one table that says it in English.
//!
//! Rows hold the code and its parameters; the words are made when somebody reads them.

use serde::{Deserialize, Serialize};

/// Why something was dropped, kept aside or stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum Reason {
    /// The message's bytes end or break in the middle.
    MessageBroken {
        /// TikTok's name of the message.
        method: String,
    },
    /// A frame could not be opened at all.
    FrameBroken {
        /// What stopped it.
        error: String,
    },
    /// A line or entry of a recording could not be read.
    RecordingBroken {
        /// Where it stands.
        place: String,
        /// What stopped it.
        error: String,
    },
    /// Events left out because the live was too far behind.
    Shed {
        /// Joins left out.
        joins: u64,
        /// Like messages left out.
        likes: u64,
        /// Viewer counts left out.
        viewer_counts: u64,
        /// How late the live was, in milliseconds.
        late_ms: i64,
    },
    /// The disk that holds the journal is full or gone.
    DiskFull {
        /// The journal's file.
        place: String,
        /// What the system said.
        error: String,
    },
    /// The database was damaged and moved aside.
    DatabaseDamaged {
        /// Where the damaged file lies now.
        moved_to: String,
        /// What was found.
        error: String,
    },
    /// The settings came from their checked copy.
    SettingsRestored {
        /// The copy's file.
        place: String,
    },
}

impl Reason {
    /// The sentence for consoles and logs.
    #[must_use]
    pub fn in_english(&self) -> String {
        match self {
            Self::MessageBroken { method } => {
                format!("A {method} message was cut or garbled; what could be read was used.")
            }
            Self::FrameBroken { error } => format!("A frame from TikTok could not be opened: {error}."),
            Self::RecordingBroken { place, error } => format!("{place} could not be read: {error}. It was skipped."),
            Self::Shed { joins, likes, viewer_counts, late_ms } => format!(
                "The live was {:.1} s behind, so {joins} joins, {likes} likes and {viewer_counts} viewer counts were left out.",
                *late_ms as f64 / 1000.0
            ),
            Self::DiskFull { place, error } => format!(
                "{place} cannot be written ({error}). Free some space there; nothing is lost while Cuelight waits."
            ),
            Self::DatabaseDamaged { moved_to, error } => {
                format!("The database was damaged ({error}). It was moved to {moved_to} and a new one was begun.")
            }
            Self::SettingsRestored { place } => format!("The settings were restored from {place}."),
        }
    }
}
