//! The steps of a rule: actions, choices and waits, in order.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::action::Action;
use crate::condition::Comparison;

/// One step of a rule; which one it is shows by the key that only it has: `action`, `if`, `pick_one` or `wait_ms`.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct PickOne {
    /// The ways to go, each as likely as the others.
    pub pick_one: Vec<Vec<Step>>,
}

/// A pause between two steps.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// How long, in milliseconds.
    pub wait_ms: u64,
}

/// Shows every step, those inside choices included, in the order in which they stand, each with its place such as
/// `do[1].then[0]`; `place` is that of the list.
pub fn for_each_step<'s>(steps: &'s [Step], place: &str, look: &mut impl FnMut(&'s Step, &str)) {
    for (number, step) in steps.iter().enumerate() {
        let place = format!("{place}[{number}]");
        look(step, &place);
        match step {
            Step::Choose(choose) => {
                for_each_step(&choose.then, &format!("{place}.then"), look);
                for_each_step(&choose.otherwise, &format!("{place}.otherwise"), look);
            }
            Step::PickOne(pick) => {
                for (number, way) in pick.pick_one.iter().enumerate() {
                    for_each_step(way, &format!("{place}.pick_one[{number}]"), look);
                }
            }
            Step::Act(_) | Step::Wait(_) => {}
        }
    }
}

/// The same for those steps that do something.
pub fn for_each_act<'s>(steps: &'s [Step], place: &str, look: &mut impl FnMut(&'s Act, &str)) {
    for_each_step(steps, place, &mut |step, place| {
        if let Step::Act(act) = step {
            look(act, place);
        }
    });
}

/// Looks for the key that says what the step is, so that a mistake in it is told as one of that kind of step.
impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let has = |key| value.get(key).is_some();
        match (has("action"), has("if"), has("pick_one"), has("wait_ms")) {
            (true, false, false, false) => read(value).map(Self::Act),
            (false, true, false, false) => read(value).map(Self::Choose),
            (false, false, true, false) => read(value).map(Self::PickOne),
            (false, false, false, true) => read(value).map(Self::Wait),
            (false, false, false, false) => Err(D::Error::custom(
                "a step has one of `action`, `if`, `pick_one` and `wait_ms`; this one has none of them",
            )),
            _ => Err(D::Error::custom(
                "a step has one of `action`, `if`, `pick_one` and `wait_ms`; this one has several of them",
            )),
        }
    }
}

impl JsonSchema for Step {
    fn schema_name() -> Cow<'static, str> {
        "Step".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "One step: an action, a choice, one of several ways by chance, or a wait.",
            "oneOf": [
                generator.subschema_for::<Act>(),
                generator.subschema_for::<Choose>(),
                generator.subschema_for::<PickOne>(),
                generator.subschema_for::<Wait>(),
            ],
        })
    }
}

fn read<T: DeserializeOwned, E: Error>(value: Value) -> Result<T, E> {
    serde_json::from_value(value).map_err(E::custom)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_mistake_in_a_step_is_told_as_one_of_that_kind_of_step() {
        for (step, says) in [
            (json!({"wait_ms": "long"}), "invalid type: string \"long\", expected u64"),
            (json!({"wait_ms": 5, "then": []}), "unknown field `then`"),
            (json!({"if": [], "otherwise": []}), "missing field `then`"),
            (json!({"pick_one": [[{"wait": 1}]]}), "has none of them"),
            (json!({"action": "speak", "wait_ms": 5}), "has several of them"),
            (json!({"action": 7}), "expected a string"),
            (json!("speak"), "has none of them"),
        ] {
            let error = serde_json::from_value::<Step>(step.clone()).expect_err("it is no step").to_string();
            assert!(error.contains(says), "{step} should be refused with {says:?}, not {error:?}");
        }
    }

    #[test]
    fn every_act_is_shown_with_its_place() {
        let steps: Vec<Step> = serde_json::from_value(json!([
            {"wait_ms": 1},
            {"if": [], "then": [{"action": "a"}], "otherwise": [{"pick_one": [[], [{"wait_ms": 1}, {"action": "b"}]]}]},
            {"action": "c"},
        ]))
        .expect("they are steps");
        let mut found = Vec::new();
        for_each_act(&steps, "do", &mut |act, place| found.push(format!("{place} {}", act.action.kind)));
        let expected = ["do[1].then[0] a", "do[1].otherwise[0].pick_one[1][1] b", "do[2] c"];
        assert_eq!(found, expected, "places are those of the file, and nothing is left out");
    }

    #[test]
    fn every_kind_of_step_comes_back_as_it_was_written() {
        for step in [
            json!({"action": "no_such_kind", "service": "voice", "with": {"a": [1, {"b": null}]}, "at_the_end": true}),
            json!({"if": [{"value": "{count}", "is": "more", "than": "3"}], "then": [{"wait_ms": 5}]}),
            json!({"pick_one": [[{"wait_ms": 5}], []]}),
            json!({"wait_ms": 0}),
        ] {
            let read: Step = serde_json::from_value(step.clone()).expect("it is a step");
            assert_eq!(serde_json::to_value(read).expect("steps are JSON"), step, "nothing may be lost or added");
        }
    }
}
