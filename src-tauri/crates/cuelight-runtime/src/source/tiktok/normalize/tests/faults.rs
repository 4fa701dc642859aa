//! Promises about broken, cut and random bytes.

use cuelight_core::event::{Body, Event, EventType};
use prost::Message;
use webcast_proto::owned;

use super::{normalized, rose, viewer};

#[test]
fn an_unknown_message_that_begins_otherwise_is_not_broken() {
    let normalized = normalized("WebcastSomethingNew", &[0x08, 0x05, 0x12, 0x01, 0xff]);
    assert_eq!(normalized.fault, None, "field 1 need not be the shared part");
    assert!(!normalized.event.stamp.damaged, "and what is inside a field is not ours to judge");
}

#[test]
fn a_damaged_message_says_what_could_be_read() {
    let mut payload =
        owned::ChatMessage { user: Some(viewer()), content: "hello".into(), ..Default::default() }.encode_to_vec();
    // Field 14 claims more bytes than there are.
    payload.extend([0x72, 0x20, b'e']);
    let normalized = normalized("WebcastChatMessage", &payload);
    let Body::Comment(comment) = &normalized.event.body else { panic!("{:?}", normalized.event) };
    assert_eq!(comment.comment, "hello", "the words came before the damage");
    assert!(normalized.event.stamp.damaged, "and the event says so");
    assert!(normalized.fault.is_some(), "and the bytes are to be kept");
}

#[test]
fn a_message_cut_before_what_matters_is_unknown_and_kept() {
    #[track_caller]
    fn check(method: &str, sent: &impl Message, field: u32) {
        let mut payload = sent.encode_to_vec();
        prost::encoding::encode_key(field, prost::encoding::WireType::LengthDelimited, &mut payload);
        payload.push(100);
        let normalized = normalized(method, &payload);
        assert_eq!(normalized.event.event_type(), EventType::Unknown, "{method} must not be guessed");
        assert!(normalized.fault.is_some(), "{method} is kept for inspection");
    }
    check("WebcastChatMessage", &owned::ChatMessage { user: Some(viewer()), ..Default::default() }, 3);
    check("WebcastMemberMessage", &owned::MemberMessage { user: Some(viewer()), ..Default::default() }, 9);
    check("WebcastGiftMessage", &owned::GiftMessage { gift_id: 5655, ..Default::default() }, 5);
    // Taken for a single gift, it would be counted beside the rest of its combo.
    check("WebcastGiftMessage", &owned::GiftMessage { group_id: 0, gift: None, ..rose() }, 11);
    check("WebcastGiftMessage", &owned::GiftMessage { group_id: 0, ..rose() }, 11);
    check("WebcastRoomUserSeqMessage", &owned::RoomUserSeqMessage::default(), 2);
    check("WebcastSocialMessage", &owned::SocialMessage::default(), 2);
}

#[test]
fn a_field_of_another_wire_type_is_left_out_and_noted() {
    let mut payload = rose().encode_to_vec();
    prost::encoding::string::encode(6, &"many".to_owned(), &mut payload);
    let normalized = normalized("WebcastGiftMessage", &payload);
    assert_eq!(normalized.event.event_type(), EventType::Gift, "one field costs no gift");
    assert!(normalized.fault.is_some(), "that TikTok changed a field is worth knowing");
}

proptest::proptest! {
    #[test]
    fn whatever_the_bytes_some_event_comes_out(
        method in 0..METHODS.len(),
        payload in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200),
    ) {
        let normalized = normalized(METHODS[method], &payload);
        let written = serde_json::to_string(&normalized.event).expect("every event can be written");
        let read: Event = serde_json::from_str(&written).expect("and read back");
        proptest::prop_assert_eq!(read.event_type(), normalized.event.event_type());
    }
}

const METHODS: &[&str] = &[
    "WebcastChatMessage",
    "WebcastGiftMessage",
    "WebcastLikeMessage",
    "WebcastMemberMessage",
    "WebcastSocialMessage",
    "WebcastRoomUserSeqMessage",
    "WebcastControlMessage",
    "WebcastEmoteChatMessage",
    "WebcastRoomPinMessage",
    "WebcastImDeleteMessage",
    "WebcastEnvelopeMessage",
    "WebcastSubNotifyMessage",
    "WebcastBarrageMessage",
    "WebcastQuestionNewMessage",
    "WebcastPollMessage",
    "WebcastGoalUpdateMessage",
    "WebcastLinkMicBattle",
    "WebcastLinkMicArmies",
    "WebcastRankUpdateMessage",
    "WebcastRankTextMessage",
    "WebcastOecLiveShoppingMessage",
    "WebcastCaptionMessage",
    "WebcastRoomMessage",
    "WebcastSystemMessage",
    "WebcastLiveIntroMessage",
    "WebcastSomethingNew",
];
