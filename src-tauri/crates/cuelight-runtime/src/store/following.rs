//! Following the journal from one place in it, over the ends of sessions.

use cuelight_core::id::EventId;
use rusqlite::params;

use super::{Reader, StoreError, StoredEvent};

impl Reader {
    /// The newest event of the journal; `None` in an empty one.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn newest_event(&self) -> Result<Option<EventId>, StoreError> {
        let read = || {
            let mut statement = self.connection.prepare_cached("SELECT max(key) FROM event")?;
            let key: Option<i64> = statement.query_row([], |row| row.get(0))?;
            Ok(key.map(EventId::from_key))
        };
        self.say(read())
    }

    /// The events behind that one in order of arrival, those of later sessions too, at most `limit` of them.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn events_behind(&self, id: EventId, limit: u32) -> Result<Vec<(EventId, StoredEvent)>, StoreError> {
        let read = || {
            let mut statement = self.connection.prepare_cached(
                "SELECT key, event_type, received_ms, counted, data FROM event WHERE key > ?1 ORDER BY key LIMIT ?2",
            )?;
            let events = statement.query_map(params![id.to_key(), limit], |row| {
                let id = EventId::from_key(row.get(0)?);
                Ok((id, StoredEvent::from_row(row)?))
            })?;
            events.collect()
        };
        self.say(read())
    }
}
