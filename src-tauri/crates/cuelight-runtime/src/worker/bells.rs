//! How those are woken for whom a commit left something: one bell for each service, one for what is due, one for the rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use cuelight_core::id::ServiceId;
use parking_lot::RwLock;
use tokio::sync::Notify;

use crate::store::Touched;

/// The bells of all services that are worked for; a bell that rings while nobody listens is heard afterwards.
#[derive(Debug, Clone)]
pub struct Bells {
    services: Arc<RwLock<BTreeMap<ServiceId, Arc<Notify>>>>,
    due: Arc<Notify>,
    changes: Arc<Notify>,
}

impl Bells {
    /// None for services yet; `changes` is rung where rules, counters or events of rules changed.
    pub(super) fn new(changes: Arc<Notify>) -> Self {
        Self { services: Arc::default(), due: Arc::default(), changes }
    }

    /// Tells the workers what a commit on another connection of this process left in their queues.
    pub fn notify(&self, touched: &Touched) {
        self.ring(touched.services());
        if touched.due_ms.is_some() {
            self.due.notify_one();
        }
    }

    /// The bell of that service, from now on.
    pub(super) fn hang(&self, service: &ServiceId) -> Arc<Notify> {
        Arc::clone(self.services.write().entry(service.clone()).or_default())
    }

    /// Nobody works for that service any more.
    pub(super) fn take_down(&self, service: &ServiceId) {
        self.services.write().remove(service);
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
        self.services.read().values().for_each(|bell| bell.notify_one());
        self.changes.notify_one();
    }

    fn ring<'a>(&self, services: impl IntoIterator<Item = &'a ServiceId>) {
        let bells = self.services.read();
        for service in services {
            if let Some(bell) = bells.get(service) {
                bell.notify_one();
            }
        }
    }
}
