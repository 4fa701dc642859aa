//! The frames that are sent, byte for byte.

use prost::Message;

use crate::{
    Str, outgoing,
    owned::{EnterRoom, Heartbeat, PushFrame},
};

const ROOM_ID: i64 = 7_123_456_789_012_345_678;

fn decode(bytes: &[u8]) -> PushFrame {
    PushFrame::decode(bytes).expect("what is sent is valid")
}

#[test]
fn a_heartbeat_carries_the_room_and_its_number() {
    let frame = decode(&outgoing::heartbeat(ROOM_ID, 3));
    assert_eq!((frame.payload_type.as_str(), frame.payload_encoding.as_str()), ("hb", "pb"), "type and encoding");
    let payload = Heartbeat::decode(frame.payload.as_slice()).expect("the payload is valid");
    assert_eq!(payload, Heartbeat { room_id: ROOM_ID, send_packet_seq_id: 3 }, "fields 1 and 2");
}

#[test]
fn entering_a_room_says_who_enters_and_how() {
    let frame = decode(&outgoing::enter_room(ROOM_ID));
    assert_eq!(frame.payload_type, "im_enter_room", "type");
    let payload = EnterRoom::decode(frame.payload.as_slice()).expect("the payload is valid");
    let expected = EnterRoom {
        room_id: ROOM_ID,
        live_id: 12,
        identity: "audience".into(),
        filter_welcome_msg: "0".into(),
        ..EnterRoom::default()
    };
    assert_eq!(payload, expected, "the web page's values");
}

#[test]
fn an_ack_echoes_id_and_text() {
    let frame = decode(&outgoing::ack(u64::MAX, Str::new(b"fetch_time:1|seq:1\xff")));
    assert_eq!(frame.log_id, u64::MAX, "the id of the frame it answers");
    assert_eq!(frame.payload, b"fetch_time:1|seq:1\xff", "the text byte for byte, valid UTF-8 or not");
    let frame = decode(&outgoing::ack(1, Str::default()));
    assert_eq!(frame.payload, b"-", "a dash when there is no text");
}
