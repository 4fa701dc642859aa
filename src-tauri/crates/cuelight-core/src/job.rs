//! A job: one step waiting, running or ended in a service's queue.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::action::{Replay, StateChange};
use crate::id::{ActionKindId, ServiceId};
use crate::priority::Priority;
use crate::reason::Reason;
use crate::service::Mode;

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits: ready, for its time, or held.
    Pending,
    /// Runs.
    Processing,
    /// Did what it should.
    Completed,
    /// Could not; the reason says why.
    Failed,
    /// Was not tried; the reason says why.
    Discarded,
}

impl JobState {
    /// Every state, in the order of a job's life.
    pub const ALL: [Self; 5] = [Self::Pending, Self::Processing, Self::Completed, Self::Failed, Self::Discarded];

    /// The name in tables, files and commands.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Discarded => "discarded",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

impl fmt::Display for JobState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A job that a run hands off, prepared and frozen.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// Which step of its run it is: 1, 2, 3 … in the order in which they were handed off.
    pub step: u32,
    /// The service whose queue it goes through.
    pub service: ServiceId,
    /// What it does.
    pub kind: ActionKindId,
    /// The kind's own form of it.
    pub parameters: Value,
    /// Its place among waiting jobs.
    pub priority: Priority,
    /// Alone, or beside others.
    pub mode: Mode,
    /// May be dropped when the queue is full.
    pub discardable: bool,
    /// How long it may be ready while a worker runs, in milliseconds.
    pub expires_after_ms: Option<i64>,
    /// How long it may run, in milliseconds.
    pub time_limit_ms: u64,
    /// Whether it may run again after a crash.
    pub replay: Replay,
    /// It goes on where the run's last sync job on the same service ended: no other job gets between them.
    pub follows: bool,
    /// It ends before it begins: its service is off, or it could not be prepared.
    pub ended: Option<Ending>,
}

/// How a job ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Ending {
    /// It did what it should.
    Completed {
        /// What later steps may use, such as `reply`.
        outputs: Vec<(String, String)>,
        /// What it changes in our own database.
        changes: Vec<StateChange>,
    },
    /// It could not.
    Failed(Reason),
    /// It was not tried.
    Discarded(Reason),
}

impl Ending {
    /// The state that a job of this ending has.
    #[must_use]
    pub fn state(&self) -> JobState {
        match self {
            Self::Completed { .. } => JobState::Completed,
            Self::Failed(_) => JobState::Failed,
            Self::Discarded(_) => JobState::Discarded,
        }
    }

    /// Why, where it did not do what it should.
    #[must_use]
    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Completed { .. } => None,
            Self::Failed(reason) | Self::Discarded(reason) => Some(reason),
        }
    }
}
