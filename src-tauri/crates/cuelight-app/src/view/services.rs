//! How services stand: who works them, what waits, how late it is, and what was done today.

use std::collections::BTreeMap;

use cuelight_core::id::ServiceId;
use cuelight_core::reason::Reason;
use cuelight_runtime::store::{StoreError, StoredService};
use cuelight_runtime::worker::ServiceState;

use super::View;
use super::midnight::midnight_ms;
use crate::dto::{Job, ServiceStatus, Worker};

/// Running jobs that a status shows at most.
const RUNNING: usize = 3;

impl View<'_> {
    /// How those services stand of which that is true, in the order in which people see them.
    ///
    /// # Errors
    /// The database cannot be read.
    pub(crate) fn statuses(&self, is_meant: impl Fn(&ServiceId) -> bool) -> Result<Vec<ServiceStatus>, StoreError> {
        let services = self.reader.stored_services()?;
        let counts = self.reader.service_counts(midnight_ms(self.now_ms))?;
        let mut running = BTreeMap::<ServiceId, Vec<Job>>::new();
        for job in self.jobs(&self.reader.running_jobs()?)? {
            running.entry(job.service.clone()).or_default().push(job);
        }
        let meant = services.into_iter().filter(|stored| is_meant(&stored.service.id));
        let status = |StoredService { service, paused }: StoredService| {
            let counts = counts.get(&service.id).copied().unwrap_or_default();
            let mut running = running.remove(&service.id).unwrap_or_default();
            running.truncate(RUNNING);
            ServiceStatus {
                active: service.active,
                paused,
                worker: self.worker(&service.id),
                pending: counts.pending,
                processing: counts.processing,
                held: counts.held,
                late_ms: self.late_ms(&service.id),
                completed_today: counts.completed,
                failed_today: counts.failed,
                discarded_today: counts.discarded,
                running,
                trouble: self.trouble(&service.id),
                id: service.id,
            }
        };
        Ok(meant.map(status).collect())
    }

    /// A service that is not switched on is worked by nobody, even while our worker keeps its place.
    fn worker(&self, service: &ServiceId) -> Worker {
        match self.statuses.get(service).map(|status| &status.state) {
            None | Some(ServiceState::Off) => Worker::Nobody,
            Some(ServiceState::WaitingForLock { process }) => {
                let who = process.map_or_else(|| "cuelight".to_owned(), |process| format!("cuelight ({process})"));
                Worker::Other { who }
            }
            Some(
                ServiceState::Starting
                | ServiceState::Idle
                | ServiceState::Running(_)
                | ServiceState::Paused
                | ServiceState::Attention(_),
            ) => Worker::Us,
        }
    }

    /// How long the oldest ready job has been waiting, where one waits for more than its turn.
    fn late_ms(&self, service: &ServiceId) -> i64 {
        self.lateness.get(service).map_or(0, |since_ms| self.now_ms.saturating_sub(*since_ms).max(0))
    }

    fn trouble(&self, service: &ServiceId) -> Option<Reason> {
        let Some(ServiceState::Attention(problem)) = self.statuses.get(service).map(|status| &status.state) else {
            return None;
        };
        Some(Reason::ActionFailed { error: problem.clone(), advice: String::new() })
    }
}
