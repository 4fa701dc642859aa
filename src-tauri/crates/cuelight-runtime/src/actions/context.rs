//! What an action may use of the world around it.

use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::paths::DataFolder;

/// Everything that a running action may use; cheap to clone.
#[derive(Debug, Clone)]
pub struct ActionContext {
    cancel: CancellationToken,
    clock: Clock,
    folder: DataFolder,
}

impl ActionContext {
    /// For actions of that data folder, stopped by nothing yet.
    #[must_use]
    pub fn new(folder: DataFolder, clock: Clock) -> Self {
        Self { cancel: CancellationToken::new(), clock, folder }
    }

    /// The same for one job, which that token stops.
    #[must_use]
    pub fn stopped_by(&self, cancel: CancellationToken) -> Self {
        Self { cancel, ..self.clone() }
    }

    /// Cancelled when the job is skipped, silenced, timed out or the program ends.
    #[must_use]
    pub fn cancel(&self) -> &CancellationToken {
        &self.cancel
    }

    /// Where "now" comes from.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The data folder.
    #[must_use]
    pub fn folder(&self) -> &DataFolder {
        &self.folder
    }
}
