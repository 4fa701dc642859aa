//! What workers tell, one thing at a time: news of jobs, the health of the queues, and when statistics are due.

use std::time::Duration;

use cuelight_core::id::{ServiceId, SessionId};
use cuelight_runtime::disk::DiskHealth;
use cuelight_runtime::report::texts::Text;
use cuelight_runtime::store::StoreError;
use cuelight_runtime::worker::{NewsReader, ServiceState, Statuses, Workers};
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior};

use crate::disk_health::tell_disk_health;
use crate::story::{STATISTICS_EVERY, Story};

/// Watches workers from the moment on at which it was made.
pub(crate) struct WorkersWatch {
    news: NewsReader,
    health: watch::Receiver<DiskHealth>,
    statuses: watch::Receiver<Statuses>,
    statistics: Interval,
    /// Services that nobody worked for here when it was last looked: another process did, or they were switched off.
    elsewhere: Vec<ServiceId>,
}

impl WorkersWatch {
    pub(crate) fn new(workers: &Workers) -> Self {
        let start = tokio::time::Instant::now() + STATISTICS_EVERY;
        let mut statistics = tokio::time::interval_at(start, STATISTICS_EVERY);
        statistics.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (news, health, statuses) = (workers.news(), workers.health(), workers.statuses());
        Self { news, health, statuses, statistics, elsewhere: Vec::new() }
    }

    /// How the services stand, once every worker has said so.
    pub(crate) async fn settled(&mut self) -> Statuses {
        let all_said = |statuses: &Statuses| statuses.values().all(|status| !status.is_starting());
        // Workers that ended already have said their last word.
        let _ = self.statuses.wait_for(all_said).await;
        let statuses = self.statuses.borrow_and_update().clone();
        self.elsewhere = elsewhere(&statuses);
        statuses
    }

    /// How the services stand.
    pub(crate) fn statuses(&self) -> watch::Ref<'_, Statuses> {
        self.statuses.borrow()
    }

    /// Waits for the next thing and shows it. Dropped before it is ready, it has taken nothing.
    pub(crate) async fn show_next(
        &mut self,
        story: &Story,
        session: Option<(SessionId, u64)>,
    ) -> Result<(), StoreError> {
        tokio::select! {
            Some(told) = self.news.next() => story.news(&told),
            Ok(()) = self.health.changed() => {
                tell_disk_health(story.language(), Text::QueuesWritten, &self.health.borrow_and_update());
            }
            Ok(()) = self.statuses.changed() => {
                let statuses = self.statuses.borrow_and_update();
                let still = elsewhere(&statuses);
                self.elsewhere.retain(|service| !still.contains(service));
                story.took_over(&self.elsewhere, &statuses);
                self.elsewhere = still;
            }
            _ = self.statistics.tick() => story.statistics(session, &self.statuses.borrow())?,
        }
        Ok(())
    }

    /// Shows the news that have come, without waiting for more.
    pub(crate) async fn show_rest(&mut self, story: &Story) {
        while let Ok(Some(told)) = tokio::time::timeout(Duration::ZERO, self.news.next()).await {
            story.news(&told);
        }
    }
}

fn elsewhere(statuses: &Statuses) -> Vec<ServiceId> {
    let waits = |state: &ServiceState| matches!(state, ServiceState::WaitingForLock { .. } | ServiceState::Off);
    statuses.iter().filter(|(_, status)| waits(&status.state)).map(|(service, _)| service.clone()).collect()
}
