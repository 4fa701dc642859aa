//! Rules and services: put in once, changed, and back after damage.

use std::fs;

use cuelight_core::defaults;
use cuelight_core::event::EventType;
use cuelight_core::id::{RuleId, ServiceId};
use cuelight_core::reason::Reason;
use cuelight_core::rule::{Rule, RuleGroup};
use cuelight_core::rules_file::RulesFile;
use cuelight_core::service::Service;

use super::{Home, reader};
use crate::rulebook::Rulebook;
use crate::store::{Store, StoreError};

fn seed(store: &Store) -> u32 {
    store.seed(&defaults::services(), &defaults::starter_rules()).expect("there is room")
}

#[test]
fn what_the_app_brings_along_is_put_in_once() {
    let home = Home::new();
    let store = home.store();
    let (services, rules) = (defaults::services(), defaults::starter_rules());
    assert_eq!(seed(&store) as usize, services.len() + rules.len(), "all of it is new");
    assert_eq!(reader(&store).services().expect("readable"), services, "services come back whole, in their order");
    assert_eq!(reader(&store).rules().expect("readable"), rules, "so do rules");

    store.delete_rule(&rules[0].id).expect("it is there");
    store.set_rule_enabled(&rules[1].id, !rules[1].enabled).expect("it is there");
    let mut voice = services.iter().find(|service| service.id.as_str() == "voice").expect("it is there").clone();
    voice.max_queue_size = 7;
    store.set_service(&voice).expect("it is there");
    assert_eq!(seed(&store), 0, "nothing is new the second time");
    let after = reader(&store).rules().expect("readable");
    assert_eq!((after.len(), after[0].enabled), (rules.len() - 1, !rules[1].enabled), "and nothing was changed back");
    assert!(reader(&store).services().expect("readable").contains(&voice), "services neither");
}

#[test]
fn what_nobody_edited_takes_the_form_of_a_newer_app() {
    let home = Home::new();
    let store = home.store();
    seed(&store);
    let text = |text: &str| [("text".to_owned(), text.into())].into_iter().collect();
    let (mut services, mut rules) = (defaults::services(), defaults::starter_rules());
    let edited = Rule { name: "My own words".into(), ..rules[0].clone() };
    store.put_rule(&edited).expect("there is room");
    store.set_rule_enabled(&rules[1].id, !rules[1].enabled).expect("it is there");
    let overlays = services.iter_mut().find(|service| service.id.as_str() == "overlays").expect("it is there");
    let action_of = |service: &mut Service, event_type, words: &str| {
        let config = service.events.get_mut(&event_type).expect("it has its own wishes");
        config.default_action.as_mut().expect("it has one").action.parameters = text(words);
    };
    let mut mine = overlays.clone();
    mine.max_queue_size = 7;
    action_of(&mut mine, EventType::Like, "mine");
    store.set_service(&mine).expect("it is there");

    action_of(overlays, EventType::Gift, "newer");
    action_of(overlays, EventType::Like, "newer");
    rules.iter_mut().for_each(|rule| rule.name.push_str(", newer"));
    store.seed(&services, &rules).expect("there is room");
    action_of(&mut mine, EventType::Gift, "newer");
    let after = reader(&store).services().expect("readable");
    assert!(after.contains(&mine), "the gift's action is the newer one, what was edited stays");
    let after = reader(&store).rules().expect("readable");
    assert_eq!(after[0], edited, "an edited rule stays as it is");
    assert_eq!(after[1].name, rules[1].name, "another one is renewed");
    assert_eq!(after[1].enabled, !rules[1].enabled, "and stays switched as it was");
    assert_eq!(store.seed(&services, &rules).expect("there is room"), 0, "once");
}

#[test]
fn every_change_raises_its_number() {
    let home = Home::new();
    let store = home.store();
    let revisions = || reader(&store).revisions().expect("readable");
    let before = revisions();
    seed(&store);
    let seeded = revisions();
    assert!(seeded.rules > before.rules && seeded.services > before.services, "both were put in");
    store.set_rule_enabled(&defaults::starter_rules()[0].id, false).expect("it is there");
    assert!(revisions().rules > seeded.rules, "a switch is a change");
}

#[test]
fn what_is_not_there_cannot_be_changed() {
    let home = Home::new();
    let store = home.store();
    let nobody = RuleId::new("nobody");
    assert!(matches!(store.delete_rule(&nobody), Err(StoreError::NoRule(_))), "a slip is told");
    assert!(matches!(store.set_rule_enabled(&nobody, true), Err(StoreError::NoRule(_))), "here too");
    let custom = defaults::custom_service("custom:lights", "Lights");
    assert!(matches!(store.set_service(&custom), Err(StoreError::NoService(_))), "and for services");
}

#[test]
fn rules_and_services_outlive_a_damaged_database() {
    let home = Home::new();
    let store = home.store();
    seed(&store);
    let group = RuleGroup { name: "greetings".into(), fires: Default::default(), cooldown_seconds: 2.5 };
    store.put_rules(&[], std::slice::from_ref(&group)).expect("there is room");
    store.delete_rule(&defaults::starter_rules()[0].id).expect("it is there");
    let (rules, services) = (reader(&store).rules().expect("readable"), reader(&store).services().expect("readable"));
    drop(store);
    fs::write(home.folder.database(), "garbage").expect("writable");
    let (store, story) = home.open();
    assert!(
        matches!(story.as_slice(), [Reason::DatabaseDamaged { .. }, Reason::SettingsRestored { .. }]),
        "{story:?} must tell both"
    );
    let restored = reader(&store);
    assert_eq!(restored.rules().expect("readable"), rules, "rules come from their copy");
    assert_eq!(restored.groups().expect("readable"), [group], "groups too");
    assert_eq!(restored.services().expect("readable"), services, "and services");
    assert_eq!(seed(&store), 0, "the rule that was deleted does not come back");
    assert!(services.iter().any(|service| service.id == ServiceId::new("voice")), "there was something to restore");
}

#[test]
fn a_rule_that_only_a_newer_version_reads_is_named_and_never_overwritten() {
    let home = Home::new();
    let store = home.store();
    let newer = r#"{"id":"dance","name":"Dance","when":{"on":"a_trigger_of_a_newer_version"},"do":[]}"#;
    let put = |transaction: &rusqlite::Transaction<'_>, _: &std::path::Path| -> Result<(), StoreError> {
        let insert = "INSERT INTO rule (id, position, enabled, body, origin) VALUES ('dance', 1, 1, ?1, 'user')";
        transaction.execute(insert, [newer]).expect("there is room");
        Ok(())
    };
    store.change(put).expect("there is room");
    let dance = Rule { id: RuleId::new("dance"), ..defaults::starter_rules()[0].clone() };
    let import = store.import_rules(&RulesFile::new(Vec::new(), vec![dance])).expect("there is room");
    assert_eq!(import.renamed, [(RuleId::new("dance"), RuleId::new("dance-2"))], "the file's rule gives way");
    let there = reader(&store).rules_there().expect("readable");
    assert_eq!(there.unreadable_rules, [RuleId::new("dance")], "it is named");
    assert_eq!(there.rules.len(), 1, "beside the one of the file");
    let body: String = reader(&store)
        .connection
        .query_row("SELECT body FROM rule WHERE id = 'dance'", [], |row| row.get(0))
        .expect("it is there");
    assert_eq!(body, newer, "as it was written");
}

#[test]
fn a_change_that_could_not_be_read_is_read_the_next_time() {
    let home = Home::new();
    let store = home.store();
    seed(&store);
    let mut rulebook = Rulebook::read(reader(&store)).expect("readable");
    let before = rulebook.rules().revision();
    store.put_rule(&Rule { name: "New".into(), ..defaults::starter_rules()[0].clone() }).expect("there is room");
    let database = rusqlite::Connection::open(home.folder.database()).expect("it opens");
    let put_body = |body: &str| database.execute("UPDATE service SET body = ?1 WHERE id = 'voice'", [body]);
    let body: String =
        database.query_row("SELECT body FROM service WHERE id = 'voice'", [], |row| row.get(0)).expect("it is there");
    database.execute("UPDATE revision SET number = number + 1 WHERE name = 'services'", []).expect("written");
    put_body("broken").expect("written");
    rulebook.refresh().expect_err("a service cannot be read");
    assert_eq!(rulebook.rules().revision(), before, "what is known stays, all of it");
    put_body(&body).expect("written");
    rulebook.refresh().expect("readable");
    assert!(rulebook.rules().revision() > before, "though nothing was changed after the read that failed");
}
