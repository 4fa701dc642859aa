//! Forgetting joins, likes and viewer counts that are old, with what they caused, a small piece at a time.

use cuelight_core::id::{EventId, SessionId};
use rusqlite::{Transaction, params};

use super::{Journal, StoreError};

/// What one piece of pruning did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pruned {
    /// Events deleted.
    pub deleted: u64,
    /// There may be more to delete: call again when the journal has nothing to do.
    pub more: bool,
}

/// One day in milliseconds.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl Journal {
    /// Deletes joins, likes and viewer counts that came more than `days` before `now_ms`, and their runs that have ended,
    /// looking at no more than `chunk_rows` events, so that it is done within milliseconds.
    ///
    /// Sums stay as they are. The events of a recording are as old as the session that played it, not as what it recorded.
    ///
    /// # Errors
    /// The database refused; this piece was not deleted then.
    pub fn prune(&mut self, now_ms: i64, days: u32, chunk_rows: u32) -> Result<Pruned, StoreError> {
        let cutoff_ms = now_ms.saturating_sub(i64::from(days) * DAY_MS);
        let pruned = self.transact("prune", |transaction| prune_piece(transaction, cutoff_ms, chunk_rows))?;
        if pruned.deleted > 0 && !pruned.more {
            self.tidy_log();
        }
        Ok(pruned)
    }
}

fn prune_piece(transaction: &Transaction<'_>, cutoff_ms: i64, chunk_rows: u32) -> rusqlite::Result<Pruned> {
    let mut candidates = transaction.prepare_cached(
        "SELECT id, pruned_through, taken_in_ms - started_ms FROM session
         WHERE pruned_through < last_number AND taken_in_ms < ?1 ORDER BY id",
    )?;
    let mut sessions = candidates.query([cutoff_ms])?;
    while let Some(row) = sessions.next()? {
        let (session, pruned_through, shift_ms): (_, _, i64) = (SessionId(row.get(0)?), row.get(1)?, row.get(2)?);
        // The cutoff by the clock of the session's own events.
        let old_through = last_old_event(transaction, session, pruned_through, cutoff_ms - shift_ms, chunk_rows)?;
        // A session that is still young from here on waits for its time; the next one may be older.
        if old_through > pruned_through {
            let deleted = delete_minor(transaction, session, pruned_through, old_through)?;
            return Ok(Pruned { deleted: deleted as u64, more: true });
        }
    }
    Ok(Pruned { deleted: 0, more: false })
}

/// The last event, no more than `chunk_rows` further, before which all came before the cutoff.
fn last_old_event(
    transaction: &Transaction<'_>,
    session: SessionId,
    pruned_through: u32,
    cutoff_ms: i64,
    chunk_rows: u32,
) -> rusqlite::Result<u32> {
    let from = EventId { session, number: pruned_through }.to_key();
    let end = EventId { session, number: u32::MAX }.to_key();
    let mut statement = transaction
        .prepare_cached("SELECT key, received_ms FROM event WHERE key > ?1 AND key <= ?2 ORDER BY key LIMIT ?3")?;
    let mut rows = statement.query(params![from, end, chunk_rows])?;
    let mut old_through = pruned_through;
    while let Some(row) = rows.next()? {
        if row.get::<_, i64>(1)? >= cutoff_ms {
            break;
        }
        old_through = EventId::from_key(row.get(0)?).number;
    }
    Ok(old_through)
}

/// Their jobs go with them. The origins are found by hopping from one to the next in the index that keeps runs unique.
const MINOR_RUNS: &str = "
    WITH RECURSIVE origins (origin) AS (
        SELECT min(origin) FROM run WHERE session = ?1
        UNION ALL
        SELECT (SELECT min(origin) FROM run WHERE session = ?1 AND origin > origins.origin)
            FROM origins WHERE origin IS NOT NULL
    )
    DELETE FROM run
        WHERE session = ?1 AND origin IN (SELECT origin FROM origins) AND cause > ?2 AND cause <= ?3
            AND event_type IN ('join', 'like', 'viewer_count') AND ended_ms IS NOT NULL";

fn delete_minor(
    transaction: &Transaction<'_>,
    session: SessionId,
    after: u32,
    through: u32,
) -> rusqlite::Result<usize> {
    let after_key = EventId { session, number: after }.to_key();
    let through_key = EventId { session, number: through }.to_key();
    let deleted = transaction.execute(
        "DELETE FROM event WHERE key > ?1 AND key <= ?2 AND event_type IN ('join', 'like', 'viewer_count')",
        [after_key, through_key],
    )?;
    transaction.execute(MINOR_RUNS, params![session.0, after, through])?;
    transaction.execute("UPDATE session SET pruned_through = ?2 WHERE id = ?1", params![session.0, through])?;
    Ok(deleted)
}
