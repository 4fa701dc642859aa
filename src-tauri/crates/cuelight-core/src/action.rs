//! An action as a step names it, and what it becomes when its turn comes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::facts::{Facts, Values};
use crate::id::{ActionKindId, ServiceId};
use crate::reason::Reason;
use crate::service::Services;

/// What is to be done: a kind of action with its parameters, in which placeholders wait to be filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Action {
    /// The kind of action, such as `log_write`; a kind that this version does not know is kept and not run.
    #[serde(rename = "action")]
    pub kind: ActionKindId,
    /// The service whose queue it goes through; without it, the kind's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub service: Option<ServiceId>,
    /// The kind's parameters.
    #[serde(default, rename = "with", skip_serializing_if = "Map::is_empty")]
    pub parameters: Map<String, Value>,
}

/// Whether a run that a crash cut off may run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Replay {
    /// Twice does no more than once, or does no harm.
    Safe,
    /// Twice would be seen: a command, a webhook, a key press.
    AtMostOnce,
}

impl Replay {
    /// Both, the harmless one first.
    pub const ALL: [Self; 2] = [Self::Safe, Self::AtMostOnce];

    /// The name in tables and files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::AtMostOnce => "at_most_once",
        }
    }

    /// What that name says.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|replay| replay.as_str() == name)
    }
}

/// A filled and frozen action: all that its service needs, whatever becomes of the rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// The service whose queue it goes through.
    pub service: ServiceId,
    /// The kind's own form of it.
    pub parameters: Value,
    /// Whether it may run again after a crash.
    pub replay: Replay,
    /// How long it may run, in milliseconds.
    pub time_limit_ms: u64,
}

/// Turns actions into what their services need; the registry of action kinds does it.
pub trait Prepare: Sync {
    /// Fills the action's placeholders from the facts; pure.
    ///
    /// # Errors
    /// A kind or a service that does not exist, or parameters that the kind does not take.
    fn prepare(&self, action: &Action, facts: &Facts, values: &Values, services: &Services)
    -> Result<Prepared, Reason>;
}

/// What an action leaves behind in our own database, applied in the transaction of its outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum StateChange {
    /// Adds to a counter, which begins at 0.
    CounterAdd {
        /// The counter's name.
        name: String,
        /// How much; may be negative.
        by: i64,
    },
    /// Sets a counter.
    CounterSet {
        /// The counter's name.
        name: String,
        /// Its new value.
        to: i64,
    },
    /// Sets a variable.
    VariableSet {
        /// The variable's name.
        name: String,
        /// Its new text.
        to: String,
    },
    /// Runs another rule's steps with the same facts.
    RunRule {
        /// The rule.
        rule: crate::id::RuleId,
    },
    /// Switches a rule on or off.
    EnableRule {
        /// The rule.
        rule: crate::id::RuleId,
        /// On or off.
        enabled: bool,
    },
    /// Brings an event of type `custom` into the session.
    EmitEvent {
        /// What it is called.
        name: String,
        /// Whatever else it says.
        fields: Map<String, Value>,
    },
}
