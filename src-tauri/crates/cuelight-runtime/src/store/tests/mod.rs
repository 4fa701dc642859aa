//! The promises of the store, on real files.

mod attempts;
mod backups;
mod editing;
mod engine;
mod held;
mod journal;
mod lists;
mod merged;
mod moves;
mod opening;
mod pruning;
mod queues;
mod rules;
mod sessions;
mod settings;
mod stopped;
mod work;

use std::ops::ControlFlow;
use std::path::PathBuf;

use cuelight_core::event::{Body, ByUser, Comment, Event, EventData, EventType, Gift, GiftDetails, Like};
use cuelight_core::id::{SessionId, UserId};
use cuelight_core::reason::Reason;
use cuelight_core::timestamp::Timestamp;
use cuelight_core::totals::{SessionTotals, counts};
use cuelight_core::user::User;
use rusqlite::OptionalExtension as _;
use tempfile::TempDir;

use super::{Commit, EventRow, Journal, Reader, SessionStart, Store, StoreError, open};
use crate::clock::Clock;
use crate::locks::EngineLock;
use crate::paths::DataFolder;

/// Noon of a day, from which the tests count.
const NOON_MS: i64 = 1_768_219_200_000;

const LUNA: SessionStart<'_> = SessionStart {
    creator: "luna.plays",
    room_id: "7123456789012345678",
    source: "tiktok:direct",
    name: None,
    taken_in_ms: NOON_MS,
};

/// A data folder that lives as long as its test.
struct Home {
    folder: DataFolder,
    clock: Clock,
    _place: TempDir,
}

impl Home {
    fn new() -> Self {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::new(place.path().join("data"));
        folder.create().expect("it can be made");
        Self { folder, clock: Clock::manual(NOON_MS), _place: place }
    }

    /// Opens the database as an engine does, and tells what there was to tell.
    fn open(&self) -> (Store, Vec<Reason>) {
        let lock = EngineLock::take(&self.folder).expect("no engine is running");
        open(&self.folder, &self.clock, &lock).expect("it opens")
    }

    fn store(&self) -> Store {
        let (store, story) = self.open();
        assert_eq!(story, [], "nothing odd happened at opening");
        store
    }

    fn journal(&self) -> (Store, Journal) {
        let store = self.store();
        let journal = store.journal().expect("it can be written");
        (store, journal)
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("cuelight.db-wal")
    }
}

fn reader(store: &Store) -> Reader {
    store.reader().expect("it can be read")
}

/// An event on its way into the journal.
struct Arrival {
    number: u32,
    received_ms: i64,
    event: Event,
    data: String,
}

impl Arrival {
    fn new(number: u32, received_ms: i64, body: Body) -> Self {
        let event = Event::own(body, Timestamp::from_ms(received_ms));
        let data = serde_json::to_string(&EventData(&event)).expect("events have a JSON form");
        Self { number, received_ms, event, data }
    }

    fn row(&self) -> EventRow<'_> {
        EventRow {
            number: self.number,
            event_type: self.event.event_type(),
            msg_id: Some(7_000_000_000_000_000_000 + i64::from(self.number)),
            received_ms: self.received_ms,
            counted: counts(&self.event),
            data: &self.data,
            decisions: None,
        }
    }
}

fn user(name: &str) -> User {
    User { unique_id: name.into(), nickname: name.to_uppercase().into(), user_id: UserId::new(name), ..User::default() }
}

fn comment(by: &str) -> Body {
    Body::Comment(Comment { user: user(by), comment: "Hola! 👋".repeat(20), ..Comment::default() })
}

fn join(by: &str) -> Body {
    Body::Join(ByUser { user: user(by) })
}

fn like(by: &str, count: u32) -> Body {
    Body::Like(Like { user: user(by), count, ..Like::default() })
}

fn roses(by: &str, count: u32) -> Body {
    let gift = GiftDetails { id: 5655, name: Some("Rose".into()), diamond_count: Some(1), ..GiftDetails::default() };
    Body::Gift(Box::new(Gift {
        user: user(by),
        gift,
        repeat_count: count,
        delta_count: Some(count),
        delta_diamonds: Some(u64::from(count)),
        ..Gift::default()
    }))
}

/// That many comments, numbered from `first`, a second apart.
fn comments(first: u32, how_many: u32) -> Vec<Arrival> {
    (first..first + how_many)
        .map(|number| Arrival::new(number, NOON_MS + i64::from(number) * 1000, comment("mira")))
        .collect()
}

/// Commits these events and nothing beside them.
fn commit(journal: &mut Journal, session: SessionId, arrivals: &[Arrival]) {
    let rows: Vec<EventRow<'_>> = arrivals.iter().map(Arrival::row).collect();
    let mut totals = SessionTotals::default();
    arrivals.iter().for_each(|arrival| totals.add(&arrival.event));
    journal.commit(&plain(session, &rows, &totals)).expect("there is room");
}

fn plain<'a>(session: SessionId, rows: &'a [EventRow<'a>], totals: &'a SessionTotals) -> Commit<'a> {
    let last_event_ms = rows.last().map_or(NOON_MS, |row| row.received_ms);
    Commit {
        session,
        rows,
        combos: &[],
        totals,
        last_event_ms,
        gifts: &[],
        received: &[],
        faults: &[],
        sheds: &[],
        viewers: None,
        effects: None,
        rule_state: &[],
        emitted: &[],
    }
}

fn numbers(reader: &Reader, session: SessionId) -> Vec<u32> {
    let mut numbers = Vec::new();
    reader
        .for_each_event(session, 0, |event| {
            numbers.push(event.number);
            Ok::<_, StoreError>(ControlFlow::Continue(()))
        })
        .expect("it can be read");
    numbers
}

fn count_of(reader: &Reader, session: SessionId, event_type: EventType) -> u64 {
    let mut count = 0;
    reader
        .for_each_event(session, 0, |event| {
            count += u64::from(event.event_type == event_type.as_str());
            Ok::<_, StoreError>(ControlFlow::Continue(()))
        })
        .expect("it can be read");
    count
}

/// What somebody did over all sessions: units, diamonds, comments and hearts; `None` for somebody who is not known.
fn viewer_sums(home: &Home, user_id: &str) -> Option<(u32, u32, u32, u32)> {
    let database = rusqlite::Connection::open(home.folder.database()).expect("it is there");
    let sums = database.query_row(
        "SELECT gift_units_before + gift_units_session, diamonds_before + diamonds_session,
                comments_before + comments_session, likes_before + likes_session
         FROM viewer WHERE user_id = ?1",
        [user_id],
        |row| row.try_into(),
    );
    sums.optional().expect("it can be read")
}
