//! Sessions: begun, continued after a break, ended, renamed, deleted.

use cuelight_core::id::{EventId, SessionId};
use cuelight_core::limits::SESSION_RESUME_MS;
use cuelight_core::totals::SessionTotals;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use super::commit::as_json;
use super::error::unreadable;
use super::resume::{self, RestoredParts};
use super::{Journal, Reader, StoreError, viewers};

/// What is only of use while a session goes on.
const IN_MEMORY: [&str; 3] = ["combo", "emitted", "rule_state"];

/// What a session begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionStart<'a> {
    /// The streamer's handle without `@`.
    pub creator: &'a str,
    /// The room of the live.
    pub room_id: &'a str,
    /// Where the events come from, such as `tiktok:direct`.
    pub source: &'a str,
    /// A name to find it by; a resumed session keeps its own where none is given.
    pub name: Option<&'a str>,
    /// Now by our own clock, ms since 1970; a recording's events may be years older.
    pub taken_in_ms: i64,
}

/// The session that events go to now.
#[derive(Debug)]
pub struct OpenedSession {
    /// Its number.
    pub session: SessionId,
    /// What it held before the break, if it is continued.
    pub resumed: Option<RestoredParts>,
}

/// A session as it stands in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// Its number.
    pub id: SessionId,
    /// Its name, if it was given one.
    pub name: Option<String>,
    /// The streamer's handle without `@`.
    pub creator: String,
    /// The room of the live.
    pub room_id: String,
    /// Where the events came from.
    pub source: String,
    /// When it began, ms since 1970.
    pub started_ms: i64,
    /// When it ended, ms since 1970; `None` while it goes on or after a crash.
    pub ended_ms: Option<i64>,
    /// When its newest event came, ms since 1970.
    pub last_event_ms: i64,
    /// The number of its newest event.
    pub last_number: u32,
    /// What it adds up to.
    pub totals: SessionTotals,
}

impl StoredSession {
    pub(super) const COLUMNS: &'static str =
        "id, name, creator, room_id, source, started_ms, ended_ms, last_event_ms, last_number, totals";

    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let totals = row.get_ref(9)?.as_str()?;
        Ok(Self {
            id: SessionId(row.get(0)?),
            name: row.get(1)?,
            creator: row.get(2)?,
            room_id: row.get(3)?,
            source: row.get(4)?,
            started_ms: row.get(5)?,
            ended_ms: row.get(6)?,
            last_event_ms: row.get(7)?,
            last_number: row.get(8)?,
            totals: serde_json::from_str(totals).map_err(|error| unreadable(9, error))?,
        })
    }
}

impl Journal {
    /// Begins a session, or continues the one that a crash or a restart cut off.
    ///
    /// An open session of the same creator and room goes on if its last event came less than 10 minutes before `now_ms`.
    /// Every other open session is closed at its last event.
    ///
    /// # Errors
    /// The database refused; nothing was changed then.
    pub fn open_session(&mut self, start: &SessionStart<'_>, now_ms: i64) -> Result<OpenedSession, StoreError> {
        self.transact("continue a session in", |transaction| {
            let cut_off = find_cut_off(transaction, start, now_ms)?;
            let (session, resumed) = match cut_off {
                Some(session) => {
                    transaction.execute(
                        "UPDATE session SET name = coalesce(?2, name), source = ?3 WHERE id = ?1",
                        params![session.0, start.name, start.source],
                    )?;
                    (session, Some(resume::restore(transaction, session)?))
                }
                None => (begin(transaction, start, now_ms)?, None),
            };
            close_others(transaction, session)?;
            Ok(OpenedSession { session, resumed })
        })
    }

    /// Begins a session whatever was cut off: what plays from its beginning again must not be added to what it gave before.
    ///
    /// Every other open session is closed at its last event.
    ///
    /// # Errors
    /// The database refused; nothing was changed then.
    pub fn begin_session(&mut self, start: &SessionStart<'_>, now_ms: i64) -> Result<OpenedSession, StoreError> {
        self.transact("begin a session in", |transaction| {
            let session = begin(transaction, start, now_ms)?;
            close_others(transaction, session)?;
            Ok(OpenedSession { session, resumed: None })
        })
    }

    /// Ends a session; its combos are not needed any more.
    ///
    /// # Errors
    /// There is no such session, or the database refused.
    pub fn end_session(&mut self, session: SessionId, at_ms: i64) -> Result<(), StoreError> {
        let changed = self.transact("end a session in", |transaction| end(transaction, session, at_ms))?;
        must_be_one(changed, session)
    }

    /// Gives a session another name; an empty one takes its name away.
    ///
    /// # Errors
    /// There is no such session, or the database refused.
    pub fn rename_session(&mut self, session: SessionId, name: &str) -> Result<(), StoreError> {
        let changed = self.transact("rename a session in", |transaction| {
            transaction
                .execute("UPDATE session SET name = nullif(trim(?2), '') WHERE id = ?1", params![session.0, name])
        })?;
        must_be_one(changed, session)
    }

    /// Deletes a session with all its events and takes it out of its viewers' sums.
    ///
    /// A capture that still writes to it gets [`StoreError::NoSession`] at its next commit, so ask first whether an engine
    /// is running.
    ///
    /// # Errors
    /// There is no such session, or the database refused; nothing was deleted then.
    pub fn delete_session(&mut self, session: SessionId) -> Result<(), StoreError> {
        let changed = self.transact("delete a session from", |transaction| {
            viewers::take_out(transaction, session)?;
            transaction.execute("DELETE FROM event WHERE key BETWEEN ?1 AND ?2", key_range(session))?;
            // Its combos, faults, shed rows, runs and jobs go with it.
            transaction.execute("DELETE FROM session WHERE id = ?1", [session.0])
        })?;
        self.tidy_log();
        must_be_one(changed, session)
    }
}

impl Reader {
    /// The number that the next new session gets.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn next_session(&self) -> Result<SessionId, StoreError> {
        let read = || {
            let mut statement = self.connection.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'session'")?;
            let given: Option<u32> = statement.query_row([], |row| row.get(0)).optional()?;
            Ok(SessionId(given.unwrap_or(0) + 1))
        };
        self.say(read())
    }

    /// The room of the session that would go on if that creator were captured now, and when its newest event came, ms since
    /// 1970; `None` where a new one would begin.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn cut_off(&self, creator: &str, now_ms: i64) -> Result<Option<(String, i64)>, StoreError> {
        let read = || {
            let mut statement = self.connection.prepare(
                "SELECT room_id, last_event_ms FROM session WHERE id = (SELECT max(id) FROM session)
                    AND ended_ms IS NULL AND creator = ?1 COLLATE NOCASE AND last_event_ms > ?2",
            )?;
            let since_ms = now_ms - SESSION_RESUME_MS;
            statement.query_row(params![creator, since_ms], |row| Ok((row.get(0)?, row.get(1)?))).optional()
        };
        self.say(read())
    }
}

pub(super) fn find_cut_off(
    transaction: &Transaction<'_>,
    start: &SessionStart<'_>,
    now_ms: i64,
) -> rusqlite::Result<Option<SessionId>> {
    // Only the newest session can go on: viewers' sums rely on sessions following each other.
    transaction
        .query_row(
            "SELECT id FROM session WHERE id = (SELECT max(id) FROM session)
                AND ended_ms IS NULL AND creator = ?1 AND room_id = ?2 AND last_event_ms > ?3",
            params![start.creator, start.room_id, now_ms - SESSION_RESUME_MS],
            |row| row.get(0).map(SessionId),
        )
        .optional()
}

fn begin(transaction: &Transaction<'_>, start: &SessionStart<'_>, now_ms: i64) -> rusqlite::Result<SessionId> {
    transaction.query_row(
        "INSERT INTO session (name, creator, room_id, source, started_ms, last_event_ms, taken_in_ms, totals)
         VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7) RETURNING id",
        params![
            start.name,
            start.creator,
            start.room_id,
            start.source,
            now_ms,
            start.taken_in_ms,
            as_json(&SessionTotals::default())
        ],
        |row| row.get(0).map(SessionId),
    )
}

/// Ends a session: nobody needs what it had in memory any more. Says how many sessions that were.
pub(super) fn end(transaction: &Transaction<'_>, session: SessionId, at_ms: i64) -> rusqlite::Result<usize> {
    for table in IN_MEMORY {
        transaction.execute(&format!("DELETE FROM {table} WHERE session = ?1"), [session.0])?;
    }
    transaction.execute("UPDATE session SET ended_ms = ?2 WHERE id = ?1", params![session.0, at_ms])
}

fn close_others(transaction: &Transaction<'_>, session: SessionId) -> rusqlite::Result<()> {
    for table in IN_MEMORY {
        let forget = format!(
            "DELETE FROM {table} WHERE session IN (SELECT id FROM session WHERE ended_ms IS NULL AND id <> ?1)"
        );
        transaction.execute(&forget, [session.0])?;
    }
    // The events of a recording are older than the session that plays it.
    transaction.execute(
        "UPDATE session SET ended_ms = max(started_ms, last_event_ms) WHERE ended_ms IS NULL AND id <> ?1",
        [session.0],
    )?;
    Ok(())
}

/// The lowest and the highest key that an event of that session can have.
pub(super) fn key_range(session: SessionId) -> [i64; 2] {
    [EventId { session, number: 0 }.to_key(), EventId { session, number: u32::MAX }.to_key()]
}

fn must_be_one(changed: usize, session: SessionId) -> Result<(), StoreError> {
    if changed == 1 { Ok(()) } else { Err(StoreError::NoSession(session)) }
}
