//! Frames as they come over the socket, good and bad.

use libdeflater::{CompressionLvl, Compressor};
use prost::Message;

use crate::{
    FrameError, FrameReader, InflateError, Purpose,
    owned::{ChatMessage, Envelope, FetchResult, PushFrame},
    read,
};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut compressor = Compressor::new(CompressionLvl::default());
    let mut packed = vec![0; compressor.gzip_compress_bound(bytes.len())];
    let size = compressor.gzip_compress(bytes, &mut packed).expect("the buffer is large enough");
    packed.truncate(size);
    packed
}

fn envelope(content: &str, msg_id: i64) -> Envelope {
    let chat = ChatMessage { content: content.into(), ..ChatMessage::default() };
    let payload = chat.encode_to_vec();
    Envelope { method: "WebcastChatMessage".into(), payload, msg_id, ..Envelope::default() }
}

fn batch() -> FetchResult {
    FetchResult {
        messages: vec![envelope("one", 1), envelope("two", 2)],
        cursor: "c".into(),
        now_ms: 1_700_000_000_000,
        internal_ext: "ext".into(),
        need_ack: true,
        ..FetchResult::default()
    }
}

fn frame(payload_type: &str, payload: Vec<u8>) -> Vec<u8> {
    let frame = PushFrame { seq_id: 4, log_id: 5, payload_type: payload_type.into(), payload, ..PushFrame::default() };
    frame.encode_to_vec()
}

fn contents(batch: &crate::Batch<'_>) -> Vec<String> {
    let text = |payload| read::ChatMessage::read(payload, &mut Default::default()).content.to_str().into_owned();
    batch.messages().map(|(envelope, _)| text(envelope.payload)).collect()
}

#[test]
fn a_frame_yields_its_messages_packed_or_not() {
    for payload in [batch().encode_to_vec(), gzip(&batch().encode_to_vec())] {
        let bytes = frame("msg", payload);
        let mut reader = FrameReader::new();
        let batch = reader.read(&bytes).expect("the frame is sound");
        assert_eq!((batch.purpose, batch.seq_id, batch.log_id), (Purpose::Messages, 4, 5), "the frame's own fields");
        assert!(batch.result.need_ack, "field 9");
        assert_eq!(batch.result.internal_ext, "ext", "field 5");
        assert_eq!(batch.result.cursor, "c", "field 2");
        assert_eq!(batch.result.now_ms, 1_700_000_000_000, "field 4");
        assert_eq!(contents(&batch), ["one", "two"], "the messages in order");
        assert!(batch.faults.is_empty(), "nothing is wrong");
    }
}

#[test]
fn a_frame_tells_what_it_is_for() {
    let mut reader = FrameReader::new();
    for (payload_type, purpose) in [
        ("hb", Purpose::Heartbeat),
        ("im_enter_room_resp", Purpose::RoomEntered),
        ("ack", Purpose::Ack),
        ("close", Purpose::Close),
        ("new", Purpose::Other(crate::Str::new(b"new"))),
    ] {
        let bytes = frame(payload_type, b"\x1f\x8b not a batch".to_vec());
        let batch = reader.read(&bytes).expect("the payload of a control frame is left alone");
        assert_eq!(batch.purpose, purpose, "{payload_type}");
        assert_eq!(batch.messages().count(), 0, "{payload_type} has no messages");
    }
    let batch = reader.read(b"\x3a\x02hb").expect("a heartbeat of old clients is sound");
    assert_eq!(batch.purpose, Purpose::Heartbeat, "four bytes are enough");
}

#[test]
fn what_is_no_frame_is_refused_and_costs_the_next_one_nothing() {
    let mut reader = FrameReader::new();
    for bytes in [&b""[..], b"<html>Please wait</html>", b"{\"code\":1}", &[0xff; 64], &[0; 64]] {
        assert_eq!(reader.read(bytes), Err(FrameError::NotAFrame { size_bytes: bytes.len() }), "{bytes:02x?}");
    }
    let damaged = frame("msg", [&[0x1f, 0x8b][..], &[7; 40]].concat());
    let source = InflateError::Corrupt { size_bytes: 42 };
    assert_eq!(reader.read(&damaged), Err(FrameError::Payload { log_id: 5, source }), "a damaged payload is named");
    let bytes = frame("msg", gzip(&batch().encode_to_vec()));
    assert_eq!(contents(&reader.read(&bytes).expect("the frame is sound")), ["one", "two"], "the next one is read");
}

#[test]
fn one_broken_envelope_costs_no_other() {
    let good = envelope("one", 1).encode_to_vec();
    let broken = b"\x0a\x12WebcastChatMessage\x12\x7fcut".to_vec();
    let body = [&good, &broken, &good].map(|bytes| super::wire_bytes::bytes_field(1, bytes)).concat();
    let batch = crate::Batch::from_fetch_result(&body);
    let seen: Vec<_> = batch.messages().map(|(envelope, faults)| (envelope.msg_id, faults.broken)).collect();
    assert_eq!(seen, [(1, false), (0, true), (1, false)], "each has its own faults");
}

#[test]
fn a_batch_cut_short_keeps_its_whole_messages() {
    let body = batch().encode_to_vec();
    let second = body.windows(3).position(|window| window == b"two").expect("the second comment is there");
    let batch = crate::Batch::from_fetch_result(&body[..second]);
    assert!(batch.faults.broken, "the cut is noted");
    assert_eq!(contents(&batch), ["one"], "the first message is whole");
}

#[test]
fn a_batch_without_a_frame_is_read_packed_or_not() {
    let mut reader = FrameReader::new();
    for body in [batch().encode_to_vec(), gzip(&batch().encode_to_vec())] {
        let batch = reader.read_fetch_result(&body).expect("the body is sound");
        assert_eq!(contents(&batch), ["one", "two"], "the messages in order");
    }
}
