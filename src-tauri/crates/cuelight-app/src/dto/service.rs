//! Services: their settings, and how their queues stand.

use std::collections::BTreeMap;

use cuelight_core::event::EventType;
use cuelight_core::id::ServiceId;
use cuelight_core::priority::Priority;
use cuelight_core::reason::Reason;
use cuelight_core::service::{
    DefaultAction, EventConfig as CoreEventConfig, Mode, Service as CoreService, ServiceKind,
};
use serde::{Deserialize, Deserializer, Serialize};
use ts_rs::TS;

use super::job::Job;

/// A service with its wishes.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// What it is called in tables, files and commands.
    pub id: ServiceId,
    /// What it is able to do.
    pub kind: ServiceKind,
    /// What people call it.
    pub name: String,
    /// A service that is not active gets no jobs.
    pub active: bool,
    /// Jobs that may wait.
    pub max_queue_size: u32,
    /// Async jobs that may run at once.
    pub max_parallel: u32,
    /// The event types that are treated apart.
    pub events: BTreeMap<EventType, EventConfig>,
    /// All other event types, and jobs that no event caused.
    pub others: EventConfig,
}

/// What a service wishes for jobs of one event type.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventConfig {
    /// Events of this type may cause jobs here.
    pub enabled: bool,
    /// The place among waiting jobs, unless the rule sets one.
    pub priority: Priority,
    /// Alone, or beside others.
    pub mode: Mode,
    /// May be dropped when the queue is full.
    pub discardable: bool,
    /// How long a job may be ready while the worker runs; none: any time.
    pub expires_after_seconds: Option<u32>,
    /// What every such event does here without any rule.
    pub default_action: Option<DefaultAction>,
}

/// A change of a service; what is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct ServiceChange {
    /// What people call it.
    pub name: Option<String>,
    /// Whether it gets jobs.
    pub active: Option<bool>,
    /// Jobs that may wait.
    pub max_queue_size: Option<u32>,
    /// Async jobs that may run at once.
    pub max_parallel: Option<u32>,
}

/// A change of a service event config; what is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct EventConfigChange {
    /// Whether events of the type may cause jobs.
    pub enabled: Option<bool>,
    /// The place among waiting jobs.
    pub priority: Option<Priority>,
    /// Alone, or beside others.
    pub mode: Option<Mode>,
    /// May be dropped when the queue is full.
    pub discardable: Option<bool>,
    /// How long a job may be ready; a `null` that is there is *any time*.
    #[serde(default, deserialize_with = "given")]
    pub expires_after_seconds: Option<Option<u32>>,
}

/// Tells a `null` that is there from what is left out.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<u32>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Who works a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Worker {
    /// This program's engine.
    Us,
    /// Another program, such as `cuelight work`.
    Other {
        /// What is known of it.
        who: String,
    },
    /// Nobody.
    Nobody,
}

/// How a service stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ServiceStatus {
    /// The service.
    pub id: ServiceId,
    /// It gets jobs.
    pub active: bool,
    /// It starts none.
    pub paused: bool,
    /// Who works its queue.
    pub worker: Worker,
    /// Jobs that wait: ready, for their time, or held.
    pub pending: u64,
    /// Jobs that run.
    pub processing: u64,
    /// Of those that wait, the held ones.
    pub held: u64,
    /// How much later than it should the oldest ready job is; 0 is on time.
    pub late_ms: i64,
    /// Jobs done since midnight.
    pub completed_today: u64,
    /// Jobs failed since midnight.
    pub failed_today: u64,
    /// Jobs discarded since midnight.
    pub discarded_today: u64,
    /// At most three, the longest running first.
    pub running: Vec<Job>,
    /// Why it needs the streamer, if it does.
    pub trouble: Option<Reason>,
}

/// One service's queue, opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Queue {
    /// The service.
    pub service: ServiceId,
    /// What runs.
    pub running: Vec<Job>,
    /// What waits, in the order in which it will run.
    pub waiting: Vec<Job>,
    /// What ended today, newest first.
    pub ended: Vec<Job>,
    /// Waiting jobs beyond those sent.
    pub more_waiting: u64,
    /// Ended jobs beyond those sent.
    pub more_ended: u64,
}

impl From<CoreService> for Service {
    fn from(service: CoreService) -> Self {
        let events = service.events.into_iter().map(|(event_type, config)| (event_type, config.into())).collect();
        Self {
            id: service.id,
            kind: service.kind,
            name: service.name,
            active: service.active,
            max_queue_size: service.max_queue_size,
            max_parallel: service.max_parallel,
            events,
            others: service.others.into(),
        }
    }
}

impl From<CoreEventConfig> for EventConfig {
    fn from(config: CoreEventConfig) -> Self {
        let CoreEventConfig { enabled, priority, mode, discardable, expires_after_seconds, default_action } = config;
        Self { enabled, priority, mode, discardable, expires_after_seconds, default_action }
    }
}
