//! Jobs as the window sees them.

use cuelight_core::event::EventType;
use cuelight_core::id::{ActionKindId, ServiceId, SessionId, UserId};
use cuelight_core::job::JobState;
use cuelight_core::priority::Priority;
use cuelight_core::reason::Reason;
use cuelight_core::service::Mode;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::number_as_text;

/// A job with all that is shown of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// Its number.
    #[serde(with = "number_as_text")]
    #[ts(type = "string")]
    pub id: i64,
    /// The number of its run.
    #[serde(with = "number_as_text")]
    #[ts(type = "string")]
    pub run: i64,
    /// The service whose queue it goes through.
    pub service: ServiceId,
    /// What it does.
    pub kind: ActionKindId,
    /// What it does, filled and short, such as `Thank you mia!`; as a viewer may have written it.
    pub summary: String,
    /// Where it stands.
    pub state: JobState,
    /// Its place among waiting jobs, 10 goes first.
    pub priority: Priority,
    /// Alone, or beside others.
    pub mode: Mode,
    /// May be dropped when the queue is full.
    pub discardable: bool,
    /// Who made its run: the id of a rule, `default:SERVICE`, or `asked:`.
    pub origin: String,
    /// What people call that.
    pub origin_name: String,
    /// The event that caused it; none for timers, hotkeys and what was asked for.
    pub cause: Option<JobCause>,
    /// Made by *Try*: counts nowhere.
    pub test: bool,
    /// How often it was tried.
    pub attempt: u32,
    /// How often it is tried at most.
    pub max_attempts: u32,
    /// A crash cut an earlier try off.
    pub interrupted: bool,
    /// When it was handed off.
    pub queued_ms: i64,
    /// Not before this time: a wait, or the pause before another try.
    pub due_ms: Option<i64>,
    /// Since when it is held.
    pub held_since_ms: Option<i64>,
    /// When it is too late for it, if it were ready and worked for from now on.
    pub expires_ms: Option<i64>,
    /// When it was last started.
    pub started_ms: Option<i64>,
    /// When it ended.
    pub ended_ms: Option<i64>,
    /// 0 to 1 where the action knows how far it is.
    pub progress: Option<f64>,
    /// Why it failed, was discarded, or is tried again.
    pub reason: Option<Reason>,
}

/// The event that caused a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobCause {
    /// The event's session.
    pub session: SessionId,
    /// The event's number in it.
    pub number: u32,
    /// The event's type.
    pub event_type: EventType,
    /// Whose event it was.
    pub viewer: Option<JobViewer>,
}

/// Whose event it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobViewer {
    /// The number that stays over renames.
    pub user_id: UserId,
    /// The display name.
    pub nickname: String,
}
