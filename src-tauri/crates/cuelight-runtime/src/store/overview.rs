//! What the database holds in numbers, and every name that must not get into what is given to others.

use std::collections::BTreeMap;

use rusqlite::params;
use serde::Serialize;

use super::{Reader, StoreError};

/// How much there is of everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overview {
    /// The database's form.
    pub form: i64,
    /// Rows by table.
    pub rows: BTreeMap<String, i64>,
    /// Jobs by state.
    pub jobs: BTreeMap<String, i64>,
    /// Rules that are switched on.
    pub rules_on: i64,
}

impl Reader {
    /// Counts the rows of every table; takes seconds for a long journal.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn overview(&self) -> Result<Overview, StoreError> {
        let count = |sql: &str| self.connection.query_row(sql, [], |row| row.get::<_, i64>(0));
        let read = || {
            let mut tables = self.connection.prepare(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
            )?;
            let names = tables.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
            let mut rows = BTreeMap::new();
            for name in names {
                let counted = count(&format!("SELECT count(*) FROM \"{name}\""))?;
                rows.insert(name, counted);
            }
            let mut states = self.connection.prepare("SELECT state, count(*) FROM job GROUP BY state")?;
            let jobs = states.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
            Ok(Overview {
                form: super::migrate::form(&self.connection)?,
                rows,
                jobs,
                rules_on: count("SELECT count(*) FROM rule WHERE enabled")?,
            })
        };
        self.say(read())
    }

    /// Ids, handles and nicknames of the viewers seen last, at most so many of them, and the names of all streamers,
    /// rooms and sessions.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn personal_names(&self, viewers: u32) -> Result<Vec<String>, StoreError> {
        let read = || {
            let mut names: Vec<String> = Vec::new();
            let mut seen = self
                .connection
                .prepare("SELECT user_id, unique_id, nickname FROM viewer ORDER BY last_seen_ms DESC LIMIT ?1")?;
            let mut rows = seen.query(params![viewers])?;
            while let Some(row) = rows.next()? {
                names.extend([row.get(0)?, row.get(1)?, row.get(2)?]);
            }
            let mut sessions = self.connection.prepare("SELECT creator, room_id, coalesce(name, '') FROM session")?;
            let mut rows = sessions.query([])?;
            while let Some(row) = rows.next()? {
                names.extend([row.get(0)?, row.get(1)?, row.get(2)?]);
            }
            Ok(names)
        };
        self.say(read())
    }
}
