//! Deleting everything that Cuelight keeps in a data folder, and nothing else that lies there.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use cuelight_core::id::ServiceId;

use crate::locks::{EngineLock, LockError, ServiceLock};
use crate::paths::{self, DataFolder};
use crate::store;

/// Something that goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Where it lies.
    pub path: PathBuf,
    /// What it is.
    pub what: KeptAs,
    /// How much room it takes, in bytes, with all that is in it.
    pub size_bytes: u64,
}

/// What Cuelight keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeptAs {
    /// Sessions, events, rules, services, jobs, settings.
    Database,
    /// A database that was damaged, kept as it was found.
    DamagedDatabase,
    /// The checked copy of rules, services and settings.
    SettingsCopy,
    /// Copies of the database, asked for or made before it changed its form.
    Backups,
    /// Zips for whoever helps.
    Diagnostics,
    /// What actions wrote.
    Files,
    /// Log files.
    Logs,
    /// Pictures of gifts and viewers that were fetched.
    Pictures,
    /// What lets pages and programs in at the local server.
    ServerTokens,
    /// Locks, which hold nothing.
    Lock,
}

/// Why a folder was not wiped.
#[derive(Debug, thiserror::Error)]
pub enum WipeError {
    /// An engine or a worker is using it.
    #[error(transparent)]
    Locked(#[from] LockError),
    /// Something in it could not be read or deleted.
    #[error("could not {deed} {}: {source}", path.display())]
    Refused {
        /// What was tried.
        deed: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// The right to wipe a folder: while it is held, no engine and no worker begins there.
#[derive(Debug)]
pub struct Wipe {
    folder: DataFolder,
    locks: (EngineLock, Vec<ServiceLock>),
}

impl Wipe {
    /// Makes sure that nobody uses the folder.
    ///
    /// # Errors
    /// [`WipeError::Locked`] while an engine or a worker runs there.
    pub fn begin(folder: &DataFolder) -> Result<Self, WipeError> {
        let engine = EngineLock::take(folder)?;
        let mut services = services_with_locks(folder.path())?;
        services.extend(store::services_in(folder));
        let workers = services.iter().map(|service| ServiceLock::take(folder, service));
        let workers = workers.collect::<Result<Vec<_>, _>>()?;
        Ok(Self { folder: folder.clone(), locks: (engine, workers) })
    }

    /// What goes, the weightiest first; the database with its log is one thing, and locks are not named.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn goes(&self) -> Result<Vec<Kept>, WipeError> {
        let mut kept = all(self.folder.path())?;
        let of_database = |it: &Kept| it.what == KeptAs::Database;
        let size_bytes: u64 = kept.iter().filter(|it| of_database(it)).map(|it| it.size_bytes).sum();
        kept.retain(|it| it.what != KeptAs::Lock && !of_database(it));
        if size_bytes > 0 {
            kept.insert(0, Kept { path: self.folder.database(), what: KeptAs::Database, size_bytes });
        }
        Ok(kept)
    }

    /// Deletes it all, and the folder too where nothing else lies in it; says whether that went.
    ///
    /// # Errors
    /// Something could not be deleted; the rest may be gone.
    pub fn finish(self) -> Result<bool, WipeError> {
        let (locks, kept): (Vec<_>, Vec<_>) =
            all(self.folder.path())?.into_iter().partition(|it| it.what == KeptAs::Lock);
        kept.iter().try_for_each(|it| delete(&it.path))?;
        // Some systems do not let anybody delete a file that is locked.
        drop(self.locks);
        locks.iter().try_for_each(|it| delete(&it.path))?;
        Ok(fs::remove_dir(self.folder.path()).is_ok())
    }
}

/// All of ours in the folder; what somebody else put there is left alone.
fn all(folder: &Path) -> Result<Vec<Kept>, WipeError> {
    let mut found = Vec::new();
    for entry in entries(folder)? {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(what) = recognise(&name) {
            let size_bytes = size_bytes(&entry)?;
            found.push(Kept { path: entry, what, size_bytes });
        }
    }
    found.sort_by(|one, other| (one.what, &one.path).cmp(&(other.what, &other.path)));
    Ok(found)
}

fn recognise(name: &str) -> Option<KeptAs> {
    Some(match name {
        paths::DATABASE => KeptAs::Database,
        paths::BACKUPS => KeptAs::Backups,
        paths::DIAGNOSTICS => KeptAs::Diagnostics,
        _ if paths::RESTORE.contains(&name) => KeptAs::Backups,
        paths::FILES => KeptAs::Files,
        paths::LOGS => KeptAs::Logs,
        paths::PICTURES => KeptAs::Pictures,
        _ if name.starts_with(paths::SERVER_TOKENS) => KeptAs::ServerTokens,
        paths::ENGINE_LOCK => KeptAs::Lock,
        _ if name.strip_prefix(paths::DATABASE).is_some_and(|more| paths::BESIDE_DATABASE.contains(&more)) => {
            KeptAs::Database
        }
        _ if name.strip_prefix(paths::DAMAGED_DATABASE).is_some_and(|more| more.starts_with('-')) => {
            KeptAs::DamagedDatabase
        }
        _ if name.starts_with(paths::SETTINGS_COPY) => KeptAs::SettingsCopy,
        _ if paths::service_of_lock(name).is_some() => KeptAs::Lock,
        _ => return None,
    })
}

fn services_with_locks(folder: &Path) -> Result<BTreeSet<ServiceId>, WipeError> {
    let names = entries(folder)?.into_iter().filter_map(|it| it.file_name()?.to_str().and_then(paths::service_of_lock));
    Ok(names.collect())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, WipeError> {
    let read = || fs::read_dir(folder)?.map(|entry| entry.map(|it| it.path())).collect::<io::Result<Vec<_>>>();
    read().map_err(|source| WipeError::Refused { deed: "read", path: folder.to_owned(), source })
}

/// The size of a file, or of all that is in a folder; what a link leads to is not ours.
fn size_bytes(path: &Path) -> Result<u64, WipeError> {
    let metadata = path.symlink_metadata();
    let metadata = metadata.map_err(|source| WipeError::Refused { deed: "read", path: path.to_owned(), source })?;
    if !metadata.is_dir() {
        return Ok(metadata.len());
    }
    entries(path)?.iter().map(|entry| size_bytes(entry)).sum()
}

fn delete(path: &Path) -> Result<(), WipeError> {
    let deleted = if path.is_dir() && !path.is_symlink() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match deleted {
        // SQLite takes its log away when the last reader leaves.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        deleted => deleted.map_err(|source| WipeError::Refused { deed: "delete", path: path.to_owned(), source }),
    }
}
