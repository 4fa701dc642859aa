//! Counters and variables, and whom the streamer muted.

use cuelight_core::facts::Values;
use cuelight_core::id::UserId;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::revision::{self, Revised, Revisions};
use super::{Reader, StoreError};

impl Reader {
    /// The counters and variables.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn values(&self) -> Result<Values, StoreError> {
        self.say(read(&self.connection))
    }

    /// Viewers whom the streamer muted.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn muted(&self) -> Result<Vec<UserId>, StoreError> {
        let read = || {
            let mut statement =
                self.connection.prepare_cached("SELECT user_id FROM viewer_mark WHERE muted = 1 ORDER BY user_id")?;
            statement.query_map([], |row| Ok(UserId::new(row.get_ref(0)?.as_str()?)))?.collect()
        };
        self.say(read())
    }

    /// The same with the display names that they were last seen under; empty for who was never seen.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn muted_by_name(&self) -> Result<Vec<(UserId, String)>, StoreError> {
        let read = || {
            let mut statement = self.connection.prepare_cached(
                "SELECT viewer_mark.user_id, coalesce(viewer.nickname, '') FROM viewer_mark
                 LEFT JOIN viewer ON viewer.user_id = viewer_mark.user_id
                 WHERE viewer_mark.muted = 1 ORDER BY 2, 1",
            )?;
            statement.query_map([], |row| Ok((UserId::new(row.get_ref(0)?.as_str()?), row.get(1)?)))?.collect()
        };
        self.say(read())
    }

    /// Numbers that grow with every change of rules, services, values and queues.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn revisions(&self) -> Result<Revisions, StoreError> {
        self.say(revision::read(&self.connection))
    }
}

pub(super) fn read(connection: &Connection) -> rusqlite::Result<Values> {
    let mut counters = connection.prepare_cached("SELECT name, value FROM counter")?;
    let mut variables = connection.prepare_cached("SELECT name, value FROM variable")?;
    Ok(Values {
        counters: counters.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?,
        variables: variables.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?,
    })
}

/// Changes a counter, which begins at 0, and returns what it was.
pub(super) fn set_counter(
    connection: &Connection,
    name: &str,
    change: impl FnOnce(i64) -> i64,
) -> rusqlite::Result<(i64, i64)> {
    let mut get = connection.prepare_cached("SELECT value FROM counter WHERE name = ?1")?;
    let from = get.query_row([name], |row| row.get(0)).optional()?.unwrap_or(0);
    let to = change(from);
    let mut set = connection.prepare_cached(
        "INSERT INTO counter (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )?;
    set.execute(params![name, to])?;
    revision::raise(connection, Revised::Values)?;
    Ok((from, to))
}

/// Sets a variable.
pub(super) fn set_variable(connection: &Connection, name: &str, to: &str) -> rusqlite::Result<()> {
    let mut set = connection.prepare_cached(
        "INSERT INTO variable (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )?;
    set.execute(params![name, to])?;
    revision::raise(connection, Revised::Values)
}

/// Mutes a viewer, or lets them speak again.
pub(super) fn set_muted(connection: &Connection, viewer: &UserId, muted: bool) -> rusqlite::Result<()> {
    let mut set = connection.prepare_cached(
        "INSERT INTO viewer_mark (user_id, muted) VALUES (?1, ?2)
         ON CONFLICT (user_id) DO UPDATE SET muted = excluded.muted",
    )?;
    set.execute(params![viewer.as_str(), muted])?;
    revision::raise(connection, Revised::Viewers)
}
