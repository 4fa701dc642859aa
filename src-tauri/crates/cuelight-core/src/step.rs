//! The steps of a rule: actions, choices and waits, in order.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::condition::Comparison;

/// One step of a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Step {
    /// Does something.
    Act(Act),
    /// Goes one way or another.
    Choose(Choose),
    /// Goes one of several ways by chance.
    PickOne(PickOne),
    /// Lets time pass before the next step; the queues go on meanwhile.
    Wait(Wait),
}

/// A step that does something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Act {
    /// What is done.
    #[serde(flatten)]
    pub action: Action,
    /// Starts beside the step before it; consecutive such steps form a group.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_the_same_time: bool,
    /// The steps after it run even if it fails, is discarded or skipped.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub go_on_if_this_fails: bool,
    /// Runs when the combo ends, for rules that run along with a combo.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_the_end: bool,
}

/// *If … otherwise …*, asked when its turn comes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choose {
    /// All of these must hold.
    #[serde(rename = "if")]
    pub all: Vec<Test>,
    /// The steps then.
    pub then: Vec<Step>,
    /// The steps otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub otherwise: Vec<Step>,
}

/// What a choice asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// A text with placeholders, such as `{counter:deaths}` or `{reply}`.
    pub value: String,
    /// How it is compared; as numbers where both sides are numbers, else as texts without regard to case.
    pub is: Comparison,
    /// What it is compared with; placeholders are filled here too.
    pub than: String,
}

/// *Pick one at random*; which one follows from the session's seed, the event, the rule and the step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PickOne {
    /// The ways to go, each as likely as the others.
    pub pick_one: Vec<Vec<Step>>,
}

/// A pause between two steps.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// How long, in milliseconds.
    pub wait_ms: u64,
}
