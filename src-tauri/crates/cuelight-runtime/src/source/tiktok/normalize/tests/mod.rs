//! Promises of normalising, one message at a time.

mod faults;
mod gifts;
mod people;

use cuelight_core::event::{Body, Event, EventType, Progress, SuperFanKind};
use prost::Message;
use webcast_proto::{Faults, Str, owned};

use super::{Arrival, Normalized, message};

const ARRIVED_MS: i64 = 1_768_210_200_123;

fn normalized(method: &str, payload: &[u8]) -> Normalized {
    let arrival = Arrival { received_ms: ARRIVED_MS, ..Arrival::default() };
    message(Str::new(method.as_bytes()), payload, arrival, Faults::default())
}

fn event(method: &str, sent: &impl Message) -> Event {
    let normalized = normalized(method, &sent.encode_to_vec());
    assert_eq!(normalized.fault, None, "a sound message has no fault");
    normalized.event
}

fn viewer() -> owned::User {
    owned::User { id: 7_001, nickname: "Mia Draws".into(), display_id: "mia_draws".into(), ..owned::User::default() }
}

fn rose() -> owned::GiftMessage {
    let gift = owned::Gift { id: 5655, name: "Rose".into(), r#type: 1, diamond_count: 1, ..owned::Gift::default() };
    owned::GiftMessage {
        gift_id: 5655,
        repeat_count: 3,
        user: Some(viewer()),
        group_id: 91,
        gift: Some(gift),
        ..owned::GiftMessage::default()
    }
}

#[test]
fn a_method_is_known_with_and_without_its_first_word() {
    let sent = owned::RoomMessage { content: "Welcome".into(), ..owned::RoomMessage::default() };
    for method in ["WebcastRoomMessage", "RoomMessage"] {
        assert_eq!(event(method, &sent).event_type(), EventType::RoomMessage, "{method} comes in both spellings");
    }
}

#[test]
fn what_nobody_knows_is_unknown_under_its_own_name() {
    let normalized = normalized("WebcastSomethingNew", &[0x0a, 0x02, 0x10, 0x05, 0x18, 0x01]);
    let Body::Unknown(unknown) = &normalized.event.body else { panic!("{:?}", normalized.event) };
    assert_eq!((unknown.method.as_str(), unknown.size), ("WebcastSomethingNew", 6), "seen and measured");
    assert_eq!(normalized.event.stamp.msg_id.expect("ids are read all the same").as_str(), "5", "for duplicates");
    assert_eq!(normalized.fault, None, "new is not broken");
}

#[test]
fn follow_and_share_are_told_by_the_key_then_by_the_action() {
    #[track_caller]
    fn check(key: &str, action: i64, expected: EventType) {
        let common = owned::Common { display_text: Some(owned::TextKey { key: key.into() }), ..Default::default() };
        let sent = owned::SocialMessage { common: Some(common), user: Some(viewer()), action, ..Default::default() };
        assert_eq!(event("WebcastSocialMessage", &sent).event_type(), expected, "key {key:?}, action {action}");
    }
    check("pm_main_follow_message_viewer_2", 1, EventType::Follow);
    check("pm_mt_guidance_share", 3, EventType::Share);
    check("pm_mt_guidance_viewer_5_share", 1, EventType::Share);
    check("pm_main_follow_message_viewer_2", 3, EventType::Follow);
    check("", 1, EventType::Follow);
    check("pm_something_else", 4, EventType::Share);
    check("", 0, EventType::Social);
    check("pm_something_else", 9, EventType::Social);
}

#[test]
fn the_time_is_the_messages_own_in_whichever_unit_it_came() {
    #[track_caller]
    fn check(create_time: i64, expected: &str) {
        let common = owned::Common { create_time, ..owned::Common::default() };
        let sent = owned::RoomMessage { common: Some(common), content: "Welcome".into() };
        assert_eq!(event("RoomMessage", &sent).stamp.timestamp.to_string(), expected, "{create_time}");
    }
    check(1_697_628_941_537, "2023-10-18T11:35:41.537000");
    check(1_697_628_941, "2023-10-18T11:35:41.000000");
    check(0, "2026-01-12T09:30:00.123000");
    check(-1, "2026-01-12T09:30:00.123000");
    check(i64::MAX, "2026-01-12T09:30:00.123000");
}

#[test]
fn the_envelopes_id_goes_before_the_messages_own() {
    let common = owned::Common { msg_id: 11, room_id: 22, ..owned::Common::default() };
    let payload = owned::RoomMessage { common: Some(common), content: "Welcome".into() }.encode_to_vec();
    let id = |msg_id| {
        let arrival = Arrival { msg_id, is_history: true, received_ms: ARRIVED_MS };
        let normalized = message(Str::new(b"RoomMessage"), &payload, arrival, Faults::default());
        assert!(normalized.event.stamp.history, "history is what the envelope says");
        assert_eq!(normalized.room, 22, "for the connect event");
        normalized.event.stamp.msg_id.expect("an id").to_string()
    };
    assert_eq!((id(33), id(0)), ("33".to_owned(), "11".to_owned()), "duplicates are told by the envelope");
}

#[test]
fn the_live_pauses_goes_on_and_ends_by_its_control_message() {
    #[track_caller]
    fn check(action: i32, expected: EventType, reason: Option<&str>) {
        let event = event("WebcastControlMessage", &owned::ControlMessage { action, ..Default::default() });
        assert_eq!(event.event_type(), expected, "action {action}");
        if let Body::LiveEnd(end) = event.body {
            assert_eq!(end.reason.as_deref(), reason, "action {action}");
        }
    }
    check(1, EventType::LivePause, None);
    check(2, EventType::LiveResume, None);
    check(3, EventType::LiveEnd, Some("ended"));
    check(4, EventType::LiveEnd, Some("suspended"));
    check(0, EventType::Unknown, None);
}

#[test]
fn only_the_first_member_action_is_a_join() {
    let member = |action| owned::MemberMessage { user: Some(viewer()), action, ..Default::default() };
    assert_eq!(event("WebcastMemberMessage", &member(1)).event_type(), EventType::Join, "somebody came");
    let Body::Moderation(moderation) = event("WebcastMemberMessage", &member(3)).body else { panic!("a mute") };
    assert_eq!(moderation.action, 3, "not a subscription, whatever old tables say");
}

#[test]
fn only_a_success_is_a_subscription() {
    #[track_caller]
    fn check(message_type: i32, subscribing_status: i32, expected: EventType) {
        let sent = owned::SubNotifyMessage {
            user: Some(viewer()),
            sub_month: 3,
            message_type,
            subscribing_status,
            ..Default::default()
        };
        let event = event("WebcastSubNotifyMessage", &sent);
        assert_eq!(event.event_type(), expected, "kind {message_type}, status {subscribing_status}");
    }
    check(0, 1, EventType::Subscribe);
    check(0, 0, EventType::Subscribe);
    check(2, 1, EventType::Unknown);
    check(0, 3, EventType::Unknown);
    check(0, 4, EventType::Unknown);
}

#[test]
fn banners_tell_levels_and_super_fans_by_kind_and_key() {
    let text =
        |key: &str| Some(owned::Text { key: key.into(), default_pattern: "joined".into(), ..Default::default() });
    let barrage =
        |msg_type, content| owned::BarrageMessage { msg_type, content, user: Some(viewer()), ..Default::default() };
    let grade = Some(owned::BarrageUserGrade { current_grade: 25, user: Some(viewer()) });

    let risen = owned::BarrageMessage { user_grade_param: grade.clone(), ..barrage(8, text("pm_mt_alp_upgrade")) };
    let Body::LevelUp(level_up) = event("WebcastBarrageMessage", &risen).body else { panic!("a level") };
    assert_eq!((level_up.level, level_up.user.unique_id.as_str()), (25, "mia_draws"), "who rose, and how high");

    let entered = owned::BarrageMessage { user_grade_param: grade, user: None, ..barrage(9, text("pm_mt_alp_join")) };
    let Body::Barrage(notice) = event("WebcastBarrageMessage", &entered).body else { panic!("a banner") };
    assert_eq!(notice.text, "joined", "coming in with a level is only a banner");
    assert_eq!(notice.user.expect("somebody came in").unique_id, "mia_draws", "named by the level's own field");

    for (key, kind) in [
        ("ttlive_superFan_commentNotif_superFanJoined", SuperFanKind::Joined),
        ("ttlive_superfanbox_sent", SuperFanKind::Box),
        ("ttlive_superFan_something", SuperFanKind::Comment),
    ] {
        let Body::SuperFan(news) = event("WebcastBarrageMessage", &barrage(100, text(key))).body else {
            panic!("{key}")
        };
        assert_eq!(news.kind, kind, "{key}");
    }
}

#[test]
fn a_battle_starts_and_ends_with_its_sides_and_their_points() {
    let host = |id| owned::BattleUserInfo {
        user: Some(owned::BattleBaseUserInfo { user_id: id, display_id: format!("host{id}"), ..Default::default() }),
    };
    let side = |key| owned::BattleUserEntry { key, value: Some(host(key)) };
    let result = |key, score| owned::BattleResultEntry {
        key,
        value: Some(owned::BattleResult { user_id: key, score, ..Default::default() }),
    };
    let battle = |action| owned::LinkMicBattle {
        action,
        anchors_info: vec![side(1), side(2)],
        battle_result: vec![result(2, 90), result(1, 120)],
        ..Default::default()
    };
    for (action, state) in [(4, Progress::Started), (5, Progress::Ended), (6, Progress::Ended)] {
        let Body::Battle(battle) = event("WebcastLinkMicBattle", &battle(action)).body else {
            panic!("action {action}")
        };
        assert_eq!(battle.state, state, "action {action}");
        let points: Vec<_> = battle.sides.iter().map(|side| (side.user.unique_id.as_str(), side.points)).collect();
        assert_eq!(points, [("host1", 120), ("host2", 90)], "points belong to whom they name, not to a place");
    }
    assert_eq!(event("WebcastLinkMicBattle", &battle(1)).event_type(), EventType::Unknown, "an invitation is no match");
}

#[test]
fn the_sides_of_a_running_battle_keep_their_order() {
    let side = |key, host_score| owned::BattleArmiesEntry {
        key,
        value: Some(owned::BattleUserArmies { host_score, ..Default::default() }),
    };
    let sent = owned::LinkMicArmies { armies: vec![side(9, 30), side(4, 70)], ..Default::default() };
    let Body::Battle(battle) = event("WebcastLinkMicArmies", &sent).body else { panic!("points") };
    let points: Vec<_> = battle.sides.iter().map(|side| (side.user.user_id.as_str(), side.points)).collect();
    assert_eq!(points, [("4", 70), ("9", 30)], "a map comes in any order, a score bar must not jump");
}

#[test]
fn a_pin_shows_the_message_within_it_whichever_field_it_is_in() {
    let chat = owned::ChatMessage { user: Some(viewer()), content: "read this".into(), ..Default::default() };
    let gift = rose().encode_to_vec();
    let pin = |action, method: &str| owned::RoomPinMessage { action, method: method.into(), ..Default::default() };
    let sent = owned::RoomPinMessage { chat_message: chat.encode_to_vec(), ..pin(1, "WebcastChatMessage") };
    let Body::Pin(pinned) = event("WebcastRoomPinMessage", &sent).body else { panic!("a pin") };
    assert_eq!(
        (pinned.comment.as_str(), pinned.user.unique_id.as_str()),
        ("read this", "mia_draws"),
        "text and author"
    );
    let newer = owned::RoomPinMessage { gift_message: gift.clone(), ..pin(2, "WebcastGiftMessage") };
    let older = owned::RoomPinMessage { chat_message: gift, ..pin(2, "WebcastGiftMessage") };
    for sent in [newer, older] {
        let Body::Unpin(pinned) = event("WebcastRoomPinMessage", &sent).body else { panic!("an unpin") };
        assert_eq!((pinned.comment.as_str(), pinned.user.unique_id.as_str()), ("", "mia_draws"), "a gift has no text");
    }
}

#[test]
fn sentences_are_filled_once_and_odd_ones_stay_readable() {
    #[track_caller]
    fn check(pattern: &str, expected: &str) {
        let user = owned::User { nickname: "{1:string}".into(), ..viewer() };
        let person = owned::TextPieceUser { user: Some(user) };
        let name = owned::TextPiecePattern { default_pattern: "Rose".into(), ..Default::default() };
        let gift = owned::TextPieceGift { gift_id: 5655, name_ref: Some(name) };
        let pieces = vec![
            owned::TextPiece { user_value: Some(person), ..Default::default() },
            owned::TextPiece { string_value: "x2".into(), ..Default::default() },
            owned::TextPiece { gift_value: Some(gift), ..Default::default() },
        ];
        let text = owned::Text { default_pattern: pattern.into(), pieces, ..Default::default() };
        let sent = owned::RankTextMessage { other_get_badge_msg: Some(text), ..Default::default() };
        let Body::Rank(notice) = event("WebcastRankTextMessage", &sent).body else { panic!("a rank") };
        assert_eq!(notice.text, expected, "{pattern}");
    }
    check("{0:user} sent {2:gift} {1:string}", "{1:string} sent Rose x2");
    check("no values", "no values");
    check("{7:string}!", "!");
    check("{ {0:user", "{ {0:user");
    check("{x:user} {}", "{x:user} {}");
}

#[test]
fn a_viewer_count_may_be_zero() {
    let Body::ViewerCount(count) = event("WebcastRoomUserSeqMessage", &owned::RoomUserSeqMessage::default()).body
    else {
        panic!("a viewer count")
    };
    assert_eq!((count.viewers, count.total_viewers), (0, 0), "an empty room is a room");
}
