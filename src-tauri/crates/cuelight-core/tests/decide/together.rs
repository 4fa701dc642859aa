//! How rules get on with each other: cooldowns, groups, default actions, moderation, depth.

use cuelight_core::cooldown::Waiting;
use cuelight_core::decide::Occasion;
use cuelight_core::decision::{Effect, Origin};
use cuelight_core::event::{Body, Delete, Moderation};
use cuelight_core::id::{MsgId, RuleId, ServiceId, UserId};
use cuelight_core::limits::RULE_DEPTH;
use cuelight_core::priority::Priority;
use cuelight_core::service::{DefaultAction, EventConfig, Mode, Service, ServiceKind, Services};
use cuelight_core::user::User;
use serde_json::{Value, json};

use crate::live::{Live, NOON_MS, ben, comment, fired, mia, outcome, rose, starts};

fn of(decided: &cuelight_core::decide::Decided, rule: &str) -> (u32, Option<String>) {
    let found = outcome(decided).into_iter().find(|(id, ..)| id == rule).expect("a decision about the rule");
    (found.1, found.2)
}

#[test]
fn cooldowns_hold_back_and_let_the_streamer_through() {
    let mut live = Live::new(vec![json!({"when": {"on": "comment"}, "cooldown": {"seconds": 10}})]);
    let luna = User { user_id: UserId::new("1"), unique_id: "luna.plays".into(), ..User::default() };
    let mut seen = Vec::new();
    for (second, user) in [(0, mia()), (4, ben()), (5, luna.clone()), (14, mia()), (15, mia())] {
        live.now_ms = NOON_MS + second * 1000;
        live.restart();
        seen.push(of(&live.happen(comment(user, "hi")), "rule"));
    }
    let held = (0, Some("cooldown".to_owned()));
    assert_eq!(seen, [(1, None), held.clone(), (1, None), held, (1, None)], "her firing begins it anew");
    let left = live.state.cooldowns(live.now_ms + 4_000);
    assert_eq!((left.len(), left[0].left_ms), (1, 6_000), "what screens show");
    assert_eq!(left[0].waiting, Waiting::Rule(RuleId::new("rule")), "and of what");
    live.state.reset_cooldowns();
    assert_eq!(fired(&live.happen(comment(ben(), "hi"))), 1, "after a reset nothing waits");
}

#[test]
fn a_viewers_cooldown_is_theirs_alone() {
    let cooldown = json!({"per_viewer_seconds": 10, "exempt": ["moderators"]});
    let mut live = Live::new(vec![json!({"when": {"on": "comment"}, "cooldown": cooldown})]);
    let moderator = User { is_moderator: Some(true), ..ben() };
    let seen = [mia(), mia(), moderator.clone(), moderator].map(|user| fired(&live.happen(comment(user, "hi"))));
    assert_eq!(seen, [1, 0, 1, 1], "mia waits, a moderator never does");
}

#[test]
fn a_clock_that_was_set_back_makes_no_cooldown_longer() {
    let mut live = Live::new(vec![json!({"when": {"on": "comment"}, "cooldown": {"seconds": 10}})]);
    live.comment("hi");
    live.now_ms -= 3_600_000;
    let decided = live.comment("hi");
    let reason = serde_json::to_value(&decided.decisions[0].because).expect("a reason");
    assert_eq!(reason["params"]["left_ms"], 10_000, "not an hour");
}

#[test]
fn a_group_waits_together_but_answers_one_event_together() {
    let rule = |id: &str| json!({"id": id, "when": {"on": "comment"}, "group": "jokes"});
    let mut live =
        Live::with_groups(vec![rule("a"), rule("b")], vec![json!({"name": "jokes", "cooldown_seconds": 10})]);
    assert_eq!(fired(&live.comment("hi")), 2, "every match fires");
    live.restart();
    assert_eq!(fired(&live.comment("hi")), 0, "then all of them wait");
}

#[test]
fn the_most_specific_rule_of_a_group_fires() {
    let group = vec![json!({"name": "g", "fires": "most_specific"})];
    let rule = |id: &str, when: Value| json!({"id": id, "when": when, "group": "g"});
    let gifts = vec![
        rule("any", json!({"on": "gift"})),
        rule("range", json!({"on": "gift_value", "min_diamonds": 1})),
        rule("named", json!({"on": "gift", "gifts": [{"id": 5655}]})),
        rule("also", json!({"on": "gift", "names": ["rose"]})),
    ];
    let mut live = Live::with_groups(gifts, group.clone());
    let decided = live.happen(rose(0, 1, false));
    assert_eq!(of(&decided, "named"), (1, None), "a named gift, the first of two");
    for loser in ["any", "range", "also"] {
        assert_eq!(of(&decided, loser), (0, Some("less_specific".into())), "{loser} loses and is told so");
    }
    let comments = vec![
        rule("any", json!({"on": "comment"})),
        rule("keyword", json!({"on": "keyword", "words": ["spin"]})),
        rule("command", json!({"on": "command", "names": ["spin"]})),
    ];
    let mut live = Live::with_groups(comments, group);
    for (text, winner) in [("!spin", "command"), ("a spin", "keyword"), ("hi", "any")] {
        let decided = live.comment(text);
        assert_eq!((of(&decided, winner).0, fired(&decided)), (1, 1), "{winner} answers {text:?} alone");
    }
}

#[test]
fn a_rule_that_waits_for_the_combos_end_is_not_overtaken_by_a_less_specific_one() {
    let rules = vec![
        json!({"id": "any", "when": {"on": "gift"}, "group": "g", "combo": {"fires": "each_gift"}}),
        json!({"id": "named", "when": {"on": "gift", "gifts": [{"id": 5655}]}, "group": "g"}),
    ];
    let mut live = Live::with_groups(rules, vec![json!({"name": "g", "fires": "most_specific"})]);
    assert_eq!(fired(&live.happen(rose(9, 3, true))), 0, "the named gift matches and waits");
    let decided = live.happen(rose(9, 5, false));
    assert_eq!((of(&decided, "named").0, of(&decided, "any").0), (1, 0), "and fires at the end, alone");
}

#[test]
fn default_actions_fire_without_a_rule_and_for_gifts_at_the_end() {
    let action = serde_json::from_value(json!({"action": "log_write"})).expect("an action");
    let config = EventConfig {
        enabled: true,
        priority: Priority::MIDDLE,
        mode: Mode::Async,
        discardable: true,
        expires_after_seconds: None,
        default_action: Some(DefaultAction { enabled: true, action }),
    };
    let overlays = Service {
        id: ServiceId::new("overlays"),
        kind: ServiceKind::Overlays,
        name: "Overlays".into(),
        active: true,
        max_queue_size: 100,
        max_parallel: 8,
        events: Default::default(),
        others: config,
    };
    let mut live = Live::new(Vec::new());
    live.services = Services::new(vec![overlays.clone()]);
    let decided = live.comment("hi");
    assert_eq!(starts(&decided)[0].origin, Origin::Default(ServiceId::new("overlays")), "each comment");
    let messages = [(1, true), (3, true), (4, false), (6, false)];
    let seen = messages.map(|(count, streaking)| {
        live.restart();
        fired(&live.happen(rose(9, count, streaking)))
    });
    assert_eq!(seen, [0, 0, 1, 0], "a gift once, at the end of its combo");
    live.services = Services::new(vec![Service { active: false, ..overlays }]);
    assert_eq!(live.comment("hi"), Default::default(), "a service that is off does nothing");
}

#[test]
fn what_moderators_take_away_is_told() {
    let mut live = Live::new(Vec::new());
    let delete = Delete { msg_ids: vec![MsgId::new("5")], user_ids: Vec::new() };
    let effects = live.happen(Body::Delete(delete)).effects;
    assert_eq!(effects, [Effect::Moderate { msg_ids: vec![MsgId::new("5")], user_ids: Vec::new() }], "a comment");
    for (action, expected) in [(3, 1), (4, 0), (5, 0), (7, 1), (9, 1), (10, 0), (11, 1)] {
        let effects = live.happen(Body::Moderation(Moderation { user: mia(), action })).effects;
        assert_eq!(effects.len(), expected, "member action {action}");
    }
}

#[test]
fn rules_that_lead_to_each_other_come_to_an_end() {
    let mut live = Live::new(vec![json!({"when": {"on": "comment"}})]);
    live.depth = RULE_DEPTH;
    let decided = live.comment("hi");
    assert_eq!(starts(&decided)[0].depth, RULE_DEPTH, "the last one that may");
    live.depth += 1;
    assert_eq!(of(&live.comment("hi"), "rule"), (0, Some("too_deep".into())), "one too many");
}

#[test]
fn a_rule_that_changes_the_counter_it_waits_for_comes_to_an_end() {
    let when = json!({"on": "counter_reached", "counter": "laps", "value": 3});
    let mut live = Live::new(vec![json!({"when": when})]);
    let mut lap = |depth| {
        let decided = live.answer(Occasion::CounterChanged { name: "laps", from: 0, to: 3, depth });
        (of(&decided, "rule"), starts(&decided).first().map(|firing| firing.depth))
    };
    assert_eq!(lap(RULE_DEPTH), ((1, None), Some(RULE_DEPTH)), "the last one that may");
    assert_eq!(lap(RULE_DEPTH + 1), ((0, Some("too_deep".into())), None), "one too many");
}
