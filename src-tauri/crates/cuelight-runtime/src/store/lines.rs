//! Lines of the feed: events with what became of them, the newest of a stretch, or one by its number.

use compact_str::CompactString;
use cuelight_core::id::{EventId, SessionId};
use rusqlite::{OptionalExtension as _, Row, params};

use super::outcomes::{StoredOutcome, Undecided, outcomes_of};
use super::{Reader, StoreError, StoredEvent};

/// An event with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLine {
    /// Its session and number.
    pub id: EventId,
    /// The event.
    pub event: StoredEvent,
    /// What became of it.
    pub outcome: StoredOutcome,
}

/// Which events are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// All.
    All,
    /// Gifts and what else is paid.
    Paid,
    /// What people say.
    Said,
}

impl Lines {
    /// The statement that finds them backwards in a stretch of the journal; each goes along its own index.
    pub(super) fn sql(self) -> &'static str {
        macro_rules! lines {
            ($only:literal) => {
                concat!(
                    "SELECT key, event_type, received_ms, counted, data, decisions FROM event
                     WHERE key BETWEEN ?1 AND ?2 ",
                    $only,
                    " ORDER BY key DESC LIMIT ?3"
                )
            };
        }
        match self {
            Self::All => lines!(""),
            Self::Paid => lines!("AND event_type IN ('gift', 'subscribe', 'super_fan', 'envelope')"),
            Self::Said => lines!("AND event_type IN ('comment', 'question', 'emote')"),
        }
    }
}

impl Reader {
    /// The newest `limit` events from one to another one, both included, oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn lines(&self, which: Lines, from: EventId, to: EventId, limit: u32) -> Result<Vec<StoredLine>, StoreError> {
        let read = || {
            let mut statement = self.connection.prepare_cached(which.sql())?;
            let rows = statement.query_map(params![from.to_key(), to.to_key(), limit], event)?;
            let mut rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
            rows.reverse();
            let (events, undecided): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
            let outcomes = outcomes_of(&self.connection, undecided)?;
            let line = |(event, (id, outcome))| StoredLine { id, event, outcome };
            Ok(events.into_iter().zip(outcomes).map(line).collect())
        };
        self.say(read())
    }

    /// One event, if there is one of that number.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn line(&self, event: EventId) -> Result<Option<StoredLine>, StoreError> {
        Ok(self.lines(Lines::All, event, event, 1)?.pop())
    }

    /// The newest session, if it goes on.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn open_session(&self) -> Result<Option<SessionId>, StoreError> {
        let newest =
            self.connection.query_row("SELECT id, ended_ms FROM session ORDER BY id DESC LIMIT 1", [], |row| {
                Ok((SessionId(row.get(0)?), row.get::<_, Option<i64>>(1)?))
            });
        let newest = self.say(newest.optional())?;
        Ok(newest.and_then(|(session, ended_ms)| ended_ms.is_none().then_some(session)))
    }
}

fn event(row: &Row<'_>) -> rusqlite::Result<(StoredEvent, Undecided)> {
    let id = EventId::from_key(row.get(0)?);
    let received_ms = row.get(2)?;
    let event = StoredEvent {
        number: id.number,
        event_type: CompactString::new(row.get_ref(1)?.as_str()?),
        received_ms,
        counted: row.get(3)?,
        data: row.get(4)?,
    };
    Ok((event, Undecided { event: id, received_ms, decisions: row.get(5)? }))
}
