//! A full disk: what was asked of the queues is kept and tried again, and people are told what to do meanwhile.

use std::time::Duration;

use cuelight_core::reason::Reason;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::store::StoreError;

/// How long to wait before a full disk is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// Whether the queues can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueueHealth {
    /// Commits succeed.
    Writing,
    /// The disk is full or gone: no job starts, and the outcomes of those that ran are kept until it is back.
    Waiting(Reason),
}

/// Tells people how the disk is, and waits for it.
#[derive(Debug)]
pub(super) struct Disk {
    pub(super) health: watch::Sender<QueueHealth>,
    /// Set when waiting has no more sense.
    pub(super) give_up: CancellationToken,
    /// The database's file, for the sentence.
    pub(super) place: String,
}

impl Disk {
    /// Waits a moment where trying again may help; gives the error back where it may not, or where nobody wants to wait
    /// any more.
    pub(super) async fn wait(&self, error: StoreError) -> Result<(), StoreError> {
        if !error.is_disk_full() || self.give_up.is_cancelled() {
            return Err(error);
        }
        self.report(QueueHealth::Waiting(Reason::DiskFull { place: self.place.clone(), error: error.to_string() }));
        // One last try follows the word to give up.
        let _ = tokio::time::timeout(RETRY, self.give_up.cancelled()).await;
        Ok(())
    }

    /// A write succeeded.
    pub(super) fn succeeded(&self) {
        self.report(QueueHealth::Writing);
    }

    /// Tells people what is new; they are told once, not at every try.
    fn report(&self, now: QueueHealth) {
        self.health.send_if_modified(|health| {
            let is_news = *health != now;
            *health = now;
            is_news
        });
    }
}
