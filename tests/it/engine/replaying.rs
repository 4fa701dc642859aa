//! Replay decides again what was recorded: the same for the same input, touching nothing unless it is asked to.

use cuelight_core::id::SessionId;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::store;
use serde_json::{Value, json};

use super::lives::Happening::{Comment, Gift};
use super::{first_day, import, jobs, lives, text, written};
use crate::support::Workplace;
use crate::support::lives::{session_frames, session_source};

/// Notes the words of each comment in a file.
fn note() -> Value {
    json!({"id": "note", "name": "Note", "when": {"on": "comment"},
           "do": [{"action": "file_write", "with": {"file": "notes.txt", "text": "{comment}"}}]})
}

fn replay(workplace: &Workplace, args: &[&str]) -> String {
    workplace.run(["replay"].into_iter().chain(args.iter().copied())).expect_status(0).stdout
}

/// The decisions of a replay, one JSON object each.
fn decisions(workplace: &Workplace, args: &[&str]) -> Vec<Value> {
    let args: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
    replay(workplace, &args).lines().map(|line| serde_json::from_str(line).expect("one object a line")).collect()
}

/// Every byte of the database that would change if anything in it did.
fn database(workplace: &Workplace) -> Vec<Vec<u8>> {
    let files = ["cuelight.db", "cuelight.db-wal", "settings.copy.json"].map(|name| workplace.data_dir().join(name));
    files.iter().map(|file| std::fs::read(file).unwrap_or_default()).collect()
}

#[test]
fn the_same_recording_gives_the_same_bytes_and_changes_nothing() {
    let workplace = first_day();
    let recording = session_frames(1).display().to_string();
    let before = database(&workplace);
    for more in [&[][..], &["--json"]] {
        let args: Vec<&str> = [recording.as_str()].into_iter().chain(more.iter().copied()).collect();
        let first = replay(&workplace, &args);
        assert!(first.lines().count() > 400, "there is much to decide: {}", first.lines().count());
        assert!(first == replay(&workplace, &args), "twice is the same {more:?}");
    }
    assert!(database(&workplace) == before, "not a byte of the data folder changed");
}

#[test]
fn a_captured_session_gives_the_decisions_that_were_stored_with_it() {
    let workplace = first_day();
    import(
        &workplace,
        json!([
            {"id": "dice", "name": "Dice", "when": {"on": "event", "event": "join"},
             "only_if": [{"if": "chance", "percent": 40}], "do": [{"action": "log_write"}]},
            {"id": "rests", "name": "Rests", "when": {"on": "event", "event": "share"},
             "cooldown": {"seconds": 60}, "do": [{"action": "log_write"}]},
            {"id": "each", "name": "Each", "when": {"on": "gift"}, "combo": {"fires": "each_gift", "max_repeat": 3},
             "do": [{"action": "log_write"}]},
            {"id": "minute", "name": "Minute", "when": {"on": "timer", "every_seconds": 60},
             "do": [{"action": "log_write", "with": {"text": "a minute is over"}}]},
        ]),
    );
    workplace.run(["run", "--source", &session_source(1)]).expect_status(0);
    let folder = DataFolder::new(workplace.data_dir());
    let (store, _) = store::open_beside_engine(&folder, &Clock::system()).expect("the database opens");
    let rows = store.reader().and_then(|reader| reader.decisions(SessionId(1))).expect("readable");
    let mut stored = Vec::new();
    for (number, row) in rows {
        let row: Value = serde_json::from_str(&row).expect("JSON");
        for decision in row["decisions"].as_array().expect("a list") {
            stored.push((
                number,
                text(decision, "rule").to_owned(),
                decision["fired"].clone(),
                decision["because"].clone(),
            ));
        }
    }
    let decided = decisions(&workplace, &["1"]);
    let replayed: Vec<_> = decided
        .iter()
        .filter(|it| !text(it, "rule").starts_with("default:") && it["event_type"].is_string())
        .map(|it| {
            let number = it["event"].as_u64().and_then(|number| number.try_into().ok()).expect("a number");
            (number, text(it, "rule").to_owned(), it["fired"].clone(), it["because"].clone())
        })
        .collect();
    for rule in ["rose", "likes", "dice", "rests", "each"] {
        assert!(stored.iter().any(|(_, id, ..)| id == rule), "{rule} was decided about");
    }
    let mut differences = stored.iter().zip(&replayed).filter(|(one, other)| one != other);
    assert_eq!(differences.next(), None, "the same rules fire for the same events, for the same reasons");
    assert_eq!(replayed.len(), stored.len(), "none is missing or new");
    let minutes = decided.iter().filter(|it| it["rule"] == "minute").count();
    let noted = jobs(&workplace, &["--service", "basics"]).iter().filter(|job| job["origin"] == "minute").count();
    assert!(minutes > 70 && noted == minutes, "time passes alike: {noted} minutes then, {minutes} now");
}

#[test]
fn edited_rules_are_tried_out_without_taking_them_in() {
    let workplace = first_day();
    lives::write(&workplace, "live.jsonl", &[Comment(1), Comment(2), Gift(50)]);
    let file = json!({"cuelight_rules": 1, "rules": [note()]});
    std::fs::write(workplace.path("edited.json"), file.to_string()).expect("written");
    let before = database(&workplace);
    let of_note = |decisions: &[Value]| decisions.iter().filter(|it| it["rule"] == "note").count();
    let edited = decisions(&workplace, &["live.jsonl", "--rules", "edited.json"]);
    assert_eq!(of_note(&edited), 2, "the rules of the file decide: {edited:?}");
    let job = edited.iter().find(|it| it["rule"] == "note").map(|it| &it["jobs"][0]).expect("it is there");
    assert_eq!((&job["action"], &job["with"]["text"]), (&"file_write".into(), &"1".into()), "with what it would do");
    assert_eq!(of_note(&decisions(&workplace, &["live.jsonl"])), 0, "the rules of the data folder stay as they are");
    assert!(written(&workplace, "notes.txt").is_empty(), "nothing was done");
    assert!(database(&workplace) == before, "nothing was taken in");
}

#[test]
fn a_replay_that_is_to_be_carried_out_does_it_and_says_so() {
    let workplace = first_day();
    import(&workplace, json!([note()]));
    lives::write(&workplace, "live.jsonl", &[Comment(1), Gift(50), Comment(2)]);
    let said = replay(&workplace, &["live.jsonl", "--execute"]);
    let mut notes = written(&workplace, "notes.txt");
    // The service is async: both begin in their order, and may write at the same time.
    notes.sort_unstable();
    assert_eq!(notes, ["1", "2"], "the files are written");
    assert!(said.contains("✅ [Basics] comment (P:6) completed"), "what is done is told: {said}");
    assert!(said.contains("🏁 END") && said.contains("📝 Session: #1"), "as a session of its own: {said}");
    let states: Vec<Value> = jobs(&workplace, &[]).iter().map(|job| job["state"].clone()).collect();
    assert!(!states.is_empty() && states.iter().all(|state| state == "completed"), "{states:?}");
    replay(&workplace, &["1", "--execute"]);
    let mut notes = written(&workplace, "notes.txt");
    notes.sort_unstable();
    assert_eq!(notes, ["1", "1", "2", "2"], "a captured session can be done again, too");
    let file = json!({"cuelight_rules": 1, "rules": []});
    std::fs::write(workplace.path("none.json"), file.to_string()).expect("written");
    replay(&workplace, &["live.jsonl", "--execute", "--rules", "none.json"]);
    assert_eq!(written(&workplace, "notes.txt").len(), 4, "with other rules, others are followed");
}

#[test]
fn what_cannot_be_replayed_is_told() {
    let workplace = first_day();
    std::fs::write(workplace.path("half.json"), "{\"cuelight_rules\": 1, \"rules\": [").expect("written");
    lives::write(&workplace, "live.jsonl", &[Comment(1)]);
    for (args, status, sentence) in [
        (&["replay", "7"][..], 1, "❌ There is no session #7"),
        (&["replay", "7", "--execute"], 1, "❌ There is no session #7"),
        (&["replay", "none.frames"], 1, "❌ Could not read none.frames"),
        (&["replay", "live.jsonl", "--rules", "half.json"], 1, "❌ half.json: line 1, column"),
        (&["replay", "live.jsonl", "--rules", "half.json", "--execute"], 1, "❌ half.json: line 1, column"),
        (&["replay", "live.jsonl", "--speed", "fast"], 2, "\"fast\" is no speed"),
        (&["replay", "live.jsonl", "--speed", "0"], 2, "is no speed"),
    ] {
        let finished = workplace.run(args.iter().copied()).expect_status(status);
        assert!(finished.stderr.contains(sentence), "{args:?} said {:?}, not {sentence:?}", finished.stderr);
        assert_eq!(finished.stdout, "", "{args:?} begins nothing");
    }
}
