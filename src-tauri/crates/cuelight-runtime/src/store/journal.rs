//! The one connection that writes: an event is "received" when its commit has returned.

use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::checkpoint::Checkpointer;
use super::commit::{self, Commit};
use super::error::During as _;
use super::queue::{QueueTransaction, Touched};
use super::turn::Turn;
use super::{StoreError, settings_copy};
use crate::paths::DataFolder;

/// Statements kept prepared: those of a commit and of the queues, with room to spare.
const PREPARED_STATEMENTS: usize = 128;

/// What a row that the queues wrote or changed adds to the log, roughly: rows lie side by side on a page.
const ROW_BYTES: usize = 2 * 1024;

/// The writing side of the store, for one thread.
#[derive(Debug)]
pub struct Journal {
    // Before the checkpointer, so that this connection is closed first and the checkpointer's, being the last, moves
    // what is left of the log without keeping the writer waiting.
    pub(super) connection: Connection,
    checkpointer: Checkpointer,
    folder: DataFolder,
    place: PathBuf,
    turn: Arc<Turn>,
}

impl Journal {
    pub(super) fn new(connection: Connection, folder: &DataFolder, turn: Arc<Turn>) -> Result<Self, StoreError> {
        let place = folder.database();
        connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
        let checkpointer = Checkpointer::start(&place)?;
        Ok(Self { connection, checkpointer, folder: folder.clone(), place, turn })
    }

    /// Makes all of it durable in one transaction; when this returns, it is on the disk. Says which queues have something
    /// new.
    ///
    /// # Errors
    /// Nothing of the commit was stored. Where [`StoreError::is_disk_full`] says so, the same commit may succeed later;
    /// [`StoreError::NoSession`] means that the session was deleted meanwhile.
    pub fn commit(&mut self, commit: &Commit<'_>) -> Result<Touched, StoreError> {
        let touched = {
            let place = self.place.clone();
            self.transact("write to", |transaction| commit::write(transaction, commit, &place))?
        };
        let touched = touched.ok_or(StoreError::NoSession(commit.session))?;
        let data_bytes: usize = commit.rows.iter().map(|row| row.data.len()).sum();
        // A job's row, and that of its run.
        self.checkpointer.wrote(data_bytes + 2 * touched.jobs as usize * ROW_BYTES);
        Ok(touched)
    }

    /// Works on the queues in one transaction; when this returns, it is on the disk.
    ///
    /// # Errors
    /// Nothing was stored; after [`StoreError::is_disk_full`] the same deed may succeed later.
    pub fn work<T>(
        &mut self,
        deed: impl FnOnce(&mut QueueTransaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let name = "work on the queues in";
        let place = self.place.clone();
        let rows_before = self.connection.total_changes();
        let (result, touched) = self.transact_told(name, |transaction| {
            let mut queues = QueueTransaction::new(transaction, &place);
            let result = deed(&mut queues)?;
            Ok((result, queues.finish().during(name, &place)?))
        })?;
        let rows = self.connection.total_changes() - rows_before;
        self.checkpointer.wrote(usize::try_from(rows).unwrap_or(usize::MAX).saturating_mul(ROW_BYTES));
        if touched.rules {
            self.copy_settings();
        }
        Ok(result)
    }

    /// A number that changes when another connection has written, whichever program it belongs to.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        self.connection.query_row("PRAGMA data_version", [], |row| row.get(0)).during("read", &self.place)
    }

    /// The database's file, for sentences about it.
    #[must_use]
    pub fn place(&self) -> &std::path::Path {
        &self.place
    }

    /// Asks for the log to be moved into the database now, on another thread; for moments when nothing happens.
    pub fn tidy_log(&mut self) {
        self.checkpointer.ask();
    }

    /// Runs a deed in one transaction that no other writer can come into; an error takes all of it back.
    pub(super) fn transact<T>(
        &mut self,
        name: &'static str,
        deed: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let place = self.place.clone();
        self.transact_told(name, |transaction| deed(transaction).during(name, &place))
    }

    /// The same for a deed that says itself what stopped it.
    fn transact_told<T>(
        &mut self,
        name: &'static str,
        deed: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let Self { connection, place, turn, .. } = self;
        turn.take(|| {
            // Files stay writable on most systems after their folder was deleted; what goes there is lost.
            if !place.exists() {
                let moved = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_READONLY_DBMOVED);
                let gone = rusqlite::Error::SqliteFailure(moved, Some("its file is gone".to_owned()));
                return Err(StoreError::of_sqlite(name, place, gone));
            }
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate).during(name, place)?;
            let result = deed(&transaction)?;
            transaction.commit().during(name, place)?;
            Ok(result)
        })
    }

    /// A rule switched another one on or off; that is durable, and the copy may follow at the next change.
    fn copy_settings(&self) {
        let areas = settings_copy::areas(&self.connection).during("read the settings of", &self.place);
        if let Err(error) = areas.and_then(|areas| settings_copy::write(&self.folder, &areas)) {
            tracing::warn!(%error, "the copy of the settings could not be written");
        }
    }
}
