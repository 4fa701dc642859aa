//! What is forgotten after its time, and what never is.

use cuelight_core::event::EventType;
use cuelight_core::id::SessionId;
use cuelight_core::job::JobState;

use super::engine::{Engine, act, firing};
use super::{Arrival, Home, LUNA, NOON_MS, comment, commit, count_of, join, like, reader};
use crate::store::{Journal, SessionStart};

const DAY_MS: i64 = 86_400_000;

/// Joins, comments and likes in turn, from that moment on, a second apart.
fn crowd(from_ms: i64, how_many: u32) -> Vec<Arrival> {
    (1..=how_many)
        .map(|number| {
            let body = match number % 3 {
                0 => comment("mira"),
                1 => join("tomo"),
                _ => like("ida", 5),
            };
            Arrival::new(number, from_ms + i64::from(number) * 1000, body)
        })
        .collect()
}

fn session_of(journal: &mut Journal, started_ms: i64, arrivals: &[Arrival]) -> SessionId {
    let start = SessionStart { taken_in_ms: started_ms, ..LUNA };
    let session = journal.open_session(&start, started_ms).expect("it begins").session;
    commit(journal, session, arrivals);
    journal.end_session(session, started_ms).expect("it ends");
    session
}

fn prune_all(journal: &mut Journal, now_ms: i64, chunk_rows: u32) -> (u64, u32) {
    let (mut deleted, mut pieces) = (0, 0);
    loop {
        let pruned = journal.prune(now_ms, 14, chunk_rows).expect("it can be written");
        deleted += pruned.deleted;
        pieces += 1;
        assert!(pruned.deleted <= u64::from(chunk_rows), "a piece must not keep the journal waiting");
        if !pruned.more {
            return (deleted, pieces);
        }
        assert!(pieces < 1_000, "pruning must come to an end");
    }
}

#[test]
fn old_joins_and_likes_go_in_small_pieces_and_comments_stay() {
    let home = Home::new();
    let (store, mut journal) = home.journal();
    let old = session_of(&mut journal, NOON_MS - 20 * DAY_MS, &crowd(NOON_MS - 20 * DAY_MS, 300));
    let fresh = session_of(&mut journal, NOON_MS - 2 * DAY_MS, &crowd(NOON_MS - 2 * DAY_MS, 300));
    let before = reader(&store).session(old).expect("readable").expect("kept").totals;

    let (deleted, pieces) = prune_all(&mut journal, NOON_MS, 50);

    assert_eq!(deleted, 200, "the joins and likes of the old session");
    assert_eq!(pieces, 7, "six pieces of 50 events and a look that finds no more");
    let reader = reader(&store);
    assert_eq!(count_of(&reader, old, EventType::Comment), 100, "what people said stays");
    assert_eq!(
        (count_of(&reader, fresh, EventType::Join), count_of(&reader, fresh, EventType::Like)),
        (100, 100),
        "fresh"
    );
    assert_eq!(reader.session(old).expect("readable").expect("kept").totals, before, "sums are not pruned");
    assert_eq!(prune_all(&mut journal, NOON_MS, 50), (0, 1), "a second round has nothing to look at again");
}

#[test]
fn a_session_that_spans_the_limit_loses_its_old_part_now_and_the_rest_later() {
    let home = Home::new();
    let (store, mut journal) = home.journal();
    let limit_ms = NOON_MS - 14 * DAY_MS;
    let arrivals = crowd(limit_ms - 150_000, 300);
    let session = session_of(&mut journal, limit_ms - 150_000, &arrivals);
    let next = session_of(&mut journal, limit_ms - 100_000, &crowd(limit_ms - 100_000, 30));
    let (deleted, _) = prune_all(&mut journal, NOON_MS, 64);
    assert_eq!(deleted, 100 + 20, "what came before the limit, of both sessions");
    assert_eq!(count_of(&reader(&store), session, EventType::Join), 50, "the younger half waits");
    assert_eq!(count_of(&reader(&store), next, EventType::Join), 0, "and kept nobody behind it waiting");
    let (deleted, _) = prune_all(&mut journal, NOON_MS + DAY_MS, 64);
    assert_eq!(deleted, 100, "a day later the rest goes too");
}

#[test]
fn the_events_of_a_recording_are_as_old_as_the_session_that_played_it() {
    let home = Home::new();
    let (_store, mut journal) = home.journal();
    let recorded_ms = NOON_MS - 400 * DAY_MS;
    let start = SessionStart { taken_in_ms: NOON_MS, ..LUNA };
    let session = journal.begin_session(&start, recorded_ms).expect("it begins").session;
    commit(&mut journal, session, &crowd(recorded_ms, 30));
    assert_eq!(prune_all(&mut journal, NOON_MS + DAY_MS, 50), (0, 1), "it was played yesterday");
    assert_eq!(prune_all(&mut journal, NOON_MS + 15 * DAY_MS, 50).0, 20, "and goes when that is two weeks ago");
}

#[test]
fn what_old_joins_and_likes_caused_goes_with_them_unless_it_still_waits() {
    let mut engine = Engine::new();
    for (number, event_type) in [(1, EventType::Like), (2, EventType::Comment), (3, EventType::Join)] {
        engine.fire(firing(number, event_type, event_type.as_str(), &[act("log_write", "basics")]));
        engine.run_all("basics");
    }
    engine.fire(firing(4, EventType::Like, "waits", &[act("log_write", "basics")]));
    let later_ms = engine.now_ms + 20 * DAY_MS;
    prune_all(&mut engine.journal, later_ms, 2);
    let left: Vec<_> = engine.jobs().into_iter().map(|job| (job.event_type, job.state)).collect();
    let expected = [(Some(EventType::Comment), JobState::Completed), (Some(EventType::Like), JobState::Pending)];
    assert_eq!(left, expected, "what was said stays, and so does what is still to be done");
}
