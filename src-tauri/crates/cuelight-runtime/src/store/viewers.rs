//! The viewers' rows: who they are, and what they did in earlier sessions and in their last one.

use cuelight_core::id::{SessionId, UserId};
use cuelight_core::viewer::{KnownRoles, Past, ViewerFacts};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};

use super::commit::{ViewerFlush, as_json};
use super::sessions::key_range;
use super::{Reader, StoreError};

/// Stores the viewers' sums of that session; doing it twice leaves the same rows.
///
/// It relies on sessions following each other: once a viewer was seen in a later one, an earlier one never comes back.
pub(super) fn flush(transaction: &Transaction<'_>, session: SessionId, flush: ViewerFlush<'_>) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO viewer (user_id, unique_id, nickname, first_seen_ms, last_seen_ms, session, session_first_seen_ms,
                             gift_units_session, diamonds_session, comments_session, likes_session, roles_session)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?4, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (user_id) DO UPDATE SET
            unique_id = iif(excluded.unique_id = '', unique_id, excluded.unique_id),
            nickname = iif(excluded.nickname = '', nickname, excluded.nickname),
            first_seen_ms = min(first_seen_ms, excluded.first_seen_ms),
            last_seen_ms = max(last_seen_ms, excluded.last_seen_ms),
            gift_units_before = gift_units_before + iif(session = excluded.session, 0, gift_units_session),
            diamonds_before = diamonds_before + iif(session = excluded.session, 0, diamonds_session),
            comments_before = comments_before + iif(session = excluded.session, 0, comments_session),
            likes_before = likes_before + iif(session = excluded.session, 0, likes_session),
            session = excluded.session,
            session_first_seen_ms = excluded.session_first_seen_ms,
            gift_units_session = excluded.gift_units_session,
            diamonds_session = excluded.diamonds_session,
            comments_session = excluded.comments_session,
            likes_session = excluded.likes_session,
            roles_session = excluded.roles_session",
    )?;
    for facts in flush.facts {
        statement.execute(params![
            facts.user_id.as_str(),
            facts.unique_id.as_str(),
            facts.nickname.as_str(),
            facts.first_seen_ms,
            facts.last_seen_ms,
            session.0,
            as_column(facts.gift_units),
            as_column(facts.diamonds),
            as_column(facts.comments),
            as_column(facts.likes),
            (facts.roles != KnownRoles::default()).then(|| as_json(&facts.roles)),
        ])?;
    }
    let mut through =
        transaction.prepare_cached("UPDATE session SET viewers_through = max(viewers_through, ?2) WHERE id = ?1")?;
    through.execute(params![session.0, flush.through_number])?;
    Ok(())
}

impl Reader {
    /// What a viewer did before that session.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn past_of(&self, viewer: &UserId, session: SessionId) -> Result<Past, StoreError> {
        let read = || {
            let mut statement = self.connection.prepare_cached(
                "SELECT session <> ?2 OR first_seen_ms < session_first_seen_ms,
                        gift_units_before + iif(session = ?2, 0, gift_units_session)
                 FROM viewer WHERE user_id = ?1",
            )?;
            let past = statement.query_row(params![viewer.as_str(), session.0], |row| {
                Ok(Past { seen_before: row.get(0)?, gift_units: from_column(row, 1)? })
            });
            Ok(past.optional()?.unwrap_or_default())
        };
        self.say(read())
    }
}

/// What viewers did in that session, for those whose last session it is.
pub(super) fn of_session(connection: &Connection, session: SessionId) -> rusqlite::Result<Vec<ViewerFacts>> {
    let mut statement = connection.prepare(
        "SELECT user_id, unique_id, nickname, session_first_seen_ms, last_seen_ms,
                gift_units_session, diamonds_session, comments_session, likes_session, roles_session
         FROM viewer WHERE session = ?1 ORDER BY user_id",
    )?;
    let facts = statement.query_map([session.0], |row| {
        Ok(ViewerFacts {
            user_id: UserId::new(row.get::<_, String>(0)?),
            unique_id: row.get::<_, String>(1)?.into(),
            nickname: row.get::<_, String>(2)?.into(),
            first_seen_ms: row.get(3)?,
            last_seen_ms: row.get(4)?,
            gift_units: from_column(row, 5)?,
            diamonds: from_column(row, 6)?,
            comments: from_column(row, 7)?,
            likes: from_column(row, 8)?,
            // Roles that another version wrote are learned again.
            roles: row.get_ref(9)?.as_str_or_null()?.and_then(|it| serde_json::from_str(it).ok()).unwrap_or_default(),
        })
    })?;
    facts.collect()
}

/// Takes a session out of the viewers' sums, before its events are deleted.
///
/// Viewers last seen in it lose the sums of their last session, and those never seen elsewhere are forgotten. From viewers
/// who came back later, what the session's events still show is subtracted; pruned likes stay in their sums.
pub(super) fn take_out(transaction: &Transaction<'_>, session: SessionId) -> rusqlite::Result<()> {
    let [first_key, last_key] = key_range(session);
    transaction.execute(
        "WITH deed AS (
            SELECT data ->> '$.user.user_id' AS user_id,
                   sum(iif(event_type = 'gift', coalesce(data ->> '$.delta_count', 0), 0)) AS gift_units,
                   sum(iif(event_type = 'gift', coalesce(data ->> '$.delta_diamonds', 0), 0)) AS diamonds,
                   sum(event_type = 'comment') AS comments,
                   sum(iif(event_type = 'like', coalesce(data ->> '$.count', 0), 0)) AS likes
            FROM event
            WHERE key BETWEEN ?2 AND ?3 AND event_type IN ('gift', 'comment', 'like')
              AND coalesce(data ->> '$.history', 0) = 0
            GROUP BY 1
         )
         UPDATE viewer SET
            gift_units_before = max(0, gift_units_before - deed.gift_units),
            diamonds_before = max(0, diamonds_before - deed.diamonds),
            comments_before = max(0, comments_before - deed.comments),
            likes_before = max(0, likes_before - deed.likes)
         FROM deed WHERE viewer.user_id = deed.user_id AND viewer.session <> ?1",
        params![session.0, first_key, last_key],
    )?;
    transaction.execute(
        "DELETE FROM viewer WHERE session = ?1 AND first_seen_ms >= session_first_seen_ms
            AND gift_units_before = 0 AND diamonds_before = 0 AND comments_before = 0 AND likes_before = 0",
        [session.0],
    )?;
    transaction.execute(
        "UPDATE viewer SET session = 0, gift_units_session = 0, diamonds_session = 0, comments_session = 0, likes_session = 0
         WHERE session = ?1",
        [session.0],
    )?;
    Ok(())
}

/// SQLite's integers have a sign; a sum beyond that is no sum of real gifts.
fn as_column(sum: u64) -> i64 {
    i64::try_from(sum).unwrap_or(i64::MAX)
}

pub(super) fn from_column(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(column)?).unwrap_or(0))
}
