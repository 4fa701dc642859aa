//! Recorded traffic: every message reads as prost reads it, and nothing is lost.

use std::{fs, path::PathBuf};

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    Batch, FrameReader, Purpose,
    frames::Recording,
    oracle::{self, Verdict},
    wire::Faults,
};

fn recording(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/recordings/wire").join(name)
}

fn read_file(name: &str) -> Vec<u8> {
    let path = recording(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{} must be readable: {error}", path.display()))
}

/// Reads a message both ways, as the type its method names.
fn compare(method: &str, payload: &[u8]) -> Verdict {
    oracle::compare(method.strip_prefix("Webcast").unwrap_or(method), payload)
}

#[test]
fn every_recorded_message_reads_as_prost_reads_it() {
    let text = String::from_utf8(read_file("messages.jsonl")).expect("the file is text");
    let mut same = 0;
    let mut refused = Vec::new();
    for line in text.lines() {
        let line: serde_json::Value = serde_json::from_str(line).expect("each line is JSON");
        let method = line["type"].as_str().expect("each line has a type");
        let payload = STANDARD.decode(line["payload_b64"].as_str().expect("each line has a payload"));
        match compare(method, &payload.expect("the payload is base64")) {
            Verdict::Same => same += 1,
            Verdict::Refused => refused.push(method.to_owned()),
            Verdict::Limited => panic!("{method} has more elements than any real message"),
            Verdict::Different(text) => panic!("{method}: {text}"),
        }
    }
    refused.sort();
    refused.dedup();
    assert_eq!(refused, ["WebcastWeeklyRankRewardMessage"], "prost refuses only a type with another field 1");
    assert_eq!(same, 1_592 - 6, "all other lines are compared");
}

#[test]
fn every_recorded_frame_is_read_whole() {
    for (name, frames, messages) in [
        ("session-1.frames", 61, 746),
        ("session-2.frames", 18, 218),
        ("session-3.frames", 8, 105),
        ("session-4.frames", 5, 48),
        ("session-5.frames", 3, 33),
        ("session-6.frames", 60, 809),
        ("session-7.frames", 18, 200),
    ] {
        let bytes = read_file(name);
        let mut recording = Recording::new(bytes.as_slice());
        let mut reader = FrameReader::new();
        let (mut frames_seen, mut messages_seen) = (0, 0);
        while let Some(frame) = recording.next_frame() {
            let frame = frame.unwrap_or_else(|error| panic!("{name}: {error}"));
            let batch = reader.read(frame.bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!((batch.purpose, batch.result.need_ack), (Purpose::Messages, true), "{name}: as recorded");
            assert!(batch.faults.is_empty(), "{name}: nothing is wrong with the frame at {}", frame.offset);
            frames_seen += 1;
            messages_seen += check_messages(name, &batch);
        }
        assert_eq!((frames_seen, messages_seen), (frames, messages), "{name}: frames and messages");
    }
}

#[test]
fn a_recorded_batch_has_six_comments_of_history() {
    let body = read_file("batch-2026-08.pb");
    let batch = Batch::from_fetch_result(&body);
    assert!(batch.result.is_first, "it was the first of its connection");
    assert!(batch.faults.is_empty(), "nothing is wrong with it");
    assert_eq!(check_messages("batch-2026-08.pb", &batch), 13, "all of its messages");
    let is_old_comment = |method: &[u8], is_history| method == b"WebcastChatMessage" && is_history;
    let comments =
        batch.messages().filter(|(envelope, _)| is_old_comment(envelope.method.as_bytes(), envelope.is_history));
    assert_eq!(comments.count(), 6, "comments replayed after connecting");
}

/// Compares the messages of a batch and returns how many there are.
fn check_messages(name: &str, batch: &Batch<'_>) -> usize {
    let mut count = 0;
    for (envelope, faults) in batch.messages() {
        assert_eq!(faults, Faults::default(), "{name}: envelope {}", envelope.msg_id);
        if let Verdict::Different(text) = compare(&envelope.method.to_str(), envelope.payload) {
            panic!("{name}: {} {text}", envelope.method);
        }
        count += 1;
    }
    count
}
