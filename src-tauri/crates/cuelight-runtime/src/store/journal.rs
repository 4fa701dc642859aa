//! The one connection that writes: an event is "received" when its commit has returned.

use std::path::PathBuf;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::StoreError;
use super::checkpoint::Checkpointer;
use super::commit::{self, Commit};
use super::error::During as _;

/// Statements kept prepared: those of a commit, with room to spare.
const PREPARED_STATEMENTS: usize = 32;

/// The writing side of the store, for one thread.
#[derive(Debug)]
pub struct Journal {
    // Before the checkpointer, so that this connection is closed first and the checkpointer's, being the last, moves
    // what is left of the log without keeping the writer waiting.
    pub(super) connection: Connection,
    checkpointer: Checkpointer,
    place: PathBuf,
}

impl Journal {
    pub(super) fn new(connection: Connection, place: PathBuf) -> Result<Self, StoreError> {
        connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
        let checkpointer = Checkpointer::start(&place)?;
        Ok(Self { connection, checkpointer, place })
    }

    /// Makes all of it durable in one transaction; when this returns, it is on the disk.
    ///
    /// # Errors
    /// Nothing of the commit was stored. Where [`StoreError::is_disk_full`] says so, the same commit may succeed later;
    /// [`StoreError::NoSession`] means that the session was deleted meanwhile.
    pub fn commit(&mut self, commit: &Commit<'_>) -> Result<(), StoreError> {
        let known = self.transact("write to", |transaction| commit::write(transaction, commit))?;
        if !known {
            return Err(StoreError::NoSession(commit.session));
        }
        let data_bytes: usize = commit.rows.iter().map(|row| row.data.len()).sum();
        self.checkpointer.wrote(data_bytes);
        Ok(())
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
        let run = || {
            // Files stay writable on most systems after their folder was deleted; what goes there is lost.
            if !self.place.exists() {
                let moved = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_READONLY_DBMOVED);
                return Err(rusqlite::Error::SqliteFailure(moved, Some("its file is gone".to_owned())));
            }
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let result = deed(&transaction)?;
            transaction.commit()?;
            Ok(result)
        };
        run().during(name, &self.place)
    }
}
