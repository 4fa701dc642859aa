//! Which rules are left out, and what is said about them.

use cuelight_core::rule::{Rule, RuleGroup};
use cuelight_core::rule_set::{RuleSet, check};
use cuelight_core::service::Services;
use serde_json::{Value, json};

use crate::live::rule;

fn place_of_fault(value: Value, expected: &str) {
    let rule = rule(value.clone());
    let faults = check(&rule, &[], &Services::default());
    let places: Vec<&str> = faults.iter().map(|fault| fault.place.as_str()).collect();
    assert_eq!(places, [expected], "{value}: {faults:?}");
    let good = crate::live::rule(json!({"id": "good", "when": {"on": "comment"}}));
    let (set, told) = RuleSet::new(1, vec![rule, good], Vec::new(), &Services::default());
    assert_eq!(told, faults, "the same is told when the rules are taken up");
    assert_eq!(set.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["good"], "the others work");
}

#[test]
fn each_fault_is_told_with_its_place() {
    let comment = json!({"on": "comment"});
    for (when, place) in [
        (json!({"on": "keyword", "words": []}), "when.words"),
        (json!({"on": "keyword", "words": ["a", " "]}), "when.words[1]"),
        (json!({"on": "command", "names": []}), "when.names"),
        (json!({"on": "command", "names": ["!"]}), "when.names[0]"),
        (json!({"on": "command", "names": ["two words"]}), "when.names[0]"),
        (json!({"on": "gift_value"}), "when"),
        (json!({"on": "gift_value", "min_diamonds": 9, "max_diamonds": 1}), "when"),
        (json!({"on": "every_likes", "every": 0}), "when.every"),
        (json!({"on": "every_followers", "every": 0}), "when.every"),
        (json!({"on": "timer", "every_seconds": 0}), "when.every_seconds"),
        (json!({"on": "regex", "pattern": "(a"}), "when.pattern"),
        (json!({"on": "regex", "pattern": "(a{1000}){1000}"}), "when.pattern"),
        (json!({"on": "hotkey", "keys": ""}), "when.keys"),
        (json!({"on": "hotkey", "keys": "Strg+R"}), "when.keys"),
        (json!({"on": "hotkey", "keys": "R"}), "when.keys"),
        (json!({"on": "service_late", "service": "nowhere", "seconds": 1}), "when.service"),
    ] {
        place_of_fault(json!({"when": when}), place);
    }
    for (condition, place) in [
        (json!({"if": "chance", "percent": 101}), "only_if[0].percent"),
        (json!({"if": "chance", "percent": -1}), "only_if[0].percent"),
        (json!({"if": "comment_matches", "pattern": "["}), "only_if[0].pattern"),
        (json!({"if": "session_age"}), "only_if[0]"),
        (json!({"if": "who", "any_of": []}), "only_if[0].any_of"),
    ] {
        place_of_fault(json!({"when": comment, "only_if": [condition]}), place);
    }
    place_of_fault(json!({"when": comment, "id": "No Spaces"}), "id");
    place_of_fault(json!({"when": comment, "id": "a".repeat(65)}), "id");
    place_of_fault(json!({"when": comment, "group": "nowhere"}), "group");
    place_of_fault(json!({"when": comment, "combo": {"fires": "every_n", "n": 0}}), "combo.n");
    place_of_fault(json!({"when": comment, "cooldown": {"seconds": -1}}), "cooldown.seconds");
    let act = json!({"action": "speak", "service": "nowhere"});
    place_of_fault(json!({"when": comment, "do": [{"wait_ms": 1}, act]}), "do[1].service");
    place_of_fault(
        json!({"when": comment, "do": [{"if": [], "then": [{"pick_one": [[act]]}]}]}),
        "do[0].then[0].pick_one[0][0].service",
    );
    place_of_fault(json!({"when": comment, "do": vec![json!({"wait_ms": 1}); 201]}), "do");
    let deep = (0..10).fold(json!({"wait_ms": 1}), |step, _| json!({"pick_one": [[step]]}));
    let rule = rule(json!({"when": comment, "do": [deep]}));
    assert_eq!(check(&rule, &[], &Services::default()).len(), 1, "too deep, said once");
}

#[test]
fn unknown_actions_are_kept_and_the_first_of_two_ids_stands() {
    let first = rule(json!({"when": {"on": "comment"}, "do": [{"action": "from_the_future"}]}));
    let second = rule(json!({"when": {"on": "gift"}}));
    let (set, faults) = RuleSet::new(1, vec![first.clone(), second], Vec::<RuleGroup>::new(), &Services::default());
    assert_eq!(set.iter().collect::<Vec<&Rule>>(), [&first], "kept, and not run");
    assert_eq!((faults.len(), faults[0].place.as_str()), (1, "id"), "the second is told about");
}
