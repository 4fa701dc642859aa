//! Silence: services that can be heard start nothing while it lasts. A restart ends it.

use std::collections::BTreeSet;
use std::sync::Arc;

use cuelight_core::id::ServiceId;
use cuelight_core::service::{Service, ServiceKind};
use parking_lot::Mutex;
use tokio::sync::watch;

/// Whether sound is held back; clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Silence {
    /// The services that are worked for and that can be heard.
    audible: Arc<Mutex<BTreeSet<ServiceId>>>,
    lasts: watch::Sender<bool>,
}

impl Silence {
    /// Concerns one more service from now on, if it can be heard.
    pub(super) fn reach(&self, service: &Service) {
        if is_audible(service.kind) {
            self.audible.lock().insert(service.id.clone());
        }
    }

    /// Concerns that service no longer.
    pub(super) fn forget(&self, service: &ServiceId) {
        self.audible.lock().remove(service);
    }

    /// Holds sound back, or no longer.
    pub(super) fn set(&self, lasts: bool) {
        self.lasts.send_if_modified(|known| std::mem::replace(known, lasts) != lasts);
    }

    /// Whether sound is held back, from now on.
    pub(super) fn watch(&self) -> watch::Receiver<bool> {
        self.lasts.subscribe()
    }

    /// Whether the service can be heard.
    pub(super) fn concerns(&self, service: &ServiceId) -> bool {
        self.audible.lock().contains(service)
    }

    /// Whether the service may start nothing now.
    pub(super) fn holds(&self, service: &ServiceId) -> bool {
        *self.lasts.borrow() && self.concerns(service)
    }
}

fn is_audible(kind: ServiceKind) -> bool {
    matches!(kind, ServiceKind::Voice | ServiceKind::Sounds)
}
