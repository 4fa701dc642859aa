//! Rules that cannot be, and rules that would never end: a sentence that names the place, and everything else goes on.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::lives::comments;
use super::{first_day, jobs, lives, logged, only_with, text};

fn rule(when: &Value) -> Value {
    json!({"id": "bad", "name": "Bad", "when": when, "do": [{"action": "log_write"}]})
}

#[test]
fn a_rule_that_cannot_be_is_told_with_its_place_and_nothing_is_taken_in() {
    let workplace = first_day();
    let before = workplace.run(["rules", "export"]).expect_status(0).stdout;
    let mut priority_0 = rule(&json!({"on": "comment"}));
    priority_0["priority"] = 0.into();
    for (bad, fault) in [
        (rule(&json!({})), "when (rule bad): `on` is missing"),
        (rule(&json!({"on": "party"})), "when.on (rule bad): \"party\" is not known here"),
        (rule(&json!({"on": "keyword", "words": []})), "when.words (rule bad): nothing is listed"),
        (rule(&json!({"on": "keyword", "words": [""]})), "when.words[0] (rule bad): it is empty"),
        (rule(&json!({"on": "command", "names": []})), "when.names (rule bad): nothing is listed"),
        (rule(&json!({"on": "gift_value"})), "when (rule bad): neither a least nor a most is given"),
        (rule(&json!({"on": "regex", "pattern": ""})), "when.pattern (rule bad): the expression is empty"),
        (
            rule(&json!({"on": "regex", "pattern": "(a{1000}){1000}"})),
            "when.pattern (rule bad): the expression is too large",
        ),
        (rule(&json!({"on": "regex", "pattern": "(a"})), "when.pattern (rule bad): the expression cannot be read"),
        (priority_0, "priority (rule bad): a number from 1 to 10 belongs here, not 0"),
    ] {
        let mut fine = rule(&json!({"on": "comment"}));
        fine["id"] = "fine".into();
        let file = json!({"cuelight_rules": 1, "rules": [fine, bad]});
        std::fs::write(workplace.path("bad.json"), file.to_string()).expect("written");
        let expected = format!("❌ bad.json: rules[1].{fault}");
        for command in ["check", "import"] {
            let told = workplace.run(["rules", command, "bad.json"]).expect_status(1).stderr;
            assert!(told.contains(&expected), "{command} said {told:?}, not {expected:?}");
            let says_nothing_came_in = told.contains("Nothing of the file was taken in.");
            assert_eq!(says_nothing_came_in, command == "import", "a check takes nothing in anyway: {told:?}");
        }
    }
    let after = workplace.run(["rules", "export"]).expect_status(0).stdout;
    assert_eq!(after, before, "the rule beside it was not taken in either");
}

#[test]
fn a_parameter_that_an_action_does_not_have_is_warned_of() {
    let workplace = first_day();
    let rule = json!({"id": "slip", "name": "Slip", "when": {"on": "comment"}, "do": [
        {"wait_ms": 10},
        {"if": [{"value": "1", "is": "equal", "than": "1"}],
         "then": [{"action": "counter_change", "with": {"name": "deaths", "number": 1}}]},
        {"action": "file_write", "service": "voice", "with": {"file": "a.txt"}},
    ]});
    let file = json!({"cuelight_rules": 1, "rules": [rule]});
    std::fs::write(workplace.path("slip.json"), file.to_string()).expect("written");
    let told = workplace.run(["rules", "check", "slip.json"]).expect_status(0).stdout;
    for part in [
        "⚠️ rule slip, do[1].then[0].with.name: Action counter_change has no parameter \"name\"; there are counter, how, number",
        "⚠️ rule slip, do[2].service: Action file_write cannot run in service voice",
        "warnings: 2",
    ] {
        assert!(told.contains(part), "{part} is missing in {told}");
    }
}

#[test]
fn an_expression_made_to_explode_takes_no_time() {
    let workplace = only_with(json!([{"id": "regex", "name": "Regex", "when": {"on": "regex", "pattern": "^(a+)+$"},
        "do": [{"action": "log_write", "with": {"text": "found"}}]}]));
    let comment = |number: u32, words: String| {
        let user = json!({"user_id": "6800000000000000001", "unique_id": "mia", "nickname": "Mia"});
        let timestamp = format!("2026-01-01T10:00:{number:02}.000000");
        let msg_id = format!("730000000000000000{number}");
        json!({"event_type": "comment", "data": {"user": user, "comment": words, "msg_id": msg_id, "timestamp": timestamp}})
    };
    let events = [comment(1, format!("{}b", "a".repeat(50_000))), comment(2, "aaa".to_owned())];
    std::fs::write(workplace.path("live.jsonl"), events.map(|event| format!("{event}\n")).concat()).expect("written");
    let began_at = Instant::now();
    workplace.run(["run", "--source", "file:live.jsonl"]).expect_status(0);
    assert!(began_at.elapsed() < Duration::from_secs(5), "it took {:?}", began_at.elapsed());
    assert_eq!(logged(&workplace), ["found"], "the one that matches, and only that");
}

#[test]
fn rules_that_run_each_other_without_an_end_are_stopped_with_a_reason() {
    let workplace = only_with(json!([
        {"id": "ping", "name": "Ping", "when": {"on": "comment"}, "do": [
            {"action": "log_write", "with": {"text": "ping"}}, {"action": "run_rule", "with": {"rule": "pong"}}]},
        {"id": "pong", "name": "Pong", "when": {"on": "button", "label": "Pong"}, "do": [
            {"action": "log_write", "with": {"text": "pong"}}, {"action": "run_rule", "with": {"rule": "ping"}}]},
    ]));
    let warned = workplace.run(["rules", "check"]).expect_status(0).stdout;
    assert!(warned.contains("It runs itself (ping → pong → ping)"), "it is told before: {warned}");
    lives::write(&workplace, "live.jsonl", &comments(1));
    workplace.run(["run", "--source", "file:live.jsonl"]).expect_status(0);
    let jobs = jobs(&workplace, &[]);
    let stopped: Vec<&Value> = jobs.iter().filter(|job| job["reason"]["code"] == "too_deep").collect();
    let [stopped] = stopped[..] else { panic!("one job is where it ends, not {stopped:?} of {jobs:?}") };
    assert!(text(stopped, "why").starts_with("Rules ran each other more than"), "and says so: {stopped}");
    let limit = stopped["reason"]["params"]["limit"].as_u64().expect("a number");
    assert!(logged(&workplace).len() as u64 <= limit + 1, "no more often than the limit says");
}

#[test]
fn texts_that_hold_each_other_are_filled_once() {
    let workplace = first_day();
    workplace.run(["do", "variable_set", "variable=a", "text={variable:b} {variable:a}"]).expect_status(0);
    workplace.run(["do", "variable_set", "variable=b", "text={variable:a}"]).expect_status(0);
    workplace.run(["do", "log_write", "text=a is {variable:a}, b is {variable:b}"]).expect_status(0);
    let log = logged(&workplace);
    assert_eq!(log.len(), 1, "it ends: {log:?}");
    assert!(log[0].len() < 200, "and does not grow without an end: {log:?}");
}
