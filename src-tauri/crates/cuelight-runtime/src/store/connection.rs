//! How a connection to the database is opened, so that every one keeps the same promises.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::StoreError;
use super::error::During as _;

/// How long a connection waits for another one's commit. A commit takes milliseconds; deleting a session of millions of
/// events takes many seconds, and a capture beside it had better wait than end.
const BUSY_WAIT: Duration = Duration::from_secs(60);

/// The size of a new database's pages; one that exists keeps its own. An event has half a kilobyte, so a commit of many is
/// written in half as many pieces as with SQLite's own 4 KB.
pub(super) const PAGE_BYTES: u32 = 8192;

/// Opens the file that may be our database, or makes it. Nothing of an existing one is changed before [`make_durable`],
/// and a log that a crash left beside it stays there when this is closed, until [`trust`].
pub(super) fn open_or_create(place: &Path) -> Result<Connection, StoreError> {
    let open = || {
        let connection = open_file(place, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        Ok(connection)
    };
    open().map_err(|error| unopened(place, error))
}

/// Readies a connection of [`open_or_create`] for writing, once the file is known to be ours.
pub(super) fn make_durable(connection: &Connection, place: &Path) -> Result<(), StoreError> {
    configure(connection).map_err(|error| unopened(place, error))
}

/// Lets the connection tidy its log when it is closed, once the database is known to be sound.
pub(super) fn trust(connection: &Connection, place: &Path) -> Result<(), StoreError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false).map(drop).during("open", place)
}

/// Opens the database for writing; a file that is gone is an error, not a new empty journal.
pub(super) fn open_existing(place: &Path) -> Result<Connection, StoreError> {
    let open = || {
        let connection = open_file(place, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        configure(&connection)?;
        Ok(connection)
    };
    open().map_err(|error| unopened(place, error))
}

/// Opens the database for reading only.
pub(super) fn open_reading(place: &Path) -> Result<Connection, StoreError> {
    let open = || {
        let connection = open_file(place, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.execute_batch("PRAGMA cache_size = -1024;")?;
        Ok(connection)
    };
    open().map_err(|error| unopened(place, error))
}

fn open_file(place: &Path, access: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(place, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY_WAIT)?;
    connection.execute_batch("PRAGMA trusted_schema = OFF;")?;
    Ok(connection)
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "page_size", PAGE_BYTES)?;
    // FULL: a commit is on the disk before it returns, even if the power goes; fullfsync asks the same of macOS.
    // The cache of 2 MB holds the newest pages and some ten thousand viewers. The log is moved into the database by
    // the checkpointer; only if that falls 32 MB behind does the writer do it itself, and a log that grew is cut back.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA fullfsync = ON;
         PRAGMA checkpoint_fullfsync = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -2048;
         PRAGMA wal_autocheckpoint = 4096;
         PRAGMA journal_size_limit = 8388608;",
    )
}

/// SQLite only says that it cannot open a file; the system says why.
fn unopened(place: &Path, error: rusqlite::Error) -> StoreError {
    if matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly))
        && let Err(reason) = std::fs::OpenOptions::new().read(true).write(true).open(place)
        && reason.kind() != std::io::ErrorKind::NotFound
    {
        return StoreError::of_file("open", place, reason);
    }
    StoreError::of_sqlite("open", place, error)
}
