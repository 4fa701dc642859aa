//! Rules as files: out and in again, never overwriting, and every fault with its place.

use cuelight_core::limits::RULES_FILE_BYTES;
use serde_json::{Value, json};

use super::{first_day, refuse};
use crate::support::Workplace;

fn export(workplace: &Workplace) -> Value {
    let text = workplace.run(["rules", "export"]).expect_status(0).stdout;
    serde_json::from_str(&text).expect("a rules file")
}

fn write(workplace: &Workplace, name: &str, file: &Value) {
    std::fs::write(workplace.path(name), file.to_string()).expect("written");
}

fn ids(file: &Value) -> Vec<String> {
    let rules = file["rules"].as_array().expect("a list");
    rules.iter().map(|rule| rule["id"].as_str().expect("a text").to_owned()).collect()
}

/// A rule that writes a file, which nobody takes in unasked.
fn writes_a_file(id: &str) -> Value {
    json!({"id": id, "name": "Note", "when": {"on": "comment"},
           "do": [{"action": "file_write", "with": {"file": "notes.txt", "text": "{comment}"}}]})
}

#[test]
fn what_is_exported_comes_in_again_without_changing_anything() {
    let workplace = first_day();
    workplace.run(["rules", "export", "rules.json"]).expect_status(0);
    let before = std::fs::read_to_string(workplace.path("rules.json")).expect("written");
    let said = workplace.run(["rules", "import", "rules.json"]).expect_status(0).stdout;
    assert!(said.contains("Nothing new"), "{said}");
    assert_eq!(workplace.run(["rules", "export"]).expect_status(0).stdout, before, "byte for byte");
    workplace.run(["rules", "check", "rules.json"]).expect_status(0);
    workplace.run(["rules", "check"]).expect_status(0);
}

#[test]
fn another_rule_of_the_same_id_gets_a_new_one() {
    let workplace = first_day();
    let mut file = export(&workplace);
    let before = ids(&file);
    file["rules"] = json!([file["rules"][0]]);
    file["rules"][0]["name"] = "Mine".into();
    let id = before[0].clone();
    write(&workplace, "mine.json", &file);
    let said = workplace.run(["rules", "import", "mine.json"]).expect_status(0).stdout;
    assert!(said.contains(&format!("Rule {id} is called {id}-2 here")), "{said}");
    let after = export(&workplace);
    assert_eq!(ids(&after)[..before.len()], before, "what was there stays in its place");
    assert_eq!(ids(&after).last(), Some(&format!("{id}-2")), "the new one comes last");
    assert_ne!(after["rules"][0]["name"], "Mine", "nothing was overwritten");
    let again = workplace.run(["rules", "import", "mine.json"]).expect_status(0).stdout;
    assert!(again.contains("Nothing new"), "a second time changes nothing: {again}");
}

#[test]
fn a_pack_that_writes_files_is_not_taken_in_unasked() {
    let workplace = first_day();
    let before = ids(&export(&workplace));
    write(&workplace, "pack.json", &json!({"cuelight_rules": 1, "rules": [writes_a_file("note")]}));
    let refused = workplace.run(["rules", "import", "pack.json"]).expect_status(2);
    assert!(refused.stdout.contains("Uses the file notes.txt"), "it says what they can do: {:?}", refused.stdout);
    assert!(refused.stderr.contains("--yes"), "and what to do: {:?}", refused.stderr);
    assert_eq!(ids(&export(&workplace)), before, "nothing was taken in");
    workplace.run(["rules", "import", "pack.json", "--yes"]).expect_status(0);
    assert_eq!(ids(&export(&workplace)).last().map(String::as_str), Some("note"), "with a yes it is");
}

#[test]
fn a_faulty_file_is_told_with_its_places_and_nothing_of_it_taken_in() {
    let workplace = first_day();
    let before = ids(&export(&workplace));
    let faulty = |rule: Value| json!({"cuelight_rules": 1, "rules": [writes_a_file("fine"), rule]}).to_string();
    let mut bad_priority = writes_a_file("bad");
    bad_priority["priority"] = 11.into();
    let unknown_event = json!({"id": "bad", "name": "", "when": {"on": "event", "event": "party"}, "do": []});
    let no_service = json!({"id": "bad", "name": "", "when": {"on": "comment"},
                            "do": [{"action": "log_write", "service": "radio"}]});
    for (name, text, place) in [
        ("half.json", "{\"cuelight_rules\": 1, \"rules\": [".to_owned(), "line 1, column"),
        ("empty.json", String::new(), "the file is empty"),
        (
            "other.json",
            "{\"name\":\"another program's file\"}".to_owned(),
            "this is not a rules file of Cuelight but perhaps another program's",
        ),
        ("huge.json", " ".repeat(RULES_FILE_BYTES + 1), "it has 16777217 bytes, a rules file has at most 16777216"),
        ("priority.json", faulty(bad_priority), "rules[1].priority"),
        ("event.json", faulty(unknown_event), "rules[1].when.event"),
        ("service.json", faulty(no_service), "rules[1].do[0].service"),
        ("twins.json", faulty(writes_a_file("fine")), "rules[1].id"),
    ] {
        std::fs::write(workplace.path(name), text).expect("written");
        for command in ["check", "import"] {
            refuse(&workplace, &["rules", command, name], 1, &format!("❌ {name}: {place}"));
        }
    }
    refuse(&workplace, &["rules", "check", "none.json"], 1, "none.json cannot be read");
    assert_eq!(ids(&export(&workplace)), before, "the file is taken whole or not at all");
}

#[test]
fn the_list_shows_rules_and_defaults_and_what_is_off() {
    let workplace = first_day();
    let list = workplace.run(["rules", "list"]).expect_status(0).stdout;
    for part in [
        "✅ rose ",
        "gift Rose → log_write + log_write",
        "⚪ share",
        "✅ default:overlays",
        "Overlays · gift → log_write",
    ] {
        assert!(list.contains(part), "{part} is missing in {list}");
    }
    workplace.run(["services", "set", "overlays", "gift.default=off"]).expect_status(0);
    let list = workplace.run(["rules", "list"]).expect_status(0).stdout;
    assert!(list.lines().any(|line| line.starts_with("⚪ default:overlays") && line.contains("· gift →")), "{list}");
}

#[test]
fn an_action_that_nobody_here_knows_is_not_taken_in_unasked() {
    let workplace = first_day();
    let rule = json!({"id": "new", "name": "New", "when": {"on": "comment"}, "do": [{"action": "fire_cannon"}]});
    write(&workplace, "new.json", &json!({"cuelight_rules": 1, "rules": [rule]}));
    refuse(&workplace, &["rules", "import", "new.json"], 2, "--yes");
    workplace.run(["rules", "import", "new.json", "--yes"]).expect_status(0);
}

#[test]
fn a_rule_of_a_newer_version_is_named_and_not_overwritten() {
    let workplace = first_day();
    let database = workplace.data_dir().join("cuelight.db");
    let newer = r#"{"id":"dance","name":"Dance","when":{"on":"a_trigger_of_a_newer_version"},"do":[]}"#;
    let connection = rusqlite::Connection::open(&database).expect("it is there");
    let insert = "INSERT INTO rule (id, position, enabled, body, origin) VALUES ('dance', 99, 1, ?1, 'user')";
    connection.execute(insert, [newer]).expect("there is room");
    let told = "⚠️ Rule dance is of another version of Cuelight";
    for command in ["list", "export"] {
        let said = workplace.run(["rules", command]).expect_status(0);
        assert!(said.stderr.contains(told), "{command} must not pass it over in silence: {:?}", said.stderr);
    }
    write(&workplace, "note.json", &json!({"cuelight_rules": 1, "rules": [writes_a_file("dance")]}));
    let said = workplace.run(["rules", "import", "note.json", "--yes"]).expect_status(0).stdout;
    assert!(said.contains("Rule dance is called dance-2 here"), "{said}");
    let body: String =
        connection.query_row("SELECT body FROM rule WHERE id = 'dance'", [], |row| row.get(0)).expect("still there");
    assert_eq!(body, newer, "nothing was overwritten");
}
