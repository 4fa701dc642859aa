//! Tells the news of one service's jobs.

use std::sync::Arc;

use cuelight_core::id::ServiceId;

use super::news::{Happened, News, WorkNews};
use crate::store::ClaimedJob;

/// Where a worker tells what happens to its jobs.
#[derive(Debug, Clone)]
pub(super) struct Teller {
    pub(super) service: ServiceId,
    pub(super) service_name: Arc<str>,
    pub(super) news: News,
}

impl Teller {
    /// Tells what happened to that job.
    pub(super) fn tell(&self, job: &ClaimedJob, happened: Happened) {
        self.news.tell(WorkNews {
            job: job.id,
            service: self.service.clone(),
            service_name: Arc::clone(&self.service_name),
            kind: job.kind.clone(),
            event_type: job.event_type,
            priority: job.priority,
            happened,
        });
    }
}
