//! Begun, continued, ended, renamed, deleted.

use cuelight_core::event::{Body, EventType, Unknown};
use cuelight_core::id::{SessionId, UserId};
use cuelight_core::totals::SessionTotals;
use cuelight_core::viewer::ViewerFacts;

use super::{Arrival, Home, LUNA, NOON_MS, comment, commit, like, numbers, plain, reader, roses, viewer_sums};
use crate::store::{ComboChange, Commit, EventRow, Journal, SessionStart, StoreError, ViewerFlush};

const MINUTE_MS: i64 = 60_000;

/// Cuts a session off after an event at noon and opens one `minutes` later.
fn check_resumed(start: &SessionStart<'_>, minutes: i64, expected: bool, why: &str) {
    let home = Home::new();
    let (store, mut journal) = home.journal();
    let first = journal.open_session(&LUNA, NOON_MS - MINUTE_MS).expect("it begins").session;
    commit(&mut journal, first, &[Arrival::new(1, NOON_MS, comment("mira"))]);
    drop(journal);
    let mut journal = store.journal().expect("after the crash");
    let opened = journal.open_session(start, NOON_MS + minutes * MINUTE_MS).expect("it opens");
    assert_eq!(opened.resumed.is_some(), expected, "{why}");
    assert_eq!(opened.session == first, expected, "{why}: the number says so too");
    let stored = reader(&store).session(first).expect("readable").expect("it is kept");
    let end_ms = (!expected).then_some(NOON_MS);
    assert_eq!(stored.ended_ms, end_ms, "{why}: what is not continued ends at its last event");
}

#[test]
fn only_a_fresh_session_of_the_same_creator_and_room_is_continued() {
    check_resumed(&LUNA, 9, true, "the same live, 9 minutes later");
    check_resumed(&SessionStart { source: "tiktok:page", ..LUNA }, 1, true, "another way in to the same live");
    check_resumed(&LUNA, 11, false, "the same live, 11 minutes later");
    check_resumed(&SessionStart { room_id: "1", ..LUNA }, 1, false, "the next live of the same creator");
    check_resumed(&SessionStart { creator: "mia_draws", ..LUNA }, 1, false, "another creator");
}

#[test]
fn where_an_earlier_run_was_is_known_for_as_long_as_its_session_would_go_on() {
    let home = Home::new();
    let (store, mut journal) = home.journal();
    let session = journal.open_session(&LUNA, NOON_MS - MINUTE_MS).expect("it begins").session;
    commit(&mut journal, session, &[Arrival::new(1, NOON_MS, comment("mira"))]);
    let cut_off =
        |creator: &str, minutes: i64| reader(&store).cut_off(creator, NOON_MS + minutes * MINUTE_MS).expect("readable");
    let there = Some((LUNA.room_id.to_owned(), NOON_MS));
    assert_eq!(cut_off(LUNA.creator, 9), there, "nine minutes later");
    assert_eq!(cut_off(&LUNA.creator.to_uppercase(), 9), there, "however the name is written");
    assert_eq!(cut_off(LUNA.creator, 11), None, "that live is another session");
    assert_eq!(cut_off("mia_draws", 1), None, "another creator");
    journal.end_session(session, NOON_MS + 1).expect("it ends");
    assert_eq!(cut_off(LUNA.creator, 1), None, "who ended a session misses nothing of it");
}

#[test]
fn an_ended_session_is_not_continued() {
    let home = Home::new();
    let (_store, mut journal) = home.journal();
    let first = journal.open_session(&LUNA, NOON_MS).expect("it begins").session;
    journal.end_session(first, NOON_MS + 1).expect("it ends");
    let next = journal.open_session(&LUNA, NOON_MS + 2).expect("it begins");
    assert!(next.resumed.is_none() && next.session != first, "who ended a session wants a new one");
}

#[test]
fn a_continued_session_gets_everything_back_that_it_had_in_memory() {
    let home = Home::new();
    let (_store, mut journal) = home.journal();
    let named = SessionStart { name: Some("friday"), ..LUNA };
    let session = journal.open_session(&named, NOON_MS).expect("it begins").session;
    let odd = Body::Unknown(Unknown { method: "WebcastOddMessage".into(), size: 3 });
    let arrivals = [Arrival::new(1, NOON_MS + 1, comment("mira")), Arrival::new(2, NOON_MS + 2, odd)];
    let rows: Vec<EventRow<'_>> = arrivals.iter().map(Arrival::row).collect();
    let mut totals = SessionTotals::default();
    arrivals.iter().for_each(|arrival| totals.add(&arrival.event));
    let mira = ViewerFacts {
        user_id: UserId::new("mira"),
        unique_id: "mira".into(),
        nickname: "Mira".into(),
        first_seen_ms: NOON_MS + 1,
        last_seen_ms: NOON_MS + 1,
        comments: 1,
        ..ViewerFacts::default()
    };
    let combos = [
        ComboChange { key: "a", state: Some("{\"count\":3}") },
        ComboChange { key: "b", state: Some("{}") },
        ComboChange { key: "b", state: None },
    ];
    let viewers = Some(ViewerFlush { through_number: 1, facts: std::slice::from_ref(&mira) });
    journal.commit(&Commit { combos: &combos, viewers, ..plain(session, &rows, &totals) }).expect("there is room");

    let parts = journal.open_session(&LUNA, NOON_MS + MINUTE_MS).expect("it opens").resumed.expect("it goes on");
    assert_eq!((parts.started_ms, parts.last_event_ms, parts.next_number), (NOON_MS, NOON_MS + 2, 3), "it goes on");
    assert_eq!(parts.totals, totals, "its sums");
    assert_eq!(parts.combos, [("a".to_owned(), "{\"count\":3}".to_owned())], "its open combos, not the ended one");
    assert_eq!((parts.viewers, parts.viewers_through), (vec![mira], 1), "viewers as of their flush");
    let seen: Vec<_> = parts.seen.iter().map(|seen| (seen.event_type, seen.msg_id, seen.method.as_deref())).collect();
    let first_id = 7_000_000_000_000_000_001;
    let expected =
        [(EventType::Comment, first_id, None), (EventType::Unknown, first_id + 1, Some("WebcastOddMessage"))];
    assert_eq!(seen, expected, "messages seen, the oldest first");
    drop(journal);
    let stored = reader(&home.store()).session(session).expect("readable").expect("it goes on");
    assert_eq!(stored.name.as_deref(), Some("friday"), "no new name was given, so it keeps its own");
}

fn flush(journal: &mut Journal, session: SessionId, facts: &[ViewerFacts], arrivals: &[Arrival]) {
    let rows: Vec<EventRow<'_>> = arrivals.iter().map(Arrival::row).collect();
    let totals = SessionTotals::default();
    let viewers = Some(ViewerFlush { through_number: 9, facts });
    journal.commit(&Commit { viewers, ..plain(session, &rows, &totals) }).expect("there is room");
}

#[test]
fn deleting_a_session_takes_it_out_of_its_viewers_sums() {
    let home = Home::new();
    let (store, mut journal) = home.journal();
    let facts = |name: &str, at_ms: i64, roses: u64, comments: u64| ViewerFacts {
        user_id: UserId::new(name),
        unique_id: name.into(),
        first_seen_ms: at_ms,
        last_seen_ms: at_ms,
        gift_units: roses,
        diamonds: roses,
        comments,
        likes: roses,
        ..ViewerFacts::default()
    };
    let both = |roses_given: u32| {
        [
            Arrival::new(1, NOON_MS, roses("mira", roses_given)),
            Arrival::new(2, NOON_MS, comment("mira")),
            Arrival::new(3, NOON_MS, like("mira", roses_given)),
            Arrival::new(4, NOON_MS, comment("tomo")),
        ]
    };
    let first = journal.open_session(&LUNA, NOON_MS).expect("it begins").session;
    flush(&mut journal, first, &[facts("mira", NOON_MS, 10, 1), facts("tomo", NOON_MS, 0, 1)], &both(10));
    journal.end_session(first, NOON_MS).expect("it ends");
    let second = journal.open_session(&LUNA, NOON_MS + 1).expect("it begins").session;
    flush(&mut journal, second, &[facts("mira", NOON_MS + 1, 3, 1)], &both(3)[..3]);

    journal.delete_session(first).expect("it goes");

    assert_eq!(viewer_sums(&home, "mira"), Some((3, 3, 1, 3)), "only the second one counts");
    assert_eq!(viewer_sums(&home, "tomo"), None, "who was nowhere else is forgotten");
    assert_eq!(numbers(&reader(&store), first), [0; 0], "its events are gone");
    assert_eq!(numbers(&reader(&store), second), [1, 2, 3], "the neighbour's are not");

    journal.delete_session(second).expect("it goes");
    let nothing = Some((0, 0, 0, 0));
    assert_eq!(viewer_sums(&home, "mira"), nothing, "first seen in a session before that one, of which nothing counts");
    let third = journal.open_session(&LUNA, NOON_MS + 2).expect("it begins").session;
    assert_eq!(third, SessionId(3), "a number is never given out twice");
}

#[test]
fn a_session_is_found_by_its_new_name_and_a_missing_one_is_said_to_be_missing() {
    let home = Home::new();
    let (store, mut journal) = home.journal();
    let session = journal.open_session(&LUNA, NOON_MS).expect("it begins").session;
    let name = || reader(&store).session(session).expect("readable").expect("it began").name;
    journal.rename_session(session, "  raid night ").expect("it is there");
    assert_eq!(name().as_deref(), Some("raid night"), "blanks around a name are slips");
    journal.rename_session(session, " ").expect("it is there");
    assert_eq!(name(), None, "an empty name is none");
    let missing = SessionId(77);
    for result in
        [journal.rename_session(missing, "x"), journal.end_session(missing, NOON_MS), journal.delete_session(missing)]
    {
        assert!(matches!(result, Err(StoreError::NoSession(id)) if id == missing), "{result:?} must name the session");
    }
}

#[test]
fn the_givers_of_a_session_come_with_what_they_gave_the_most_generous_first() {
    let home = Home::new();
    let (store, mut journal) = home.journal();
    let session = journal.open_session(&LUNA, NOON_MS).expect("it begins").session;
    let gifts = [("mira", 2), ("tomo", 9), ("mira", 3)];
    let arrivals: Vec<Arrival> =
        gifts.iter().zip(1..).map(|((by, count), number)| Arrival::new(number, NOON_MS, roses(by, *count))).collect();
    commit(&mut journal, session, &arrivals);
    let givers = reader(&store).top_givers(session, 5).expect("readable");
    let shown: Vec<_> =
        givers.iter().map(|giver| (giver.unique_id.as_str(), giver.gift_units, giver.diamonds)).collect();
    assert_eq!(shown, [("tomo", 9, 9), ("mira", 5, 5)], "sums of what each event added");
}
