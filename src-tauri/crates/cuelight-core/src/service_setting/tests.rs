//! A service changes as it is told, wholly or not at all.

use super::*;
use crate::defaults;

fn service(id: &str) -> Service {
    defaults::services().into_iter().find(|service| service.id.as_str() == id).expect("it comes with the app")
}

#[track_caller]
fn check(id: &str, assignment: &str, from: &str, to: &str) {
    let changed = set(&service(id), &[assignment]).expect("the key takes it");
    let [change] = changed.changes.as_slice() else { panic!("one key was set, not {:?}", changed.changes) };
    assert_eq!((change.from.as_str(), change.to.as_str()), (from, to), "{assignment} for {id}");
    let again = set(&changed.service, &[format!("{}={to}", change.key)]).expect("what it reads, it takes");
    assert_eq!(again.service, changed.service, "and the text of a value leads back to it");
}

#[track_caller]
fn refuse(assignments: &[&str], expected: &str) {
    let error = set(&service("overlays"), assignments).expect_err("nothing may be changed").to_string();
    assert!(error.contains(expected), "{assignments:?}: {error:?} must say {expected:?}");
}

#[test]
fn every_key_can_be_set_and_reads_back() {
    for (assignment, from, to) in [
        ("active=off", "on", "off"),
        ("name=Second screen", "Overlays", "Second screen"),
        ("max_queue_size=250", "100", "250"),
        ("max_parallel=2", "8", "2"),
        ("comment.enabled=no", "on", "off"),
        ("comment.priority=10", "5", "10"),
        ("comment.mode=sync", "async", "sync"),
        ("comment.discardable=off", "on", "off"),
        ("comment.expires_after=never", "60", "never"),
        ("gift.expires_after=90", "never", "90"),
        ("comment.default=off", "on", "off"),
        ("others.priority=1", "5", "1"),
        (" comment.priority = 7 ", "5", "7"),
    ] {
        check("overlays", assignment, from, to);
    }
}

#[test]
fn an_event_type_that_was_one_of_the_others_is_treated_apart_once_it_is_set() {
    let before = service("voice");
    let changed = set(&before, &["poll.priority=9"]).expect("it takes that").service;
    let poll = changed.event(Some(EventType::Poll));
    assert_eq!(
        poll,
        &EventConfig { priority: Priority::new(9).expect("1 to 10"), ..before.others.clone() },
        "the rest stays"
    );
    assert_eq!(changed.event(Some(EventType::Goal)), &before.others, "other event types are as they were");
}

#[test]
fn a_fault_names_the_key_the_value_and_what_is_allowed() {
    refuse(&["max_queue_size"], "\"max_queue_size\" sets nothing: it takes KEY=VALUE");
    refuse(
        &["speed=3"],
        "there is no key \"speed\"; there are active, name, max_queue_size, max_parallel, and EVENT.enabled",
    );
    refuse(&["comment.speed=3"], "there is no key \"comment.speed\"");
    refuse(
        &["party.enabled=on"],
        "there is no event type \"party\" for \"party.enabled\"; there are connect, comment, gift",
    );
    refuse(&["comment.priority=0"], "could not set comment.priority to \"0\": it takes a whole number from 1 to 10");
    refuse(&["comment.priority=11"], "could not set comment.priority to \"11\": it takes a whole number from 1 to 10");
    refuse(&["comment.priority=high"], "could not set comment.priority to \"high\"");
    refuse(&["comment.mode=fast"], "it takes sync (alone) or async (beside others)");
    refuse(&["comment.expires_after=0"], "it takes a whole number of seconds from 1 to 86400, or never");
    refuse(&["max_queue_size=0"], "it takes a whole number from 1 to 100000");
    refuse(&["max_parallel=1000"], "it takes a whole number from 1 to 64");
    refuse(&["active=maybe"], "it takes on or off");
    refuse(&["name="], "it takes a name of 1 to 60 visible characters");
    refuse(&["name=a\u{202e}b"], "it takes a name of 1 to 60 visible characters");
    refuse(&["poll.default=on"], "could not set poll.default: overlays does nothing by default for it");
}

#[test]
fn one_fault_among_many_changes_nothing() {
    refuse(&["max_queue_size=5", "comment.priority=12"], "could not set comment.priority");
}
