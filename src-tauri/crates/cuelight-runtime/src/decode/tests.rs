//! Promises of decoding: formats told apart, odd input told and skipped.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prost::Message as _;
use serde_json::Value;
use tempfile::TempDir;
use webcast_proto::{frames, owned};

use super::{Format, Options, Summary, run};

struct Decoded {
    events: Vec<Value>,
    problems: Vec<String>,
    summary: Summary,
}

fn decode(files: &[(&str, &[u8])], options: Options) -> Decoded {
    let folder: TempDir = tempfile::tempdir().expect("a temporary folder");
    let paths: Vec<PathBuf> = files.iter().map(|(name, _)| folder.path().join(name)).collect();
    for (path, (_, bytes)) in paths.iter().zip(files) {
        std::fs::write(path, bytes).expect("the temporary folder takes a file");
    }
    let (mut out, mut problems) = (Vec::new(), Vec::new());
    let mut report = |piece: &super::Undecodable| problems.push(format!("{}: {}", piece.offset, piece.problem));
    let summary = run(&paths, options, &mut out, &mut report).expect("a Vec takes everything");
    let lines = String::from_utf8(out).expect("events are text");
    let events = lines.lines().map(|line| serde_json::from_str(line).expect("an event a line")).collect();
    Decoded { events, problems, summary }
}

fn chat(text: &str) -> Vec<u8> {
    let user = owned::User { id: 7_001, display_id: "mia_draws".into(), ..Default::default() };
    owned::ChatMessage { user: Some(user), content: text.into(), ..Default::default() }.encode_to_vec()
}

fn result(texts: &[&str]) -> Vec<u8> {
    let envelope = |(position, text): (usize, &&str)| owned::Envelope {
        method: "WebcastChatMessage".into(),
        payload: chat(text),
        msg_id: position as i64 + 1,
        ..Default::default()
    };
    owned::FetchResult { messages: texts.iter().enumerate().map(envelope).collect(), ..Default::default() }
        .encode_to_vec()
}

fn frame(texts: &[&str]) -> Vec<u8> {
    owned::PushFrame { payload_type: "msg".into(), payload: result(texts), ..Default::default() }.encode_to_vec()
}

fn recorded(texts: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    frames::append(&mut bytes, &frame(texts)).expect("a Vec takes everything");
    bytes
}

fn message_line(text: &str) -> String {
    format!("{{\"type\":\"WebcastChatMessage\",\"payload_b64\":\"{}\"}}\n", STANDARD.encode(chat(text)))
}

fn comments(decoded: &Decoded) -> Vec<&str> {
    decoded.events.iter().filter_map(|event| event["data"]["comment"].as_str()).collect()
}

#[test]
fn every_format_is_told_by_how_it_begins() {
    let base64 =
        format!("{}\n{}\n", STANDARD.encode(frame(&["a"])), STANDARD.encode(result(&["b"])).trim_end_matches('='));
    let messages = message_line("a") + &message_line("b");
    for (format, bytes) in [
        (Format::Frames, recorded(&["a", "b"])),
        (Format::Result, result(&["a", "b"])),
        (Format::Base64, base64.into_bytes()),
        (Format::Messages, messages.into_bytes()),
    ] {
        for chosen in [format, Format::Auto] {
            let decoded = decode(&[("input", &bytes)], Options { format: chosen, ..Options::default() });
            assert_eq!(decoded.problems, [""; 0], "{format} as {chosen}");
            assert_eq!(comments(&decoded), ["a", "b"], "{format} as {chosen}");
        }
    }
}

#[test]
fn formats_have_names_that_lead_back() {
    for format in Format::ALL {
        assert_eq!(Format::from_name(format.name()), Some(*format), "{format}");
    }
    assert_eq!(Format::from_name("zip"), None, "and no other");
}

#[test]
fn positions_go_on_over_broken_messages_and_over_files() {
    let broken = "{\"type\":\"WebcastChatMessage\",\"payload_b64\":\"%%\"}\n";
    let first = message_line("a") + broken + &message_line("b");
    let options = Options { index: true, ..Options::default() };
    let decoded = decode(&[("one", first.as_bytes()), ("two", &recorded(&["c"]))], options);
    let positions: Vec<&Value> = decoded.events.iter().map(|event| &event["index"]).collect();
    assert_eq!(positions, [0, 2, 3], "a message keeps its place whatever became of its neighbours");
    assert_eq!((decoded.summary.messages, decoded.summary.undecodable), (3, 1), "both are counted");
}

#[test]
fn without_being_asked_no_position_is_written() {
    let decoded = decode(&[("one", &recorded(&["a"]))], Options::default());
    assert!(decoded.events[0].get("index").is_none(), "an event has the form of every other event");
}

#[test]
fn what_cannot_be_read_is_told_with_its_offset_and_skipped() {
    let mut frames = recorded(&["a"]);
    let offset = frames.len();
    frames::append(&mut frames, b"\xff\xff").expect("a Vec takes everything");
    frames.extend(recorded(&["b"]));
    frames.extend([1, 2, 3]);
    let end = frames.len() - 3;
    let decoded = decode(&[("x.frames", &frames)], Options::default());
    assert_eq!(comments(&decoded), ["a", "b"], "the sound frames are there");
    assert_eq!(decoded.problems.len(), 2, "{:?}", decoded.problems);
    assert!(decoded.problems[0].starts_with(&format!("{offset}: ")), "{:?}", decoded.problems);
    assert!(decoded.problems[1].starts_with(&format!("{end}: ")), "{:?}", decoded.problems);
}

#[test]
fn a_broken_message_is_told_and_still_written() {
    let mut payload = chat("hello");
    payload.extend([0x72, 0x20]);
    let line = format!("{{\"type\":\"WebcastChatMessage\",\"payload_b64\":\"{}\"}}", STANDARD.encode(payload));
    let decoded = decode(&[("x", line.as_bytes())], Options::default());
    assert_eq!(decoded.problems.len(), 1, "it is told");
    assert_eq!(decoded.events[0]["data"]["damaged"], true, "and what could be read is there, marked");
}

#[test]
fn nothing_decodable_is_told_and_never_a_panic() {
    let bomb = {
        let mut compressor = libdeflater::Compressor::new(libdeflater::CompressionLvl::default());
        let zeros = vec![0; 64 * 1024 * 1024];
        let mut packed = vec![0; compressor.gzip_compress_bound(zeros.len())];
        let size = compressor.gzip_compress(&zeros, &mut packed).expect("there is room");
        packed.truncate(size);
        packed
    };
    let random: Vec<u8> = (0..5_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for (name, bytes) in [
        ("empty", b"".as_slice()),
        ("blank", b"\n\n\n"),
        ("random", &random),
        ("bomb", &bomb),
        ("cut", &recorded(&["a"])[..20]),
        ("text", "Dear diary, today I was live.\n".as_bytes()),
        ("events", br#"{"event_type":"comment","data":{}}"#),
    ] {
        for format in Format::ALL {
            let decoded = decode(&[(name, bytes)], Options { format: *format, ..Options::default() });
            assert_eq!(decoded.summary.messages, 0, "{name} as {format} holds nothing");
            let is_blank = name == "blank" || name == "empty";
            assert!(is_blank || !decoded.problems.is_empty(), "{name} as {format} must be told");
        }
    }
}

#[test]
fn a_file_that_is_not_there_does_not_keep_the_others_from_being_read() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let there = folder.path().join("there");
    std::fs::write(&there, recorded(&["a"])).expect("the temporary folder takes a file");
    let files = [folder.path().join("gone"), folder.path().to_owned(), there];
    let mut problems = Vec::new();
    let summary = run(&files, Options::default(), &mut Vec::new(), &mut |piece| problems.push(piece.problem.clone()));
    assert_eq!(summary.expect("a Vec takes everything").messages, 1, "the one that is there");
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[1].contains("it is a directory"), "{problems:?}");
}

#[test]
fn a_session_drops_what_came_twice_and_tells_where_the_rest_stood() {
    let twice = [recorded(&["a", "b"]), recorded(&["a", "b", "c"])].concat();
    let options = Options { session: true, index: true, ..Options::default() };
    let decoded = decode(&[("x.frames", &twice)], options);
    assert_eq!(comments(&decoded), ["a", "b", "c"], "each once");
    let positions: Vec<&Value> = decoded.events.iter().map(|event| &event["index"]).collect();
    assert_eq!(positions, [0, 1, 4], "by its position in the input");
}
