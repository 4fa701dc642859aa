//! How late each service is: since when its oldest ready job waits, asked at most once a second and only while jobs
//! wait, or while another process works for a service.

use std::collections::BTreeMap;
use std::time::Duration;

use cuelight_core::id::ServiceId;
use tokio::sync::watch;

use super::status::{ServiceStatus, Statuses};
use crate::store::Reader;

/// How often it is asked while jobs may wait.
const ASK: Duration = Duration::from_secs(1);

/// Since when the oldest ready job of each service has been ready, ms since 1970; services without one are left out.
pub type Lateness = BTreeMap<ServiceId, i64>;

/// Publishes the lateness of the services until nobody tells their status any more.
pub(super) async fn publish(
    reader: Reader,
    mut statuses: watch::Receiver<Statuses>,
    lateness: watch::Sender<Lateness>,
) {
    loop {
        let jobs_may_wait = statuses.borrow_and_update().values().any(ServiceStatus::may_be_late);
        let now = if jobs_may_wait { oldest_ready(&reader, &statuses) } else { Some(Lateness::new()) };
        if let Some(now) = now {
            lateness.send_if_modified(|known| {
                let is_news = *known != now;
                *known = now;
                is_news
            });
        }
        if jobs_may_wait {
            tokio::time::sleep(ASK).await;
        } else if statuses.changed().await.is_err() {
            return;
        }
    }
}

/// What the database says about the services that are worked for; `None` where it says nothing.
fn oldest_ready(reader: &Reader, statuses: &watch::Receiver<Statuses>) -> Option<Lateness> {
    match reader.oldest_ready() {
        Ok(mut oldest) => {
            let statuses = statuses.borrow();
            oldest.retain(|service, _| statuses.contains_key(service));
            Some(oldest)
        }
        Err(error) => {
            tracing::warn!(%error, "could not see how late the services are");
            None
        }
    }
}
