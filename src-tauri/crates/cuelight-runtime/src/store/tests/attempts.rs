//! What is remembered of attempts to get into lives, and for how long.

use cuelight_core::attempt::{Attempt, AttemptAnswer, AttemptStep};
use cuelight_core::event::EventType;
use cuelight_core::limits::ATTEMPTS;
use cuelight_core::way::Way;
use rusqlite::Connection;

use super::{Home, NOON_MS, reader};
use crate::store::Journal;

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
    let first = [led_in("luna", Way::Direct), led_in("luna", Way::Page), led_in("otto", Way::Cookie)];
    journal.note_attempts(&first).expect("there is room");
    let vain = vec![attempt("luna", Some(Way::Direct), AttemptAnswer::Refused); 500];
    for _ in 0..ATTEMPTS / 500 + 1 {
        journal.note_attempts(&vain).expect("there is room");
    }
    let reader = reader(&store);
    let remembered = |creator| reader.last_way_in(creator, NOON_MS).expect("readable");
    assert_eq!(remembered("Luna"), Some(Way::Page), "the newest, however it is spelt");
    assert_eq!(remembered("otto"), Some(Way::Cookie), "each has their own");
    assert_eq!(remembered("nova"), None, "never in");
    let kept = reader.attempts(u32::MAX).expect("readable").len();
    assert_eq!(kept, ATTEMPTS as usize + 2, "the newest, and the last time that each room was reached");
}

#[test]
fn a_way_whose_connection_broke_at_once_is_not_remembered() {
    let home = Home::new();
    let (store, _) = home.open();
    let mut journal = store.journal().expect("it opens");
    let remembered = || reader(&store).last_way_in("luna", NOON_MS).expect("readable");
    let led_in = |way| attempt("luna", Some(way), AttemptAnswer::InRoom);
    let broke_after = |way, took_ms| {
        let mut attempt = Attempt::new("Luna".into(), Some(way), AttemptStep::Stay, AttemptAnswer::Broken);
        (attempt.at_ms, attempt.took_ms) = (NOON_MS, took_ms);
        attempt
    };
    let note = |journal: &mut Journal, attempts: &[Attempt]| journal.note_attempts(attempts).expect("there is room");
    note(&mut journal, &[led_in(Way::Direct), broke_after(Way::Direct, 3_600_000), led_in(Way::Page)]);
    assert_eq!(remembered(), Some(Way::Page), "it has not broken yet");
    note(&mut journal, &[broke_after(Way::Page, 1_000)]);
    assert_eq!(remembered(), Some(Way::Direct), "the one before held for an hour");
}

#[test]
fn a_borrowed_way_goes_first_for_a_day_after_tiktok_let_nobody_in() {
    const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
    for borrowed in [Way::Sign, Way::Tikfinity] {
        let home = Home::new();
        let (store, _) = home.open();
        let mut journal = store.journal().expect("it opens");
        let remembered = |now_ms| reader(&store).last_way_in("luna", now_ms).expect("readable");
        let led_in = attempt("luna", Some(borrowed), AttemptAnswer::InRoom);
        journal.note_attempts(std::slice::from_ref(&led_in)).expect("there is room");
        assert_eq!(remembered(NOON_MS), None, "nobody knows that {borrowed} was needed");
        let refused = attempt("luna", Some(Way::Direct), AttemptAnswer::Refused);
        journal.note_attempts(&[refused, led_in]).expect("there is room");
        assert_eq!(remembered(NOON_MS + DAY_MS - 1), Some(borrowed), "TikTok would refuse us again");
        assert_eq!(remembered(NOON_MS + DAY_MS), None, "it is worth asking TikTok again");
    }
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
