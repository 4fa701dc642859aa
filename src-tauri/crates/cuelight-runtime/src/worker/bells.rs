//! How those are woken for whom a commit left something: one bell for each service, one for what is due, one for the rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use cuelight_core::id::ServiceId;
use tokio::sync::Notify;

use crate::store::Touched;

/// The bells of all services that are worked for; a bell that rings while nobody listens is heard afterwards.
#[derive(Debug, Clone)]
pub struct Bells {
    services: Arc<BTreeMap<ServiceId, Arc<Notify>>>,
    due: Arc<Notify>,
    changes: Arc<Notify>,
}

impl Bells {
    /// One for each of these services; `changes` is rung where rules, counters or events of rules changed.
    pub(super) fn of(services: &[ServiceId], changes: Arc<Notify>) -> Self {
        let bells = services.iter().map(|service| (service.clone(), Arc::default()));
        Self { services: Arc::new(bells.collect()), due: Arc::default(), changes }
    }

    /// Tells the workers what a commit on another connection of this process left in their queues.
    pub fn notify(&self, touched: &Touched) {
        self.ring(touched.services());
        if touched.due_ms.is_some() {
            self.due.notify_one();
        }
    }

    /// The bell of that service; one that nobody rings where it is not worked for.
    pub(super) fn of_service(&self, service: &ServiceId) -> Arc<Notify> {
        self.services.get(service).map(Arc::clone).unwrap_or_default()
    }

    /// Waits until a commit of somebody else left something that will be due.
    pub(super) async fn due(&self) {
        self.due.notified().await;
    }

    /// Tells everybody what a commit of the workers' own left for them.
    pub(super) fn ring_for(&self, touched: &Touched) {
        self.ring(touched.services());
        if touched.rules || touched.emitted || !touched.counters.is_empty() {
            self.changes.notify_one();
        }
    }

    /// Wakes everybody.
    pub(super) fn ring_all(&self) {
        self.ring(self.services.keys());
        self.changes.notify_one();
    }

    fn ring<'a>(&self, services: impl IntoIterator<Item = &'a ServiceId>) {
        for service in services {
            if let Some(bell) = self.services.get(service) {
                bell.notify_one();
            }
        }
    }
}
