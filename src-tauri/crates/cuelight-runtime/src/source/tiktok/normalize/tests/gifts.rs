//! Promises about gifts and treasure boxes.

use cuelight_core::event::{Body, EventType};
use webcast_proto::owned;

use super::{event, rose, viewer};

fn gift(sent: &owned::GiftMessage) -> cuelight_core::event::Gift {
    match event("WebcastGiftMessage", sent).body {
        Body::Gift(gift) => *gift,
        other => panic!("a gift became {other:?}"),
    }
}

#[test]
fn a_gift_goes_on_until_its_end_and_only_if_it_comes_in_combos() {
    #[track_caller]
    fn check(gift_type: i32, group_id: u64, repeat_end: i32, streakable: bool, streaking: bool) {
        let mut sent = rose();
        sent.gift.as_mut().expect("a rose has details").r#type = gift_type;
        let sent = owned::GiftMessage { group_id, repeat_end, ..sent };
        let gift = gift(&sent);
        let got = (gift.gift.streakable, gift.streaking);
        assert_eq!(got, (streakable, streaking), "type {gift_type}, combo {group_id}, end {repeat_end}");
    }
    check(1, 91, 0, true, true);
    check(1, 91, 1, true, false);
    check(2, 0, 0, false, false);
    check(4, 0, 0, false, false);
    check(2, 91, 0, false, false);
    check(0, 91, 0, true, true);
    check(0, 0, 0, false, false);
}

#[test]
fn a_gift_tells_what_it_is_worth_so_far() {
    let gift = gift(&rose());
    assert_eq!((gift.repeat_count, gift.total_diamonds), (3, Some(3)), "three roses of one diamond");
    assert_eq!(gift.group_id.expect("a combo has a number").as_str(), "91", "the combo's number");
}

#[test]
fn what_a_gift_does_not_say_is_not_invented() {
    let sent = owned::GiftMessage { gift: None, repeat_count: 0, group_id: 0, ..rose() };
    let gift = gift(&sent);
    assert_eq!(gift.repeat_count, 1, "a gift is at least one");
    assert_eq!(
        (gift.gift.name, gift.gift.diamond_count, gift.total_diamonds),
        (None, None, None),
        "the catalogue may know"
    );
    assert_eq!((gift.gift.gift_type, gift.gift.streakable), (None, false), "without a combo's number it is none");
    assert_eq!(gift.group_id, None, "0 is no combo");
}

#[test]
fn a_gift_names_its_receiver_where_that_is_not_the_streamer() {
    #[track_caller]
    fn check(sent: &owned::GiftMessage, anchor_id: i64, receiver: Option<(&str, &str)>) {
        let monitor_info = owned::GiftMonitorInfo { anchor_id, ..sent.monitor_info.unwrap_or_default() };
        let gift = gift(&owned::GiftMessage { monitor_info: Some(monitor_info), ..sent.clone() });
        let got = gift.to_user.as_ref().map(|to| (to.user_id.as_str(), to.nickname.as_str()));
        assert_eq!(got, receiver, "streamer {anchor_id}");
    }
    let to = |to_user: i64| owned::GiftMonitorInfo { to_user_id: to_user, ..owned::GiftMonitorInfo::default() };
    check(&owned::GiftMessage { monitor_info: Some(to(50)), ..rose() }, 50, None);
    check(&owned::GiftMessage { monitor_info: Some(to(60)), ..rose() }, 50, Some(("60", "")));
    check(
        &owned::GiftMessage { to_user: Some(viewer()), monitor_info: Some(to(7_001)), ..rose() },
        50,
        Some(("7001", "Mia Draws")),
    );
    check(&owned::GiftMessage { to_user: Some(viewer()), ..rose() }, 7_001, None);
    let member = owned::GiftMessage { to_member_id: "61".into(), to_member_nickname: "Guest".into(), ..rose() };
    check(&member, 50, Some(("61", "Guest")));
    check(&owned::GiftMessage { to_user: Some(owned::User::default()), ..rose() }, 50, None);
}

#[test]
fn a_treasure_box_is_told_once_and_a_super_fans_box_as_such() {
    #[track_caller]
    fn check(display: i32, business_type: i32, expected: EventType) {
        let info = owned::EnvelopeInfo {
            business_type,
            send_user_name: "luna.plays".into(),
            diamond_count: 55,
            send_user_id: "7002".into(),
            ..Default::default()
        };
        let sent = owned::EnvelopeMessage { envelope_info: Some(info), display, ..Default::default() };
        let event = event("WebcastEnvelopeMessage", &sent);
        assert_eq!(event.event_type(), expected, "display {display}, kind {business_type}");
        if let Body::Envelope(envelope) = event.body {
            assert_eq!((envelope.diamonds, envelope.user.unique_id.as_str()), (55, "luna.plays"), "what and by whom");
        }
    }
    check(1, 1, EventType::Envelope);
    check(2, 1, EventType::Unknown);
    check(1, 19, EventType::SuperFan);
}
