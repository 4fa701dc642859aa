//! The log of deeds: bounded, kept over restarts, with a place in it that *undo* and *redo* move.

use cuelight_core::limits::{UNDO_BYTES, UNDO_DEEDS};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::subject::Change;
use super::{Deed, DeedKind};
use crate::store::commit::as_json;
use crate::store::error::unreadable;
use crate::store::{Reader, StoreError};

/// What *undo* and *redo* would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UndoState {
    /// The deed that *undo* takes back.
    pub undo: Option<Deed>,
    /// The deed that *redo* does again.
    pub redo: Option<Deed>,
}

/// Which way through the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Taking back.
    Back,
    /// Doing again.
    Again,
}

/// A deed of the log, with its changes in the direction in which they are to be made.
pub(super) struct Entry {
    pub(super) id: i64,
    pub(super) deed: Deed,
    pub(super) changes: Vec<Change>,
}

impl Reader {
    /// What *undo* and *redo* would do now.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn undo_state(&self) -> Result<UndoState, StoreError> {
        let of = |way: Way| {
            let mut select = self.connection.prepare_cached(way.select_deed())?;
            select.query_row([], deed).optional()
        };
        let read = || Ok(UndoState { undo: of(Way::Back)?, redo: of(Way::Again)? });
        self.say(read())
    }
}

impl Way {
    fn select_deed(self) -> &'static str {
        match self {
            Self::Back => "SELECT what, name FROM deed WHERE undone = 0 ORDER BY id DESC LIMIT 1",
            Self::Again => "SELECT what, name FROM deed WHERE undone = 1 ORDER BY id LIMIT 1",
        }
    }

    fn select_entry(self) -> &'static str {
        match self {
            Self::Back => "SELECT what, name, id, changes FROM deed WHERE undone = 0 ORDER BY id DESC LIMIT 1",
            Self::Again => "SELECT what, name, id, changes FROM deed WHERE undone = 1 ORDER BY id LIMIT 1",
        }
    }

    /// The changes in this direction.
    fn direct(self, changes: Vec<Change>) -> Vec<Change> {
        match self {
            Self::Back => changes.into_iter().map(Change::reversed).collect(),
            Self::Again => changes,
        }
    }
}

/// Notes a new deed; what could be done again is dropped, and so are the oldest beyond the bounds.
pub(super) fn note(connection: &Connection, deed: &Deed, changes: &[Change], now_ms: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM deed WHERE undone = 1")?.execute([])?;
    connection
        .prepare_cached("INSERT INTO deed (what, name, done_ms, changes) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![name(deed.kind), deed.name, now_ms, as_json(&changes)])?;
    connection
        .prepare_cached(
            "DELETE FROM deed WHERE id IN (
                 SELECT id FROM (SELECT id, row_number() OVER newest AS number,
                                        sum(octet_length(changes)) OVER newest AS bytes
                                 FROM deed WINDOW newest AS (ORDER BY id DESC))
                 WHERE number > ?1 OR bytes > ?2)",
        )?
        .execute(params![UNDO_DEEDS, UNDO_BYTES])
        .map(drop)
}

/// The deed that comes next in that direction.
pub(super) fn next(connection: &Connection, way: Way) -> rusqlite::Result<Option<Entry>> {
    let mut select = connection.prepare_cached(way.select_entry())?;
    let entry = |row: &Row<'_>| {
        let changes = serde_json::from_str(row.get_ref(3)?.as_str()?).map_err(|error| unreadable(3, error))?;
        Ok(Entry { id: row.get(2)?, deed: deed(row)?, changes: way.direct(changes) })
    };
    select.query_row([], entry).optional()
}

/// Moves the place in the log past that deed.
pub(super) fn pass(connection: &Connection, id: i64, way: Way) -> rusqlite::Result<()> {
    let undone = way == Way::Back;
    connection.prepare_cached("UPDATE deed SET undone = ?2 WHERE id = ?1")?.execute(params![id, undone]).map(drop)
}

/// Gives up a deed.
pub(super) fn forget(connection: &Connection, id: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM deed WHERE id = ?1")?.execute([id]).map(drop)
}

/// Gives up every deed that speaks of a rule in the bin.
pub(super) fn forget_binned(connection: &Connection) -> rusqlite::Result<()> {
    connection
        .execute(
            "DELETE FROM deed WHERE id IN (
                 SELECT deed.id FROM deed, json_each(deed.changes) AS change
                 JOIN rule_binned ON rule_binned.id = change.value ->> 'id'
                 WHERE change.value ->> 'of' IN ('rule', 'switch', 'place', 'binned'))",
            [],
        )
        .map(drop)
}

/// The deed of a row that begins with what and name.
fn deed(row: &Row<'_>) -> rusqlite::Result<Deed> {
    let kind = serde_json::from_value(row.get::<_, String>(0)?.into()).map_err(|error| unreadable(0, error))?;
    Ok(Deed { kind, name: row.get(1)? })
}

fn name(kind: DeedKind) -> String {
    as_json(&kind).trim_matches('"').to_owned()
}
