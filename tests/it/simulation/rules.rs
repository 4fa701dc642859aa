//! Random rules: every trigger that a stream can pull, all combo modes, and steps of every sort.

use cuelight_core::rule::{Rule, RuleGroup};
use serde_json::{Value, json};

use super::actions::{ONCE, SAFE};
use super::dice::Dice;
use super::services;

/// The rule that only `run_rule` runs.
pub(super) const CALLED: &str = "called";
/// The counter that counts completed jobs.
pub(super) const COUNTER: &str = "deeds";
/// The event that rules bring up.
pub(super) const EMITTED: &str = "party";
/// The key that the streamer presses.
pub(super) const HOTKEY: &str = "Ctrl+F1";

pub(super) fn random(dice: &mut Dice) -> (Vec<Rule>, Vec<RuleGroup>) {
    let mut rules: Vec<Value> =
        (0..dice.between(4, 9)).map(|number| gift_rule(&format!("gift{number}"), dice)).collect();
    rules.extend((0..dice.between(3, 6)).map(|number| other_rule(&format!("other{number}"), dice)));
    let plain = |id: &str, when: Value, dice: &mut Dice| json!({ "id": id, "name": id, "when": when, "do": [act(id, 0, dice)] });
    rules.push(plain(CALLED, json!({ "on": "call", "name": "nobody" }), dice));
    rules.push(plain("on-party", json!({ "on": "custom", "name": EMITTED }), dice));
    rules.push(plain("on-key", json!({ "on": "hotkey", "keys": HOTKEY }), dice));
    rules.push(plain("on-start", json!({ "on": "app_start" }), dice));
    rules.push(plain("on-timer", json!({ "on": "timer", "every_seconds": dice.between(10, 60) }), dice));
    rules.push(plain("on-count", json!({ "on": "counter_reached", "counter": COUNTER, "value": 3 }), dice));
    let rules = rules.into_iter().map(|rule| serde_json::from_value(rule).expect("a rule")).collect();
    let groups = json!([
        { "name": "exact", "fires": "most_specific", "cooldown_seconds": if dice.chance(30) { 20 } else { 0 } },
        { "name": "slow", "cooldown_seconds": 15 },
    ]);
    (rules, serde_json::from_value(groups).expect("groups"))
}

fn gift_rule(id: &str, dice: &mut Dice) -> Value {
    let when = match dice.below(4) {
        0 => json!({ "on": "gift" }),
        1 => json!({ "on": "gift", "gifts": [{ "id": dice.between(1, 4) }, { "id": dice.between(1, 4) }] }),
        2 => json!({ "on": "gift_value", "min_diamonds": dice.between(1, 30) }),
        _ => json!({ "on": "event", "event": "gift" }),
    };
    let with_combo = dice.chance(25);
    let combo = match dice.below(4) {
        _ if with_combo => json!({ "fires": "with_combo" }),
        0 => json!({ "fires": "combo_end", "repeat": dice.chance(40), "max_repeat": dice.between(1, 5) }),
        1 => json!({ "fires": "combo_start" }),
        2 => {
            json!({ "fires": "each_gift", "max_repeat": if dice.chance(30) { None } else { Some(dice.between(1, 5)) } })
        }
        _ => json!({ "fires": "every_n", "n": dice.between(1, 4) }),
    };
    let mut rule = json!({ "id": id, "name": id, "when": when, "combo": combo, "do": steps(id, with_combo, dice) });
    if dice.chance(25) {
        rule["only_if"] = match dice.below(3) {
            0 => json!([{ "if": "combo_count", "min": dice.between(1, 4) }]),
            1 => json!([{ "if": "not_viewers", "names": ["viewer1"] }, { "if": "chance", "percent": 60.0 }]),
            _ => json!([{ "if": "diamonds", "max": 20 }]),
        };
    } else if dice.chance(35) {
        rule["group"] = json!("exact");
    }
    add_hows(&mut rule, dice);
    rule
}

fn other_rule(id: &str, dice: &mut Dice) -> Value {
    let when = match dice.below(8) {
        0 => json!({ "on": "comment" }),
        1 => json!({ "on": "keyword", "words": ["hola", "good game"] }),
        2 => json!({ "on": "command", "names": ["spin"] }),
        3 => json!({ "on": "regex", "pattern": "^h" }),
        4 => json!({ "on": "event", "event": dice.one_of(&["follow", "share", "like", "join", "comment"]) }),
        5 => json!({ "on": "every_likes", "every": dice.between(5, 30) }),
        6 => json!({ "on": "every_followers", "every": dice.between(1, 3) }),
        _ => json!({ "on": "event", "event": "follow" }),
    };
    let mut rule = json!({ "id": id, "name": id, "when": when, "do": steps(id, false, dice) });
    if dice.chance(25) {
        rule["only_if"] = json!([{ "if": "chance", "percent": 50.0 }]);
    }
    add_hows(&mut rule, dice);
    rule
}

fn add_hows(rule: &mut Value, dice: &mut Dice) {
    if dice.chance(20) {
        rule["cooldown"] = json!({ "seconds": dice.between(0, 20), "per_viewer_seconds": dice.between(0, 30) });
    }
    if dice.chance(25) {
        rule["fold"] = json!({ "within_seconds": dice.between(1, 30), "per_viewer": dice.chance(50) });
    }
    if dice.chance(25) {
        rule["priority"] = json!(dice.between(1, 10));
    }
    if rule.get("group").is_none() && dice.chance(10) {
        rule["group"] = json!("slow");
    }
}

fn steps(id: &str, with_combo: bool, dice: &mut Dice) -> Vec<Value> {
    let mut acts = 0;
    let mut next = |dice: &mut Dice| {
        acts += 1;
        act(id, acts, dice)
    };
    let mut steps = vec![next(dice)];
    for _ in 0..dice.below(4) {
        steps.push(match dice.below(8) {
            0..4 => next(dice),
            4 => json!({ "if": [{ "value": "{count}", "is": "more", "than": "2" }], "then": [next(dice)], "otherwise": [next(dice)] }),
            5 => json!({ "pick_one": [[next(dice)], [next(dice), next(dice)], []] }),
            6 => json!({ "wait_ms": 500 * dice.between(1, 12) }),
            _ => change(id, dice),
        });
    }
    if with_combo {
        let mut last = next(dice);
        last["at_the_end"] = json!(true);
        last["at_the_same_time"] = json!(false);
        steps.push(last);
    }
    steps
}

fn act(id: &str, number: u32, dice: &mut Dice) -> Value {
    json!({
        "action": if dice.chance(70) { SAFE } else { ONCE },
        "service": dice.one_of(&services::IDS).0,
        "with": { "act": format!("{id}.{number}"), "count": "{count}" },
        "at_the_same_time": number > 0 && dice.chance(30),
        "go_on_if_this_fails": dice.chance(40),
    })
}

/// An act that changes our own database.
fn change(id: &str, dice: &mut Dice) -> Value {
    let (action, with) = match dice.below(4) {
        0 if id != CALLED => ("run_rule", json!({ "rule": CALLED })),
        1 => ("emit_event", json!({ "name": EMITTED })),
        _ => ("counter_change", json!({ "counter": COUNTER, "number": 1 })),
    };
    json!({ "action": action, "with": with, "go_on_if_this_fails": dice.chance(40) })
}
