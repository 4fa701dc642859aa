//! Promises of trying: a made-up event of every trigger makes its rule fire, and nothing is spent.

use serde_json::{Value, json};

use super::*;
use crate::defaults;
use crate::gift_catalogue::KnownGift;
use crate::id::SessionId;
use crate::rule::Rule;

const NOW_MS: i64 = 1_768_219_234_567;

fn rules(rules: Vec<Value>) -> RuleSet {
    let rules = rules.into_iter().map(|rule| serde_json::from_value::<Rule>(rule).expect("a rule")).collect();
    let groups = vec![serde_json::from_value(json!({"name": "all", "cooldown_seconds": 60})).expect("a group")];
    let (rules, faults) = RuleSet::new(1, rules, groups, &Services::new(defaults::services()));
    assert_eq!(faults, [], "the rules of these tests can be followed");
    rules
}

fn tried(rules: &RuleSet, with: &TriedWith, rule_state: &[(String, String)]) -> Tried {
    let session =
        SessionFacts { id: SessionId(7), creator: "luna_live".into(), started_ms: 0, seed: 7, utc_offset_s: 0 };
    let (services, values) = (Services::new(defaults::services()), Values::default());
    let standing = Standing { first_in_session: true, first_ever: true, ..Standing::default() };
    let around = TryIn {
        rules,
        services: &services,
        values: &values,
        session: &session,
        rule_state,
        standing,
        number: 3,
        now_ms: NOW_MS,
    };
    around.decide(&RuleId::new("rule"), with)
}

fn rule(when: &Value) -> Value {
    json!({"id": "rule", "name": "Rule", "when": when, "do": [{"action": "log_write"}], "group": "all"})
}

/// Something made up for the rule's trigger with what the editor offers first.
fn made_up(rules: &RuleSet, comment: &str) -> TriedWith {
    let trigger = &rules.iter().next().expect("a rule").when;
    let gift = suited_gift(trigger, &[]);
    let chosen = MadeUp {
        nickname: "mia",
        gift: &gift,
        count: 12,
        comment,
        months: 1,
        follower: true,
        subscriber: false,
        moderator: false,
    };
    TriedWith::made_up(trigger, &chosen, NOW_MS)
}

#[test]
fn a_made_up_event_of_every_trigger_makes_its_rule_fire() {
    let mut triggers = vec![
        json!({"on": "gift"}),
        json!({"on": "gift", "gifts": [{"id": 9, "name": "Lion", "diamond_count": 29999}]}),
        json!({"on": "gift", "names": ["Hoa hồng"]}),
        json!({"on": "gift_value", "min_diamonds": 100, "max_diamonds": 500}),
        json!({"on": "comment"}),
        json!({"on": "keyword", "words": ["good game"]}),
        json!({"on": "regex", "pattern": r"song (\w+)"}),
        json!({"on": "command", "names": ["spin"]}),
        json!({"on": "command", "names": ["!spin"], "place": "exact"}),
        json!({"on": "every_likes", "every": 1000}),
        json!({"on": "every_likes", "every": 5}),
        json!({"on": "like_streak", "count": 50}),
        json!({"on": "every_followers", "every": 10}),
        json!({"on": "goal_reached"}),
        json!({"on": "counter_reached", "counter": "deaths", "value": 10}),
        json!({"on": "timer", "every_seconds": 1}),
        json!({"on": "timer", "every_seconds": 3600}),
        json!({"on": "time_of_day", "at": "21:30"}),
        json!({"on": "time_of_day", "at": "00:00"}),
        json!({"on": "custom", "name": "door"}),
        json!({"on": "hotkey", "keys": "Ctrl+R"}),
        json!({"on": "button", "label": "Party"}),
        json!({"on": "call", "name": "door"}),
        json!({"on": "app_start"}),
        json!({"on": "overlay_closed", "overlay": "main"}),
        json!({"on": "service_late", "service": "voice", "seconds": 10}),
    ];
    triggers.extend(EventType::ALL.iter().map(|event| json!({"on": "event", "event": event})));
    for trigger in triggers {
        let rules = rules(vec![rule(&trigger)]);
        let tried = tried(&rules, &made_up(&rules, ""), &[]);
        assert!(tried.decision.fired >= 1, "{trigger} answers what was made for it: {:?}", tried.decision);
        assert_eq!(tried.firings.len(), tried.decision.fired as usize, "{trigger}: each firing is there");
    }
}

#[test]
fn a_command_is_known_without_its_sign_and_other_words_are_not_it() {
    let rules = rules(vec![rule(&json!({"on": "command", "names": ["!spin"]}))]);
    let check = |comment, because| {
        assert_eq!(tried(&rules, &made_up(&rules, comment), &[]).decision.because, because, "{comment:?}");
    };
    check("spin now", None);
    check("/SPIN", None);
    check("hello", Some(Reason::NotAnswered));
}

#[test]
fn what_holds_the_rule_back_now_is_told() {
    let rules = rules(vec![rule(&json!({"on": "comment"}))]);
    let waiting = [("cooldown_group:all".to_owned(), (NOW_MS + 8_000).to_string())];
    let tried = tried(&rules, &made_up(&rules, "hi"), &waiting);
    assert!(matches!(tried.decision.because, Some(Reason::Cooldown { left_ms: 8_000, .. })), "{:?}", tried.decision);
    assert_eq!(tried.firings, [], "so it would not fire");
}

#[test]
fn others_that_answer_are_told_apart() {
    let other = json!({"id": "other", "name": "Other", "when": {"on": "gift"}, "do": [{"action": "log_write"}]});
    let rules = rules(vec![rule(&json!({"on": "gift"})), other]);
    let others = tried(&rules, &made_up(&rules, ""), &[]).others;
    let origins: Vec<String> = others.iter().map(|decision| decision.rule.to_string()).collect();
    let expected = ["other", "default:dinochrome", "default:overlays"];
    assert_eq!(origins, expected, "the other rule, and what the services do by default");
}

#[test]
fn a_gift_from_within_a_combo_stands_for_the_whole_of_it() {
    let rules = rules(vec![rule(&json!({"on": "gift"}))]);
    let mut gift = crate::event::Gift { repeat_count: 7, streaking: true, ..Default::default() };
    (gift.delta_count, gift.gift.streakable) = (Some(1), true);
    let event = Event::own(Body::Gift(Box::new(gift)), Timestamp::default());
    let with = TriedWith::event(event, &Trigger::Gift { gifts: Vec::new(), names: Vec::new() });
    let tried = tried(&rules, &with, &[]);
    assert_eq!(tried.firings.first().and_then(|firing| firing.facts.count), Some(7), "as when it ends");
}

#[test]
fn a_gift_is_suited_by_any_of_its_names_and_by_its_price() {
    let known = |id, name: &str, price, names: &[&str]| KnownGift {
        id,
        name: Some(name.into()),
        diamond_count: Some(price),
        names: names.iter().map(|name| (*name).into()).collect(),
        ..KnownGift::default()
    };
    let catalogue =
        [known(1, "Rose", 1, &["Rose", "Hoa hồng"]), known(2, "Cap", 99, &["Cap"]), known(3, "Hat", 150, &[])];
    for (trigger, expected) in [
        (json!({"on": "gift", "names": ["hoa hồng"]}), 1),
        (json!({"on": "gift_value", "min_diamonds": 50}), 2),
        (json!({"on": "gift", "gifts": [{"id": 3}]}), 3),
    ] {
        let trigger = serde_json::from_value(trigger).expect("a trigger");
        assert_eq!(suited_gift(&trigger, &catalogue).id, expected, "{trigger:?}");
    }
}
