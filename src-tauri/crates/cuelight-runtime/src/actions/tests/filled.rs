//! What the kinds of `basics` make of their parameters.

use cuelight_core::action::StateChange;
use cuelight_core::id::RuleId;
use serde_json::{Value, json};

use super::{context, prepare, problem, run};

fn check(kind: &str, parameters: Value, expected: StateChange) {
    let place = tempfile::tempdir().expect("a temporary folder");
    let job = prepare(kind, parameters).expect("it can be prepared");
    let output = run(kind, job.parameters, &context(place.path())).expect("it can run");
    assert_eq!(output.changes, [expected], "{kind} is applied with its outcome, once");
}

#[test]
fn a_counter_is_changed_by_a_number_or_by_what_a_placeholder_comes_to() {
    let deaths = || "deaths".to_owned();
    check("counter_change", json!({ "counter": "deaths" }), StateChange::CounterAdd { name: deaths(), by: 1 });
    check(
        "counter_change",
        json!({ "counter": " deaths ", "number": -3 }),
        StateChange::CounterAdd { name: deaths(), by: -3 },
    );
    check(
        "counter_change",
        json!({ "counter": "deaths", "how": "set", "number": "{coins}" }),
        StateChange::CounterSet { name: deaths(), to: 40 },
    );
}

#[test]
fn a_number_that_is_none_is_refused_with_what_it_came_to() {
    let error = problem("counter_change", json!({ "counter": "deaths", "number": "{nickname}" }));
    assert_eq!(error, "`number`: \"Mia\" is no whole number", "the streamer sees what the placeholder said");
}

#[test]
fn names_that_no_placeholder_could_hold_are_refused() {
    for name in ["", "  ", "a}b", "a|b", "a:b", "a\nb", &"x".repeat(65)] {
        let error = problem("counter_change", json!({ "counter": name }));
        assert!(error.starts_with("`counter`: "), "{name:?}: {error}");
    }
}

#[test]
fn a_variable_gets_the_filled_text_on_one_line() {
    let changed = StateChange::VariableSet { name: "last".into(), to: "Mia wrote".into() };
    check("variable_set", json!({ "variable": "last", "text": "{nickname}\nwrote" }), changed);
}

#[test]
fn rules_are_run_and_switched_by_their_id() {
    check("run_rule", json!({ "rule": "rose" }), StateChange::RunRule { rule: RuleId::new("rose") });
    check(
        "enable_rule",
        json!({ "rule": "rose", "enabled": false }),
        StateChange::EnableRule { rule: RuleId::new("rose"), enabled: false },
    );
    assert_eq!(problem("run_rule", json!({})), "`rule`: the id of a rule is missing", "a rule must be chosen");
}

#[test]
fn an_event_carries_filled_texts_and_everything_else_as_it_is() {
    let fields = json!({ "who": "{nickname}", "more": [1, true, { "diamonds": "{coins}" }] });
    let filled = json!({ "who": "Mia", "more": [1, true, { "diamonds": "40" }] });
    let Value::Object(filled) = filled else { panic!("an object") };
    let event = StateChange::EmitEvent { name: "wave".into(), fields: filled };
    check("emit_event", json!({ "name": "wave", "fields": fields }), event);
}

#[test]
fn an_event_of_endless_fields_is_refused() {
    let error = problem("emit_event", json!({ "name": "wave", "fields": { "text": "x".repeat(20_000) } }));
    assert!(error.starts_with("`fields`: "), "{error} names the field");
}

#[test]
fn a_viewer_cannot_break_the_line_of_the_log() {
    let job = prepare("log_write", json!({ "text": "{comment}", "level": "warn" })).expect("it can be prepared");
    let text = job.parameters["text"].as_str().expect("a text");
    assert!(text.contains("second"), "{text:?} still says what was written");
    assert!(!text.contains(char::is_control), "{text:?} must be one line without control characters");
}
