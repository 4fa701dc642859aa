//! A service: what executes action kinds, with its own queue, worker and wishes for each event type.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::action::Action;
use crate::event::EventType;
use crate::id::ServiceId;
use crate::priority::Priority;

/// What a service is able to do; one of each kind is there from the start, more of a kind can be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum ServiceKind {
    /// What needs no outside program.
    Basics,
    /// Chrome, and the dinosaur game in it.
    #[serde(rename = "dinochrome")]
    DinoChrome,
    /// Alerts, texts and pictures on the overlay pages.
    Overlays,
    /// Speech.
    Voice,
    /// Sound files.
    Sounds,
    /// Replies of a language model.
    Assistant,
    /// Games: Minecraft, RCON, keystrokes.
    Games,
    /// OBS and Streamer.bot.
    Studio,
    /// Webhooks and Discord.
    Web,
    /// A program of the user's own.
    Custom,
}

/// A record of the services table: a queue with its worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// What it is called in tables, files and commands.
    pub id: ServiceId,
    /// What it is able to do.
    pub kind: ServiceKind,
    /// What people call it.
    pub name: String,
    /// A service that is not active gets no jobs.
    pub active: bool,
    /// Jobs that may wait; beyond it discardable ones are discarded, never others.
    pub max_queue_size: u32,
    /// Async jobs that may run at once.
    pub max_parallel: u32,
    /// Its wishes for the event types that it treats apart.
    pub events: BTreeMap<EventType, EventConfig>,
    /// Its wishes for all other event types, and for jobs that no event caused.
    pub others: EventConfig,
}

impl Service {
    /// Its wishes for jobs of that event type; `None` where no event caused the job.
    #[must_use]
    pub fn event(&self, event_type: Option<EventType>) -> &EventConfig {
        event_type.and_then(|event_type| self.events.get(&event_type)).unwrap_or(&self.others)
    }
}

/// What a service wishes for jobs of one event type (*service event config*).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventConfig {
    /// Events of this type may cause jobs here.
    pub enabled: bool,
    /// The place among waiting jobs, unless the rule sets one.
    pub priority: Priority,
    /// Alone, or beside others.
    pub mode: Mode,
    /// May be dropped when the queue is full.
    pub discardable: bool,
    /// How long a job may be ready while the worker runs, in seconds, before it is too late for it; `None`: any time.
    pub expires_after_seconds: Option<u32>,
    /// What every such event does here without any rule.
    pub default_action: Option<DefaultAction>,
}

/// An action that every event of a type causes, listed among the rules as *default*.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DefaultAction {
    /// Switched off, it stays listed.
    pub enabled: bool,
    /// What is done.
    pub action: Action,
}

/// Whether a job of a service runs alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Starts when nothing of the service runs, and nothing starts beside it.
    Sync,
    /// Runs beside other async jobs of the service, up to its `max_parallel`.
    Async,
}

impl Mode {
    /// Both, in the order in which people learn them.
    pub const ALL: [Self; 2] = [Self::Sync, Self::Async];

    /// The name in tables, files and commands.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Async => "async",
        }
    }

    /// The mode of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == name)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Every service there is, in the order in which people see them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Services {
    services: Vec<Service>,
}

impl Services {
    /// These services; of two with the same id the first one counts.
    #[must_use]
    pub fn new(services: Vec<Service>) -> Self {
        Self { services }
    }

    /// The service of that id.
    #[must_use]
    pub fn get(&self, id: &ServiceId) -> Option<&Service> {
        self.services.iter().find(|service| service.id == *id)
    }

    /// The first service of that kind: where an action goes that names none.
    #[must_use]
    pub fn of_kind(&self, kind: ServiceKind) -> Option<&Service> {
        self.services.iter().find(|service| service.kind == kind)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Service> {
        self.services.iter()
    }
}
