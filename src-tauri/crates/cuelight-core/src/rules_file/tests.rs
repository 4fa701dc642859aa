//! Rules files that are right, and what is said about those that are not.

mod import;

use serde_json::{Value, json};

use super::*;
use crate::defaults::{services, starter_rules};
use crate::limits::{RULES_FILE_BYTES, RULES_FILE_FAULTS};

fn rule() -> Value {
    json!({"id": "a", "name": "A", "when": {"on": "comment"}, "do": [{"action": "log_write"}]})
}

fn file(rules: &[Value]) -> Value {
    json!({"cuelight_rules": 1, "rules": rules})
}

fn read(text: &[u8]) -> Result<RulesFile, RulesFileFaults> {
    RulesFile::read(text, &Services::new(services()))
}

/// The faults of a file, which has some, as people see them.
fn faults(text: &[u8]) -> String {
    read(text).expect_err("the file is wrong").to_string()
}

/// Changes one place of a good rule and sees that exactly this place is told, with that sentence.
fn check(pointer: &str, new: Value, place: &str, says: &str) {
    let mut rule = rule();
    let (parent, field) = pointer.rsplit_once('/').expect("a place inside the rule");
    let parent = rule.pointer_mut(parent).expect("the place is there");
    match parent {
        Value::Array(items) => items.push(new),
        parent => parent[field] = new,
    }
    let text = file(&[self::rule(), rule]).to_string().replacen("\"id\":\"a\"", "\"id\":\"first\"", 1);
    let found = read(text.as_bytes()).expect_err(pointer).faults;
    let told = found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert_eq!(found[0].place, place, "the place of the fault in {told}");
    assert!(found[0].problem.contains(says), "{told:?} should say {says:?}");
    assert_eq!(found.len(), 1, "one slip is one fault: {told}");
}

#[test]
fn each_slip_is_told_in_its_place() {
    check("/when/on", json!("coment"), "rules[1].when.on", "did you mean \"comment\"?");
    check("/when", json!({"on": "event", "event": "folow"}), "rules[1].when.event", "did you mean \"follow\"?");
    check("/when", json!({}), "rules[1].when", "`on` is missing");
    check("/when", json!({"on": "keyword", "words": []}), "rules[1].when.words", "nothing is listed");
    check("/when", json!({"on": "regex", "pattern": "("}), "rules[1].when.pattern", "unclosed group");
    check("/when", json!({"on": "keyword", "word": ["x"], "words": ["y"]}), "rules[1].when.word", "\"words\"");
    check("/when", json!({"on": "timer", "every_seconds": -1}), "rules[1].when.every_seconds", "not -1");
    check("/priority", json!(0), "rules[1].priority", "from 1 to 10 belongs here, not 0");
    check("/priority", json!(11), "rules[1].priority", "from 1 to 10 belongs here, not 11");
    check("/cooldwon", json!({}), "rules[1].cooldwon", "did you mean \"cooldown\"?");
    check("/only_if", json!([{"if": "diamond"}]), "rules[1].only_if[0].if", "did you mean \"diamonds\"?");
    check("/combo", json!({"fires": "every_n"}), "rules[1].combo", "`n` is missing");
    check("/do/1", json!({"wait": 5}), "rules[1].do[1]", "one of `action`, `if`, `pick_one`, `wait_ms`");
    check("/do/1", json!({"action": "x", "wait_ms": 5}), "rules[1].do[1]", "cannot stand together");
    check("/do/0/service", json!("voise"), "rules[1].do[0].service", "there is no service voise");
    check("/do/0/whit", json!({}), "rules[1].do[0].whit", "did you mean \"with\"?");
    check("/enabled", json!("yes"), "rules[1].enabled", "true or false belongs here, not \"yes\"");
    check("/group", json!("missing"), "rules[1].group", "there is no group");
    check("/id", json!("first"), "rules[1].id", "the other one is rules[0]");
}

#[test]
fn all_faults_are_told_at_once_with_their_rules() {
    let mut first = rule();
    first["priority"] = json!(11);
    let mut second = rule();
    second["id"] = json!("b");
    second["when"] = json!({"on": "nothing"});
    second["nmae"] = json!("B");
    let told = faults(file(&[first, second]).to_string().as_bytes());
    for part in ["rules[0].priority (rule a): ", "rules[1].when.on (rule b): ", "rules[1].nmae (rule b): "] {
        assert!(told.contains(part), "{told:?} should tell of {part}");
    }
}

#[test]
fn a_file_full_of_faults_is_told_briefly() {
    let bad: Vec<Value> = (0..RULES_FILE_FAULTS + 12)
        .map(|number| json!({"id": format!("r{number}"), "name": "R", "when": {"on": "comment"}}))
        .collect();
    let told = faults(file(&bad).to_string().as_bytes());
    assert_eq!(told.lines().count(), RULES_FILE_FAULTS + 1, "one line a fault");
    assert!(told.ends_with("and 12 more"), "the rest is counted: {told}");
}

#[test]
fn what_is_no_rules_file_is_told_as_what_it_is() {
    let starter = RulesFile::new(Vec::new(), starter_rules()).write();
    let half = starter.as_bytes()[..starter.len() / 2].to_vec();
    let large = vec![b' '; RULES_FILE_BYTES + 1];
    for (text, says) in [
        (&b""[..], "the file is empty"),
        (&half, "ends in the middle"),
        (b"{\n  \"cuelight_rules\": 1,,\n}", "line 2, column 23: this is no JSON"),
        (b"[1, 2]", "not a rules file"),
        (b"{\"cuelight_rules\": 2, \"rules\": 5}", "written by a newer Cuelight (form 2"),
        (b"{\"cuelight_rules\": \"1\", \"rules\": []}", "is 1, not \"1\""),
        (b"{\"cuelight_rules\": 1}", "`rules` is missing"),
        (b"{\"cuelight_rules\": 1, \"rules\": {}}", "rules: a list [ ] belongs here, not an object"),
        (
            b"{\"triggers\": [], \"actions\": []}",
            "another program's: it has no \"cuelight_rules\", but \"triggers\", \"actions\"",
        ),
        (b"\xff\xfe{\x00", "no UTF-8 text from byte 1 on"),
        (&large, "a rules file has at most 16777216"),
    ] {
        let told = faults(text);
        assert!(told.contains(says), "{told:?} should say {says:?}");
    }
}

#[test]
fn reading_and_writing_changes_nothing() {
    let text = RulesFile::new(Vec::new(), starter_rules()).write();
    let again = read(text.as_bytes()).expect("our own file").write();
    assert_eq!(again, text, "a file that nobody edited has no difference to show");
    assert!(text.ends_with("}\n"), "it ends with a line break");
    let marked = format!("\u{feff}{text}");
    assert!(read(marked.as_bytes()).is_ok(), "a byte order mark is no fault");
}

#[test]
fn an_unknown_kind_of_action_is_kept_as_it_is() {
    let mut rule = rule();
    rule["do"][0] = json!({"action": "fire_cannon", "with": {"b": [1, 2.5, {"c": null}], "a": "é"}});
    let read = read(file(&[rule.clone()]).to_string().as_bytes()).expect("it is no fault");
    let written: Value = serde_json::from_str(&read.write()).expect("JSON");
    assert_eq!(written["rules"][0]["do"], rule["do"], "what a later version knows must not be lost here");
}

#[test]
fn a_file_says_what_its_rules_can_do() {
    let mut rule = rule();
    rule["do"] = json!([
        {"action": "press_keys", "with": {"keys": "ctrl+w"}},
        {"pick_one": [[{"action": "http_request", "with": {"url": "https://a.example/x"}}], []]},
        {"action": "file_write", "with": {"folder": "/tmp", "file": "a.txt"}},
        {"action": "event", "service": "dinochrome"},
        {"action": "unknown_yet", "with": {"body": [{"to": "http://b.example"}]}}
    ]);
    let file = read(file(&[rule]).to_string().as_bytes()).expect("a good file");
    let told: Vec<String> = capabilities(&file).iter().map(Capability::in_english).collect();
    for part in [
        "keyboard or mouse (press_keys): ctrl+w",
        "Calls https://a.example/x",
        "Calls http://b.example",
        "the file /tmp/a.txt",
    ] {
        assert!(told.iter().any(|line| line.contains(part)), "{told:?} should name {part}");
    }
    assert!(told[0].contains("keyboard"), "the weightiest first: {told:?}");
}

#[test]
fn only_what_is_known_to_touch_nothing_but_cuelight_is_harmless() {
    for (step, harmless) in [
        (json!({"action": "log_write"}), true),
        (json!({"action": "counter_change", "with": {"counter": "deaths"}}), true),
        (json!({"action": "file_write"}), false),
        (json!({"action": "a_kind_of_a_newer_version"}), false),
        (json!({"action": "speak"}), false),
        (json!({"action": "log_write", "with": {"text": "https://example.com"}}), false),
    ] {
        let mut rule = rule();
        rule["do"] = json!([{"if": [], "then": [step]}]);
        let file = read(file(&[rule]).to_string().as_bytes()).expect("it is right");
        let found = capabilities(&file);
        assert_eq!(found.iter().all(Capability::is_harmless), harmless, "{step} may do {found:?}");
    }
}
