//! What rules remember within a session, and the events that they bring up.

use cuelight_core::id::SessionId;
use rusqlite::{Connection, Transaction, params};
use serde_json::{Map, Value};

use super::error::unreadable;
use super::{Reader, StoreError};

/// An event that a rule brought up and that waits for its place in the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct Emitted {
    /// What names it to [`super::Commit::emitted`] once it is in.
    pub id: i64,
    /// The session of the run that brought it up.
    pub session: Option<SessionId>,
    /// How many rules led to it.
    pub depth: u8,
    /// What it is called.
    pub name: String,
    /// Whatever else it says.
    pub fields: Map<String, Value>,
}

impl Reader {
    /// Events that rules brought up and that the journal has not taken in yet, the oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn emitted(&self) -> Result<Vec<Emitted>, StoreError> {
        let read = || {
            let mut statement =
                self.connection.prepare_cached("SELECT id, session, depth, name, fields FROM emitted ORDER BY id")?;
            let emitted = statement.query_map([], |row| {
                Ok(Emitted {
                    id: row.get(0)?,
                    session: row.get::<_, Option<u32>>(1)?.map(SessionId),
                    depth: row.get(2)?,
                    name: row.get(3)?,
                    fields: serde_json::from_str(row.get_ref(4)?.as_str()?).map_err(|error| unreadable(4, error))?,
                })
            })?;
            emitted.collect()
        };
        self.say(read())
    }
}

/// Stores what changed.
pub(super) fn change(
    transaction: &Transaction<'_>,
    session: SessionId,
    changes: &[(String, Option<String>)],
) -> rusqlite::Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let mut keep = transaction.prepare_cached(
        "INSERT INTO rule_state (session, key, state) VALUES (?1, ?2, ?3)
         ON CONFLICT (session, key) DO UPDATE SET state = excluded.state",
    )?;
    let mut forget = transaction.prepare_cached("DELETE FROM rule_state WHERE session = ?1 AND key = ?2")?;
    for (key, state) in changes {
        match state {
            Some(state) => keep.execute(params![session.0, key, state])?,
            None => forget.execute(params![session.0, key])?,
        };
    }
    Ok(())
}

/// What the rules remember in that session.
pub(super) fn of_session(connection: &Connection, session: SessionId) -> rusqlite::Result<Vec<(String, String)>> {
    let mut statement = connection.prepare("SELECT key, state FROM rule_state WHERE session = ?1 ORDER BY key")?;
    statement.query_map([session.0], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// Forgets what the journal has taken in.
pub(super) fn take_in(transaction: &Transaction<'_>, ids: &[i64]) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare_cached("DELETE FROM emitted WHERE id = ?1")?;
    ids.iter().try_for_each(|id| statement.execute([id]).map(drop))
}
