//! How rules follow gift combos, mode by mode.

use cuelight_core::decision::Effect;
use cuelight_core::event::{Body, LiveEnd};
use serde_json::{Value, json};

use crate::live::{Live, NOON_MS, fired, outcome, rose, starts};

fn rule(combo: Value) -> Value {
    json!({"when": {"on": "gift"}, "combo": combo})
}

/// A combo that shows 1, 4, 2 and 7 units, ends with 7, and is corrected to 9; with a restart before each message.
fn check(combo: Value, expected: [u32; 6]) {
    let mut live = Live::new(vec![rule(combo.clone())]);
    let messages = [(1, true), (4, true), (2, true), (7, true), (7, false), (9, false)];
    let mut numbers = Vec::new();
    let seen = messages.map(|(count, streaking)| {
        live.restart();
        let decided = live.happen(rose(9, count, streaking));
        assert_eq!(decided.decisions.len(), 1, "the trigger matches each time, so each time there is a reason");
        for firing in starts(&decided) {
            assert_eq!(firing.cause, 1, "the combo is known by its first event");
            numbers.push(firing.firing);
        }
        fired(&decided)
    });
    assert_eq!(seen, expected, "{combo}");
    let in_order: Vec<u32> = (1..=seen.iter().sum()).collect();
    assert_eq!(numbers, in_order, "each firing has a number of its own");
}

#[test]
fn each_mode_fires_what_is_derived_and_nothing_twice() {
    check(json!({"fires": "combo_end"}), [0, 0, 0, 0, 1, 0]);
    check(json!({"fires": "combo_end", "repeat": true}), [0, 0, 0, 0, 7, 2]);
    check(json!({"fires": "combo_end", "repeat": true, "max_repeat": 8}), [0, 0, 0, 0, 7, 1]);
    check(json!({"fires": "combo_start"}), [1, 0, 0, 0, 0, 0]);
    check(json!({"fires": "with_combo"}), [1, 0, 0, 0, 0, 0]);
    check(json!({"fires": "each_gift"}), [1, 3, 0, 3, 0, 2]);
    check(json!({"fires": "each_gift", "max_repeat": 5}), [1, 3, 0, 1, 0, 0]);
    check(json!({"fires": "each_gift", "max_repeat": null}), [1, 3, 0, 3, 0, 2]);
    check(json!({"fires": "every_n", "n": 3}), [0, 1, 0, 1, 0, 1]);
}

#[test]
fn a_run_that_goes_along_grows_and_finishes_once() {
    let mut live = Live::new(vec![rule(json!({"fires": "with_combo"}))]);
    let mut seen = Vec::new();
    for (count, streaking) in [(1, true), (4, true), (4, true), (7, false), (9, false)] {
        live.restart();
        for effect in live.happen(rose(9, count, streaking)).effects {
            seen.push(match effect {
                Effect::Start(firing) => format!("start {:?} open {}", firing.facts.count, firing.combo_open),
                Effect::Grow { cause, facts, .. } => format!("grow {cause} {:?}", facts.count),
                Effect::Finish { cause, facts, .. } => format!("finish {cause} {:?}", facts.count),
                Effect::Moderate { .. } => "moderate".to_owned(),
            });
        }
    }
    assert_eq!(seen, ["start Some(1) open true", "grow 1 Some(4)", "finish 1 Some(7)"], "and nothing after its end");
    let decided = live.happen(rose(10, 5, false));
    let [firing] = starts(&decided)[..] else { panic!("a combo of one message starts") };
    assert!(!firing.combo_open && decided.effects.len() == 1, "its first message is already its end");
}

#[test]
fn a_run_finishes_although_its_rule_is_gone() {
    let mut live = Live::new(vec![rule(json!({"fires": "with_combo"}))]);
    live.happen(rose(9, 1, true));
    live.rules = Live::new(Vec::new()).rules;
    let decided = live.happen(Body::LiveEnd(LiveEnd::default()));
    assert!(matches!(decided.effects[..], [Effect::Finish { cause: 1, .. }]), "else it would be open for ever");
}

#[test]
fn a_gift_that_comes_in_no_combos_fires_once_in_every_mode() {
    for combo in [
        json!({"fires": "combo_end"}),
        json!({"fires": "combo_end", "repeat": true}),
        json!({"fires": "combo_start"}),
        json!({"fires": "with_combo"}),
        json!({"fires": "each_gift"}),
        json!({"fires": "every_n", "n": 3}),
    ] {
        let mut live = Live::new(vec![rule(combo.clone())]);
        for number in 1..=2 {
            let decided = live.happen(rose(0, 5, false));
            let [firing] = starts(&decided)[..] else { panic!("{combo} fires once for a message") };
            assert_eq!(
                (firing.cause, firing.firing, firing.facts.count),
                (number, 1, Some(5)),
                "with its count: {combo}"
            );
        }
    }
}

#[test]
fn silence_ends_a_combo_and_a_late_end_is_not_another_gift() {
    let mut live = Live::new(vec![rule(json!({"fires": "combo_end"}))]);
    live.happen(rose(9, 3, true));
    live.now_ms = NOON_MS + 60_000;
    let decided = live.comment("hi");
    let [firing] = starts(&decided)[..] else { panic!("the silence ended it") };
    assert_eq!((firing.cause, firing.firing, firing.facts.count), (1, 1, Some(3)), "with the highest count seen");
    assert_eq!(fired(&live.happen(rose(9, 5, false))), 0, "it fired for this combo");
}

#[test]
fn what_was_held_back_does_not_fire_later() {
    let mut held = rule(json!({"fires": "each_gift"}));
    held["only_if"] = json!([{"if": "combo_count", "min": 4}]);
    let mut live = Live::new(vec![held]);
    let seen = [2, 4, 5].map(|count| fired(&live.happen(rose(9, count, true))));
    assert_eq!(seen, [0, 2, 1], "the first two were held back and stay so");

    let mut cooling = rule(json!({"fires": "each_gift"}));
    cooling["cooldown"] = json!({"seconds": 10});
    let mut live = Live::new(vec![cooling]);
    let seen = [3, 5, 6].map(|count| {
        let fired = fired(&live.happen(rose(9, count, true)));
        live.now_ms += 5_000;
        fired
    });
    assert_eq!(seen, [3, 0, 1], "a cooldown is asked once an event, not once a firing");
}

#[test]
fn reasons_say_what_a_rule_waits_for() {
    let reasons = |combo: Value, messages: &[(u32, bool)]| {
        let mut live = Live::new(vec![rule(combo)]);
        let decided = messages.iter().map(|&(count, streaking)| live.happen(rose(9, count, streaking))).last();
        serde_json::to_value(&decided.expect("a message").decisions[0].because).expect("a reason")
    };
    assert_eq!(reasons(json!({"fires": "combo_end"}), &[(1, true)])["code"], "waiting_for_combo_end");
    assert_eq!(reasons(json!({"fires": "combo_start"}), &[(1, true), (2, true)])["code"], "fired_for_combo");
    assert_eq!(
        reasons(json!({"fires": "every_n", "n": 10}), &[(13, true)]),
        Value::Null,
        "it fired, and no more was to be expected"
    );
    assert_eq!(
        reasons(json!({"fires": "every_n", "n": 10}), &[(13, true), (14, true)])["params"],
        json!({"seen": 14, "next": 20})
    );
    assert_eq!(
        reasons(json!({"fires": "each_gift"}), &[(100, true)]),
        json!({"code": "capped", "params": {"fired": 20, "of": 100}}),
        "20 of 100"
    );
}

#[test]
fn the_first_gift_of_a_newcomer_is_their_first_at_its_end_too() {
    let mut newcomer = rule(json!({"fires": "combo_end"}));
    newcomer["only_if"] = json!([{"if": "first_in_session"}]);
    let mut live = Live::new(vec![newcomer]);
    live.happen(rose(9, 1, true));
    live.restart();
    assert_eq!(outcome(&live.happen(rose(9, 2, false)))[0].1, 1, "the combo is one deed");
    live.happen(rose(10, 1, true));
    assert_eq!(outcome(&live.happen(rose(10, 2, false)))[0].1, 0, "the next combo is not the first");
}

#[test]
fn firings_for_some_gifts_count_those() {
    for (combo, units) in [(json!({"fires": "each_gift"}), 1), (json!({"fires": "every_n", "n": 3}), 3)] {
        let mut live = Live::new(vec![rule(combo)]);
        let decided = live.happen(rose(9, 6, true));
        let counts: Vec<_> = starts(&decided).iter().map(|it| (it.facts.count, it.facts.diamonds)).collect();
        assert_eq!(counts, vec![(Some(units), Some(units)); 6 / units as usize], "so that together they are the gift");
    }
}
