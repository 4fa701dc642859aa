//! Taking a backup in: prepared while the engine runs, done when the database is opened next, whatever crashes in between.
//!
//! The copy that comes in lies beside the database, and a marker says that it is whole and under which name the present
//! database is set aside. Each step is one rename, and those that were done are recognised, so going on after a crash is
//! the same as beginning.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::backup::copy_whole;
use super::commit::as_json;
use super::damage::{check_fully, free_name, with_ending};
use super::error::During as _;
use super::{Store, StoreError, connection, migrate, settings_copy};
use crate::clock::Clock;
use crate::paths::DataFolder;

/// What the names of databases begin with that a backup took the place of.
pub(super) const SET_ASIDE: &str = "cuelight-before-restore";

/// The copy that comes in is whole; so its place is made.
#[derive(Debug, Serialize, Deserialize)]
struct Marker {
    /// The name, in the folder of copies, under which the present database is set aside.
    aside: String,
}

impl Store {
    /// Makes sure that the file is a sound database of ours and has it taken in when the database is opened next. The
    /// present one is set aside then, never deleted.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] for a file that is damaged or no database of ours, [`StoreError::Newer`] for one of a newer
    /// app, and whatever keeps it from being read or copied. Nothing is changed then.
    pub fn prepare_restore(&self, backup: &Path, clock: &Clock) -> Result<(), StoreError> {
        let folder = self.folder();
        let connection = connection::open_reading(backup)?;
        recognise(&connection, backup)?;
        let backups = folder.backups();
        std::fs::create_dir_all(&backups).map_err(|error| StoreError::of_file("make", &backups, error))?;
        copy_whole(&connection, &folder.restore_copy())?;
        let aside = free_name(&backups, SET_ASIDE, clock.now_ms());
        let aside = aside.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let marker = folder.restore_marker();
        settings_copy::replace(folder.path(), &marker, as_json(&Marker { aside }).as_bytes())
            .map_err(|error| StoreError::of_file("write", &marker, error))
    }
}

/// Whether a backup is to be taken in.
pub(super) fn is_prepared(folder: &DataFolder) -> bool {
    folder.restore_marker().exists()
}

/// Takes a prepared backup in, and says whether there was one. Only for whoever holds the engine's lock, before anything
/// is opened.
pub(super) fn take_in(folder: &DataFolder) -> Result<bool, StoreError> {
    let marker_place = folder.restore_marker();
    let marker = match std::fs::read(&marker_place) {
        Ok(bytes) => serde_json::from_slice::<Marker>(&bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(StoreError::of_file("read", &marker_place, error)),
    };
    match marker {
        // Once the copy has its new name, all that is left is the marker.
        Ok(marker) if folder.restore_copy().exists() => {
            for (from, to) in moves(folder, &marker) {
                rename(&from, &to)?;
            }
            tracing::info!(set_aside = marker.aside, "a backup was taken in");
        }
        Ok(_) => {}
        Err(error) => tracing::error!(%error, "what was to be restored cannot be read; the database stays"),
    }
    std::fs::remove_file(&marker_place).map_err(|error| StoreError::of_file("remove", &marker_place, error))?;
    Ok(true)
}

/// The renames, in their order: the log goes first, since one that stayed behind would be read as that of the new database.
fn moves(folder: &DataFolder, marker: &Marker) -> [(PathBuf, PathBuf); 4] {
    let database = folder.database();
    // Only a name counts: a marker that somebody changed leads nowhere else.
    let aside = folder.backups().join(Path::new(&marker.aside).file_name().unwrap_or(SET_ASIDE.as_ref()));
    let set_aside = |ending| (with_ending(&database, ending), with_ending(&aside, ending));
    [set_aside("-wal"), set_aside("-shm"), set_aside(""), (folder.restore_copy(), database.clone())]
}

fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    match std::fs::rename(from, to) {
        Ok(()) => Ok(()),
        // Done before a crash, or never there.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(StoreError::of_file("set aside", from, error)),
    }
}

/// Makes sure that it is a sound database of ours, of this form or an older one.
fn recognise(connection: &Connection, place: &Path) -> Result<(), StoreError> {
    migrate::recognise(connection, place)?;
    let ours: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema WHERE name IN ('session', 'event', 'setting')", [], |row| {
            row.get(0)
        })
        .during("read", place)?;
    let damaged = |error: String| StoreError::Damaged { deed: "restore", place: place.to_owned(), error };
    if ours < 3 {
        return Err(damaged("it is no database of Cuelight".to_owned()));
    }
    let findings = check_fully(connection).during("read", place)?;
    if findings.is_empty() { Ok(()) } else { Err(damaged(findings.join("; "))) }
}

#[cfg(test)]
pub(super) mod tests_only {
    use super::*;

    /// Does the first so many renames of a prepared restore, as one that was killed then; false if there are fewer.
    pub(in crate::store) fn begin(folder: &DataFolder, count: usize) -> bool {
        let bytes = std::fs::read(folder.restore_marker()).expect("it is prepared");
        let moves = moves(folder, &serde_json::from_slice(&bytes).expect("our own marker"));
        moves.iter().take(count).for_each(|(from, to)| rename(from, to).expect("it can be renamed"));
        count <= moves.len()
    }
}
