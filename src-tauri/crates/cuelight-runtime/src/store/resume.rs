//! What a continued session takes up again from the journal.

use cuelight_core::event::EventType;
use cuelight_core::id::SessionId;
use cuelight_core::limits::DEDUPE_IDS;
use cuelight_core::totals::SessionTotals;
use cuelight_core::viewer::ViewerFacts;
use rusqlite::{Transaction, params};

use super::sessions::{StoredSession, key_range};
use super::{rule_state, viewers};

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
