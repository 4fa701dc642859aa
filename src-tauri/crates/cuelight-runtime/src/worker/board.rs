//! What runs at this moment, and how it is cut off.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use cuelight_core::id::{JobId, ServiceId};
use cuelight_core::reason::Reason;
use tokio_util::sync::CancellationToken;

/// The jobs that were claimed and whose outcome is not written yet.
///
/// A job stands here before its claim is answered, so nothing that was claimed can be missed by whoever cuts.
#[derive(Debug, Default)]
pub(super) struct Board {
    running: Mutex<BTreeMap<JobId, Entry>>,
}

#[derive(Debug)]
struct Entry {
    service: ServiceId,
    cut: Arc<Cut>,
}

/// The way to cut one job off, for a reason; the first reason counts.
#[derive(Debug, Default)]
pub(super) struct Cut {
    token: CancellationToken,
    reason: OnceLock<Reason>,
}

impl Cut {
    /// Cancelled when the job is to end.
    pub(super) fn token(&self) -> &CancellationToken {
        &self.token
    }

    /// Why it is to end, once it is.
    pub(super) fn reason(&self) -> Option<&Reason> {
        self.reason.get()
    }

    pub(super) fn off(&self, reason: &Reason) {
        self.reason.get_or_init(|| reason.clone());
        self.token.cancel();
    }
}

impl Board {
    /// Notes that the job was claimed.
    pub(super) fn begin(&self, job: JobId, service: &ServiceId) {
        let entry = Entry { service: service.clone(), cut: Arc::default() };
        self.lock().insert(job, entry);
    }

    /// The job's way to be cut off; one that nobody can use where it does not stand here.
    pub(super) fn cut_of(&self, job: JobId) -> Arc<Cut> {
        self.lock().get(&job).map(|entry| Arc::clone(&entry.cut)).unwrap_or_default()
    }

    /// Notes that the job's outcome is written.
    pub(super) fn end(&self, job: JobId) {
        self.lock().remove(&job);
    }

    /// Cuts off the jobs of which that is true, and says how many.
    pub(super) fn cut_off(&self, reason: &Reason, is_meant: impl Fn(JobId, &ServiceId) -> bool) -> usize {
        let running = self.lock();
        let meant = running.iter().filter(|(job, entry)| is_meant(**job, &entry.service));
        meant.map(|(_, entry)| entry.cut.off(reason)).count()
    }

    /// Nothing that holds the lock can leave the map half changed.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<JobId, Entry>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
