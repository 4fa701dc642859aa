//! Frames as they were captured and as they should not be, and what becomes of them.

use cuelight_core::event::EventType;
use serde_json::json;

use super::*;

const NOW_MS: i64 = 1_790_000_000_000;

/// The frame of an event by one viewer, with more fields.
fn by_rosa(event: &str, more: Value) -> Value {
    let mut data = json!({
        "userId": "7350000000000000001", "secUid": "MS4w", "uniqueId": "rosa.paints", "nickname": "Rosa 🎨",
        "profilePictureUrl": "https://pictures.invalid/rosa.webp", "followRole": 1,
        "userBadges": [{ "type": "privilege", "level": 23, "badgeSceneType": 8 }], "userSceneTypes": [8],
        "userDetails": { "createTime": "0", "bioDescription": "all the colours", "profilePictureUrls": [] },
        "followInfo": { "followingCount": 111, "followerCount": 940, "followStatus": 0, "pushStatus": 0 },
        "isModerator": false, "isNewGifter": false, "isSubscriber": true,
        "topGifterRank": 0, "gifterLevel": 23, "teamMemberLevel": 0,
        "msgId": "7515589486609222446", "createTime": "1789999999679",
        "tikfinityUserId": 1888822, "tikfinityUsername": "luna.plays",
    });
    let object = data.as_object_mut().expect("an object");
    object.extend(more.as_object().expect("an object").clone());
    json!({ "event": event, "data": data })
}

fn only_event(frame: &Value) -> Event {
    let mut read = read(&frame.to_string(), NOW_MS);
    assert!(read.batch.faults.is_empty(), "{frame} is sound");
    assert_eq!(read.batch.events.len(), 1, "{frame} is one event");
    read.batch.events.remove(0)
}

#[test]
fn a_comment_is_told_with_everything_that_is_known_of_its_viewer() {
    let emote = json!({ "placeInComment": 5, "emoteId": "e1", "emoteImageUrl": "https://pictures.invalid/e1.webp" });
    let frame = by_rosa("chat", json!({ "comment": "hello luna", "emotes": [emote] }));
    let read_frame = read(&frame.to_string(), NOW_MS);
    assert_eq!(read_frame.streamer.as_deref(), Some("luna.plays"), "whose live it is");
    let event = only_event(&frame);
    let Body::Comment(comment) = &event.body else { panic!("a comment, not {event:?}") };
    let expected = User {
        unique_id: "rosa.paints".into(),
        nickname: "Rosa 🎨".into(),
        user_id: UserId::new("7350000000000000001"),
        profile_picture: Some("https://pictures.invalid/rosa.webp".into()),
        signature: Some("all the colours".into()),
        follow_role: Some(1),
        is_moderator: Some(false),
        is_subscriber: Some(true),
        team_level: None,
        gifter_level: Some(23),
        top_gifter_rank: None,
        is_host: false,
    };
    assert_eq!(comment.user, expected, "levels and ranks of 0 are none");
    assert_eq!((comment.comment.as_str(), comment.emotes[0].index), ("hello luna", 5), "text and emote");
    assert_eq!(event.stamp.msg_id, Some(MsgId::new("7515589486609222446")), "so that a repetition is recognised");
    assert_eq!(event.stamp.timestamp, Timestamp::from_ms(1_789_999_999_679), "TikTok's own time");
}

#[test]
fn a_combo_goes_on_until_its_end_and_a_single_gift_never_does() {
    let check = |more: Value, streaking: bool, repeat_count: u32| {
        let mut fields = json!({
            "giftId": 5655, "giftName": "Rose", "giftType": 1, "diamondCount": 1, "repeatCount": 3, "repeatEnd": false,
            "groupId": "1789999990000", "describe": "sent Rose", "giftPictureUrl": "https://pictures.invalid/rose.webp",
            "receiverUserId": "6800000000000000001",
            "gift": { "gift_id": 5655, "repeat_count": 3, "repeat_end": 0, "gift_type": 1 },
        });
        fields.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let event = only_event(&by_rosa("gift", fields));
        let Body::Gift(gift) = event.body else { panic!("a gift with {more}") };
        assert_eq!((gift.streaking, gift.repeat_count), (streaking, repeat_count), "with {more}");
        assert_eq!(gift.to_user, None, "a receiver may be the streamer, with {more}");
        gift
    };
    let rose = check(json!({}), true, 3);
    assert_eq!((rose.gift.id, rose.gift.name.as_deref()), (5655, Some("Rose")), "which gift");
    assert_eq!(rose.group_id, Some(GroupId::new("1789999990000")), "which combo");
    assert_eq!(rose.total_diamonds, Some(3), "what it is worth so far");
    check(json!({ "repeatEnd": true }), false, 3);
    check(json!({ "repeatEnd": 1 }), false, 3);
    check(json!({ "repeatEnd": null, "gift": { "repeat_end": 1 } }), false, 3);
    check(json!({ "giftType": 2 }), false, 3);
    check(json!({ "repeatCount": "7" }), true, 7);
    check(json!({ "repeatCount": null, "gift": {} }), true, 1);
    check(json!({ "repeatCount": -4, "gift": {} }), true, 1);
    check(json!({ "giftId": "5655" }), true, 3);
    let priceless = check(json!({ "diamondCount": 0, "groupId": 0 }), true, 3);
    assert_eq!((priceless.total_diamonds, priceless.group_id), (None, None), "0 is how it says that there is none");
}

#[test]
fn every_name_becomes_its_event() {
    let check = |frame: Value, expected: EventType| {
        assert_eq!(only_event(&frame).event_type(), expected, "{frame}");
    };
    check(by_rosa("like", json!({ "likeCount": 15, "totalLikeCount": 400 })), EventType::Like);
    check(by_rosa("member", json!({ "actionId": 1 })), EventType::Join);
    check(by_rosa("member", json!({})), EventType::Join);
    check(by_rosa("member", json!({ "actionId": 3 })), EventType::Moderation);
    check(by_rosa("follow", json!({})), EventType::Follow);
    check(by_rosa("share", json!({})), EventType::Share);
    check(by_rosa("social", json!({})), EventType::Social);
    check(by_rosa("subscribe", json!({ "subMonth": 2 })), EventType::Subscribe);
    check(
        by_rosa("emote", json!({ "emoteId": "e1", "emoteImageUrl": "https://pictures.invalid/e1" })),
        EventType::Emote,
    );
    check(by_rosa("envelope", json!({ "coins": 100, "canOpen": 1 })), EventType::Envelope);
    check(by_rosa("questionNew", json!({ "questionText": "which brush?" })), EventType::Question);
    check(by_rosa("liveIntro", json!({ "description": "welcome" })), EventType::LiveIntro);
    check(json!({ "event": "liveIntro", "data": { "description": "welcome" } }), EventType::LiveIntro);
    check(json!({ "event": "roomUser", "data": { "viewerCount": 312 } }), EventType::ViewerCount);
    check(json!({ "event": "linkMicBattle", "data": { "battleUsers": [] } }), EventType::Battle);
    check(json!({ "event": "linkMicArmies", "data": { "battleArmies": [] } }), EventType::Battle);
    check(json!({ "event": "streamEnd", "data": { "action": 3 } }), EventType::LiveEnd);
    check(json!({ "event": "fireworks", "data": { "colour": "red" } }), EventType::Unknown);
}

#[test]
fn numbers_of_a_room_and_of_a_match_are_taken() {
    let viewer = json!({ "uniqueId": "rosa.paints", "userId": "71" });
    let count =
        json!({ "viewerCount": "312", "topViewers": [{ "user": viewer, "coinCount": 500 }, { "coinCount": 3 }] });
    let Body::ViewerCount(count) = only_event(&json!({ "event": "roomUser", "data": count })).body else { panic!() };
    assert_eq!((count.viewers, count.top_viewers.len()), (312, 1), "a place without a person is none");
    assert_eq!(count.top_viewers[0].diamonds, 500, "what that viewer gave");

    let armies = json!({ "battleArmies": [{ "hostUserId": "68", "points": 120 }, { "points": 7 }] });
    let Body::Battle(battle) = only_event(&json!({ "event": "linkMicArmies", "data": armies })).body else { panic!() };
    assert_eq!((battle.sides.len(), battle.sides[0].points), (1, 120), "a side without a streamer is none");
}

#[test]
fn what_tikfinity_says_of_itself_is_no_event() {
    for name in ["config", "connected", "disconnected"] {
        let read = read(&json!({ "event": name, "data": { "events": [] } }).to_string(), NOW_MS);
        assert!(read.batch.events.is_empty() && read.batch.faults.is_empty(), "{name}");
    }
}

#[test]
fn what_lacks_its_viewer_or_its_gift_is_unknown() {
    let check = |frame: Value| {
        let event = only_event(&frame);
        let Body::Unknown(unknown) = &event.body else { panic!("{frame} became {event:?}") };
        assert_eq!(unknown.method, frame["event"].as_str().expect("a name"), "under TikFinity's name");
    };
    check(json!({ "event": "chat", "data": { "comment": "hello" } }));
    check(json!({ "event": "chat", "data": null }));
    check(json!({ "event": "like" }));
    check(by_rosa("gift", json!({ "repeatCount": 3 })));
    check(by_rosa("gift", json!({ "giftId": 0 })));
    check(by_rosa("gift", json!({ "giftId": [5655] })));
}

#[test]
fn odd_values_cost_only_themselves() {
    let odd = json!({
        "userId": 7350000000000000001_i64, "nickname": null, "followRole": 9, "isModerator": "true", "isSubscriber": {},
        "gifterLevel": "x", "createTime": "yesterday", "msgId": null, "profilePictureUrl": 7,
        "userDetails": { "profilePictureUrls": [3, "", "https://pictures.invalid/second.webp"] },
    });
    let event = only_event(&by_rosa("follow", odd));
    let user = event.user().expect("a viewer");
    assert_eq!(user.user_id.as_str(), "7350000000000000001", "an id that came as a number, with all its digits");
    assert_eq!(user.nickname, "rosa.paints", "the handle where no name was sent");
    assert_eq!((user.follow_role, user.is_moderator, user.is_subscriber), (None, Some(true), None), "told or not told");
    assert_eq!(user.gifter_level, None, "no number is no level");
    assert_eq!(user.profile_picture.as_deref(), Some("https://pictures.invalid/second.webp"), "the first that is one");
    assert_eq!(event.stamp.msg_id, None, "no number, none invented");
    assert_eq!(event.stamp.timestamp, Timestamp::from_ms(NOW_MS), "the time of arrival stands in");
}

#[test]
fn the_streamer_among_the_viewers_is_known_as_such() {
    let event = only_event(&by_rosa("chat", json!({ "uniqueId": "Luna.Plays", "comment": "hi all" })));
    assert!(event.user().expect("a viewer").is_host, "the handle is that of the live");
}

#[test]
fn a_frame_that_is_none_is_kept_as_a_fault() {
    for text in ["", "{", "[1]", "7", r#"{"data":{}}"#, r#"{"event":7}"#] {
        let read = read(text, NOW_MS);
        assert!(read.batch.events.is_empty(), "{text:?} tells nothing");
        assert_eq!(read.batch.faults.len(), 1, "{text:?} is kept");
    }
}

#[test]
fn an_endless_name_is_cut() {
    let event = only_event(&json!({ "event": "ñ".repeat(500) }));
    let Body::Unknown(unknown) = event.body else { panic!("unknown") };
    assert_eq!(unknown.method.len(), NAME_BYTES, "memory is bounded whatever comes");
}
