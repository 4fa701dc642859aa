//! What the local server's interface for scripts answers beside what the window knows.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::number_as_text;

/// A token that may only read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OverlayToken {
    /// What it may do: `overlay:NAME`.
    pub role: String,
    /// The token.
    pub token: String,
}

/// What was begun by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StartedRun {
    /// The number of the run.
    #[serde(with = "number_as_text")]
    #[ts(type = "string")]
    pub run: i64,
}

/// What was skipped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Skipped {
    /// How many jobs ran.
    pub jobs: u32,
}
