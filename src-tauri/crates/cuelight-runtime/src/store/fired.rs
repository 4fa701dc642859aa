//! How often each rule fired in the live that goes on and in the one before.

use std::collections::HashMap;

use cuelight_core::id::RuleId;
use rusqlite::{Connection, Row};

use super::{Reader, StoreError};

/// How often rules fired; those that did not are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fired {
    /// In the open session; empty where none is open.
    pub this_live: HashMap<RuleId, u32>,
    /// In the session before it; none where there was none.
    pub last_live: Option<HashMap<RuleId, u32>>,
}

/// Read from indexes alone, however large the runs are.
pub(super) const COUNTS: &str = "SELECT origin, count(*) - (SELECT count(*) FROM run AS again
                                           WHERE again.session = ?1 AND again.origin = run.origin AND again.again_of IS NOT NULL)
     FROM run WHERE session = ?1 GROUP BY origin";

impl Reader {
    /// How often each rule fired; what was run again by hand is not counted.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn fired(&self) -> Result<Fired, StoreError> {
        self.say(fired(&self.connection))
    }
}

fn fired(connection: &Connection) -> rusqlite::Result<Fired> {
    let mut select = connection.prepare_cached("SELECT id, ended_ms IS NULL FROM session ORDER BY id DESC LIMIT 2")?;
    let newest = select.query_map([], |row| row.try_into())?.collect::<rusqlite::Result<Vec<(u32, bool)>>>()?;
    let (open, last) = match newest[..] {
        [(open, true), (last, _)] => (Some(open), Some(last)),
        [(open, true)] => (Some(open), None),
        [(last, false), ..] => (None, Some(last)),
        _ => (None, None),
    };
    let of = |session: Option<u32>| session.map(|session| counts(connection, session)).transpose();
    Ok(Fired { this_live: of(open)?.unwrap_or_default(), last_live: of(last)? })
}

fn counts(connection: &Connection, session: u32) -> rusqlite::Result<HashMap<RuleId, u32>> {
    let mut select = connection.prepare_cached(COUNTS)?;
    let count = |row: &Row<'_>| Ok((RuleId::new(row.get_ref(0)?.as_str()?), row.get(1)?));
    select.query_map([session], count)?.collect()
}
