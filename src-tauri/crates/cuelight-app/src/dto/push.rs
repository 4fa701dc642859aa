//! What the engine tells by itself: at most one batch a frame.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::failure::FailureCode;
use super::gift::Gift;
use super::live::{EventLine, Health, LiveStatus, NowAndNext, OutcomeChange};
use super::rulebook::Undo;
use super::service::ServiceStatus;
use super::settings::Settings;

/// Only what changed is there; a part that is there is whole.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PushBatch {
    /// Counts up by one; after a hole the window asks for everything anew.
    pub seq: u64,
    /// The head of the Live screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub live: Option<LiveStatus>,
    /// All healths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub health: Option<Vec<Health>>,
    /// New events, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<EventLine>,
    /// What became of events that were sent before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<OutcomeChange>,
    /// Events left out here because there were too many for a screen; they are in the journal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub missed_lines: Option<u64>,
    /// Those services that changed; all there are, where their list changed too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ServiceStatus>,
    /// The list of services changed, or what they wish for; who shows it asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub services_revision: Option<i64>,
    /// What runs and what comes next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub now_and_next: Option<NowAndNext>,
    /// The rule set changed; who shows it asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub rulebook_revision: Option<i64>,
    /// What *undo* and *redo* would do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub undo: Option<Undo>,
    /// All settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub settings: Option<Settings>,
    /// The gift that *catch the next gift* waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub caught: Option<Gift>,
    /// Something that must be known wherever one is; a `null` that is there says that it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub banner: Option<Option<Banner>>,
}

/// Something that must be known wherever one is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Banner {
    /// What it is.
    pub code: FailureCode,
    /// The file or folder that it is about.
    pub place: Option<String>,
}
