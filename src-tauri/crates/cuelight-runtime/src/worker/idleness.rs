//! Knowing when the workers have done everything that can be done.

use std::time::Duration;

use cuelight_core::id::ServiceId;
use tokio::sync::watch;

use super::queue_thread::QueueError;
use super::silence::Silence;
use super::status::Statuses;
use crate::store::{Reader, StoreError, StoredService};

/// How long to wait at most before the queues are counted once more.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// Tells when some workers have nothing left to do.
#[derive(Debug)]
pub struct Idleness {
    pub(super) reader: Reader,
    pub(super) statuses: watch::Receiver<Statuses>,
    pub(super) silence: Silence,
}

/// A service that starts nothing for now, with jobs in its queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resting {
    /// What people call it.
    pub service_name: String,
    /// Somebody paused it, or holds its sound back; else it is switched off.
    pub is_paused: bool,
    /// Jobs that wait in its queue.
    pub jobs: u64,
}

impl Idleness {
    /// Waits until nothing more can be done in the queues of the services and no run waits for its time; held jobs stay, and
    /// so do those of services that are paused, silenced or switched off, which are given with their numbers.
    ///
    /// Dropped before it is ready, it may be asked again.
    ///
    /// # Errors
    /// The database refused, or the workers have stopped.
    pub async fn reached(&mut self) -> Result<Vec<Resting>, QueueError> {
        loop {
            // Before the look, so that what happens during it is not missed.
            let services: Vec<ServiceId> = self.statuses.borrow_and_update().keys().cloned().collect();
            if let Some(resting) = resting_alone(&self.reader, &services, &self.silence)? {
                return Ok(resting);
            }
            // Another process may work for a service, and its work is no news here.
            if let Ok(Err(_)) = tokio::time::timeout(LOOK_AGAIN, self.statuses.changed()).await {
                return Err(QueueError::Stopped);
            }
        }
    }
}

/// The services that rest with jobs in their queues, if all the others are idle and nothing runs any more.
fn resting_alone(
    reader: &Reader,
    services: &[ServiceId],
    silence: &Silence,
) -> Result<Option<Vec<Resting>>, StoreError> {
    if reader.is_idle(services)? {
        return Ok(Some(Vec::new()));
    }
    let stored = reader.stored_services()?;
    let starts_nothing = |it: &StoredService| it.paused || !it.service.active || silence.holds(&it.service.id);
    let rests = |it: &&StoredService| services.contains(&it.service.id) && starts_nothing(it);
    let resting: Vec<&StoredService> = stored.iter().filter(rests).collect();
    let working: Vec<ServiceId> =
        services.iter().filter(|id| resting.iter().all(|it| it.service.id != **id)).cloned().collect();
    if resting.is_empty() || !reader.is_idle(&working)? {
        return Ok(None);
    }
    let counts = reader.queue_counts(reader.newest_job()?)?;
    let count = |it: &StoredService| counts.get(&it.service.id).copied().unwrap_or_default();
    if resting.iter().any(|it| count(it).processing > 0) {
        return Ok(None);
    }
    let resting = resting.into_iter().filter(|it| count(it).pending > 0).map(|it| Resting {
        service_name: it.service.name.clone(),
        is_paused: it.service.active,
        jobs: count(it).pending,
    });
    Ok(Some(resting.collect()))
}
