use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::event::{
    Body, ByUser, Comment, Custom, EmoteChat, EmoteImage, Envelope, Event, Gift, GiftDetails, Goal, LevelKind, LevelUp,
    Like, LiveEnd, Notice, Question, Subscribe, ViewerCount,
};
use crate::limits::FOLDED_VIEWERS;
use crate::timestamp::Timestamp;
use crate::user::User;

const SESSION: SessionId = SessionId(12);

fn user(user_id: &str) -> User {
    User { user_id: UserId::new(user_id), unique_id: format!("@{user_id}").into(), ..User::default() }
}

fn facts_of(body: Body) -> Facts {
    Facts::of_event(&Event::own(body, Timestamp::default()), SESSION, "luna")
}

/// The compact form of the facts, without what all of them have in common.
fn check(body: Body, expected: Value) {
    let facts = facts_of(body);
    let event_type = facts.event_type;
    let mut written = serde_json::to_value(&facts).expect("facts are plain data");
    let object = written.as_object_mut().expect("facts are an object");
    assert_eq!(object.remove("session"), Some(json!(12)), "every event belongs to its session");
    assert_eq!(object.remove("creator"), Some(json!("luna")), "and to its streamer");
    assert_eq!(object.remove("event_type"), Some(json!(event_type)), "and has a type");
    object.remove("viewer");
    assert_eq!(written, expected, "of {event_type:?}: exactly what it tells, and nothing that it does not");
}

#[test]
fn each_event_tells_what_it_has_and_nothing_else() {
    check(Body::Comment(Comment { comment: "hi".into(), ..Comment::default() }), json!({"text": "hi"}));
    check(Body::Question(Question { question: "why?".into(), ..Question::default() }), json!({"text": "why?"}));
    check(Body::Barrage(Notice { text: "hear hear".into(), user: None }), json!({"text": "hear hear"}));
    check(Body::Like(Like { count: 7, total_likes: 900, ..Like::default() }), json!({"count": 7, "total_likes": 900}));
    check(Body::Subscribe(Subscribe { months: Some(3), ..Subscribe::default() }), json!({"months": 3}));
    check(Body::Subscribe(Subscribe::default()), json!({}));
    check(Body::ViewerCount(ViewerCount { viewers: 41, ..ViewerCount::default() }), json!({"viewers": 41}));
    check(Body::Envelope(Envelope { diamonds: 20, ..Envelope::default() }), json!({"diamonds": 20}));
    check(Body::Goal(Goal { progress: 4, target: 10, ..Goal::default() }), json!({"count": 4}));
    check(Body::LiveEnd(LiveEnd { reason: Some("ended".into()) }), json!({"text": "ended"}));
    check(Body::Follow(ByUser::default()), json!({}));
    let emotes = vec![EmoteImage { id: "e1".into(), image_url: Some("https://x/1".into()) }];
    check(
        Body::Emote(EmoteChat { emotes, ..EmoteChat::default() }),
        json!({"emote": {"id": "e1", "image_url": "https://x/1"}}),
    );
    let fields = json!({"lamp": 3}).as_object().cloned().expect("an object");
    check(Body::Custom(Custom { name: "lights".into(), fields }), json!({"fields": {"lamp": 3}}));
}

#[test]
fn a_gift_tells_the_whole_combo() {
    let details = GiftDetails { id: 5655, name: Some("Rose".into()), diamond_count: Some(1), ..GiftDetails::default() };
    let gift = Gift { gift: details, repeat_count: 22, total_diamonds: Some(22), ..Gift::default() };
    check(
        Body::Gift(Box::new(gift)),
        json!({"gift": {"id": 5655, "name": "Rose", "diamond_count": 1}, "count": 22, "diamonds": 22}),
    );
    check(
        Body::Gift(Box::new(Gift { repeat_count: 1, ..Gift::default() })),
        json!({"gift": {"id": 0, "name": "Unknown gift"}, "count": 1}),
    );
}

#[test]
fn a_level_reached_replaces_the_level_of_the_badge() {
    let mia = User { team_level: Some(4), gifter_level: Some(9), ..user("1") };
    let viewer = facts_of(Body::LevelUp(LevelUp { user: mia, kind: LevelKind::Team, level: 5 })).viewer;
    let levels = viewer.map(|it| (it.team_level, it.gifter_level));
    assert_eq!(levels, Some((Some(5), Some(9))), "the ladder it is about, and only that");
}

fn gift_of(user_id: &str, count: u32, diamonds: Option<u64>) -> Facts {
    let gift = Gift { user: user(user_id), repeat_count: count, total_diamonds: diamonds, ..Gift::default() };
    facts_of(Body::Gift(Box::new(gift)))
}

fn comment_of(user_id: &str, text: &str) -> Facts {
    facts_of(Body::Comment(Comment { user: user(user_id), comment: text.into(), ..Comment::default() }))
}

#[test]
fn folding_adds_counts_and_diamonds_and_keeps_the_first_name() {
    let mut facts = gift_of("1", 3, Some(3));
    facts.fold(&gift_of("2", 5, None));
    facts.fold(&gift_of("1", 2, Some(20)));
    assert_eq!((facts.count, facts.diamonds), (Some(10), Some(23)), "an unknown price adds nothing");
    assert_eq!(facts.viewer.map(|it| it.user_id), Some(UserId::new("1")), "whoever came first is named");
    assert_eq!(facts.others, [UserId::new("2")], "the first viewer again is not one more");
}

#[test]
fn folded_comments_are_counted_one_by_one() {
    let mut facts = comment_of("1", "first");
    facts.fold(&comment_of("2", "second"));
    let mut later = comment_of("3", "third");
    later.fold(&comment_of("2", "fourth"));
    facts.fold(&later);
    assert_eq!(facts.count, Some(4), "1 + 1, and what was folded already counts as what it is");
    assert_eq!(facts.text.as_deref(), Some("first"), "the words of the first");
    assert_eq!(facts.others, [UserId::new("2"), UserId::new("3")], "each further viewer once");
}

#[test]
fn the_viewers_remembered_are_bounded_and_nobody_nameless_is_one() {
    let mut facts = comment_of("first", "");
    for number in 0..FOLDED_VIEWERS * 2 {
        facts.fold(&comment_of(&number.to_string(), ""));
        facts.fold(&facts_of(Body::Comment(Comment::default())));
    }
    assert_eq!(facts.others.len(), FOLDED_VIEWERS, "a raid must not fill the row");
    assert!(!facts.others.contains(&UserId::new("")), "somebody without an id cannot be told from others");
    assert_eq!(facts.count, Some(1 + 4 * FOLDED_VIEWERS as u64), "but all are counted");
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let viewer = proptest::option::of((".{0,12}", ".{0,12}", proptest::option::of(0u8..3), any::<Option<u32>>()));
    let sums = (any::<Option<u64>>(), any::<Option<u64>>(), any::<Option<u64>>(), any::<Option<u32>>());
    let lists = (
        proptest::collection::vec(".{0,8}", 0..3),
        proptest::collection::vec("[0-9]{1,5}", 0..4),
        proptest::collection::btree_map("[a-z]{1,6}", any::<i64>(), 0..3),
        proptest::collection::btree_map("[a-z]{1,6}", ".{0,12}", 0..3),
    );
    (0..EventType::ALL.len(), viewer, sums, proptest::option::of(".{0,20}"), lists).prop_map(
        |(event_type, viewer, (count, diamonds, total_likes, months), text, (matches, others, fields, outputs))| {
            Facts {
                event_type: Some(EventType::ALL[event_type]),
                viewer: viewer.map(|(unique_id, nickname, follow_role, team_level)| ViewerFact {
                    unique_id: unique_id.into(),
                    nickname: nickname.into(),
                    follow_role,
                    team_level,
                    ..ViewerFact::default()
                }),
                others: others.into_iter().map(UserId::new).collect(),
                text,
                matches,
                count,
                diamonds,
                total_likes,
                months,
                fields: fields.into_iter().map(|(name, number)| (name, Value::from(number))).collect(),
                outputs,
                ..Facts::default()
            }
        },
    )
}

proptest! {
    #[test]
    fn facts_read_back_as_they_were_written(facts in any_facts()) {
        let written = serde_json::to_string(&facts).expect("facts are plain data");
        let read: Facts = serde_json::from_str(&written).expect("own form");
        prop_assert_eq!(read, facts);
    }

    #[test]
    fn folding_never_overflows_and_never_loses_a_count(mut facts in any_facts(), later in any_facts()) {
        let sum = facts.count.unwrap_or(1).saturating_add(later.count.unwrap_or(1));
        let others = facts.others.len();
        facts.fold(&later);
        prop_assert_eq!(facts.count, Some(sum));
        prop_assert!(facts.others.len() >= others && facts.others.len() <= FOLDED_VIEWERS.max(others));
    }
}

#[test]
fn nothing_known_takes_two_characters() {
    assert_eq!(serde_json::to_string(&Facts::default()).expect("plain data"), "{}", "rows hold only what is known");
}
