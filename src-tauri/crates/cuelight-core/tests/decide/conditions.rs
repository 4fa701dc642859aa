//! What each condition asks.

use cuelight_core::event::{Body, ByUser, Comment, Subscribe};
use cuelight_core::id::UserId;
use cuelight_core::reason::Reason;
use cuelight_core::user::User;
use cuelight_core::viewer::Past;
use serde_json::{Value, json};

use crate::live::{Live, NOON_MS, ben, comment, fired, mia, rose};

fn check(condition: Value, on: &str, cases: Vec<(Body, bool)>) {
    for (body, expected) in cases {
        let mut live = Live::new(vec![json!({"when": {"on": "event", "event": on}, "only_if": [condition]})]);
        assert_eq!(fired(&live.happen(body.clone())) == 1, expected, "{condition} for {body:?}");
    }
}

fn by(user: User) -> Body {
    comment(user, "hi")
}

fn say(text: &str) -> Body {
    comment(mia(), text)
}

#[test]
fn conditions_about_gifts() {
    check(json!({"if": "gift_in", "ids": [1, 5655]}), "gift", vec![(rose(0, 1, false), true)]);
    check(json!({"if": "gift_in", "ids": [1]}), "gift", vec![(rose(0, 1, false), false)]);
    check(json!({"if": "diamonds", "min": 2}), "gift", vec![(rose(0, 9, false), false)]);
    check(json!({"if": "diamonds", "max": 1}), "gift", vec![(rose(0, 9, false), true)]);
    check(
        json!({"if": "combo_count", "min": 5, "max": 9}),
        "gift",
        vec![(rose(0, 4, false), false), (rose(0, 5, false), true)],
    );
    check(json!({"if": "gifts_given", "min": 5}), "gift", vec![(rose(0, 4, false), false), (rose(0, 5, false), true)]);
    check(json!({"if": "diamonds", "max": 9}), "comment", vec![(say("hi"), false)]);
}

#[test]
fn conditions_about_who_it_is() {
    let with = |change: fn(&mut User)| {
        let mut user = mia();
        change(&mut user);
        by(user)
    };
    let who = |roles: Value| json!({"if": "who", "any_of": roles});
    let friend = with(|user| user.follow_role = Some(2));
    let moderator = with(|user| user.is_moderator = Some(true));
    let luna = with(|user| user.unique_id = "Luna.Plays".into());
    let host = with(|user| user.is_host = true);
    check(who(json!(["follower"])), "comment", vec![(friend.clone(), true), (by(mia()), false)]);
    check(
        who(json!(["friend", "moderator"])),
        "comment",
        vec![(friend, true), (moderator.clone(), true), (luna.clone(), false)],
    );
    check(who(json!(["streamer"])), "comment", vec![(luna, true), (host, true), (moderator, false)]);
    check(
        json!({"if": "top_gifter", "places": 3}),
        "comment",
        vec![
            (with(|user| user.top_gifter_rank = Some(3)), true),
            (with(|user| user.top_gifter_rank = Some(4)), false),
            (by(mia()), false),
        ],
    );
    check(
        json!({"if": "team_level", "min": 5}),
        "comment",
        vec![(with(|user| user.team_level = Some(5)), true), (by(mia()), false)],
    );
    check(json!({"if": "viewers", "names": ["@MIA", "77"]}), "comment", vec![(by(mia()), true), (by(ben()), false)]);
    check(json!({"if": "viewers", "names": ["1002"]}), "comment", vec![(by(ben()), true)]);
    check(json!({"if": "not_viewers", "names": ["mia"]}), "comment", vec![(by(mia()), false), (by(ben()), true)]);
}

#[test]
fn roles_are_known_from_the_last_event_that_said_them() {
    let when = json!({"on": "comment"});
    let only_if = json!([{"if": "who", "any_of": ["subscriber"]}, {"if": "who", "any_of": ["follower"]}]);
    let mut live = Live::new(vec![json!({"when": when, "only_if": only_if})]);
    let mut seen = vec![fired(&live.happen(by(mia())))];
    live.happen(Body::Subscribe(Subscribe { user: mia(), months: Some(1) }));
    live.happen(Body::Follow(ByUser { user: User { follow_role: Some(0), ..mia() } }));
    seen.push(fired(&live.happen(by(mia()))));
    live.happen(by(User { is_subscriber: Some(false), ..mia() }));
    seen.push(fired(&live.happen(by(mia()))));
    assert_eq!(seen, [0, 1, 0], "what an event does not say is as it was; what nobody said is no");
}

#[test]
fn conditions_about_the_comment() {
    check(
        json!({"if": "comment_starts_with", "text": "Hello"}),
        "comment",
        vec![(say(" HELLO you"), true), (say("oh hello"), false)],
    );
    check(json!({"if": "comment_is", "text": "größe"}), "comment", vec![(say("GRÖßE "), true), (say("größer"), false)]);
    check(
        json!({"if": "comment_contains", "text": "cat"}),
        "comment",
        vec![(say("conCATenate"), true), (say("dog"), false)],
    );
    check(json!({"if": "comment_matches", "pattern": "^a+$"}), "comment", vec![(say("AAA"), true), (say("ab"), false)]);
    check(
        json!({"if": "comment_is_command", "names": ["!spin"]}),
        "comment",
        vec![(say("/Spin it"), true), (say("spin"), false)],
    );
}

#[test]
fn conditions_about_firsts() {
    let first = json!({"when": {"on": "comment"}, "only_if": [{"if": "first_in_session"}]});
    let mut live = Live::new(vec![first]);
    let seen = [fired(&live.happen(by(mia()))), fired(&live.happen(by(mia()))), fired(&live.happen(by(ben())))];
    assert_eq!(seen, [1, 0, 1], "each viewer's first event");
    assert!(!live.rules.wants_past(), "nobody has to be looked up for that");

    for (past, expected) in [(None, 0), (Some((false, 0)), 1), (Some((true, 4)), 0)] {
        let ever = json!({"when": {"on": "comment"}, "only_if": [{"if": "first_ever"}]});
        let mut live = Live::new(vec![ever]);
        assert!(live.rules.wants_past(), "the store must be asked");
        assert_eq!(
            live.first_comment(&mia(), past.map(|(seen_before, gift_units)| Past { seen_before, gift_units })),
            expected
        );
    }
    let given = json!({"when": {"on": "comment"}, "only_if": [{"if": "gifts_given", "min": 5, "since": "ever"}]});
    for (gift_units, expected) in [(4, 0), (5, 1)] {
        let mut live = Live::new(vec![given.clone()]);
        assert_eq!(
            live.first_comment(&mia(), Some(Past { seen_before: true, gift_units })),
            expected,
            "{gift_units} units"
        );
    }
}

#[test]
fn nobody_who_cannot_be_told_apart_is_a_newcomer() {
    let nameless = Comment { user: User { user_id: UserId::default(), ..mia() }, ..Comment::default() };
    check(json!({"if": "first_in_session"}), "comment", vec![(Body::Comment(nameless), false)]);
}

#[test]
fn chances_are_kept_over_many_events_and_moved_by_nobody() {
    let rule = |id: &str, percent: f64| json!({"id": id, "when": {"on": "comment"}, "only_if": [{"if": "chance", "percent": percent}]});
    let rolls = |rules: Vec<Value>, id: &str| -> Vec<u32> {
        let mut live = Live::new(rules);
        let of = |decided: cuelight_core::decide::Decided| {
            decided.decisions.iter().find(|it| it.rule.to_string() == id).map_or(0, |it| it.fired)
        };
        (0..2_000).map(|_| of(live.comment("hi"))).collect()
    };
    let alone = rolls(vec![rule("a", 25.0)], "a");
    let hits: u32 = alone.iter().sum();
    assert!((420..580).contains(&hits), "a quarter of 2000, not {hits}");
    assert_eq!(rolls(vec![rule("b", 50.0), rule("a", 25.0)], "a"), alone, "another rule moves no dice");
    assert_eq!(rolls(vec![rule("a", 0.0)], "a").iter().sum::<u32>(), 0, "never");
    assert_eq!(rolls(vec![rule("a", 100.0)], "a").iter().sum::<u32>(), 2_000, "always");
}

#[test]
fn conditions_about_time_and_values() {
    let age =
        json!({"when": {"on": "comment"}, "only_if": [{"if": "session_age", "min_minutes": 1, "max_minutes": 2}]});
    let mut live = Live::new(vec![age]);
    let seen = [59, 60, 120, 121].map(|second| {
        live.now_ms = NOON_MS + second * 1000;
        fired(&live.comment("hi"))
    });
    assert_eq!(seen, [0, 1, 1, 0], "from the first to the second minute");

    let values = json!({"when": {"on": "comment"}, "only_if": [
        {"if": "counter", "name": "deaths", "is": "at_least", "than": 3},
        {"if": "variable", "name": "mode", "is": "equal", "than": "Party"},
    ]});
    let mut live = Live::new(vec![values]);
    assert_eq!(fired(&live.comment("hi")), 0, "a counter begins at 0");
    live.values.counters.insert("deaths".into(), 3);
    let decided = live.comment("hi");
    let Some(Reason::ConditionFailed { number, condition }) = &decided.decisions[0].because else { panic!("a reason") };
    assert_eq!(
        (*number, condition.as_str()),
        (2, r#"{"if":"variable","name":"mode","is":"equal","than":"Party"}"#),
        "the first that fails"
    );
    live.values.variables.insert("mode".into(), "party".into());
    assert_eq!(fired(&live.comment("hi")), 1, "all of them hold");
}
