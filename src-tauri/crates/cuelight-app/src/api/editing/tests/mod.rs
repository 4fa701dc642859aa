//! Editing through the door, on a real data folder.

mod packs;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use cuelight_core::rule::Rule;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::store;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::api::Door;
use crate::app::App;
use crate::dto::{CallerRole, Failure, FailureCode, Undo};
use crate::shell::NoShell;
use crate::stage::{ended_or_waiting, leave_after, until};

const NOON_MS: i64 = 1_768_219_200_000;

/// A running app in a data folder of its own.
pub(in crate::api) struct Home {
    pub(in crate::api) app: Arc<App>,
    folder: DataFolder,
    clock: Clock,
    _place: TempDir,
}

impl Home {
    pub(in crate::api) fn new() -> Self {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::new(place.path().join("data"));
        folder.create().expect("it can be made");
        let clock = Clock::manual(NOON_MS);
        let app = App::begin(&folder, clock.clone(), Arc::new(NoShell)).expect("it begins");
        Self { app, folder, clock, _place: place }
    }

    pub(in crate::api) async fn ask(&self, role: CallerRole, command: &str, input: Value) -> Result<Value, Failure> {
        Door::new(Arc::clone(&self.app)).call(role, command, input).await
    }

    /// The answer of a command that works.
    pub(in crate::api) async fn call(&self, command: &str, input: Value) -> Value {
        let answer = self.ask(CallerRole::Full, command, input).await;
        answer.unwrap_or_else(|failure| panic!("{command}: {failure:?}"))
    }

    /// The failure of one that does not.
    pub(in crate::api) async fn fail(&self, command: &str, input: Value) -> Failure {
        self.ask(CallerRole::Full, command, input).await.expect_err("it must not work")
    }

    /// Adds a rule for comments and gives its id.
    async fn add(&self, name: &str) -> String {
        let rule = json!({"name": name, "when": {"on": "comment"}, "do": [say("hello {nickname}")]});
        text(&self.call("add_rule", json!({ "rule": rule })).await["rule"]["rule"]["id"])
    }

    async fn rule(&self, id: &str) -> Value {
        let book = self.call("rulebook", json!({})).await;
        let mut rules = book["rules"].as_array().expect("a list").iter();
        rules.find(|listed| listed["rule"]["id"] == id).expect("it is listed").clone()
    }

    async fn ids(&self) -> Vec<String> {
        let book = self.call("rulebook", json!({})).await;
        book["rules"].as_array().expect("a list").iter().map(|listed| text(&listed["rule"]["id"])).collect()
    }

    async fn revision(&self) -> Value {
        self.call("rulebook", json!({})).await["revision"].clone()
    }

    /// Changes a rule as the command line of another process does.
    fn change_elsewhere(&self, id: &str, name: &str) {
        let (other, _) = store::open_beside_engine(&self.folder, &self.clock).expect("it opens");
        let rules = other.reader().and_then(|reader| reader.rules()).expect("readable");
        let rule = rules.into_iter().find(|rule| rule.id.as_str() == id).expect("it is there");
        other.put_rule(&Rule { name: name.into(), ..rule }).expect("there is room");
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn say(text: &str) -> Value {
    json!({"action": "log_write", "with": {"text": text}})
}

#[tokio::test]
async fn a_new_rule_has_an_id_of_its_name_that_nothing_else_has() {
    let home = Home::new();
    let starters = home.ids().await.len();
    assert_eq!(home.add("¡Gracias, Ñandú!").await, "gracias-nandu", "its letters without accents");
    assert_eq!(home.add("Gracias Nandu").await, "gracias-nandu-2", "the first one has that id");
    home.call("bin_rule", json!({"rule": "gracias-nandu-2"})).await;
    assert_eq!(home.add("Gracias Nandu").await, "gracias-nandu-3", "and the second may come back");
    let copy = home.call("duplicate_rule", json!({"rule": "gracias-nandu"})).await;
    assert_eq!(copy["rule"]["rule"]["name"], "¡Gracias, Ñandú! 2", "a copy can be told apart");
    assert_eq!(copy["rule"]["rule"]["id"], "gracias-nandu-2-2", "by its id too");
    assert_eq!(copy["undo"]["undo"], json!({"what": "rule_added", "name": "¡Gracias, Ñandú! 2"}), "it can be undone");
    assert_eq!(home.ids().await.len(), starters + 3, "all stand behind the others");
    home.call("move_rule", json!({"rule": "gracias-nandu", "before": home.ids().await[0]})).await;
    assert_eq!(home.ids().await[0], "gracias-nandu", "and where they are put");
}

#[tokio::test]
async fn a_rule_with_a_fault_is_not_saved_and_says_where_it_is() {
    let home = Home::new();
    let id = home.add("Hello").await;
    let revision = home.revision().await;
    let stands = home.rule(&id).await["rule"].clone();
    let with = |field: &str, value: Value| {
        let mut rule = stands.clone();
        rule[field] = value;
        json!({ "rule": rule, "revision": revision })
    };
    for (field, value, place) in [
        ("name", json!("  "), "name"),
        ("name", json!("x".repeat(101)), "name"),
        ("do", json!([say("a"), {"action": "log_write", "service": "nowhere"}]), "do[1].service"),
        ("only_if", json!([{"if": "chance", "percent": 500.0}]), "only_if[0].percent"),
        ("when", json!({"on": "regex", "pattern": "("}), "when.pattern"),
        ("group", json!("nobody's"), "group"),
    ] {
        let failure = home.fail("save_rule", with(field, value)).await;
        assert_eq!((failure.code, failure.field.as_deref()), (FailureCode::BadInput, Some(place)), "{failure:?}");
    }
    assert_eq!(home.rule(&id).await["rule"], stands, "nothing of it was saved");
    let saved = home.call("save_rule", with("do", json!([say("{nickname} {typo}")]))).await;
    let warning = &saved["rule"]["warnings"];
    assert_eq!(warning[0]["code"], "unknown_placeholder", "{warning}: what is perhaps not meant is told and saved");
    let nobody = home.fail("enable_rule", json!({"rule": "nobody", "enabled": true})).await;
    assert_eq!(nobody.code, FailureCode::NotFound, "{nobody:?}");
}

#[tokio::test]
async fn a_save_is_refused_only_if_that_rule_was_changed_meanwhile() {
    let home = Home::new();
    let (mine, other) = (home.add("Mine").await, home.add("Other").await);
    let revision = home.revision().await;
    let mut rule = home.rule(&mine).await["rule"].clone();
    rule["name"] = json!("Mine, edited");
    home.change_elsewhere(&other, "Theirs");
    home.call("save_rule", json!({"rule": rule, "revision": revision})).await;
    let revision = home.revision().await;
    home.change_elsewhere(&mine, "Theirs, too");
    let failure = home.fail("save_rule", json!({"rule": rule, "revision": revision})).await;
    assert_eq!(failure.code, FailureCode::ChangedMeanwhile, "{failure:?}");
    assert_eq!(home.rule(&mine).await["rule"]["name"], "Theirs, too", "it stays as they wrote it");
}

#[tokio::test]
async fn undoing_leaves_alone_what_somebody_else_changed_and_says_so_once() {
    let home = Home::new();
    home.add("Mine").await;
    let other = home.add("Other").await;
    home.change_elsewhere(&other, "Theirs");
    let failure = home.fail("undo", json!({})).await;
    assert_eq!(failure.code, FailureCode::ChangedMeanwhile, "{failure:?}");
    assert_eq!(home.rule(&other).await["rule"]["name"], "Theirs", "it stays as they wrote it");
    let undo = home.call("undo", json!({})).await;
    assert_eq!(undo["redo"], json!({"what": "rule_added", "name": "Mine"}), "the next one is another deed");
    assert_eq!(home.call("undo", json!({})).await["undo"], Value::Null, "and nothing is left");
}

/// Hears what is told until the rulebook's revision and what can be undone then were, in whatever order; gives the latter.
async fn told_through(batches: &mut crate::push::PushReader, book: &Value) -> Undo {
    let (mut revision, mut undo) = (None, None);
    let told = async {
        loop {
            let batch = batches.next().await.expect("the app runs");
            revision = revision.max(batch.rulebook_revision);
            undo = batch.undo.clone().or(undo.take());
            match &undo {
                Some(undo) if revision >= book["revision"].as_i64() && json!(undo) == book["undo"] => {
                    return undo.clone();
                }
                Some(_) | None => {}
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), told).await.expect("every change is told")
}

#[tokio::test]
async fn every_change_is_told_to_everybody() {
    let home = Home::new();
    let mut batches = home.app.push.listen();
    let id = home.add("Hello").await;
    home.call("enable_rule", json!({"rule": id, "enabled": false})).await;
    let book = home.call("rulebook", json!({})).await;
    let told = told_through(&mut batches, &book).await;
    assert_eq!(told.undo.expect("there is something").name, "Hello", "as people call it");
    home.call("undo", json!({})).await;
    let undone = home.call("rulebook", json!({})).await;
    assert!(undone["revision"].as_i64() > book["revision"].as_i64(), "undoing is a change, too");
    let told = told_through(&mut batches, &undone).await;
    assert!(told.redo.is_some(), "that can be done again");
    assert_eq!(home.rule(&id).await["rule"]["enabled"], true, "it is as it was");
}

#[tokio::test]
async fn what_is_thrown_away_lies_in_the_bin_until_that_is_emptied() {
    let home = Home::new();
    let id = home.add("Farewell").await;
    let book = home.call("bin_rule", json!({"rule": id})).await;
    assert_eq!((book["binned"].as_u64(), home.ids().await.contains(&id)), (Some(1), false), "it is there alone");
    let binned = home.call("binned_rules", json!({})).await;
    assert_eq!(
        (&binned[0]["rule"]["name"], binned[0]["binnedMs"].as_i64()),
        (&json!("Farewell"), Some(NOON_MS)),
        "whole"
    );
    let exported = home.call("export_rules", json!({"rules": null})).await;
    assert!(!text(&exported["text"]).contains("Farewell"), "nobody exports what was thrown away");
    let restored = home.call("restore_rule", json!({"rule": id})).await;
    assert_eq!(restored["undo"]["undo"]["what"], "rule_restored", "it is back");
    assert_eq!(home.fail("restore_rule", json!({"rule": id})).await.code, FailureCode::NotFound, "and no longer there");
    home.call("bin_rule", json!({"rule": id})).await;
    home.call("empty_bin", json!({})).await;
    assert_eq!(home.call("binned_rules", json!({})).await, json!([]), "it is gone for good");
    assert!(!home.ids().await.contains(&id), "and not among the rules");
}

#[tokio::test]
async fn a_rule_goes_back_to_an_earlier_form_and_stays_switched() {
    let home = Home::new();
    let id = home.add("First words").await;
    let mut rule = home.rule(&id).await["rule"].clone();
    rule["name"] = json!("Other words");
    rule["enabled"] = json!(false);
    home.call("save_rule", json!({"rule": rule, "revision": home.revision().await})).await;
    let history = home.call("rule_history", json!({"rule": id})).await;
    assert_eq!(history[0]["rule"]["name"], "First words", "the earlier form is kept");
    assert_eq!(history[0]["savedMs"], NOON_MS, "with its time");
    let input = json!({"rule": id, "version": history[0]["version"]});
    let saved = home.call("restore_rule_version", input).await;
    let now = &saved["rule"]["rule"];
    assert_eq!((&now["name"], &now["enabled"]), (&json!("First words"), &json!(false)), "it says what it said");
    let missing = home.fail("restore_rule_version", json!({"rule": id, "version": 99})).await;
    assert_eq!(missing.code, FailureCode::NotFound, "{missing:?}");
}

#[tokio::test]
async fn a_group_is_added_and_changed_and_bad_ones_are_refused() {
    let home = Home::new();
    let save = |name: &str, seconds: f64| json!({"group": {"name": name, "cooldown_seconds": seconds}});
    home.call("save_group", save("spins", 2.0)).await;
    let book = home.call("save_group", save("spins", 9.0)).await;
    assert_eq!(book["groups"], json!([{"name": "spins", "fires": "all", "cooldown_seconds": 9.0}]), "it is one group");
    assert_eq!(
        home.fail("save_group", save("", 1.0)).await.field.as_deref(),
        Some("group.name"),
        "nobody could choose it"
    );
    let failure = home.fail("save_group", save("spins", -1.0)).await;
    assert_eq!(failure.field.as_deref(), Some("group.cooldown_seconds"), "{failure:?}");
}

#[tokio::test]
async fn who_only_watches_reads_and_changes_nothing() {
    let home = Home::new();
    for command in ["rulebook", "services"] {
        home.ask(CallerRole::Remote, command, json!({})).await.expect("it may be read");
    }
    for command in ["undo", "redo", "empty_bin", "binned_rules", "bin_rule", "save_rule", "import_rules", "add_service"]
    {
        let failure = home.ask(CallerRole::Remote, command, json!({})).await.expect_err("it must not");
        assert_eq!(failure.code, FailureCode::NotAllowed, "{command} changes rules");
    }
}

#[tokio::test]
async fn what_can_be_undone_is_told_in_the_order_in_which_it_was_done() {
    let home = Home::new();
    let door = Door::new(Arc::clone(&home.app));
    let mut heard = door.listen();
    let add = |name: &str| {
        let input = json!({"rule": {"name": name, "when": {"on": "comment"}, "do": []}});
        let door = door.clone();
        async move { door.call(CallerRole::Full, "add_rule", input).await.expect("it can be added") }
    };
    let mut first = pin!(add("first"));
    // It is added, and what can be undone then was read, but not told.
    leave_after(first.as_mut(), 2).await;
    assert!(home.app.telling_undo.try_lock().is_err(), "the first has read and not told");
    let second = tokio::spawn(add("second"));
    ended_or_waiting(&second, &home.app.telling_undo).await;
    first.await;
    second.await.expect("it does not break off");
    // Something else, which is told behind all that was noted before it.
    home.app.push.note(|gathered| gathered.banner = Some(None));
    let batches = until(&mut heard, |batch| batch.banner.is_some()).await;
    let told = batches.iter().rev().find_map(|batch| batch.undo.clone()).expect("it is told");
    assert_eq!(told.undo.expect("there is one").name, "second", "the newest deed is what is taken back first");
}
