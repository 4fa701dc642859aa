//! The memory of the app: one SQLite file, one writing connection, readers apart. No other module speaks SQL.

mod attempts;
mod backup;
mod checkpoint;
mod commit;
mod connection;
mod damage;
mod editing;
mod emitted;
mod error;
mod fired;
mod firings;
mod following;
mod gifts;
mod journal;
mod lines;
mod migrate;
mod names;
mod open;
mod outcomes;
mod overview;
mod prune;
mod queue;
mod reader;
mod restore;
mod resume;
mod revision;
mod rule_state;
mod rules;
mod seeding;
mod services;
mod sessions;
mod settings;
mod settings_copy;
mod story;
#[cfg(test)]
mod tests;
mod trying;
mod turn;
mod values;
mod viewers;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use self::error::During as _;
use self::turn::Turn;
use crate::paths::DataFolder;

pub use cuelight_core::settings::Settings;

pub use backup::Backup;
pub use commit::{ComboChange, Commit, EventRow, Fault, Shed, ViewerFlush};
pub use editing::{BinnedRule, Deed, DeedKind, Edit, RuleVersion, UndoState, Undone};
pub use emitted::{Emission, Emitted};
pub use error::StoreError;
pub use fired::Fired;
pub use firings::{Effects, NumberedEffect};
pub use journal::Journal;
pub use lines::{Lines, StoredLine};
pub use names::Names;
pub use open::{open, open_beside_engine};
pub use outcomes::StoredOutcome;
pub use overview::Overview;
pub use prune::Pruned;
pub use queue::{
    Claim, ClaimedJob, CounterChange, EndedJob, JobFilter, OldJobs, QueueCounts, QueueTransaction, Recovered,
    ServiceCounts, ShownCause, ShownJob, StoredJob, Touched, Unfinished, Which,
};
pub(crate) use reader::PAGE_EVENTS;
pub use reader::{Giver, Reader, StoredEvent, StoredFault};
pub use resume::{CutOff, RestoredParts, SeenMessage};
pub use revision::Revisions;
pub use services::StoredService;
pub(crate) use services::services_in;
pub use sessions::{OpenedSession, SessionStart, StoredSession};
pub use settings::SettingError;
pub use story::StoredRun;
pub use trying::Happening;

/// The opened database of a data folder; clones are cheap and share it.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    folder: DataFolder,
    /// The connection that opened the database waits here for its journal: a log left by a crash is read only once.
    opened: Mutex<Option<Connection>>,
    turn: Arc<Turn>,
}

impl Store {
    fn new(folder: &DataFolder, opened: Option<Connection>) -> Self {
        let inner = Inner { folder: folder.clone(), opened: Mutex::new(opened), turn: Arc::default() };
        Self { inner: Arc::new(inner) }
    }

    /// The data folder that this is the memory of.
    #[must_use]
    pub fn folder(&self) -> &DataFolder {
        &self.inner.folder
    }

    /// Opens a connection that only reads, for one thread; what it reads is always whole commits.
    ///
    /// # Errors
    /// The database cannot be opened any more.
    pub fn reader(&self) -> Result<Reader, StoreError> {
        Reader::open(&self.inner.folder.database())
    }

    /// Opens a connection that writes, for one thread. Those of one process take turns in the order in which they ask;
    /// those of others are let in by chance, so each waits up to a minute.
    ///
    /// # Errors
    /// The database cannot be opened any more, or another program keeps it locked.
    pub fn journal(&self) -> Result<Journal, StoreError> {
        let opened = self.inner.opened.lock().unwrap_or_else(PoisonError::into_inner).take();
        let connection = match opened {
            Some(connection) => connection,
            None => connection::open_existing(&self.inner.folder.database())?,
        };
        Journal::new(connection, &self.inner.folder, Arc::clone(&self.inner.turn))
    }

    /// Changes what people set, in one transaction on a connection of its own, and writes the checked copy of it.
    fn change<T, E: From<StoreError>>(
        &self,
        deed: impl FnOnce(&Transaction<'_>, &Path) -> Result<T, E>,
    ) -> Result<T, E> {
        let place = self.folder().database();
        self.inner.turn.take(|| {
            let mut connection = connection::open_existing(&place)?;
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate).during("write to", &place)?;
            let result = deed(&transaction, &place)?;
            let areas = settings_copy::areas(&transaction).during("read the settings of", &place)?;
            transaction.commit().during("write to", &place)?;
            // The change is made: who were told otherwise would make it twice. The next change writes the copy.
            if let Err(error) = settings_copy::write(self.folder(), &areas) {
                tracing::warn!(%error, "the copy of the settings could not be written");
            }
            Ok(result)
        })
    }
}
