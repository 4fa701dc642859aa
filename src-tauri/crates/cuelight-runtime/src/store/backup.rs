//! Copies of the database: made when somebody asks, listed with those that we set aside ourselves.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use rusqlite::Connection;

use super::damage::free_name;
use super::error::During as _;
use super::{Store, StoreError, connection, migrate, restore};
use crate::clock::Clock;
use crate::paths::DataFolder;

/// What the names of copies begin with that somebody asked for.
const ASKED_FOR: &str = "cuelight";

/// What is put behind the name of a copy until it is whole.
const UNFINISHED: &str = "part";

/// A copy of the database in the folder of copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Where it lies.
    pub path: PathBuf,
    /// When it was made, ms since 1970.
    pub made_ms: i64,
    /// Its size, in bytes.
    pub size_bytes: u64,
    /// We made it ourselves: before the database changed its form, or before another one took its place.
    pub by_itself: bool,
}

impl Store {
    /// Copies the database as it is now, while others go on reading and writing, and says where the copy lies.
    ///
    /// # Errors
    /// The disk does not take it, or the database cannot be read.
    pub fn back_up(&self, clock: &Clock) -> Result<PathBuf, StoreError> {
        let backups = self.folder().backups();
        std::fs::create_dir_all(&backups).map_err(|error| StoreError::of_file("make", &backups, error))?;
        let copy = free_name(&backups, ASKED_FOR, clock.now_ms());
        let connection = connection::open_reading(&self.folder().database())?;
        copy_whole(&connection, &copy)?;
        Ok(copy)
    }

    /// Every copy in the folder of copies, the newest first.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn backups(&self) -> Result<Vec<Backup>, StoreError> {
        list(self.folder())
    }
}

/// Copies the database of that connection: whoever looks finds no copy or all of it, even after a crash.
pub(super) fn copy_whole(connection: &Connection, copy: &Path) -> Result<(), StoreError> {
    let unfinished = copy.with_extension(UNFINISHED);
    match std::fs::remove_file(&unfinished) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(StoreError::of_file("replace", &unfinished, error));
        }
        Ok(()) | Err(_) => {}
    }
    // A bound parameter cannot hold a path that is not Unicode; no such path can be a SQLite database either.
    connection.execute("VACUUM INTO ?1", [unfinished.to_string_lossy()]).during("copy the database to", &unfinished)?;
    let finish = || {
        File::open(&unfinished)?.sync_all()?;
        std::fs::rename(&unfinished, copy)
    };
    finish().map_err(|error| StoreError::of_file("write", copy, error))
}

fn list(folder: &DataFolder) -> Result<Vec<Backup>, StoreError> {
    let backups = folder.backups();
    let failed = |error| StoreError::of_file("read", &backups, error);
    let entries = match std::fs::read_dir(&backups) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.extension().is_none_or(|extension| extension != "db") {
            continue;
        }
        let metadata = entry.metadata().map_err(failed)?;
        let made = metadata.modified().map_err(failed)?.duration_since(UNIX_EPOCH).unwrap_or_default();
        let by_itself = [migrate::SET_ASIDE, restore::SET_ASIDE].iter().any(|stem| name.starts_with(stem));
        found.push(Backup { path, made_ms: made.as_millis() as i64, size_bytes: metadata.len(), by_itself });
    }
    found.sort_by(|one, other| (other.made_ms, &other.path).cmp(&(one.made_ms, &one.path)));
    Ok(found)
}
