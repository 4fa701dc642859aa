//! What a transaction changed that others should know of.

use cuelight_core::id::ServiceId;

/// What a transaction left behind for others to look at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    services: Vec<ServiceId>,
    /// How many rows of jobs were written.
    pub jobs: u32,
    /// When the first of those that wait for a time is due, ms since 1970.
    pub due_ms: Option<i64>,
    /// Counters that changed, in order.
    pub counters: Vec<CounterChange>,
    /// Rules brought up events that wait for the journal.
    pub emitted: bool,
    /// Rules were switched on or off.
    pub rules: bool,
}

/// A counter that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounterChange {
    /// Its name.
    pub name: String,
    /// What it was.
    pub from: i64,
    /// What it is.
    pub to: i64,
}

impl Touched {
    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Services whose queues may have a job that can start.
    #[must_use]
    pub fn services(&self) -> &[ServiceId] {
        &self.services
    }

    /// Takes what was touched later into it.
    pub fn add(&mut self, later: Self) {
        later.services.iter().for_each(|service| self.service(service));
        self.jobs += later.jobs;
        self.due(later.due_ms);
        self.counters.extend(later.counters);
        self.emitted |= later.emitted;
        self.rules |= later.rules;
    }

    pub(super) fn service(&mut self, service: &ServiceId) {
        if !self.services.contains(service) {
            self.services.push(service.clone());
        }
    }

    pub(super) fn due(&mut self, due_ms: Option<i64>) {
        self.due_ms = self.due_ms.into_iter().chain(due_ms).min();
    }
}
