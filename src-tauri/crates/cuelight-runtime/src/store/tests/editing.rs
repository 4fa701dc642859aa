//! Editing: every deed can be taken back and done again, and nobody's change is overwritten by that.

mod properties;

use cuelight_core::defaults;
use cuelight_core::event::EventType::Comment;
use cuelight_core::id::{RuleId, ServiceId};
use cuelight_core::limits::{RULE_VERSION_EVERY_MS, RULE_VERSIONS, UNDO_DEEDS};
use cuelight_core::rule::{Rule, RuleGroup};
use cuelight_core::rules_file::RulesFile;
use cuelight_core::service::{Service, ServiceKind, Services};
use serde_json::json;

use super::engine::{Engine, act, firing};
use super::{Home, NOON_MS, reader};
use crate::store::{Deed, DeedKind, Edit, Store, StoreError, Undone};

/// All that people edit.
#[derive(Debug, Clone, PartialEq)]
struct Book {
    rules: Vec<Rule>,
    groups: Vec<RuleGroup>,
    services: Vec<Service>,
    binned: Vec<Rule>,
}

impl Book {
    fn of(store: &Store) -> Self {
        let reader = reader(store);
        let binned = reader.binned_rules().expect("readable");
        Self {
            rules: reader.rules().expect("readable"),
            groups: reader.groups().expect("readable"),
            services: reader.services().expect("readable"),
            binned: binned.into_iter().map(|binned| binned.rule).collect(),
        }
    }

    fn ids(&self) -> Vec<&str> {
        self.rules.iter().map(|rule| rule.id.as_str()).collect()
    }
}

fn rule(id: &str, name: &str) -> Rule {
    let rule = json!({"id": id, "name": name, "when": {"on": "comment"}, "do": []});
    serde_json::from_value(rule).expect("a rule")
}

fn group(name: &str, cooldown_seconds: f64) -> RuleGroup {
    RuleGroup { name: name.into(), fires: Default::default(), cooldown_seconds }
}

/// Three rules, and the services of the app.
fn home() -> (Home, Store) {
    let home = Home::new();
    let store = home.store();
    let rules = ["a", "b", "c"].map(|id| rule(id, id));
    store.seed(&defaults::services(), &rules).expect("there is room");
    (home, store)
}

fn edit_at(store: &Store, now_ms: i64, kind: DeedKind, edit: impl FnOnce(&Edit<'_>) -> Result<(), StoreError>) {
    let done = |it: &Edit<'_>| {
        edit(it)?;
        Ok::<_, StoreError>((Deed::new(kind, "it"), ()))
    };
    store.edit(now_ms, done).expect("there is room");
}

fn edit(store: &Store, kind: DeedKind, change: impl FnOnce(&Edit<'_>) -> Result<(), StoreError>) {
    edit_at(store, NOON_MS, kind, change);
}

fn rename(store: &Store, id: &str, name: &str) {
    edit(store, DeedKind::RuleChanged, |edit| edit.put_rule(&rule(id, name)));
}

fn undo(store: &Store) -> Undone {
    store.undo(NOON_MS).expect("there is room")
}

fn redo(store: &Store) -> Undone {
    store.redo(NOON_MS).expect("there is room")
}

/// Makes the edit, takes it back, does it again, and takes it back once more.
#[track_caller]
fn check(kind: DeedKind, prepare: impl FnOnce(&Store), change: impl FnOnce(&Edit<'_>) -> Result<(), StoreError>) {
    let (_home, store) = home();
    prepare(&store);
    let before = Book::of(&store);
    let revisions = reader(&store).revisions().expect("readable");
    edit(&store, kind, change);
    let after = Book::of(&store);
    assert_ne!(before, after, "{kind:?} must change something");
    let raised = reader(&store).revisions().expect("readable");
    assert!(raised.rules > revisions.rules, "{kind:?} must be noticed");
    assert_eq!(raised.services > revisions.services, before.services != after.services, "services by themselves");
    let done = Undone::Done(Deed::new(kind, "it"));
    for _ in 0..2 {
        assert_eq!(
            reader(&store).undo_state().expect("readable").undo,
            Some(Deed::new(kind, "it")),
            "it can be undone"
        );
        assert_eq!(undo(&store), done, "{kind:?} must be undone");
        assert_eq!(Book::of(&store), before, "as it was before {kind:?}");
        assert_eq!(reader(&store).undo_state().expect("readable").redo, Some(Deed::new(kind, "it")), "and done again");
        assert_eq!(redo(&store), done, "{kind:?} must be done again");
        assert_eq!(Book::of(&store), after, "as it was after {kind:?}");
    }
}

#[test]
fn every_kind_of_deed_is_undone_and_done_again() {
    let id = RuleId::new;
    let nothing = |_: &Store| {};
    let bin = |store: &Store| edit(store, DeedKind::RuleBinned, |edit| edit.bin_rule(&RuleId::new("b")));
    let more = || defaults::another_service(ServiceKind::Overlays, "overlays-2", "More");
    check(DeedKind::RuleAdded, nothing, |edit| edit.add_rule(&rule("d", "New")));
    check(DeedKind::RuleChanged, nothing, |edit| edit.put_rule(&rule("b", "Other words")));
    check(DeedKind::RuleChanged, nothing, |edit| edit.put_rule(&Rule { enabled: false, ..rule("b", "b") }));
    check(DeedKind::RuleMoved, nothing, |edit| edit.move_rule(&id("c"), Some(&id("a"))));
    check(DeedKind::RuleMoved, nothing, |edit| edit.move_rule(&id("a"), None));
    check(DeedKind::RuleBinned, nothing, |edit| edit.bin_rule(&id("b")));
    check(DeedKind::RuleRestored, bin, |edit| edit.restore_rule(&RuleId::new("b")));
    check(DeedKind::RulesImported, nothing, |edit| {
        let file = RulesFile::new(vec![group("spins", 2.0)], vec![rule("d", "D"), rule("a", "taken"), rule("b", "b")]);
        edit.import(&file).map(drop)
    });
    check(DeedKind::GroupChanged, nothing, |edit| edit.put_group(&group("spins", 2.0)));
    let spins = |store: &Store| edit(store, DeedKind::GroupChanged, |edit| edit.put_group(&group("spins", 2.0)));
    check(DeedKind::GroupChanged, spins, |edit| edit.put_group(&group("spins", 7.0)));
    check(DeedKind::ServiceChanged, nothing, |edit| {
        let mut overlays = edit.service(&ServiceId::new("overlays"))?;
        let gift = overlays.events.values_mut().find_map(|config| config.default_action.as_mut());
        gift.expect("overlays show something by default").enabled = false;
        edit.put_service(&overlays)
    });
    check(DeedKind::ServiceAdded, nothing, |edit| edit.add_service(&more()));
    let add = |store: &Store| edit(store, DeedKind::ServiceAdded, |edit| edit.add_service(&more()));
    check(DeedKind::ServiceRemoved, add, |edit| edit.remove_service(&ServiceId::new("overlays-2")));
}

#[test]
fn a_moved_rule_stands_where_it_was_put() {
    let (_home, store) = home();
    let id = RuleId::new;
    for (moved, before, order) in
        [("c", Some("a"), ["c", "a", "b"]), ("c", None, ["a", "b", "c"]), ("a", Some("c"), ["b", "a", "c"])]
    {
        edit(&store, DeedKind::RuleMoved, |edit| edit.move_rule(&id(moved), before.map(RuleId::new).as_ref()));
        assert_eq!(Book::of(&store).ids(), order, "{moved} goes before {before:?}");
    }
    let nowhere = |edit: &Edit<'_>| {
        edit.move_rule(&RuleId::new("a"), Some(&RuleId::new("nobody")))?;
        Ok::<_, StoreError>((Deed::new(DeedKind::RuleMoved, "it"), ()))
    };
    assert!(matches!(store.edit(NOON_MS, nowhere), Err(StoreError::NoRule(_))), "a slip is told");
    assert_eq!(Book::of(&store).ids(), ["b", "a", "c"], "and changes nothing");
}

#[test]
fn a_new_deed_drops_what_could_be_done_again_and_one_that_changed_nothing_does_not() {
    let (_home, store) = home();
    rename(&store, "a", "first");
    undo(&store);
    rename(&store, "a", "a");
    assert!(matches!(redo(&store), Undone::Done(_)), "nothing had been done");
    undo(&store);
    rename(&store, "b", "second");
    assert_eq!(redo(&store), Undone::Nothing, "the other way was left");
}

#[test]
fn deeds_outlive_a_restart_and_the_oldest_go_first() {
    let (home, store) = home();
    for number in 0..UNDO_DEEDS + 5 {
        rename(&store, "a", &format!("name {number}"));
    }
    drop(store);
    let store = home.store();
    let mut undone = 0;
    while undo(&store) != Undone::Nothing {
        undone += 1;
    }
    assert_eq!(undone, UNDO_DEEDS, "so many are kept");
    assert_eq!(Book::of(&store).rules[0].name, "name 4", "the oldest five were dropped");
    drop(store);
    assert!(matches!(redo(&home.store()), Undone::Done(_)), "what was taken back can be done again after a restart");
}

#[test]
fn a_deed_whose_rule_somebody_else_changed_is_given_up_and_the_one_before_is_not() {
    let (home, store) = home();
    rename(&store, "a", "mine");
    rename(&store, "b", "mine too");
    let other = crate::store::open_beside_engine(&home.folder, &home.clock).expect("it opens").0;
    other.put_rule(&rule("b", "theirs")).expect("there is room");
    let before = Book::of(&store);
    assert!(matches!(undo(&store), Undone::ChangedMeanwhile(_)), "it would overwrite what they wrote");
    assert_eq!(Book::of(&store), before, "and does not");
    assert!(matches!(undo(&store), Undone::Done(_)), "the deed before is about another rule");
    assert_eq!(Book::of(&store).rules[0].name, "a", "and is taken back");
    other.put_rule(&rule("a", "theirs")).expect("there is room");
    assert!(matches!(redo(&store), Undone::ChangedMeanwhile(_)), "doing it again would overwrite it as well");
    assert_eq!(Book::of(&store).rules[0].name, "theirs", "and does not");
    assert_eq!((undo(&store), redo(&store)), (Undone::Nothing, Undone::Nothing), "both deeds are given up");
}

#[test]
fn a_rule_that_switches_another_one_hinders_nobody_and_cannot_be_undone() {
    let (_home, store) = home();
    rename(&store, "a", "mine");
    edit(&store, DeedKind::RuleAdded, |edit| edit.add_rule(&rule("d", "New")));
    for id in ["a", "d"] {
        store.set_rule_enabled(&RuleId::new(id), false).expect("it is there");
    }
    assert!(matches!(undo(&store), Undone::Done(Deed { kind: DeedKind::RuleAdded, .. })), "the new one goes");
    assert!(matches!(undo(&store), Undone::Done(_)), "what it says is another matter than its switch");
    let a = &Book::of(&store).rules[0];
    assert_eq!((a.name.as_str(), a.enabled), ("a", false), "which stays as the rule left it");
    assert_eq!(undo(&store), Undone::Nothing, "what rules do is no deed of people");
}

#[test]
fn what_others_need_by_now_stays() {
    let (_home, store) = home();
    edit(&store, DeedKind::GroupChanged, |edit| edit.put_group(&group("spins", 2.0)));
    let theirs = Rule { group: Some("spins".into()), ..rule("d", "Theirs") };
    store.put_rule(&theirs).expect("there is room");
    assert!(matches!(undo(&store), Undone::ChangedMeanwhile(_)), "their rule would have no group");
    assert_eq!(Book::of(&store).groups.len(), 1, "so it stays");
}

#[test]
fn a_service_with_jobs_stays_until_they_have_ended() {
    let mut engine = Engine::new();
    let more = defaults::another_service(ServiceKind::Voice, "voice-2", "Second voice");
    edit(&engine.store, DeedKind::ServiceAdded, |edit| edit.add_service(&more));
    engine.services = Services::new(reader(&engine.store).services().expect("readable"));
    engine.fire(firing(1, Comment, "one", &[act("speak", "voice-2")]));
    assert!(matches!(undo(&engine.store), Undone::JobsWait(_)), "its job would wait for ever");
    let state = reader(&engine.store).undo_state().expect("readable");
    assert!(state.undo.is_some(), "it can be undone later");
    engine.run_all("voice-2");
    assert!(matches!(undo(&engine.store), Undone::Done(_)), "nothing waits any more");
    assert_eq!(Book::of(&engine.store).services.len(), defaults::services().len(), "it is gone");
}

#[test]
fn a_rule_in_the_bin_is_out_of_sight_and_its_id_stays_its_own() {
    let (home, store) = home();
    edit(&store, DeedKind::RuleBinned, |edit| edit.bin_rule(&RuleId::new("b")));
    let there = reader(&store).rules_there().expect("readable");
    assert_eq!((there.rules.len(), &there.binned_rules[..]), (2, &[RuleId::new("b")][..]), "only its id is known");
    let import = store.import_rules(&RulesFile::new(Vec::new(), vec![rule("b", "Theirs")])).expect("there is room");
    assert_eq!(import.rules[0].id.as_str(), "b-2", "so that it can come back");
    drop(store);
    std::fs::write(home.folder.database(), "garbage").expect("writable");
    let (store, _) = home.open();
    assert_eq!(Book::of(&store).binned, [rule("b", "b")], "it outlives a damaged database, too");
    assert_eq!(store.seed(&[], &["a", "b", "c"].map(|id| rule(id, id))).expect("there is room"), 0, "nor is it new");
}

#[test]
fn an_emptied_bin_takes_all_along_that_speaks_of_its_rules() {
    let (_home, store) = home();
    rename(&store, "a", "kept");
    rename(&store, "b", "thrown away");
    edit(&store, DeedKind::RuleBinned, |edit| edit.bin_rule(&RuleId::new("b")));
    store.empty_bin().expect("there is room");
    assert_eq!(reader(&store).binned_count().expect("readable"), 0, "it is empty");
    assert_eq!(reader(&store).rule_versions(&RuleId::new("b")).expect("readable"), [], "without earlier forms");
    assert!(matches!(undo(&store), Undone::Done(_)), "what is left is about other rules");
    assert_eq!(Book::of(&store).rules[0].name, "a", "such as this one");
    assert_eq!(undo(&store), Undone::Nothing, "and nothing brings it back");
}

#[test]
fn earlier_forms_are_kept_once_a_minute_and_bounded() {
    let (_home, store) = home();
    let id = RuleId::new("a");
    let mut now_ms = NOON_MS;
    let mut save = |name: &str, after_ms: i64| {
        now_ms += after_ms;
        edit_at(&store, now_ms, DeedKind::RuleChanged, |edit| edit.put_rule(&rule("a", name)));
    };
    let names = || {
        let versions = reader(&store).rule_versions(&id).expect("readable");
        versions.into_iter().map(|version| version.rule.name).collect::<Vec<_>>()
    };
    save("typ", 0);
    save("typing", 300);
    save("typing on", 300);
    assert_eq!(names(), ["a"], "what was typed is one change");
    save("later", RULE_VERSION_EVERY_MS);
    assert_eq!(names(), ["typing on", "a"], "the newest first");
    save("a", RULE_VERSION_EVERY_MS);
    save("last", RULE_VERSION_EVERY_MS);
    assert_eq!(names(), ["a", "later", "typing on"], "what people came back to stands there once");
    for number in 0..RULE_VERSIONS {
        save(&format!("name {number}"), RULE_VERSION_EVERY_MS);
    }
    assert_eq!(names().len(), RULE_VERSIONS as usize, "so many are kept");
    let newest = reader(&store).rule_versions(&id).expect("readable").remove(0);
    let found = store.edit(now_ms, |edit| {
        Ok::<_, StoreError>((Deed::new(DeedKind::RuleChanged, ""), edit.version(&id, newest.version)?))
    });
    assert_eq!(found.expect("readable"), Some(newest.rule), "each is found by its number");
}

#[test]
fn a_rule_is_changed_since_only_if_it_was_changed_itself() {
    let (_home, store) = home();
    let changed = |id: &str, revision: i64| {
        let ask = |edit: &Edit<'_>| {
            Ok::<_, StoreError>((Deed::new(DeedKind::RuleChanged, ""), edit.changed_since(&RuleId::new(id), revision)?))
        };
        store.edit(NOON_MS, ask).expect("readable")
    };
    let now = || reader(&store).revisions().expect("readable").rules;
    let seen = now();
    assert!(!changed("a", seen), "nothing happened");
    rename(&store, "b", "other words");
    edit(&store, DeedKind::RuleMoved, |edit| edit.move_rule(&RuleId::new("a"), None));
    assert!(!changed("a", seen) && changed("b", seen), "another rule, or another place, is nothing to it");
    assert!(!changed("b", now()), "who has seen it since knows it");
    let seen = now();
    store.put_rule(&rule("a", "of the command line")).expect("there is room");
    assert!(changed("a", seen) && !changed("a", now()), "others count as well");
    let seen = now();
    store.set_rule_enabled(&RuleId::new("a"), false).expect("it is there");
    assert!(changed("a", seen) && !changed("b", seen), "and so does a switch");
    let seen = now();
    undo(&store);
    undo(&store);
    assert!(changed("b", seen), "and undoing");
}

#[test]
fn firings_are_counted_for_each_live_without_those_that_were_run_again() {
    let mut engine = Engine::new();
    assert_eq!(reader(&engine.store).fired().expect("readable").last_live, None, "there was no live before");
    let rose = |cause: u32| firing(cause, Comment, "hola", &[act("log_write", "basics")]);
    engine.fire(rose(1));
    engine.fire(rose(2));
    let origin = rose(1).origin.to_string();
    engine.run_all("basics");
    let job = engine.store.reader().and_then(|reader| reader.jobs(&Default::default(), 1)).expect("readable").remove(0);
    engine.work(|queues, world| queues.run_again(job.id, world.now_ms));
    let fired = reader(&engine.store).fired().expect("readable");
    assert_eq!(fired.this_live.get(&RuleId::new(&origin)), Some(&2), "{fired:?} must have both");
    let session = engine.session;
    engine.journal.end_session(session, NOON_MS).expect("there is room");
    let fired = reader(&engine.store).fired().expect("readable");
    assert!(fired.this_live.is_empty(), "nothing is open");
    assert_eq!(fired.last_live.expect("there was one").get(&RuleId::new(&origin)), Some(&2), "it was the last one");
    let plan = format!("EXPLAIN QUERY PLAN {}", crate::store::fired::COUNTS);
    let reader = reader(&engine.store);
    let mut statement = reader.connection.prepare(&plan).expect("SQL");
    let steps = statement.query_map([1], |row| row.get::<_, String>("detail")).expect("a plan");
    for step in steps.map(|step| step.expect("text")).filter(|step| step.contains("run") || step.contains("again")) {
        assert!(step.starts_with("SEARCH") || step.contains("CORRELATED"), "{step} would read every run there is");
        assert!(!step.starts_with("SEARCH") || step.contains("COVERING"), "{step} would read the runs themselves");
    }
}
