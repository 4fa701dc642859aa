//! Moves the write-ahead log into the database on a thread of its own, so that no commit has to wait for it.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;

use super::StoreError;
use super::connection;

/// Bytes of events after which the log is moved: about a thousand pages, SQLite's own measure.
const DUE_BYTES: usize = 4 * 1024 * 1024;

/// What a commit writes beside its events, at least: the pages of the session, the combos and the tree above.
const COMMIT_BYTES: usize = 16 * 1024;

/// The thread that moves the log, and how much was written since it was last asked.
#[derive(Debug)]
pub(super) struct Checkpointer {
    written_bytes: usize,
    requests: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// Starts the thread with a connection of its own; it sleeps until it is asked.
    pub(super) fn start(place: &Path) -> Result<Self, StoreError> {
        let connection = connection::open_existing(place)?;
        // One request waiting is enough: a checkpoint moves all there is.
        let (requests, asked) = sync_channel(1);
        let named = place.to_owned();
        let thread = std::thread::Builder::new()
            .name("checkpoint".to_owned())
            .spawn(move || serve(&connection, &asked, &named))
            .map_err(|error| StoreError::of_file("start the checkpoints of", place, error))?;
        Ok(Self { written_bytes: 0, requests: Some(requests), thread: Some(thread) })
    }

    /// Notes that a commit wrote that many bytes of events.
    pub(super) fn wrote(&mut self, event_bytes: usize) {
        self.written_bytes += event_bytes + COMMIT_BYTES;
        if self.written_bytes >= DUE_BYTES {
            self.ask();
        }
    }

    /// Has the log moved soon, if anything was written since the last time.
    pub(super) fn ask(&mut self) {
        if self.written_bytes == 0 {
            return;
        }
        self.written_bytes = 0;
        if let Some(requests) = &self.requests {
            // Full means that one is asked for already; closed, that the thread ended and SQLite does it at 32 MB.
            let _ = requests.try_send(());
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.requests = None;
        if let Some(thread) = self.thread.take() {
            // A panic over there was reported there and costs no event.
            let _ = thread.join();
        }
    }
}

fn serve(connection: &Connection, asked: &Receiver<()>, place: &Path) {
    while asked.recv().is_ok() {
        // PASSIVE waits for nobody: it moves what no reader or writer needs and leaves the rest for the next time.
        if let Err(error) = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())) {
            tracing::warn!(%error, place = %place.display(), "could not move the log into the database");
        }
    }
}
