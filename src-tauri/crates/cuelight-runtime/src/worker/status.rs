//! How each service stands, for whoever shows it.

use std::collections::BTreeMap;

use cuelight_core::dispatch::Running;
use cuelight_core::id::ServiceId;
use tokio::sync::watch;

/// How a service and its worker stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceStatus {
    /// What its worker does.
    pub state: ServiceState,
    /// Ready jobs wait until what runs ends, or until the service goes on.
    pub jobs_wait: bool,
}

impl ServiceStatus {
    /// Whether jobs may wait that are ready: they do here, or only the process that works for the service knows.
    pub(super) fn may_be_late(&self) -> bool {
        self.jobs_wait || matches!(self.state, ServiceState::WaitingForLock { .. })
    }

    /// Whether the worker has not said anything yet.
    #[must_use]
    pub fn is_starting(&self) -> bool {
        self.state == ServiceState::Starting
    }
}

/// What the worker of a service does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServiceState {
    /// It has not said anything yet.
    Starting,
    /// Another process works for the service; this one goes on when that one is gone.
    WaitingForLock {
        /// The other process, where its name could be read.
        process: Option<u32>,
    },
    /// The service is switched off: nothing of it starts.
    Off,
    /// Nothing is to be done.
    Idle,
    /// Jobs run.
    Running(Running),
    /// Jobs wait, and somebody paused the service or holds its sound back.
    Paused,
    /// Something stops the worker that will not pass by itself; it tries again all the same.
    Attention(String),
}

/// The status of every service that is worked for.
pub type Statuses = BTreeMap<ServiceId, ServiceStatus>;

/// Before the worker said anything.
pub(super) fn at_first() -> ServiceStatus {
    ServiceStatus { state: ServiceState::Starting, jobs_wait: false }
}

/// Where one worker says how its service stands.
#[derive(Debug, Clone)]
pub(super) struct StatusSender {
    pub(super) service: ServiceId,
    pub(super) statuses: watch::Sender<Statuses>,
}

impl StatusSender {
    /// Tells people what is new.
    pub(super) fn set(&self, state: ServiceState, jobs_wait: bool) {
        let now = ServiceStatus { state, jobs_wait };
        self.statuses.send_if_modified(|statuses| {
            let is_news = statuses.get(&self.service) != Some(&now);
            if is_news {
                statuses.insert(self.service.clone(), now);
            }
            is_news
        });
    }
}
