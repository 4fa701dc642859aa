//! What rules remember within a session.

use cuelight_core::id::SessionId;
use rusqlite::{Connection, Transaction, params};

use super::{Reader, StoreError};

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

impl Reader {
    /// What the rules remember in that session: key and state, as of its last commit. Nothing of one that has ended.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn rule_state(&self, session: SessionId) -> Result<Vec<(String, String)>, StoreError> {
        self.say(of_session(&self.connection, session))
    }
}
