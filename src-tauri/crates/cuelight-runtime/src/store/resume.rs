//! What a continued session takes up again from the journal.

use cuelight_core::event::EventType;
use cuelight_core::id::SessionId;
use cuelight_core::limits::DEDUPE_IDS;
use cuelight_core::totals::SessionTotals;
use cuelight_core::viewer::ViewerFacts;
use rusqlite::{Transaction, params};

use super::commit::{self, Commit};
use super::sessions::{self, SessionStart, StoredSession, find_cut_off, key_range};
use super::{Journal, StoreError, rule_state, viewers};

/// Everything that a session had in memory before the break, as of its last commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RestoredParts {
    /// When the session began, ms since 1970.
    pub started_ms: i64,
    /// When its newest event came, ms since 1970.
    pub last_event_ms: i64,
    /// The number that the next event gets.
    pub next_number: u32,
    /// Its sums.
    pub totals: SessionTotals,
    /// Its combos: key and state as they were committed.
    pub combos: Vec<(String, String)>,
    /// What its rules remember: key and state as they were committed.
    pub rule_state: Vec<(String, String)>,
    /// Its viewers' sums up to event `viewers_through`; the events after it have to be added again.
    pub viewers: Vec<ViewerFacts>,
    /// The last event that the viewers' sums hold; read on from there with [`super::Reader::events_after`].
    pub viewers_through: u32,
    /// The newest messages, the oldest of them first, to recognise a repetition.
    pub seen: Vec<SeenMessage>,
}

/// A message that the journal holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenMessage {
    /// What it became.
    pub event_type: EventType,
    /// The source's number of it.
    pub msg_id: i64,
    /// TikTok's name of it, for those that became [`EventType::Unknown`].
    pub method: Option<String>,
}

/// An open session that does not go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutOff {
    /// Its number.
    pub id: SessionId,
    /// The streamer's handle without `@`.
    pub creator: String,
    /// The room of the live.
    pub room_id: String,
    /// What it had in memory.
    pub parts: RestoredParts,
}

impl Journal {
    /// The sessions that a crash or a restart cut off.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn cut_off(&mut self) -> Result<Vec<CutOff>, StoreError> {
        self.transact("read the open sessions of", |transaction| cut_off(transaction, None))
    }

    /// The sessions that were cut off, without the one that [`Journal::open_session`] continues with the same arguments.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn cut_off_before(&mut self, start: &SessionStart<'_>, now_ms: i64) -> Result<Vec<CutOff>, StoreError> {
        self.transact("read the open sessions of", |transaction| {
            let goes_on = find_cut_off(transaction, start, now_ms)?;
            cut_off(transaction, goes_on)
        })
    }

    /// Makes the last commit of a session that does not go on, and closes it at its last event.
    ///
    /// The jobs that follow from the commit are held, and runs of the session that nothing would ever go on with are stopped.
    ///
    /// # Errors
    /// As [`Journal::commit`].
    pub fn close_cut_off(&mut self, commit: &Commit<'_>, now_ms: i64) -> Result<(), StoreError> {
        let place = self.place().to_owned();
        let session = commit.session;
        let closed = self.transact("close a session in", |transaction| {
            let newest = |table| format!("SELECT coalesce(max(id), 0) FROM {table}");
            let last_job: i64 = transaction.query_row(&newest("job"), [], |row| row.get(0))?;
            let last_run: i64 = transaction.query_row(&newest("run"), [], |row| row.get(0))?;
            commit::write(transaction, commit, &place)?;
            transaction.execute(
                "UPDATE job SET held_since_ms = ?3 WHERE session = ?1 AND id > ?2 AND state = 'pending'",
                params![session.0, last_job, now_ms],
            )?;
            transaction.execute(
                "UPDATE run SET held_since_ms = ?3 WHERE session = ?1 AND id > ?2 AND due_ms IS NOT NULL",
                params![session.0, last_run, now_ms],
            )?;
            transaction.execute(
                "UPDATE run SET state = 'stopped', ended_ms = ?2
                 WHERE session = ?1 AND ended_ms IS NULL AND due_ms IS NULL
                    AND NOT EXISTS (SELECT 1 FROM job WHERE job.run = run.id AND job.ended_ms IS NULL)",
                params![session.0, now_ms],
            )?;
            let started_ms = "SELECT started_ms FROM session WHERE id = ?1";
            let started_ms: i64 = transaction.query_row(started_ms, [session.0], |row| row.get(0))?;
            // The events of a recording may be older than the session that plays it.
            sessions::end(transaction, session, commit.last_event_ms.max(started_ms))
        })?;
        if closed == 1 { Ok(()) } else { Err(StoreError::NoSession(session)) }
    }
}

fn cut_off(transaction: &Transaction<'_>, goes_on: Option<SessionId>) -> rusqlite::Result<Vec<CutOff>> {
    let mut select = transaction
        .prepare("SELECT id, creator, room_id FROM session WHERE ended_ms IS NULL AND id IS NOT ?1 ORDER BY id")?;
    let open = select
        .query_map([goes_on.map(|session| session.0)], |row| Ok((SessionId(row.get(0)?), row.get(1)?, row.get(2)?)))?;
    let open = open.collect::<rusqlite::Result<Vec<(SessionId, String, String)>>>()?;
    let with_parts = open
        .into_iter()
        .map(|(id, creator, room_id)| Ok(CutOff { id, creator, room_id, parts: restore(transaction, id)? }));
    with_parts.collect()
}

pub(super) fn restore(transaction: &Transaction<'_>, session: SessionId) -> rusqlite::Result<RestoredParts> {
    let columns = StoredSession::COLUMNS;
    let (stored, viewers_through) = transaction.query_row(
        &format!("SELECT {columns}, viewers_through FROM session WHERE id = ?1"),
        [session.0],
        |row| Ok((StoredSession::from_row(row)?, row.get(10)?)),
    )?;
    Ok(RestoredParts {
        started_ms: stored.started_ms,
        last_event_ms: stored.last_event_ms,
        next_number: stored.last_number + 1,
        totals: stored.totals,
        combos: combos(transaction, session)?,
        rule_state: rule_state::of_session(transaction, session)?,
        viewers: viewers::of_session(transaction, session)?,
        viewers_through,
        seen: seen(transaction, session)?,
    })
}

fn combos(transaction: &Transaction<'_>, session: SessionId) -> rusqlite::Result<Vec<(String, String)>> {
    let mut statement = transaction.prepare("SELECT key, state FROM combo WHERE session = ?1 ORDER BY key")?;
    let combos = statement.query_map([session.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    combos.collect()
}

fn seen(transaction: &Transaction<'_>, session: SessionId) -> rusqlite::Result<Vec<SeenMessage>> {
    let mut statement = transaction.prepare(
        "SELECT event_type, msg_id, iif(event_type = 'unknown', data ->> '$.method', NULL) FROM event
         WHERE key BETWEEN ?1 AND ?2 AND msg_id IS NOT NULL ORDER BY key DESC LIMIT ?3",
    )?;
    let [first_key, last_key] = key_range(session);
    let rows = statement.query_map(params![first_key, last_key, DEDUPE_IDS as i64], |row| {
        // A type that this version does not know cannot come from its sources either, so it needs no recognising.
        let event_type = EventType::from_name(row.get_ref(0)?.as_str()?);
        let (msg_id, method) = (row.get(1)?, row.get(2)?);
        Ok(event_type.map(|event_type| SeenMessage { event_type, msg_id, method }))
    })?;
    let mut seen = rows.filter_map(Result::transpose).collect::<rusqlite::Result<Vec<_>>>()?;
    seen.reverse();
    Ok(seen)
}
