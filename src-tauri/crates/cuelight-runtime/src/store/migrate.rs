//! Brings an older database to the form of this app, one numbered step at a time, after a copy was set aside.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use super::StoreError;
use super::damage::free_name;
use super::error::During as _;
use crate::clock::Clock;
use crate::paths::DataFolder;

/// Every step there ever was; a released one is history and never changed.
pub(super) const STEPS: &[M<'static>] = &[
    M::up(include_str!("migrations/0001_journal.sql")),
    M::up(include_str!("migrations/0002_rules.sql")),
    M::up(include_str!("migrations/0003_editing.sql")),
    M::up(include_str!("migrations/0004_trying.sql")),
    M::up(include_str!("migrations/0005_lists.sql")),
    M::up(include_str!("migrations/0006_attempts.sql")),
];

/// What the names of copies begin with that were made before a step.
pub(super) const SET_ASIDE: &str = "cuelight-form-";

/// Copies kept of databases as they were before a step; the oldest go first.
const BACKUPS: usize = 5;

/// The form of the database: the number of steps it has seen, 0 for a new file.
pub(super) fn form(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Makes sure that the file is a database of ours, of this form or an older one; changes nothing.
///
/// # Errors
/// A newer database, or one that is damaged or no database of ours.
pub(super) fn recognise(connection: &Connection, place: &Path) -> Result<(), StoreError> {
    let known = STEPS.len() as i64;
    let found = form(connection).during("read", place)?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).during("read", place)?;
    if found < 0 || (found == 0 && tables > 0) {
        let error = format!("it holds {tables} tables of something else");
        return Err(StoreError::Damaged { deed: "open", place: place.to_owned(), error });
    }
    if found > known {
        return Err(StoreError::Newer { place: place.to_owned(), found, known });
    }
    Ok(())
}

/// Takes the steps that this database has not seen yet, all in one transaction.
///
/// # Errors
/// A step that does not work on it, or no room for the copy; the database is as it was then.
pub(super) fn bring_up_to_date(
    connection: &mut Connection,
    steps: &[M<'_>],
    folder: &DataFolder,
    clock: &Clock,
) -> Result<(), StoreError> {
    let place = folder.database();
    let found = form(connection).during("read", &place)?;
    if found == steps.len() as i64 {
        return Ok(());
    }
    if found > 0 {
        set_copy_aside(connection, found, folder, clock)?;
    }
    Migrations::from_slice(steps).to_latest(connection).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => StoreError::of_sqlite("update", &place, err),
        // A mistake in the steps is ours and no reason to move anybody's database aside.
        other => StoreError::Refused {
            deed: "update",
            place: place.clone(),
            source: rusqlite::Error::SqliteFailure(
                rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_ERROR),
                Some(other.to_string()),
            ),
        },
    })
}

fn set_copy_aside(connection: &Connection, form: i64, folder: &DataFolder, clock: &Clock) -> Result<(), StoreError> {
    let backups = folder.backups();
    std::fs::create_dir_all(&backups).map_err(|error| StoreError::of_file("make", &backups, error))?;
    let copy = free_name(&backups, &format!("{SET_ASIDE}{form}"), clock.now_ms());
    // A bound parameter cannot hold a path that is not Unicode; no such path can be a SQLite database either.
    connection.execute("VACUUM INTO ?1", [copy.to_string_lossy()]).during("copy the database to", &copy)?;
    tracing::info!(copy = %copy.display(), "set a copy of the older database aside");
    drop_oldest(&backups).map_err(|error| StoreError::of_file("tidy", &backups, error))
}

/// Names end with the time, so within one form the oldest sorts first; the age itself is the file's.
pub(super) fn drop_oldest(backups: &Path) -> std::io::Result<()> {
    let mut copies: Vec<(std::time::SystemTime, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir(backups)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with(SET_ASIDE) {
            copies.push((entry.metadata()?.modified()?, path));
        }
    }
    copies.sort();
    let surplus = copies.len().saturating_sub(BACKUPS);
    copies.iter().take(surplus).try_for_each(|(_, path)| std::fs::remove_file(path))
}
