//! What was captured can be found, named, taken out and deleted.

use crate::support::Workplace;
use crate::support::lives::session_source;

fn with_session_1() -> Workplace {
    let workplace = Workplace::new();
    workplace.run(["capture", "--source", &session_source(1), "--session-name", "a match"]).expect_status(0);
    workplace
}

#[test]
fn a_session_adds_up_to_what_was_given() {
    let workplace = with_session_1();
    let shown = workplace.run(["sessions", "show", "1", "--json"]).expect_status(0).stdout;
    let session: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
    assert_eq!(session["name"], "a match", "the name it was given");
    assert_eq!(session["totals"]["diamonds"], 77, "the diamonds of the recording");
    assert_eq!(session["totals"]["by_type"]["gift"], 24, "each gift once");
    let text = workplace.run(["sessions", "show", "#1"]).expect_status(0).stdout;
    assert!(text.contains("💎 77 diamonds (about $0.77)"), "{text}");
    assert!(text.contains("🏆 Top gifters"), "{text}");
}

#[test]
fn an_export_holds_the_same_events_in_every_format() {
    let workplace = with_session_1();
    let saved = workplace.saved("livestream_events.json");
    let export = |format: &str| workplace.run(["sessions", "export", "1", "--format", format]).expect_status(0).stdout;
    let array: Vec<serde_json::Value> = serde_json::from_str(&export("json")).expect("an array");
    assert_eq!(array, saved, "an export is what the capture saved");
    let lines: Vec<serde_json::Value> =
        export("jsonl").lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    assert_eq!(lines, saved, "one event a line");
    let csv = export("csv");
    assert!(csv.starts_with("timestamp,event_type,"), "a table has a header");
    let rows = csv.lines().filter(|line| line.starts_with("20")).count();
    assert_eq!(rows, saved.len(), "and a row an event");
}

#[test]
fn a_saved_file_is_a_source_that_gives_the_same_again() {
    let workplace = with_session_1();
    let first = workplace.saved("livestream_events.json");
    let capture = ["capture", "--source", "file:livestream_events.json", "--output", "again.json"];
    workplace.run(capture).expect_status(0);
    let again = workplace.saved("again.json");
    let types = |events: &[serde_json::Value]| -> Vec<String> {
        events.iter().map(|event| event["event_type"].to_string()).collect()
    };
    assert_eq!(types(&again), types(&first), "the same events in the same order");
    let given = |events: &[serde_json::Value]| -> u64 {
        events.iter().filter_map(|event| event["data"]["delta_diamonds"].as_u64()).sum()
    };
    assert_eq!(given(&again), 77, "deltas are counted anew from the counts");
}

#[test]
fn a_session_can_be_renamed_and_deleted() {
    let workplace = with_session_1();
    workplace.run(["sessions", "rename", "1", "the rematch"]).expect_status(0);
    assert!(workplace.run(["sessions", "list"]).expect_status(0).stdout.contains("the rematch"), "the new name");
    let unasked = workplace.run(["sessions", "delete", "1"]).expect_status(2);
    assert!(unasked.stderr.contains("--yes"), "nobody was there to agree: {:?}", unasked.stderr);
    workplace.run(["sessions", "delete", "1", "--yes"]).expect_status(0);
    let list = workplace.run(["sessions", "list", "--json"]).expect_status(0).stdout;
    assert_eq!(list, "", "it is gone");
}

#[test]
fn init_changes_nothing_that_exists() {
    let workplace = with_session_1();
    workplace.run(["config", "set", "diamond_value_usd", "0.005"]).expect_status(0);
    let before = workplace.run(["sessions", "list", "--json"]).expect_status(0).stdout;
    workplace.run(["init"]).expect_status(0);
    workplace.run(["init"]).expect_status(0);
    assert_eq!(workplace.run(["sessions", "list", "--json"]).expect_status(0).stdout, before, "sessions stay");
    let value = workplace.run(["config", "get", "diamond_value_usd"]).expect_status(0).stdout;
    assert_eq!(value, "0.005\n", "settings stay");
}
