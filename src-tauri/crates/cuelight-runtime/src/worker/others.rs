//! Notices what other processes, and the journal's lane of this one, commit to the same database.

use std::time::Duration;

use tokio::time::{Interval, MissedTickBehavior};

use crate::store::{Journal, StoreError};

/// How often it is looked; SQLite has no way to wait for it.
const LOOK: Duration = Duration::from_millis(100);

/// Looks whether the database is another one than before.
#[derive(Debug)]
pub(super) struct Others {
    interval: Interval,
    version: Option<i64>,
}

impl Others {
    /// Looks for the first time soon.
    pub(super) fn new() -> Self {
        let mut interval = tokio::time::interval(LOOK);
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { interval, version: None }
    }

    /// Waits until it is time to look.
    pub(super) async fn look_due(&mut self) {
        self.interval.tick().await;
    }

    /// Whether anybody but this connection has committed since the last look.
    pub(super) fn have_committed(&mut self, journal: &Journal) -> Result<bool, StoreError> {
        let version = journal.data_version()?;
        Ok(self.version.replace(version) != Some(version))
    }
}
