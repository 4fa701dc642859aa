//! What can stop the database, told apart by what somebody will do about it.

use std::io;
use std::path::{Path, PathBuf};

use cuelight_core::id::{RuleId, ServiceId, SessionId};
use cuelight_core::limits::RULES;
use rusqlite::ErrorCode;

use crate::locks::LockError;

/// Why the database could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A newer app has changed the form of the database; it is left as it is.
    #[error(
        "could not open {}: it was made by a newer Cuelight (form {found}, this one knows up to {known}); install that version or choose another data folder",
        place.display()
    )]
    Newer {
        /// The database.
        place: PathBuf,
        /// Its form.
        found: i64,
        /// The newest form that this app knows.
        known: i64,
    },
    /// The disk has no room, or it or the folder is not there any more; trying again later may help.
    #[error("could not {deed} {}: the disk is full or gone ({source})", place.display())]
    DiskFull {
        /// What was tried.
        deed: &'static str,
        /// The database.
        place: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// What the file holds cannot be what was written.
    #[error("could not {deed} {}: it is damaged ({error})", place.display())]
    Damaged {
        /// What was tried.
        deed: &'static str,
        /// The database.
        place: PathBuf,
        /// What was found.
        error: String,
    },
    /// Another program kept the database locked for longer than we wait.
    #[error("could not {deed} {}: another program keeps it locked", place.display())]
    Busy {
        /// What was tried.
        deed: &'static str,
        /// The database.
        place: PathBuf,
    },
    /// The database has to be changed before it can be used, and an engine is running on it.
    #[error("could not prepare the database: {0}")]
    Locked(#[from] LockError),
    /// There is no such session, or not any more.
    #[error("could not find session {0}: there is no such session")]
    NoSession(SessionId),
    /// There is no such rule.
    #[error("could not find rule {0}: there is no such rule")]
    NoRule(RuleId),
    /// There is no such service.
    #[error("could not find service {0}: there is no such service")]
    NoService(ServiceId),
    /// More rules than a data folder holds.
    #[error("could not keep {count} rules: there may be {RULES} at most")]
    TooManyRules {
        /// How many there would be.
        count: usize,
    },
    /// A file beside the database could not be read or written.
    #[error("could not {deed} {}: {source}", place.display())]
    File {
        /// What was tried.
        deed: &'static str,
        /// The file.
        place: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// SQLite refused it for another reason.
    #[error("could not {deed} {}: {source}", place.display())]
    Refused {
        /// What was tried.
        deed: &'static str,
        /// The database.
        place: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
}

/// For what is written from the journal into a file: reading it is one more way in which the writing can fail.
impl From<StoreError> for io::Error {
    fn from(error: StoreError) -> Self {
        Self::other(error)
    }
}

impl StoreError {
    /// The disk is full or gone: nothing was written, and the same commit may succeed later.
    #[must_use]
    pub fn is_disk_full(&self) -> bool {
        matches!(self, Self::DiskFull { .. })
    }

    pub(super) fn of_file(deed: &'static str, place: &Path, source: io::Error) -> Self {
        Self::File { deed, place: place.to_owned(), source }
    }

    pub(super) fn of_sqlite(deed: &'static str, place: &Path, source: rusqlite::Error) -> Self {
        let place = place.to_owned();
        match source.sqlite_error_code() {
            // A vanished folder shows as "cannot open", "read-only" or an I/O error, depending on what SQLite tries first.
            Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::ReadOnly) => {
                Self::DiskFull { deed, place, source }
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged { deed, place, error: source.to_string() }
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { deed, place },
            _ => Self::Refused { deed, place, source },
        }
    }
}

/// Says what was tried, and on what, when SQLite refuses.
pub(super) trait During<T> {
    /// Turns SQLite's error into ours.
    fn during(self, deed: &'static str, place: &Path) -> Result<T, StoreError>;
}

impl<T> During<T> for rusqlite::Result<T> {
    fn during(self, deed: &'static str, place: &Path) -> Result<T, StoreError> {
        self.map_err(|error| StoreError::of_sqlite(deed, place, error))
    }
}

/// A column that holds JSON which does not read as what was written there.
pub(super) fn unreadable(column: usize, error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
}
