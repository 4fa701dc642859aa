//! Rules as files through the door.

use super::*;

fn file(rules: &[Value]) -> String {
    json!({"cuelight_rules": 1, "groups": [{"name": "pack"}], "rules": rules}).to_string()
}

#[tokio::test]
async fn an_exported_pack_is_there_already_and_a_changed_one_comes_beside() {
    let home = Home::new();
    let id = home.add("Farewell").await;
    let exported = home.call("export_rules", json!({"rules": [id]})).await;
    assert_eq!(exported["fileName"], "farewell.json", "one rule gives its name to the file");
    let preview = home.call("preview_import", json!({"text": exported["text"]})).await;
    assert_eq!(preview["rules"][0]["becomes"], json!({"as": "same"}), "it is there word for word");
    let changed = text(&exported["text"]).replace("hello {nickname}", "hi {nickname}");
    let preview = home.call("preview_import", json!({"text": changed})).await;
    assert_eq!(preview["rules"][0]["becomes"], json!({"as": "renamed", "id": "farewell-2"}), "nothing is overwritten");
    let before = home.ids().await;
    let book = home.call("import_rules", json!({"text": changed})).await;
    assert_eq!(book["undo"]["undo"], json!({"what": "rules_imported", "name": "Farewell"}), "it is one deed");
    assert!(home.ids().await.contains(&"farewell-2".to_owned()), "under the id that was told");
    home.call("undo", json!({})).await;
    assert_eq!(home.ids().await, before, "which is undone as a whole");
    let missing = home.fail("export_rules", json!({"rules": ["nobody"]})).await;
    assert_eq!(missing.code, FailureCode::NotFound, "{missing:?}");
}

#[tokio::test]
async fn a_pack_shows_what_it_can_do_before_it_is_taken_in() {
    let home = Home::new();
    let keys = json!({"action": "press_keys", "service": "games", "with": {"keys": "Ctrl+W"}});
    let rule = json!({
        "id": "pack", "name": "Pack", "group": "pack", "when": {"on": "comment"}, "do": [keys, say("{typo}")],
    });
    let preview = home.call("preview_import", json!({"text": file(&[rule])})).await;
    assert_eq!(preview["rules"][0]["becomes"], json!({"as": "new"}), "nobody has it");
    assert_eq!(preview["groups"], 1, "with its group");
    let presses = json!({"code": "controls_input", "params": {"kind": "press_keys", "what": "Ctrl+W"}});
    assert_eq!(preview["capabilities"][0], presses, "it would press keys");
    assert_eq!(preview["rules"][0]["unknownActions"], json!(["press_keys"]), "once this version can");
    assert!(preview["warnings"].as_array().is_some_and(|warnings| !warnings.is_empty()), "{preview}: a slip is told");
    assert!(!home.ids().await.contains(&"pack".to_owned()), "and nothing was taken in");
}

#[tokio::test]
async fn a_faulty_pack_is_told_and_nothing_of_it_taken_in() {
    let home = Home::new();
    let rule = |id: &str, steps: Value| json!({"id": id, "name": id, "when": {"on": "comment"}, "do": steps});
    let nowhere = json!([{"action": "log_write", "service": "nowhere"}]);
    let input = json!({"text": file(&[rule("good", json!([])), rule("bad", nowhere)])});
    let preview = home.call("preview_import", input.clone()).await;
    assert_eq!(preview["faults"][0]["place"], "rules[1].do[0].service", "{preview} must say where");
    assert_eq!(preview["faults"][0]["rule"], "bad", "and in which rule");
    let failure = home.fail("import_rules", input).await;
    assert_eq!(failure.field.as_deref(), Some("rules[1].do[0].service"), "{failure:?}");
    assert!(!home.ids().await.contains(&"good".to_owned()), "a file is taken whole or not at all");
    let no_json = home.call("preview_import", json!({"text": "{"})).await;
    assert_eq!(no_json["faults"].as_array().map(Vec::len), Some(1), "a broken file is no failure of the command");
}
