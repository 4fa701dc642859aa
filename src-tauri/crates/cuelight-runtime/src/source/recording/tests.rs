//! Promises of recordings, read from real files.

use std::io::Cursor;
use std::path::PathBuf;

use cuelight_core::event::{Body, EventType};
use prost::Message as _;
use tempfile::TempDir;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use webcast_proto::{frames, owned};

use super::Recording;
use super::entries::{Elements, Lines};
use crate::clock::Clock;
use crate::source::{Batch, EventSender, EventSource as _, SourceEnd, SourceError, SourceStatus};

/// A recording on disk.
struct OnDisk {
    folder: TempDir,
    path: PathBuf,
}

impl OnDisk {
    fn new(name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("the temporary folder takes a file");
        Self { folder, path }
    }

    /// Everything it gives, and how it ended.
    fn play(&self, user: Option<&str>) -> (Vec<Batch>, Result<SourceEnd, SourceError>) {
        let mut recording = match Recording::open(&self.path, user) {
            Ok(recording) => recording,
            Err(error) => return (Vec::new(), Err(error)),
        };
        assert!(!recording.is_live(), "a recording is never shed");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            let (inbox, mut deliveries) = mpsc::channel(2);
            let out = EventSender::new(inbox, watch::Sender::new(SourceStatus::Idle), Clock::manual(0));
            let receive = async {
                let mut batches = Vec::new();
                while let Some(delivery) = deliveries.recv().await {
                    batches.push(delivery.batch);
                }
                batches
            };
            let send = async move { recording.run(&out, &CancellationToken::new()).await };
            tokio::join!(receive, send)
        })
    }
}

fn types(batches: &[Batch]) -> Vec<EventType> {
    batches.iter().flat_map(|batch| &batch.events).map(|event| event.event_type()).collect()
}

fn faults(batches: &[Batch]) -> usize {
    batches.iter().map(|batch| batch.faults.len()).sum()
}

fn frame(room_id: i64, create_time: i64) -> Vec<u8> {
    let common = owned::Common { room_id, create_time, ..Default::default() };
    let user = owned::User { id: 7_001, display_id: "mia_draws".into(), ..Default::default() };
    let chat =
        owned::ChatMessage { common: Some(common), user: Some(user), content: "hi".into(), ..Default::default() };
    let envelope =
        owned::Envelope { method: "WebcastChatMessage".into(), payload: chat.encode_to_vec(), ..Default::default() };
    let batch = owned::FetchResult { messages: vec![envelope], ..Default::default() };
    let frame = owned::PushFrame { payload_type: "msg".into(), payload: batch.encode_to_vec(), ..Default::default() };
    frame.encode_to_vec()
}

fn frames_of(frames: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for frame in frames {
        frames::append(&mut bytes, frame).expect("a Vec takes everything");
    }
    bytes
}

const COMMENT: &str = r#"{"event_type":"comment","data":{"comment":"hi","timestamp":"2026-01-12T09:30:00.123456"}}"#;
const LIKE: &str = r#"{"event_type":"like","data":{"count":5,"timestamp":"2026-01-12T09:30:01.000000"}}"#;
const CONNECT: &str = r#"{"event_type":"connect","data":{"unique_id":"luna.plays","room_id":"7","timestamp":"2026-01-12T09:29:59.000000"}}"#;

#[test]
fn connect_comes_first_even_where_the_recording_has_none() {
    let (batches, end) = OnDisk::new("luna.jsonl", format!("{COMMENT}\n{LIKE}\n")).play(Some("mia_draws"));
    assert_eq!(end.expect("it can be read"), SourceEnd::Ended, "a recording ends");
    assert_eq!(types(&batches), [EventType::Connect, EventType::Comment, EventType::Like], "connect opens the session");
    let Body::Connect(connect) = &batches[0].events[0].body else { panic!("connect") };
    assert_eq!(connect.unique_id, "mia_draws", "whose live it is, was said");
    let (batches, _) = OnDisk::new("luna.jsonl", COMMENT).play(None);
    let Body::Connect(connect) = &batches[0].events[0].body else { panic!("connect") };
    assert_eq!(connect.unique_id, "luna", "else the file is named after them");
}

#[test]
fn a_recorded_connect_is_kept_as_it_is() {
    let (batches, _) = OnDisk::new("x.jsonl", format!("{CONNECT}\n{COMMENT}\n")).play(Some("mia_draws"));
    assert_eq!(types(&batches), [EventType::Connect, EventType::Comment], "one connect is enough");
    let Body::Connect(connect) = &batches[0].events[0].body else { panic!("connect") };
    assert_eq!((connect.unique_id.as_str(), connect.room_id.as_str()), ("luna.plays", "7"), "the recording knows best");
}

#[test]
fn the_saved_array_plays_like_lines() {
    let pretty = format!("[\n  {CONNECT},\n  {COMMENT},\n  {LIKE}\n]\n");
    let (batches, end) = OnDisk::new("livestream_events.json", pretty).play(None);
    assert!(end.is_ok(), "our own file can be read");
    assert_eq!(types(&batches), [EventType::Connect, EventType::Comment, EventType::Like], "in its order");
}

#[test]
fn a_broken_entry_costs_no_other() {
    let lines = format!("{COMMENT}\nnot json\n\n{{\"event_type\":7}}\n\u{feff}{LIKE}");
    let array = format!("[{COMMENT}, {{broken}}, 7, {LIKE}]");
    let mut wire = frames_of(&[frame(55, 1_768_210_200_123), b"\xff\xff\xff".to_vec(), frame(55, 1_768_210_200_124)]);
    wire.extend([9, 9]);
    for (name, bytes, broken, kinds) in [
        ("x.jsonl", lines.into_bytes(), 2, [EventType::Connect, EventType::Comment, EventType::Like]),
        ("x.json", array.into_bytes(), 2, [EventType::Connect, EventType::Comment, EventType::Like]),
        ("x.frames", wire, 2, [EventType::Connect, EventType::Comment, EventType::Comment]),
    ] {
        let (batches, end) = OnDisk::new(name, bytes).play(None);
        assert!(end.is_ok(), "{name} is played to its end");
        assert_eq!(types(&batches), kinds, "{name}: what is sound is there");
        assert_eq!(faults(&batches), broken, "{name}: what is not is kept as a fault");
    }
}

#[test]
fn a_fault_before_the_first_event_comes_after_connect() {
    let (batches, _) = OnDisk::new("x.jsonl", format!("not json\n{COMMENT}\n")).play(None);
    assert!(matches!(batches[0].events[0].body, Body::Connect(_)), "nothing goes before connect");
    assert_eq!((faults(&batches), types(&batches).len()), (1, 2), "and nothing is lost");
}

#[test]
fn wire_bytes_live_in_their_own_time_which_never_goes_back() {
    let times = [1_768_210_200_500, 1_768_210_200_100, 0, 1_768_210_201_000];
    let bytes = frames_of(&times.map(|create_time| frame(55, create_time)));
    let (batches, _) = OnDisk::new("x.frames", bytes).play(None);
    let received: Vec<i64> = batches.iter().map(|batch| batch.received_ms - 1_768_210_200_000).collect();
    assert_eq!(received, [500, 500, 500, 500, 1_000], "the newest time any message has named");
    let Body::Connect(connect) = &batches[0].events[0].body else { panic!("connect") };
    assert_eq!(connect.room_id.as_str(), "55", "the room that the first message names");
    assert_eq!(batches[2].events[0].stamp.timestamp.as_ms(), 1_768_210_200_100, "each event keeps its own time");
    assert_eq!(batches[3].events[0].stamp.timestamp.as_ms(), 1_768_210_200_500, "and without one has the newest");
}

#[test]
fn events_live_in_their_own_time_too() {
    let (batches, _) = OnDisk::new("x.jsonl", format!("{LIKE}\n{COMMENT}\n")).play(None);
    let received: Vec<i64> = batches.iter().map(|batch| batch.received_ms).collect();
    assert_eq!(received, [1_768_210_201_000; 3], "combos end by the recording's clock");
}

#[test]
fn the_form_is_told_by_the_content_where_the_name_says_nothing() {
    let wire = frames_of(&[frame(55, 1_768_210_200_123)]);
    for (name, bytes) in [("a", COMMENT.as_bytes()), ("b.txt", format!(" [{COMMENT}]").as_bytes()), ("c.bin", &wire)] {
        let (batches, end) = OnDisk::new(name, bytes).play(None);
        assert!(end.is_ok(), "{name}: {end:?}");
        assert_eq!(types(&batches), [EventType::Connect, EventType::Comment], "{name}");
    }
}

#[test]
fn what_is_no_recording_is_refused_with_a_sentence() {
    let junk: Vec<u8> = (0..5_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for (name, bytes, sentence) in [
        ("x.jsonl", b"".as_slice(), "it is empty"),
        ("x.jsonl", b"\n\n", "it holds no event"),
        ("x.json", b"[]", "it holds no event"),
        ("x.json", b"\"events\"", "neither an array"),
        ("x.jsonl", b"{\"type\":\"WebcastChatMessage\",\"payload_b64\":\"\"}", "missing field `event_type`"),
        ("x.jsonl", &[b'x'; 300], "it holds no event; line 1: expected value"),
        ("x.jsonl", &b"nonsense\n".repeat(1_000), "line 1"),
        ("x.frames", &junk, "more than the limit"),
        ("junk", &junk, "it holds no event; frame at byte 0"),
        ("x.frames", b"\x10\x00\x00\x00cut", "ends within the frame"),
    ] {
        let (batches, end) = OnDisk::new(name, bytes).play(None);
        let error = end.expect_err("this is no recording");
        assert!(matches!(error, SourceError::Unreadable { .. }), "{name}: {error}");
        assert!(error.to_string().contains(sentence), "{name} said {error}, not {sentence}");
        assert!(batches.is_empty(), "{name}: no session is opened for nothing");
    }
}

#[test]
fn a_directory_and_a_missing_file_are_refused() {
    let there = OnDisk::new("x.jsonl", COMMENT);
    let directory = Recording::open(there.folder.path(), None).expect_err("a directory is no recording");
    assert!(directory.to_string().contains("it is a directory"), "{directory}");
    let missing = Recording::open(&there.path.with_extension("gone"), None).expect_err("it is not there");
    assert!(missing.to_string().contains("No such file"), "{missing}");
}

#[test]
fn a_stopped_recording_stops_at_once() {
    let on_disk = OnDisk::new("x.jsonl", format!("{COMMENT}\n").repeat(1_000));
    let mut recording = Recording::open(&on_disk.path, None).expect("it can be read");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let end = runtime.block_on(async {
        // Nobody takes anything, so only the word to stop ends the wait.
        let (inbox, _full) = mpsc::channel(1);
        let out = EventSender::new(inbox, watch::Sender::new(SourceStatus::Idle), Clock::manual(0));
        let cancel = CancellationToken::new();
        let stop = async { cancel.cancel() };
        let (end, ()) = tokio::join!(recording.run(&out, &cancel), stop);
        end
    });
    assert_eq!(end.expect("stopping is no failure"), SourceEnd::Stopped, "we stopped it");
}

#[test]
fn a_giant_line_is_skipped_without_being_held() {
    let text = format!("short\n{}\nnext\n", "x".repeat(1_000));
    let mut lines = Lines::new(Cursor::new(text), 100);
    let seen: Vec<(String, u64, usize, bool)> = std::iter::from_fn(|| {
        lines.next_entry().map(|entry| (entry.place.clone(), entry.offset, entry.bytes.len(), entry.problem.is_some()))
    })
    .collect();
    let expected = [
        ("line 1".to_owned(), 0, 5, false),
        ("line 2".to_owned(), 6, 100, true),
        ("line 3".to_owned(), 1_007, 4, false),
    ];
    assert_eq!(seen, expected, "at most the bound is held, and the next line is found");
}

#[test]
fn elements_are_told_apart_by_brackets_outside_of_texts() {
    #[track_caller]
    fn check(array: &str, expected: &[(&str, bool)]) {
        let mut elements = Elements::new(Cursor::new(array), 60);
        let seen: Vec<(String, bool)> = std::iter::from_fn(|| {
            let entry = elements.next_entry()?;
            Some((String::from_utf8_lossy(entry.bytes).into_owned(), entry.problem.is_some()))
        })
        .collect();
        let expected: Vec<(String, bool)> = expected.iter().map(|(text, bad)| ((*text).to_owned(), *bad)).collect();
        assert_eq!(seen, expected, "{array}");
    }
    check(r#"[{"a":"]}\"[,"},[1,2]]"#, &[(r#"{"a":"]}\"[,"}"#, false), ("[1,2]", false)]);
    check("\u{feff} [ 1 , 2 ] trailing", &[("1", false), ("2", false)]);
    check(r#"[{"a":{"b":[]}}, {"c"#, &[(r#"{"a":{"b":[]}}"#, false), (r#"{"c"#, true)]);
    check("[", &[]);
    let long = format!("[\"{}\",7]", "x".repeat(100));
    check(&long, &[(&long[1..61], true), ("7", false)]);
}
