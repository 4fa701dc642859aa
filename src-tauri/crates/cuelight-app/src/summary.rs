//! What an action does, filled and short, as lists and looks ahead show it.

use cuelight_core::action::StateChange;
use cuelight_core::clean::clean_to;
use serde_json::Value;

/// Longest summary, in characters as people count them; more does not fit on a line.
const SUMMARY_CHARACTERS: usize = 160;

/// The parameter that says it all, where a kind has one of these.
const TELLING: [&str; 4] = ["text", "message", "command", "url"];

/// What a prepared action would do, such as `Thank you mia!`; as a viewer may have written it, on one line.
#[must_use]
pub fn summary(parameters: &Value) -> String {
    let told = change(parameters).or_else(|| telling(parameters)).unwrap_or_else(|| everything(parameters));
    let line = told.split_whitespace().collect::<Vec<_>>().join(" ");
    clean_to(&line, SUMMARY_CHARACTERS).into_owned()
}

fn change(parameters: &Value) -> Option<String> {
    let change = serde_json::from_value(parameters.get("change")?.clone()).ok()?;
    Some(match change {
        StateChange::CounterAdd { name, by } if by < 0 => format!("{name} − {}", by.unsigned_abs()),
        StateChange::CounterAdd { name, by } => format!("{name} + {by}"),
        StateChange::CounterSet { name, to } => format!("{name} = {to}"),
        StateChange::VariableSet { name, to } => format!("{name} = {to}"),
        StateChange::RunRule { rule } => rule.to_string(),
        StateChange::EnableRule { rule, enabled } => format!("{rule} {}", if enabled { "✓" } else { "✗" }),
        StateChange::EmitEvent { name, fields } if fields.is_empty() => name,
        StateChange::EmitEvent { name, fields } => format!("{name} {}", everything(&Value::Object(fields))),
    })
}

fn telling(parameters: &Value) -> Option<String> {
    let texts = TELLING.iter().filter_map(|name| parameters.get(name)?.as_str());
    texts.map(str::to_owned).find(|text| !text.trim().is_empty())
}

/// Every text and number, in the order of their names.
fn everything(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(_) => String::new(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) => joined(items.iter()),
        Value::Object(fields) => joined(fields.values()),
    }
}

fn joined<'a>(values: impl Iterator<Item = &'a Value>) -> String {
    let told: Vec<String> = values.map(everything).filter(|text| !text.is_empty()).collect();
    told.join(" · ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_summary_is_what_people_want_to_know() {
        for (parameters, expected) in [
            (json!({"text": "Thank you\nmia!", "level": "info"}), "Thank you mia!"),
            (json!({"change": {"change": "counter_add", "name": "lions", "by": 2}}), "lions + 2"),
            (json!({"change": {"change": "counter_add", "name": "lives", "by": -1}}), "lives − 1"),
            (json!({"change": {"change": "run_rule", "rule": "spin"}}), "spin"),
            (json!({"change": {"change": "emit_event", "name": "door", "fields": {"who": "mia"}}}), "door mia"),
            (json!({"file": "sheep.mp3", "volume": 80, "loop": false}), "sheep.mp3 · 80"),
            (json!({}), ""),
        ] {
            assert_eq!(summary(&parameters), expected, "{parameters}");
        }
        assert!(summary(&json!({"text": "x".repeat(5_000)})).chars().count() <= SUMMARY_CHARACTERS, "it is short");
    }
}
