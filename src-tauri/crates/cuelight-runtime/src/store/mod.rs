//! The memory of the app: one SQLite file, one writing connection, readers apart. No other module speaks SQL.

mod checkpoint;
mod commit;
mod connection;
mod damage;
mod error;
mod gifts;
mod journal;
mod migrate;
mod open;
mod prune;
mod reader;
mod resume;
mod sessions;
mod settings;
mod settings_copy;
#[cfg(test)]
mod tests;
mod viewers;

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;

use crate::paths::DataFolder;

pub use commit::{ComboChange, Commit, EventRow, Fault, Shed, ViewerFlush};
pub use error::StoreError;
pub use journal::Journal;
pub use open::{open, open_beside_engine};
pub use prune::Pruned;
pub(crate) use reader::PAGE_EVENTS;
pub use reader::{Giver, Reader, StoredEvent, StoredFault};
pub use resume::{RestoredParts, SeenMessage};
pub use sessions::{OpenedSession, SessionStart, StoredSession};
pub use settings::{SettingError, SettingKey, Settings, WORKSPACE_ALLOWED, is_workspace_id, setting_keys};

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
}

impl Store {
    fn new(folder: &DataFolder, opened: Option<Connection>) -> Self {
        let inner = Inner { folder: folder.clone(), opened: Mutex::new(opened) };
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

    /// Opens the connection that writes. There should be one at a time: a second one waits for the first at every
    /// commit.
    ///
    /// # Errors
    /// The database cannot be opened any more, or another program keeps it locked.
    pub fn journal(&self) -> Result<Journal, StoreError> {
        let opened = self.inner.opened.lock().unwrap_or_else(PoisonError::into_inner).take();
        let place = self.inner.folder.database();
        let connection = match opened {
            Some(connection) => connection,
            None => connection::open_existing(&place)?,
        };
        Journal::new(connection, place)
    }
}
