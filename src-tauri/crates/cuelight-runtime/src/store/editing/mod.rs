//! Editing rules, groups and services as people do: whatever they change can be taken back, done again, and found again.
//!
//! Every edit goes through [`Store::edit`], which compares the rows before and after it: so undoing needs to know nothing
//! of what was done. What others change, such as running rules and the command line, does not stand in the log; a deed that
//! would overwrite it is given up.

mod bin;
mod deed;
mod log;
mod rules;
mod services;
mod subject;
mod undo;
mod versions;

use std::path::Path;

use rusqlite::Connection;

pub use self::bin::BinnedRule;
pub(super) use self::bin::ids as bin_ids;
pub use self::deed::{Deed, DeedKind, Undone};
pub use self::log::UndoState;
use self::subject::{Change, Subject};
pub use self::versions::RuleVersion;
use super::error::During as _;
use super::revision::{self, Revised};
use super::rules::check_count;
use super::{Store, StoreError};

/// An edit that is being made: what it reads and changes belongs to one transaction.
#[derive(Debug)]
pub struct Edit<'a> {
    connection: &'a Connection,
    place: &'a Path,
    now_ms: i64,
}

impl Store {
    /// Makes an edit, all or nothing, and notes it for *undo* under the deed that is given back; an edit that changed
    /// nothing is not noted. A new deed drops what could be done again.
    ///
    /// # Errors
    /// What stopped the edit, more rules than a data folder holds, or a disk that does not take it; then nothing changed.
    pub fn edit<T, E: From<StoreError>>(
        &self,
        now_ms: i64,
        edit: impl FnOnce(&Edit<'_>) -> Result<(Deed, T), E>,
    ) -> Result<T, E> {
        self.change(|transaction, place| {
            let rows = || subject::all(transaction).during("read", place);
            let before = rows()?;
            let (deed, result) = edit(&Edit { connection: transaction, place, now_ms })?;
            let changes = subject::changes(before, rows()?);
            if changes.is_empty() {
                return Ok(result);
            }
            let note = || {
                log::note(transaction, &deed, &changes, now_ms)?;
                settle(transaction, &changes, now_ms)?;
                super::rules::count(transaction)
            };
            check_count(note().during("write to", place)?)?;
            Ok(result)
        })
    }
}

impl Edit<'_> {
    /// Says on what it was, where SQLite refuses.
    fn say<T>(&self, result: rusqlite::Result<T>) -> Result<T, StoreError> {
        result.during("edit", self.place)
    }
}

/// What every change of rows brings with it: earlier forms are kept, and whoever follows the revisions notices.
fn settle(connection: &Connection, changes: &[Change], now_ms: i64) -> rusqlite::Result<()> {
    changes.iter().try_for_each(|change| versions::keep(connection, change, now_ms))?;
    if changes.iter().any(|change| matches!(change.subject, Subject::Service(_))) {
        revision::raise(connection, Revised::Services)?;
    }
    // Default actions are listed among the rules, so services change the list too.
    revision::raise(connection, Revised::Rules)
}
