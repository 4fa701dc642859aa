//! What trying a rule asks of the journal: the newest events of a type, one event, its viewer, the newest session.

use std::ops::ControlFlow;

use cuelight_core::event::{Event, EventType};
use cuelight_core::id::{EventId, SessionId, UserId};
use cuelight_core::limits::REAL_EVENTS_SCANNED;
use cuelight_core::viewer::{KnownRoles, ViewerFacts};
use rusqlite::{OptionalExtension as _, params};

use super::sessions::StoredSession;
use super::viewers::from_column;
use super::{Reader, StoreError};

/// An event that happened, with its place and its time.
#[derive(Debug, Clone, PartialEq)]
pub struct Happening {
    /// Where it stands in the journal.
    pub id: EventId,
    /// When it came, ms since 1970.
    pub received_ms: i64,
    /// What happened.
    pub event: Event,
}

impl Reader {
    /// The session that began last, open or not.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn newest_session(&self) -> Result<Option<StoredSession>, StoreError> {
        let columns = StoredSession::COLUMNS;
        let newest = format!("SELECT {columns} FROM session ORDER BY id DESC LIMIT 1");
        self.say(self.connection.query_row(&newest, [], StoredSession::from_row).optional())
    }

    /// One event, if there is one of that place that can be read.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn happening(&self, id: EventId) -> Result<Option<Happening>, StoreError> {
        let Some(before) = id.number.checked_sub(1) else { return Ok(None) };
        let stored = self.events_after(id.session, before, 1)?.pop().filter(|stored| stored.number == id.number);
        Ok(stored.and_then(|it| Some(Happening { id, received_ms: it.received_ms, event: it.to_event().ok()? })))
    }

    /// Shows the newest events of that type over all sessions, newest first, until `visit` breaks, among the last
    /// [`REAL_EVENTS_SCANNED`] events of any type.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn newest_happenings(
        &self,
        event_type: EventType,
        mut visit: impl FnMut(Happening) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let mut read = || {
            let mut select = self
                .connection
                .prepare_cached("SELECT key, event_type, received_ms, data FROM event ORDER BY key DESC LIMIT ?1")?;
            let mut rows = select.query([REAL_EVENTS_SCANNED])?;
            while let Some(row) = rows.next()? {
                if row.get_ref(1)?.as_str()? != event_type.as_str() {
                    continue;
                }
                let (id, received_ms) = (EventId::from_key(row.get(0)?), row.get(2)?);
                let data = serde_json::from_str(row.get_ref(3)?.as_str()?);
                // What cannot be read is no example of anything.
                let event = data.and_then(|data| Event::from_parts(event_type.as_str(), &data));
                if let Ok(event) = event
                    && visit(Happening { id, received_ms, event }).is_break()
                {
                    break;
                }
            }
            Ok(())
        };
        self.say(read())
    }

    /// What a viewer did in that session, if it is the last in which they were seen, as of the last flush.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn viewer_in(&self, viewer: &UserId, session: SessionId) -> Result<Option<ViewerFacts>, StoreError> {
        let read = || {
            let mut select = self.connection.prepare_cached(
                "SELECT unique_id, nickname, session_first_seen_ms, last_seen_ms, gift_units_session, diamonds_session,
                        comments_session, likes_session, roles_session
                 FROM viewer WHERE user_id = ?1 AND session = ?2",
            )?;
            let facts = select.query_row(params![viewer.as_str(), session.0], |row| {
                let roles: Option<KnownRoles> =
                    row.get_ref(8)?.as_str_or_null()?.and_then(|it| serde_json::from_str(it).ok());
                Ok(ViewerFacts {
                    user_id: viewer.clone(),
                    unique_id: row.get_ref(0)?.as_str()?.into(),
                    nickname: row.get_ref(1)?.as_str()?.into(),
                    first_seen_ms: row.get(2)?,
                    last_seen_ms: row.get(3)?,
                    gift_units: from_column(row, 4)?,
                    diamonds: from_column(row, 5)?,
                    comments: from_column(row, 6)?,
                    likes: from_column(row, 7)?,
                    roles: roles.unwrap_or_default(),
                })
            });
            facts.optional()
        };
        self.say(read())
    }
}
