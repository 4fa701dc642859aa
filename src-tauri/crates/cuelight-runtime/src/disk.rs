//! A full disk: what was to be written is kept and tried again, and people are told what to do meanwhile.

use std::path::Path;
use std::time::Duration;

use cuelight_core::reason::Reason;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::store::StoreError;

/// How long to wait before a full disk is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// Free space below which a long live may fill the disk, in bytes.
pub const LITTLE_SPACE_BYTES: u64 = 500 * 1024 * 1024;

/// How much may still be written to the disk of that folder, in bytes.
///
/// # Errors
/// The system does not tell, such as of a drive that is gone.
pub fn free_bytes(folder: &Path) -> std::io::Result<u64> {
    fs4::available_space(folder)
}

/// Whether the database can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiskHealth {
    /// Commits succeed.
    Writing,
    /// The disk is full or gone; the commit is kept and tried again.
    Waiting(Reason),
}

/// Tells people how the disk is, and waits for it.
#[derive(Debug)]
pub struct DiskWatch {
    /// Where people look.
    pub health: watch::Sender<DiskHealth>,
    /// Set when waiting has no more sense.
    pub give_up: CancellationToken,
    /// The database's file, for the sentence.
    pub place: String,
}

impl DiskWatch {
    /// Waits a moment where trying again may help.
    ///
    /// # Errors
    /// The same error, where it may not, or where nobody wants to wait any more.
    pub(crate) async fn wait(&self, error: StoreError) -> Result<(), StoreError> {
        if !error.is_disk_full() || self.give_up.is_cancelled() {
            return Err(error);
        }
        let reason = Reason::DiskFull { place: self.place.clone(), error: error.to_string() };
        self.report(DiskHealth::Waiting(reason));
        // One last try follows the word to give up.
        let _ = tokio::time::timeout(RETRY, self.give_up.cancelled()).await;
        Ok(())
    }

    /// A write succeeded.
    pub(crate) fn succeeded(&self) {
        self.report(DiskHealth::Writing);
    }

    /// Tells people what is new; they are told once, not at every try.
    fn report(&self, now: DiskHealth) {
        self.health.send_if_modified(|health| {
            let is_news = *health != now;
            *health = now;
            is_news
        });
    }
}
