//! What each trigger answers, and what it does not.

use crate::live::{Live, NOON_MS, ben, comment, facts, fired, mia, outcome, rose, rule, starts};
use cuelight_core::decide::{Occasion, RuleState, SessionFacts};
use cuelight_core::event::{Body, ByUser, Connect, Custom, Empty, Event, Goal, Like, Stamp, ViewerCount};
use cuelight_core::signal::Signal;
use cuelight_core::timestamp::Timestamp;
use cuelight_core::user::User;
use serde_json::{Value, json};

fn check(when: Value, cases: Vec<(Body, u32)>) {
    for (body, expected) in cases {
        let mut live = Live::new(vec![json!({ "when": when })]);
        let decided = live.happen(body.clone());
        assert_eq!(fired(&decided), expected, "{when} at {body:?}");
        assert_eq!(
            decided.decisions.len() as u32,
            expected,
            "a rule whose trigger does not match is not decided about"
        );
    }
}

fn say(text: &str) -> Body {
    comment(mia(), text)
}

fn like(count: u32, total_likes: u64) -> Body {
    Body::Like(Like { user: mia(), count, total_likes, streak_count: None })
}

#[test]
fn events_are_answered_by_their_type() {
    let follow = Body::Follow(ByUser { user: mia() });
    check(json!({"on": "event", "event": "follow"}), vec![(follow.clone(), 1), (say("hi"), 0)]);
    check(json!({"on": "event", "event": "connect"}), vec![(Body::Connect(Connect::default()), 1)]);
    check(json!({"on": "comment"}), vec![(say("hi"), 1), (follow, 0)]);
    let custom = |name: &str| Body::Custom(Custom { name: name.into(), ..Custom::default() });
    check(json!({"on": "custom", "name": "Door"}), vec![(custom("door"), 1), (custom("window"), 0)]);
}

#[test]
fn gifts_are_answered_by_id_name_and_price() {
    check(json!({"on": "gift"}), vec![(rose(0, 1, false), 1)]);
    check(json!({"on": "gift", "gifts": [{"id": 5655}]}), vec![(rose(0, 1, false), 1)]);
    check(json!({"on": "gift", "gifts": [{"id": 1, "name": "Rose"}]}), vec![(rose(0, 1, false), 0)]);
    check(json!({"on": "gift", "names": ["Rosa", "ROSE"]}), vec![(rose(0, 1, false), 1)]);
    check(json!({"on": "gift", "gifts": [{"id": 5655}], "names": ["rose"]}), vec![(rose(0, 1, false), 1)]);
    check(json!({"on": "gift_value", "min_diamonds": 1, "max_diamonds": 5}), vec![(rose(0, 1, false), 1)]);
    check(json!({"on": "gift_value", "min_diamonds": 2}), vec![(rose(0, 99, false), 0)]);
}

#[test]
fn keywords_are_whole_words_in_any_case() {
    check(
        json!({"on": "keyword", "words": ["dino", "grüße dich", "可愛い", "🔥", "a"]}),
        vec![
            (say("a DINO!"), 1),
            (say("dinosaur"), 0),
            (say("my_dino"), 0),
            (say("GRÜSSE DICH"), 0),
            (say("GRÜẞE dich?"), 1),
            (say("GRÜßE dich?"), 1),
            (say("とても可愛いですね"), 1),
            (say("so🔥so"), 1),
            (say("banana"), 0),
            (say(""), 0),
        ],
    );
}

#[test]
fn commands_are_taken_by_every_name_with_either_prefix() {
    check(
        json!({"on": "command", "names": ["!spin", "Dreh"]}),
        vec![
            (say("!SPIN"), 1),
            (say(" /dreh  now"), 1),
            (say("spin"), 0),
            (say("please !spin"), 0),
            (say("!spinning"), 0),
        ],
    );
    check(
        json!({"on": "command", "names": ["spin"], "place": "exact"}),
        vec![(say("!spin "), 1), (say("!spin it"), 0)],
    );
    check(
        json!({"on": "command", "names": ["spin"], "place": "anywhere"}),
        vec![(say("please !spin /spin"), 1), (say("please spin"), 0)],
    );
}

#[test]
fn arguments_keywords_and_groups_reach_the_steps() {
    let mut live = Live::new(vec![
        json!({"id": "command", "when": {"on": "command", "names": ["song"]}}),
        json!({"id": "keyword", "when": {"on": "keyword", "words": ["Blue Moon"]}}),
        json!({"id": "regex", "when": {"on": "regex", "pattern": r"song (\w+) (x)?"}}),
    ]);
    let decided = live.comment("!song blue moon  twice");
    let facts: Vec<_> =
        starts(&decided).into_iter().map(|it| (it.facts.arguments.clone(), it.facts.matches.clone())).collect();
    assert_eq!(facts[0].0.as_deref(), Some("blue moon  twice"), "everything after the command");
    assert_eq!(facts[1].1, ["Blue Moon"], "the keyword as it was written");
    assert_eq!(facts[2].1, ["blue", ""], "every group, empty where it took no part");
}

#[test]
fn each_like_milestone_fires_once_and_old_ones_never() {
    let mut live = Live::new(vec![json!({"when": {"on": "every_likes", "every": 1000}})]);
    let mut seen = Vec::new();
    for total in [50_010, 50_900, 51_000, 51_000, 50_000, 53_500] {
        seen.push(fired(&live.happen(like(5, total))));
        live.restart();
    }
    assert_eq!(seen, [0, 0, 1, 0, 0, 2], "nothing old, each multiple once, two at once where one message passes two");
}

#[test]
fn a_like_streak_fires_when_it_reaches_the_count() {
    let mut live = Live::new(vec![json!({"when": {"on": "like_streak", "count": 10}})]);
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(fired(&live.happen(like(4, 0))));
    }
    live.now_ms += 60_000;
    seen.push(fired(&live.happen(like(12, 0))));
    assert_eq!(seen, [0, 0, 1, 0, 1], "once a streak");
}

#[test]
fn every_second_follower_fires() {
    let mut live = Live::new(vec![json!({"when": {"on": "every_followers", "every": 2}})]);
    let seen: Vec<u32> = (0..5)
        .map(|_| {
            live.restart();
            fired(&live.happen(Body::Follow(ByUser { user: mia() })))
        })
        .collect();
    assert_eq!(seen, [0, 1, 0, 1, 0], "the second and the fourth, restarts or not");
}

#[test]
fn a_goal_fires_when_it_is_reached_before_our_eyes() {
    let mut live = Live::new(vec![json!({"when": {"on": "goal_reached"}})]);
    let mut seen = Vec::new();
    for (id, progress, target) in [("old", 9, 5), ("a", 4, 5), ("a", 5, 5), ("a", 6, 5), ("a", 6, 10), ("a", 10, 10)] {
        seen.push(fired(&live.happen(Body::Goal(Goal { id: id.into(), progress, target, gift_id: None }))));
        live.restart();
    }
    assert_eq!(seen, [0, 0, 1, 0, 0, 1], "not when it was reached before we came, and again when it was raised");
}

#[test]
fn a_counter_fires_when_it_reaches_the_value_from_below() {
    let mut live = Live::new(vec![json!({"when": {"on": "counter_reached", "counter": "deaths", "value": 3}})]);
    for (name, from, to, expected) in [("deaths", 0, 2, 0), ("deaths", 2, 5, 1), ("deaths", 5, 3, 0), ("wins", 0, 9, 0)]
    {
        let decided = live.answer(Occasion::CounterChanged { name, from, to, depth: 0 });
        assert_eq!(fired(&decided), expected, "{name} from {from} to {to}");
    }
}

fn hotkey(keys: &str) -> Signal {
    Signal::Hotkey { keys: keys.parse().expect("a key combination") }
}

#[test]
fn signals_are_answered_by_their_names() {
    let cases = [
        (json!({"on": "hotkey", "keys": "Ctrl + R"}), hotkey("ctrl+r")),
        (json!({"on": "hotkey", "keys": "Shift + ctrl + r"}), hotkey("Ctrl+Shift+R")),
        (json!({"on": "hotkey", "keys": "CmdOrCtrl+R"}), hotkey("commandorcontrol+keyr")),
        (json!({"on": "button", "label": "Party"}), Signal::Button { label: "party".into() }),
        (json!({"on": "call", "name": "door"}), Signal::Call { name: "door".into(), fields: Default::default() }),
        (json!({"on": "app_start"}), Signal::AppStart),
        (json!({"on": "overlay_closed", "overlay": "main"}), Signal::OverlayClosed { overlay: "main".into() }),
        (json!({"on": "event", "event": "gap"}), Signal::Rule(cuelight_core::id::RuleId::new("rule"))),
    ];
    for (when, signal) in cases {
        let mut live = Live::new(vec![json!({"when": when})]);
        let numbers: Vec<(u32, u32)> = (0..2)
            .map(|_| {
                live.restart();
                let decided = live.signal(&signal);
                let [firing] = starts(&decided)[..] else { panic!("{signal:?} fires once") };
                (firing.cause, firing.firing)
            })
            .collect();
        assert_eq!(numbers, [(0, 1), (0, 2)], "without an event the session counts the firings, over restarts");
        assert_eq!(fired(&live.signal(&Signal::Button { label: "other".into() })), 0, "another name is not it");
    }
}

#[test]
fn timers_run_while_the_session_is_live() {
    let mut live = Live::new(vec![json!({"when": {"on": "timer", "every_seconds": 60}})]);
    assert_eq!(live.state.next_wake_ms(&live.rules), None, "nothing is live yet");
    live.happen(Body::Connect(Connect::default()));
    assert_eq!(live.state.next_wake_ms(&live.rules), Some(NOON_MS + 60_000), "the first full minute");
    let mut seen = Vec::new();
    for (second, body) in [
        (59, None),
        (60, None),
        (61, None),
        (200, None),
        (210, Some(Body::LivePause(Empty {}))),
        (300, None),
        (310, Some(Body::LiveResume(Empty {}))),
        (359, None),
        (361, None),
    ] {
        live.now_ms = NOON_MS + second * 1000;
        if let Some(body) = body {
            live.happen(body);
        }
        live.restart();
        seen.push((second, fired(&live.tick())));
    }
    let fired_at: Vec<i64> = seen.into_iter().filter(|(_, fired)| *fired > 0).map(|(second, _)| second).collect();
    assert_eq!(fired_at, [60, 200, 361], "late ticks fire once, and a pause is not made up");
}

#[test]
fn a_time_of_day_is_the_streamers_own() {
    // Noon in UTC is 13:00 for this streamer.
    let mut live = Live::new(vec![json!({"when": {"on": "time_of_day", "at": "13:30"}})]);
    live.happen(Body::Connect(Connect::default()));
    assert_eq!(live.state.next_wake_ms(&live.rules), Some(NOON_MS + 30 * 60_000), "half an hour from now");
    live.now_ms += 30 * 60_000;
    assert_eq!([fired(&live.tick()), fired(&live.tick())], [1, 0], "once a day");
    live.now_ms += 24 * 60 * 60_000;
    assert_eq!(fired(&live.tick()), 1, "and tomorrow again");
}

#[test]
fn history_fires_nothing_and_the_muted_are_not_heard() {
    let mut live = Live::new(vec![json!({"when": {"on": "comment"}})]);
    let stamp = Stamp { history: true, ..Stamp::default() };
    let decided = live.accept(Event { body: say("hi"), stamp });
    assert_eq!(decided, Default::default(), "it was said before we came");
    live.session.set_muted([mia().user_id]);
    let decided = live.accept(Event::own(say("hi"), Timestamp::default()));
    assert!(decided.muted.is_some() && decided.decisions.is_empty(), "before any rule is looked at");
    assert_eq!(fired(&live.happen(comment(ben(), "hi"))), 1, "others are heard");
}

#[test]
fn a_rule_that_is_off_is_not_decided_about() {
    let mut live = Live::new(vec![json!({"when": {"on": "comment"}, "enabled": false})]);
    assert_eq!(outcome(&live.comment("hi")), [], "it stays and never fires");
    assert!(!rule(json!({"when": {"on": "comment"}, "enabled": false})).enabled, "the field is read");
}

#[test]
fn a_like_without_a_total_says_nothing_about_the_room() {
    let mut live = Live::new(vec![json!({"when": {"on": "every_likes", "every": 1000}})]);
    let seen = [0, 50_010, 50_990, 51_000].map(|total| fired(&live.happen(like(5, total))));
    assert_eq!(seen, [0, 0, 0, 1], "the first total that is told is where we came in");
}

#[test]
fn a_milestone_of_a_new_rule_is_the_next_one() {
    let mut live = Live::new(vec![json!({"when": {"on": "every_likes", "every": 1000}})]);
    live.happen(like(5, 1_500));
    live.rules = Live::new(vec![json!({"when": {"on": "every_likes", "every": 100}})]).rules;
    let seen = [1_590, 1_600, 1_850].map(|total| fired(&live.happen(like(5, total))));
    assert_eq!(seen, [0, 1, 2], "what was passed before the rule was there is old, the next ones count");
}

#[test]
fn a_muted_follower_is_nobodys_milestone() {
    for restarts in [false, true] {
        let mut live = Live::new(vec![json!({"when": {"on": "every_followers", "every": 2}})]);
        live.happen(Body::Follow(ByUser { user: mia() }));
        live.session.set_muted([ben().user_id]);
        let mut seen = vec![fired(&live.happen(Body::Follow(ByUser { user: ben() })))];
        if restarts {
            live.restart();
        }
        seen.extend((0..2).map(|_| fired(&live.happen(Body::Follow(ByUser { user: mia() })))));
        assert_eq!(seen, [0, 0, 1], "the fourth fires, restarts or not");
    }
}

#[test]
fn a_milestone_that_a_muted_viewer_likes_past_is_passed() {
    let mut live = Live::new(vec![json!({"when": {"on": "every_likes", "every": 1000}})]);
    let by = |user: User, total| match like(5, total) {
        Body::Like(like) => Body::Like(Like { user, ..like }),
        _ => panic!("a like"),
    };
    live.happen(by(ben(), 990));
    live.session.set_muted([mia().user_id]);
    let seen = [live.happen(by(mia(), 1_000)), live.happen(by(ben(), 1_010)), live.happen(by(ben(), 2_000))];
    assert_eq!(seen.map(|decided| fired(&decided)), [0, 0, 1], "as a muted follower's");
}

#[test]
fn a_new_timer_does_not_make_up_for_the_time_before_it() {
    let timer = json!({"id": "timer", "when": {"on": "timer", "every_seconds": 600}});
    let daily = json!({"id": "daily", "when": {"on": "time_of_day", "at": "13:30"}});
    let hourly = json!({"id": "hourly", "when": {"on": "timer", "every_seconds": 3600}});
    for before in [vec![], vec![hourly.clone()]] {
        let mut live = Live::new(before);
        live.happen(Body::Connect(Connect::default()));
        live.now_ms = NOON_MS + 45 * 60_000;
        live.comment("hi");
        live.rules = Live::new(vec![timer.clone(), daily.clone(), hourly.clone()]).rules;
        let mut seen = vec![fired(&live.tick())];
        live.now_ms = NOON_MS + 50 * 60_000;
        live.restart();
        assert_eq!(live.state.next_wake_ms(&live.rules), Some(live.now_ms), "its next moment");
        seen.push(fired(&live.tick()));
        assert_eq!(seen, [0, 1], "half past one was before the rule was there, ten to two was not");
    }
}

#[test]
fn a_timer_goes_on_after_the_clock_was_set_back() {
    let mut live = Live::new(vec![json!({"when": {"on": "timer", "every_seconds": 60}})]);
    live.happen(Body::Connect(Connect::default()));
    live.now_ms = NOON_MS + 60_000;
    assert_eq!(fired(&live.tick()), 1, "the first minute");
    live.now_ms = NOON_MS - 3_600_000;
    live.comment("hi");
    assert_eq!(live.state.next_wake_ms(&live.rules), Some(live.now_ms + 60_000), "not in an hour");
    live.now_ms = NOON_MS - 3_600_000 + 60_000;
    assert_eq!(fired(&live.tick()), 1, "as if the clock had always been like that");
}

#[test]
fn a_time_of_day_comes_once_a_day_whatever_the_offset_from_utc() {
    const HOUR_MS: i64 = 3_600_000;
    for (utc_offset_s, at, due_ms) in [
        (0, "00:00", 12 * HOUR_MS),
        (3600, "00:30", 11 * HOUR_MS + HOUR_MS / 2),
        (-11 * 3600, "00:30", 23 * HOUR_MS + HOUR_MS / 2),
        (14 * 3600, "02:00", 24 * HOUR_MS),
        (20_700, "17:46", HOUR_MS / 60),
    ] {
        let mut live = Live::new(vec![json!({"when": {"on": "time_of_day", "at": at}})]);
        live.state = RuleState::new(SessionFacts { utc_offset_s, ..facts() });
        live.happen(Body::Connect(Connect::default()));
        let mut seen = Vec::new();
        for day in 0..3 {
            let wake_ms = NOON_MS + due_ms + day * 24 * HOUR_MS;
            assert_eq!(live.state.next_wake_ms(&live.rules), Some(wake_ms), "{at} at {utc_offset_s} s, day {day}");
            live.now_ms = wake_ms;
            seen.extend([fired(&live.tick()), fired(&live.tick())]);
        }
        assert_eq!(seen, [1, 0, 1, 0, 1, 0], "once each day");
    }
    let mut live = Live::new(vec![json!({"when": {"on": "time_of_day", "at": "13:30"}})]);
    live.happen(Body::Connect(Connect::default()));
    live.now_ms += 73 * HOUR_MS;
    assert_eq!([fired(&live.tick()), fired(&live.tick())], [1, 0], "three days of sleep are made up by one");
}

#[test]
fn every_step_may_speak_of_the_likes_and_viewers_of_the_live() {
    let rule = |id: &str, when: Value| json!({"id": id, "when": when});
    let mut live = Live::new(vec![
        rule("comment", json!({"on": "comment"})),
        rule("timer", json!({"on": "timer", "every_seconds": 60})),
        rule("button", json!({"on": "button", "label": "numbers"})),
    ]);
    live.happen(Body::Connect(Connect::default()));
    live.happen(Body::ViewerCount(ViewerCount { viewers: 41, ..ViewerCount::default() }));
    live.happen(like(5, 900));
    live.restart();
    live.now_ms += 60_000;
    let answers = [live.comment("hi"), live.tick(), live.signal(&Signal::Button { label: "numbers".into() })];
    for decided in answers {
        let [firing] = starts(&decided)[..] else { panic!("each of them fires once") };
        assert_eq!((firing.facts.total_likes, firing.facts.viewers), (Some(900), Some(41)), "{}", firing.origin);
    }
}

#[test]
fn rules_share_words_and_expressions_and_each_gets_its_own() {
    let mut live = Live::new(vec![
        json!({"id": "one", "when": {"on": "keyword", "words": ["Moon", "blue moon"]}}),
        json!({"id": "two", "when": {"on": "keyword", "words": ["MOON"]}}),
        json!({"id": "three", "when": {"on": "regex", "pattern": r"moon (\w+)"}}),
        json!({"id": "four", "when": {"on": "regex", "pattern": r"moon$"}}),
        json!({"id": "five", "when": {"on": "regex", "pattern": r"^\W*(\w)"}}),
    ]);
    let decided = live.comment("the moon, the moon and the 🌙 moon rises");
    let found: Vec<_> = starts(&decided).iter().map(|it| (it.origin.to_string(), it.facts.matches.join(" "))).collect();
    let expected = [("one", "Moon"), ("two", "MOON"), ("three", "and"), ("five", "t")];
    assert_eq!(found, expected.map(|(rule, word)| (rule.to_owned(), word.to_owned())), "once each, in their order");
}
