//! What is remembered of attempts to get into lives, and for how long.

use cuelight_core::attempt::{Attempt, AttemptAnswer, AttemptStep};
use cuelight_core::event::EventType;
use cuelight_core::limits::ATTEMPTS;
use cuelight_core::way::Way;
use rusqlite::Connection;

use super::{Home, NOON_MS, reader};

fn attempt(creator: &str, way: Option<Way>, answer: AttemptAnswer) -> Attempt {
    let mut attempt = Attempt::new(creator.into(), way, AttemptStep::Upgrade, answer);
    (attempt.at_ms, attempt.took_ms) = (NOON_MS, 120);
    attempt.place = "webcast-ws.tiktok.com".to_owned();
    attempt
}

#[test]
fn an_attempt_is_read_as_it_was_noted_the_newest_first() {
    let home = Home::new();
    let (store, _) = home.open();
    let noted = [
        attempt("luna", None, AttemptAnswer::NotLive).telling("HTTP 200"),
        attempt("luna", Some(Way::Sign), AttemptAnswer::RateLimited { until_ms: NOON_MS + 1 }),
        attempt("luna", Some(Way::Page), AttemptAnswer::FamilyMissing { family: EventType::Comment }),
    ];
    store.journal().expect("it opens").note_attempts(&noted).expect("there is room");
    let mut read = reader(&store).attempts(200).expect("readable");
    read.reverse();
    assert_eq!(read, noted, "nothing is lost on the way");
    assert_eq!(reader(&store).attempts(1).expect("readable"), noted[2..], "the newest where only one is asked for");
}

#[test]
fn the_way_that_led_in_last_is_remembered_for_each_creator_however_much_was_tried_since() {
    let home = Home::new();
    let (store, _) = home.open();
    let mut journal = store.journal().expect("it opens");
    let led_in = |creator: &str, way| attempt(creator, Some(way), AttemptAnswer::InRoom);
    let first = [led_in("luna", Way::Direct), led_in("luna", Way::Page), led_in("otto", Way::Tikfinity)];
    journal.note_attempts(&first).expect("there is room");
    let vain = vec![attempt("luna", Some(Way::Direct), AttemptAnswer::Refused); 500];
    for _ in 0..ATTEMPTS / 500 + 1 {
        journal.note_attempts(&vain).expect("there is room");
    }
    let reader = reader(&store);
    assert_eq!(reader.last_way_in("Luna").expect("readable"), Some(Way::Page), "the newest, however it is spelt");
    assert_eq!(reader.last_way_in("otto").expect("readable"), Some(Way::Tikfinity), "each has their own");
    assert_eq!(reader.last_way_in("nova").expect("readable"), None, "never in");
    let kept = reader.attempts(u32::MAX).expect("readable").len();
    assert_eq!(kept, ATTEMPTS as usize + 2, "the newest, and the last time that each room was reached");
}

#[test]
fn what_forgetting_asks_is_answered_by_indexes() {
    let home = Home::new();
    let (store, _) = home.open();
    let database = Connection::open(store.folder().database()).expect("it is there");
    let plan: Vec<String> = database
        .prepare(&format!("EXPLAIN QUERY PLAN {}", crate::store::attempts::FORGET))
        .expect("SQL")
        .query_map([1], |row| row.get(3))
        .expect("a plan")
        .collect::<rusqlite::Result<_>>()
        .expect("a plan");
    assert!(plan.iter().any(|step| step.contains("PRIMARY KEY") || step.contains("rowid")), "{plan:#?}");
    assert!(plan.iter().any(|step| step.contains("attempt_in")), "{plan:#?}");
    assert!(!plan.iter().any(|step| step.starts_with("SCAN attempt")), "{plan:#?}");
}
