//! Which warnings there are, and which there are not.

use serde_json::{Value, json};

use super::*;
use crate::action_kind::{LOG_WRITE, RUN_RULE};
use crate::defaults::{services, starter_rules};

fn kinds() -> BTreeMap<ActionKindId, KnownKind> {
    let kind = |id: &str, service, parameters: &[&str]| {
        let parameters = parameters.iter().map(ToString::to_string).collect();
        (ActionKindId::new(id), KnownKind { service, runs_in_any_service: id == LOG_WRITE, parameters })
    };
    BTreeMap::from([
        kind(LOG_WRITE, ServiceKind::Basics, &["text", "level"]),
        kind(RUN_RULE, ServiceKind::Basics, &["rule"]),
        kind("speak", ServiceKind::Voice, &["text"]),
    ])
}

fn hotkeys() -> HotkeySettings {
    HotkeySettings { silence: Some("Ctrl+Shift+M".into()), ..HotkeySettings::default() }
}

fn rules(rules: Value) -> Vec<Rule> {
    let mut rules = rules;
    for (number, rule) in rules.as_array_mut().expect("a list").iter_mut().enumerate() {
        let rule = rule.as_object_mut().expect("a rule");
        rule.entry("id").or_insert(format!("r{number}").into());
        rule.entry("name").or_insert("R".into());
        rule.entry("do").or_insert(json!([{"wait_ms": 1}]));
    }
    serde_json::from_value(rules).expect("rules")
}

/// Exactly these warnings, each as rule, place and code.
fn check(list: Value, expected: &[(&str, &str, &str)]) {
    let groups = [RuleGroup { name: "g".into(), fires: crate::rule::GroupMode::MostSpecific, cooldown_seconds: 0.0 }];
    let mut services = services();
    services[4].active = false;
    let voice = services[3].events.get_mut(&EventType::Join).expect("a row of the table");
    voice.enabled = false;
    let found = warnings(&rules(list.clone()), &groups, &Services::new(services), &kinds(), &hotkeys());
    let found: Vec<(String, String, String)> = found
        .into_iter()
        .map(|warning| {
            let About::Rule(rule) = &warning.about else { panic!("no service is at fault") };
            let code = serde_json::to_value(&warning).expect("JSON")["code"].as_str().expect("a code").to_owned();
            assert!(warning.concern.in_english().ends_with('.'), "people get a sentence");
            (rule.to_string(), warning.place.clone(), code)
        })
        .collect();
    let found: Vec<_> =
        found.iter().map(|(rule, place, code)| (rule.as_str(), place.as_str(), code.as_str())).collect();
    assert_eq!(found, expected, "the warnings of {list}");
}

fn say(service: &str, text: &str) -> Value {
    json!([{"action": "log_write", "service": service, "with": {"text": text}}])
}

#[test]
fn what_comes_with_the_app_needs_no_warning() {
    let found = warnings(&starter_rules(), &[], &Services::new(services()), &kinds(), &hotkeys());
    assert_eq!(found, [], "nobody should be warned of what they did not write");
}

#[test]
fn rules_for_the_same_event_are_told() {
    let rose = json!({"on": "gift", "gifts": [{"id": 5655}]});
    check(
        json!([{"when": rose}, {"when": {"on": "gift", "gifts": [{"id": 1}, {"id": 5655}]}}]),
        &[("r1", "when", "same_event")],
    );
    check(json!([{"when": rose}, {"when": {"on": "gift"}}]), &[]);
    check(json!([{"when": rose}, {"when": rose, "enabled": false}]), &[]);
    check(
        json!([{"when": {"on": "command", "names": ["!Spin"]}}, {"when": {"on": "command", "names": ["spin"]}}]),
        &[("r1", "when", "same_event")],
    );
    let who = |role: &str| json!([{"if": "who", "any_of": [role]}]);
    check(json!([{"when": rose, "only_if": who("follower")}, {"when": rose, "only_if": who("moderator")}]), &[]);
}

#[test]
fn keys_that_do_two_things_are_told_however_they_are_spelled() {
    let keys = |keys: &str| json!({"on": "hotkey", "keys": keys});
    check(json!([{"when": keys("Ctrl+R")}, {"when": keys("control + keyr")}]), &[("r1", "when", "same_event")]);
    check(json!([{"when": keys("Ctrl+R")}, {"when": keys("Ctrl+Shift+R")}]), &[]);
    check(json!([{"when": keys("shift + ctrl + m")}]), &[("r0", "when.keys", "same_keys")]);
    check(json!([{"when": keys("Ctrl+Shift+M"), "enabled": false}]), &[]);
}

#[test]
fn a_rule_that_its_group_never_lets_fire_is_told() {
    let rose = json!({"on": "gift", "gifts": [{"id": 5655}]});
    check(json!([{"when": rose, "group": "g"}, {"when": rose, "group": "g"}]), &[("r1", "when", "shadowed")]);
    let sometimes = json!([{"if": "chance", "percent": 50}]);
    check(json!([{"when": rose, "group": "g", "only_if": sometimes}, {"when": rose, "group": "g"}]), &[]);
    check(
        json!([{"when": rose, "group": "g"}, {"when": {"on": "gift", "gifts": [{"id": 5655}, {"id": 1}]}, "group": "g"}]),
        &[],
    );
}

#[test]
fn placeholders_that_stay_empty_or_as_typed_are_told() {
    let when = json!({"on": "event", "event": "follow"});
    check(
        json!([{"when": when, "do": say("voice", "{giftname} {nickname} {nick_name_x}")}]),
        &[("r0", "do[0].with.text", "not_in_event"), ("r0", "do[0].with.text", "unknown_placeholder")],
    );
    check(json!([{"when": {"on": "timer", "every_seconds": 5}, "do": say("voice", "{giftname}")}]), &[]);
}

#[test]
fn each_gift_without_a_limit_is_told_for_cheap_gifts_only() {
    let rule = |price: Value, max: Value| json!([{"when": {"on": "gift", "gifts": [{"id": 1, "diamond_count": price}]}, "combo": {"fires": "each_gift", "max_repeat": max}}]);
    check(rule(json!(1), Value::Null), &[("r0", "combo", "no_cap")]);
    check(rule(Value::Null, Value::Null), &[("r0", "combo", "no_cap")]);
    check(rule(json!(1000), Value::Null), &[]);
    check(rule(json!(1), json!(20)), &[]);
}

#[test]
fn what_no_service_would_do_is_told() {
    check(json!([{"when": {"on": "comment"}, "do": say("sounds", "x")}]), &[("r0", "do[0].service", "service_off")]);
    check(
        json!([{"when": {"on": "event", "event": "join"}, "do": [{"action": "speak"}]}]),
        &[("r0", "do[0].service", "event_type_off")],
    );
    check(
        json!([{"when": {"on": "comment"}, "do": [{"action": "fire_cannon"}]}]),
        &[("r0", "do[0].action", "unknown_action")],
    );
    check(json!([{"when": {"on": "comment"}, "do": []}]), &[("r0", "do", "no_steps")]);
    check(
        json!([{"when": {"on": "comment"}, "only_if": [{"if": "diamonds", "min": 5}]}]),
        &[("r0", "only_if[0]", "never_fires")],
    );
    check(
        json!([{"when": {"on": "comment"}, "do": say("overlays", "chat: {nickname}: {comment}")}]),
        &[("r0", "do[0]", "same_as_default")],
    );
}

#[test]
fn what_an_action_does_not_take_and_a_service_does_not_run_is_told() {
    let step = |service: &str, name: &str| json!([{"action": "speak", "service": service, "with": {name: "x"}}]);
    check(json!([{"when": {"on": "comment"}, "do": step("voice", "text")}]), &[]);
    check(
        json!([{"when": {"on": "comment"}, "do": step("voice", "words")}]),
        &[("r0", "do[0].with.words", "unknown_parameter")],
    );
    let inside = json!([{"pick_one": [step("web", "text")]}]);
    check(
        json!([{"when": {"on": "comment"}, "do": inside}]),
        &[("r0", "do[0].pick_one[0][0].service", "wrong_service")],
    );
    check(json!([{"when": {"on": "comment"}, "do": say("web", "any service logs")}]), &[]);
}

#[test]
fn rules_that_run_each_other_in_a_circle_are_told() {
    let run = |rule: &str| json!([{"action": "run_rule", "with": {"rule": rule}}]);
    let when = |name: &str| json!({"on": "custom", "name": name});
    check(
        json!([{"when": when("a"), "do": run("r1")}, {"when": when("b"), "do": run("r0")}, {"when": when("c"), "do": run("r0")}]),
        &[("r0", "do", "loop"), ("r1", "do", "loop")],
    );
    check(json!([{"when": when("a"), "do": run("gone")}]), &[("r0", "do[0].with.rule", "no_such_rule")]);
}

#[test]
fn gifts_that_may_be_dropped_are_told() {
    let mut services = services();
    services[2].events.get_mut(&EventType::Gift).expect("a row of the table").discardable = true;
    let found = warnings(&[], &[], &Services::new(services), &kinds(), &hotkeys());
    assert_eq!(found.len(), 1, "one row was changed: {found:?}");
    assert_eq!(found[0].about, About::Service(ServiceId::new("overlays")), "it is told of its service");
}
