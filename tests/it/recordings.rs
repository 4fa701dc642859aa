//! Recorded lives mean what independent decoders read in them: every message, every field, every sum.

mod oracle;
mod sessions;

use std::path::Path;

use cuelight_runtime::decode::{self, Format, Options, Summary};
use serde_json::{Value, json};

use self::oracle::Expected;
use crate::support::lives::wire;

fn json_lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).expect("the recording is in the repository");
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

/// Decodes a file that is whole.
fn decoded(file: &Path, options: Options) -> (Vec<Value>, Summary) {
    let mut out = Vec::new();
    let mut problems = Vec::new();
    let summary = decode::run(&[file.to_owned()], options, &mut out, &mut |problem| problems.push(problem.to_string()));
    assert_eq!(problems, [""; 0], "{} is whole", file.display());
    let lines = String::from_utf8(out).expect("events are text");
    let events = lines.lines().map(|line| serde_json::from_str(line).expect("an event a line"));
    (events.collect(), summary.expect("a Vec takes everything"))
}

/// Compares decoded events with what was expected of each, in order.
fn compare<'a>(events: &[Value], expected: impl ExactSizeIterator<Item = (Value, &'a Value)>) {
    assert_eq!(events.len(), expected.len(), "every message has its event, known or not");
    let mut compared = 0;
    let mut differences = Vec::new();
    for (event, (message, expectation)) in events.iter().zip(expected) {
        let expected = Expected::of(&message, expectation);
        compared += 1 + expected.fields.len();
        let event_type = event["event_type"].as_str().unwrap_or_default();
        if event_type != expected.event_type {
            differences.push(format!("{expectation}: {event_type} instead of {}", expected.event_type));
            continue;
        }
        for (field, value) in &expected.fields {
            let got = event["data"].pointer(field).unwrap_or(&Value::Null);
            if got != value {
                differences.push(format!("{event_type} {}: {field} is {got}, not {value}", expectation["msg_id"]));
            }
        }
    }
    differences.truncate(20);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(compared > events.len(), "fields were compared, not only types");
}

#[test]
fn every_message_means_what_two_decoders_read() {
    let options = Options { format: Format::Messages, index: true, ..Options::default() };
    let (events, summary) = decoded(&wire("messages.jsonl"), options);
    let messages = json_lines(&wire("messages.jsonl"));
    let expected = json_lines(&wire("expected.jsonl"));
    assert_eq!(summary.messages, 1592, "no message is lost");
    compare(&events, messages.into_iter().zip(&expected));
    for (position, event) in events.iter().enumerate() {
        assert_eq!(event["index"], position, "the index is the position in the input");
    }
}

#[test]
fn a_batch_of_2026_has_its_history_and_names_the_rest() {
    let (events, _) = decoded(&wire("batch-2026-08.pb"), Options::default());
    let expected = json_lines(&wire("batch-2026-08.expected.jsonl"));
    let messages = events.iter().zip(&expected).map(|(event, message)| {
        // Its messages are not told one by one, so the sizes of the unknown ones are taken as they are.
        json!({"type": message["type"], "size": event["data"]["size"]})
    });
    compare(&events, messages.collect::<Vec<_>>().into_iter().zip(&expected));
    let history: Vec<&Value> = events.iter().filter(|event| event["data"]["history"] == true).collect();
    assert_eq!(history.len(), 6, "six comments are replayed on connecting");
    assert!(history.iter().all(|event| event["event_type"] == "comment"), "and nothing else is");
    let unknown = events.iter().filter(|event| event["event_type"] == "unknown");
    let methods: Vec<&Value> = unknown.map(|event| &event["data"]["method"]).collect();
    assert_eq!(methods.len(), 5, "what is no event of ours is named: {methods:?}");
}

#[test]
fn single_messages_mean_the_same() {
    let expected = json_lines(&wire("singles/expected.jsonl"));
    let messages: Vec<Value> = expected
        .iter()
        .map(|expected| {
            let file = expected["file"].as_str().expect("a file name");
            let payload = std::fs::read_to_string(wire("singles").join(file)).expect("the single is in the repository");
            json!({"type": expected["type"], "payload_b64": payload.trim()})
        })
        .collect();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("singles.jsonl");
    let lines: Vec<String> = messages.iter().map(Value::to_string).collect();
    std::fs::write(&file, lines.join("\n")).expect("the temporary folder takes a file");
    let (events, _) = decoded(&file, Options::default());
    compare(&events, messages.into_iter().zip(&expected));
}

#[test]
fn a_message_cut_anywhere_says_less_but_nothing_else() {
    /// Places at which every message is cut.
    const CUTS: usize = 7;
    let mut cut = String::new();
    for message in json_lines(&wire("messages.jsonl")) {
        let payload = message["payload_b64"].as_str().expect("the bytes");
        for part in 1..=CUTS {
            // Four characters are three bytes, so every fourth is a place to cut at.
            let end = payload.len() / 4 * part / (CUTS + 1) * 4;
            cut += &json!({"type": message["type"], "payload_b64": payload[..end]}).to_string();
            cut.push('\n');
        }
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("cut.jsonl");
    std::fs::write(&file, cut).expect("the temporary folder takes a file");
    let mut out = Vec::new();
    let summary = decode::run(&[file], Options::default(), &mut out, &mut |_| {}).expect("a Vec takes everything");
    assert_eq!(summary.messages, 1592 * CUTS as u64, "a cut message is still a message");

    let (whole, _) = decoded(&wire("messages.jsonl"), Options::default());
    let lines = String::from_utf8(out).expect("events are text");
    let (mut damaged, mut gifts) = (0, 0);
    for (position, line) in lines.lines().enumerate() {
        let event: Value = serde_json::from_str(line).expect("an event a line");
        let (data, whole) = (&event["data"], &whole[position / CUTS]);
        if data["damaged"] != true {
            continue;
        }
        damaged += 1;
        let event_type = &event["event_type"];
        assert!(event_type == "unknown" || *event_type == whole["event_type"], "{whole} became {event}");
        if event_type == "gift" {
            gifts += 1;
            for field in ["/gift/id", "/repeat_count", "/group_id", "/user/user_id"] {
                assert_eq!(data.pointer(field), whole["data"].pointer(field), "{field} of {whole}");
            }
        }
    }
    assert!(damaged > 5_000 && gifts > 20, "most cuts are seen ({damaged}), and some gifts survive them ({gifts})");
}
