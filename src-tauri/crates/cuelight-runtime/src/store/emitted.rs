//! What jobs emit for the journal's lane: events that rules brought up, and counters that changed.

use cuelight_core::id::SessionId;
use cuelight_core::limits::EMITTED_AT_ONCE;
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use serde_json::{Map, Value};

use super::commit::as_json;
use super::error::unreadable;
use super::revision::{self, Revised};
use super::{Reader, StoreError};

/// Something that a job emitted and that the lane has not answered yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Emitted {
    /// What names it to [`super::Commit::emitted`] once it is answered.
    pub id: i64,
    /// How many rules led to it.
    pub depth: u8,
    /// What it is.
    pub what: Emission,
}

/// What a job may emit.
#[derive(Debug, Clone, PartialEq)]
pub enum Emission {
    /// An event that waits for its place in the journal.
    Event {
        /// What it is called.
        name: String,
        /// Whatever else it says.
        fields: Map<String, Value>,
    },
    /// A counter changed.
    Counter {
        /// Its name.
        name: String,
        /// What it was.
        from: i64,
        /// What it became.
        to: i64,
    },
}

impl Reader {
    /// What jobs emitted for that session after the one of that id and the lane has not answered yet: the oldest first, at
    /// most [`EMITTED_AT_ONCE`].
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn emitted(&self, session: SessionId, after: i64) -> Result<Vec<Emitted>, StoreError> {
        let read = || {
            let mut statement = self.connection.prepare_cached(
                "SELECT id, depth, name, fields, counter_from, counter_to FROM emitted
                 WHERE session = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
            )?;
            let emitted = statement.query_map(params![session.0, after, EMITTED_AT_ONCE as i64], |row| {
                Ok(Emitted { id: row.get(0)?, depth: row.get(1)?, what: emission(row)? })
            })?;
            emitted.collect()
        };
        self.say(read())
    }
}

fn emission(row: &Row<'_>) -> rusqlite::Result<Emission> {
    let name = row.get(2)?;
    Ok(match row.get_ref(3)?.as_str_or_null()? {
        Some(fields) => {
            Emission::Event { name, fields: serde_json::from_str(fields).map_err(|error| unreadable(3, error))? }
        }
        None => Emission::Counter { name, from: row.get(4)?, to: row.get(5)? },
    })
}

/// The session whose lane would answer what is emitted now.
pub(super) fn taker(connection: &Connection) -> rusqlite::Result<Option<SessionId>> {
    let mut select =
        connection.prepare_cached("SELECT id FROM session WHERE ended_ms IS NULL ORDER BY id DESC LIMIT 1")?;
    select.query_row([], |row| row.get(0).map(SessionId)).optional()
}

/// Keeps it until the lane of that session has answered it.
pub(super) fn add(connection: &Connection, session: SessionId, depth: u8, what: &Emission) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO emitted (session, depth, name, fields, counter_from, counter_to) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    match what {
        Emission::Event { name, fields } => {
            insert.execute(params![session.0, depth, name, as_json(fields), None::<i64>, None::<i64>])?;
        }
        Emission::Counter { name, from, to } => {
            insert.execute(params![session.0, depth, name, None::<String>, from, to])?;
        }
    }
    revision::raise(connection, Revised::Emitted)
}

/// Forgets what the lane has answered.
pub(super) fn take_in(transaction: &Transaction<'_>, ids: &[i64]) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare_cached("DELETE FROM emitted WHERE id = ?1")?;
    ids.iter().try_for_each(|id| statement.execute([id]).map(drop))
}
