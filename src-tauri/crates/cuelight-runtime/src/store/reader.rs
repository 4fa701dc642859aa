//! Reading the journal, on a connection of its own that never keeps the writer waiting.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use compact_str::CompactString;
use cuelight_core::event::Event;
use cuelight_core::gift_catalogue::KnownGift;
use cuelight_core::id::{EventId, SessionId, UserId};
use cuelight_core::reason::Reason;
use cuelight_core::settings::Settings;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::commit::{Fault, Shed};
use super::error::{During as _, unreadable};
use super::sessions::{StoredSession, key_range};
use super::settings;
use super::viewers::from_column;
use super::{StoreError, connection, damage, gifts};

/// Events read at once while a session is walked through; between two pages the log can be moved.
pub(crate) const PAGE_EVENTS: u32 = 512;

/// A connection that only reads, for one thread.
#[derive(Debug)]
pub struct Reader {
    pub(super) connection: Connection,
    place: PathBuf,
}

/// An event as it stands in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its number within the session, 1 first.
    pub number: u32,
    /// The name of its type.
    pub event_type: CompactString,
    /// When it came, ms since 1970.
    pub received_ms: i64,
    /// Whether it is something that happened, once.
    pub counted: bool,
    /// The JSON of `data`.
    pub data: String,
}

impl StoredEvent {
    /// The columns `key, event_type, received_ms, counted, data`, in this order.
    pub(super) fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            number: EventId::from_key(row.get(0)?).number,
            event_type: CompactString::new(row.get_ref(1)?.as_str()?),
            received_ms: row.get(2)?,
            counted: row.get(3)?,
            data: row.get(4)?,
        })
    }

    /// The event itself.
    ///
    /// # Errors
    /// The JSON is not what the schema says.
    pub fn to_event(&self) -> Result<Event, serde_json::Error> {
        Event::from_parts(&self.event_type, &serde_json::from_str(&self.data)?)
    }
}

/// A viewer who gave something in a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Giver {
    /// The number that stays over renames.
    pub user_id: UserId,
    /// The handle seen last in that session.
    pub unique_id: String,
    /// The display name seen last in that session.
    pub nickname: String,
    /// Units given.
    pub gift_units: u64,
    /// Diamonds given.
    pub diamonds: u64,
}

/// A message that could not be read, and when it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFault {
    /// The session it came in.
    pub session: SessionId,
    /// What was kept of it.
    pub fault: Fault,
}

impl Reader {
    pub(super) fn open(place: &Path) -> Result<Self, StoreError> {
        Ok(Self { connection: connection::open_reading(place)?, place: place.to_owned() })
    }

    /// Every session, the newest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn sessions(&self) -> Result<Vec<StoredSession>, StoreError> {
        let read = || {
            let columns = StoredSession::COLUMNS;
            let mut statement = self.connection.prepare(&format!("SELECT {columns} FROM session ORDER BY id DESC"))?;
            statement.query_map([], StoredSession::from_row)?.collect()
        };
        self.say(read())
    }

    /// One session, if there is one of that number.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn session(&self, session: SessionId) -> Result<Option<StoredSession>, StoreError> {
        let columns = StoredSession::COLUMNS;
        let found = self.connection.query_row(
            &format!("SELECT {columns} FROM session WHERE id = ?1"),
            [session.0],
            StoredSession::from_row,
        );
        self.say(found.optional())
    }

    /// Up to `limit` events of a session after that number, in order of arrival.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn events_after(&self, session: SessionId, number: u32, limit: u32) -> Result<Vec<StoredEvent>, StoreError> {
        let read = || {
            let mut statement = self.connection.prepare_cached(
                "SELECT key, event_type, received_ms, counted, data FROM event
                 WHERE key > ?1 AND key <= ?2 ORDER BY key LIMIT ?3",
            )?;
            let from = EventId { session, number }.to_key();
            let end = EventId { session, number: u32::MAX }.to_key();
            let events = statement.query_map(params![from, end, limit], StoredEvent::from_row)?;
            events.collect()
        };
        self.say(read())
    }

    /// Walks through the events of a session after that number, 0 for all, in order of arrival, until `visit` breaks.
    ///
    /// Events that are committed meanwhile are met too.
    ///
    /// # Errors
    /// The database cannot be read, or `visit` failed.
    pub fn for_each_event<E: From<StoreError>>(
        &self,
        session: SessionId,
        after: u32,
        mut visit: impl FnMut(StoredEvent) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let mut number = after;
        loop {
            let page = self.events_after(session, number, PAGE_EVENTS)?;
            let Some(last) = page.last() else { return Ok(()) };
            number = last.number;
            for event in page {
                if visit(event)?.is_break() {
                    return Ok(());
                }
            }
        }
    }

    /// Who gave most in a session, in diamonds, then in units.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn top_givers(&self, session: SessionId, limit: u32) -> Result<Vec<Giver>, StoreError> {
        let read = || {
            // With max() SQLite takes the other columns from the row that has it: the newest names.
            let mut statement = self.connection.prepare(
                "SELECT data ->> '$.user.user_id', data ->> '$.user.unique_id', data ->> '$.user.nickname',
                        sum(coalesce(data ->> '$.delta_count', 0)) AS units,
                        sum(coalesce(data ->> '$.delta_diamonds', 0)) AS diamonds, max(key)
                 FROM event
                 WHERE key BETWEEN ?1 AND ?2 AND event_type = 'gift' AND coalesce(data ->> '$.history', 0) = 0
                 GROUP BY 1 ORDER BY diamonds DESC, units DESC, 1 LIMIT ?3",
            )?;
            let [first_key, last_key] = key_range(session);
            let givers = statement.query_map(params![first_key, last_key, limit], |row| {
                Ok(Giver {
                    user_id: UserId::new(row.get::<_, Option<String>>(0)?.unwrap_or_default()),
                    unique_id: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
                    nickname: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
                    gift_units: from_column(row, 3)?,
                    diamonds: from_column(row, 4)?,
                })
            })?;
            givers.collect()
        };
        self.say(read())
    }

    /// The gift catalogue, by id.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn gifts(&self) -> Result<Vec<KnownGift>, StoreError> {
        self.say(gifts::all(&self.connection))
    }

    /// The newest messages that could not be read, the newest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn faults(&self, limit: u32) -> Result<Vec<StoredFault>, StoreError> {
        let read = || {
            let mut statement = self
                .connection
                .prepare("SELECT session, received_ms, reason, raw FROM fault ORDER BY id DESC LIMIT ?1")?;
            let faults = statement.query_map([limit], |row| {
                let fault = Fault { received_ms: row.get(1)?, reason: reason(row, 2)?, raw: row.get(3)? };
                Ok(StoredFault { session: SessionId(row.get(0)?), fault })
            })?;
            faults.collect()
        };
        self.say(read())
    }

    /// What was left out of a session, in order.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn sheds(&self, session: SessionId) -> Result<Vec<Shed>, StoreError> {
        let read = || {
            let mut statement =
                self.connection.prepare("SELECT at_ms, reason FROM shed WHERE session = ?1 ORDER BY id")?;
            let sheds =
                statement.query_map([session.0], |row| Ok(Shed { at_ms: row.get(0)?, reason: reason(row, 1)? }))?;
            sheds.collect()
        };
        self.say(read())
    }

    /// What is set; defaults where nothing is.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn settings(&self) -> Result<Settings, StoreError> {
        self.say(settings::read(&self.connection))
    }

    /// Reads several things as they are at one moment, whatever is committed meanwhile.
    ///
    /// # Errors
    /// The database cannot be read, or what `read` answers.
    pub fn at_one_moment<T>(&self, read: impl FnOnce(&Self) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let moment = self.say(self.connection.unchecked_transaction())?;
        let result = read(self);
        drop(moment);
        result
    }

    /// A number that changes when any connection has written, whichever program it belongs to.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        self.say(self.connection.query_row("PRAGMA data_version", [], |row| row.get(0)))
    }

    /// Reads every page and says what is wrong with it; nothing for a sound database. Takes seconds for a long journal.
    ///
    /// # Errors
    /// The database cannot even be opened that far.
    pub fn check_fully(&self) -> Result<Vec<String>, StoreError> {
        self.say(damage::check_fully(&self.connection))
    }

    pub(super) fn say<T>(&self, result: rusqlite::Result<T>) -> Result<T, StoreError> {
        result.during("read", &self.place)
    }
}

pub(super) fn reason(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Reason> {
    serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(|error| unreadable(column, error))
}
