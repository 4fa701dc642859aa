//! Changing a service by `KEY=VALUE`: which keys there are, what each takes, and what became of it.

use crate::clean::clean_to;
use crate::event::EventType;
use crate::limits::{EXPIRES_AFTER_SECONDS, PARALLEL_JOBS_MAX, QUEUE_SIZE, SERVICE_NAME_CHARACTERS};
use crate::priority::Priority;
use crate::service::{EventConfig, Mode, Service};

/// How the wishes for all event types that are not treated apart are called.
pub const OTHERS: &str = "others";

/// The value of `expires_after` for jobs that make sense at any time.
pub const NEVER: &str = "never";

/// A service with what was changed in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// The service as it is to be.
    pub service: Service,
    /// What was said about each key, in that order.
    pub changes: Vec<Change>,
}

/// One key that was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The key.
    pub key: String,
    /// Its value before.
    pub from: String,
    /// Its value now; the same where nothing changed.
    pub to: String,
}

/// Why a service was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServiceSettingError {
    /// There is no `=` in it.
    #[error("{0:?} sets nothing: it takes KEY=VALUE, such as max_queue_size=50 or comment.priority=7")]
    NoAssignment(String),
    /// A service has no such key.
    #[error("there is no key {key:?}; there are {}", all_keys())]
    UnknownKey {
        /// The key that was named.
        key: String,
    },
    /// There is no such event type.
    #[error("there is no event type {event_type:?} for {key:?}; there are {}", event_types())]
    UnknownEventType {
        /// The key that was named.
        key: String,
        /// The part before the dot.
        event_type: String,
    },
    /// The key does not take that value.
    #[error("could not set {key} to {value:?}: it takes {allowed}")]
    BadValue {
        /// The key.
        key: String,
        /// The value that was given.
        value: String,
        /// Which values it takes.
        allowed: String,
    },
    /// There is no default action to switch.
    #[error("could not set {key}: {service} does nothing by default for it")]
    NoDefaultAction {
        /// The key.
        key: String,
        /// The service's id.
        service: String,
    },
}

/// Sets every `KEY=VALUE` in that order; all of them or none.
///
/// # Errors
/// The first that names no key, or a value that its key does not take.
pub fn set(service: &Service, assignments: &[impl AsRef<str>]) -> Result<Changed, ServiceSettingError> {
    let mut changed = Changed { service: service.clone(), changes: Vec::new() };
    for assignment in assignments {
        let assignment = assignment.as_ref();
        let no_assignment = || ServiceSettingError::NoAssignment(assignment.to_owned());
        let (key, value) = assignment.split_once('=').ok_or_else(no_assignment)?;
        let (name, value) = (key.trim(), value.trim());
        let key = Key::find(name)?;
        let from = key.read(&changed.service);
        if key.needs_default_action() && from.is_none() {
            let service = changed.service.id.to_string();
            return Err(ServiceSettingError::NoDefaultAction { key: name.to_owned(), service });
        }
        key.write(&mut changed.service, value).ok_or_else(|| ServiceSettingError::BadValue {
            key: name.to_owned(),
            value: value.to_owned(),
            allowed: key.allowed(),
        })?;
        let to = key.read(&changed.service).unwrap_or_default();
        changed.changes.push(Change { key: name.to_owned(), from: from.unwrap_or_default(), to });
    }
    Ok(changed)
}

/// Whatever can be set.
#[derive(Debug, Clone, Copy)]
enum Key {
    OfService(ServiceKey),
    /// Of one event type, or of all others.
    OfEvent(Option<EventType>, EventKey),
}

#[derive(Debug, Clone, Copy)]
enum ServiceKey {
    Active,
    Name,
    MaxQueueSize,
    MaxParallel,
}

#[derive(Debug, Clone, Copy)]
enum EventKey {
    Enabled,
    Priority,
    Mode,
    Discardable,
    ExpiresAfter,
    Default,
}

impl Key {
    fn find(name: &str) -> Result<Self, ServiceSettingError> {
        let unknown = || ServiceSettingError::UnknownKey { key: name.to_owned() };
        let Some((before, after)) = name.split_once('.') else {
            let found = ServiceKey::ALL.into_iter().find(|key| key.as_str() == name);
            return found.map(Self::OfService).ok_or_else(unknown);
        };
        let key = EventKey::ALL.into_iter().find(|key| key.as_str() == after).ok_or_else(unknown)?;
        let event_type = match before {
            OTHERS => None,
            known => Some(EventType::from_name(known).ok_or_else(|| ServiceSettingError::UnknownEventType {
                key: name.to_owned(),
                event_type: known.to_owned(),
            })?),
        };
        Ok(Self::OfEvent(event_type, key))
    }

    /// Its value as text; `None` for the switch of a default action that does not exist.
    fn read(self, service: &Service) -> Option<String> {
        match self {
            Self::OfService(key) => Some(key.read(service)),
            Self::OfEvent(event_type, key) => key.read(service.event(event_type)),
        }
    }

    /// Sets the value; `None` where it does not take it.
    fn write(self, service: &mut Service, value: &str) -> Option<()> {
        match self {
            Self::OfService(key) => key.write(service, value),
            Self::OfEvent(None, key) => key.write(&mut service.others, value),
            Self::OfEvent(Some(event_type), key) => {
                // An event type that was one of the others is treated apart from now on.
                let config = service.events.entry(event_type).or_insert_with(|| service.others.clone());
                key.write(config, value)
            }
        }
    }

    fn allowed(self) -> String {
        match self {
            Self::OfService(key) => key.allowed(),
            Self::OfEvent(_, key) => key.allowed(),
        }
    }

    fn needs_default_action(self) -> bool {
        matches!(self, Self::OfEvent(_, EventKey::Default))
    }
}

impl ServiceKey {
    const ALL: [Self; 4] = [Self::Active, Self::Name, Self::MaxQueueSize, Self::MaxParallel];

    fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Name => "name",
            Self::MaxQueueSize => "max_queue_size",
            Self::MaxParallel => "max_parallel",
        }
    }

    fn allowed(self) -> String {
        match self {
            Self::Active => SWITCH.to_owned(),
            Self::Name => format!("a name of 1 to {SERVICE_NAME_CHARACTERS} visible characters"),
            Self::MaxQueueSize => format!("a whole number from 1 to {QUEUE_SIZE}"),
            Self::MaxParallel => format!("a whole number from 1 to {PARALLEL_JOBS_MAX}"),
        }
    }

    fn read(self, service: &Service) -> String {
        match self {
            Self::Active => switch_text(service.active).to_owned(),
            Self::Name => service.name.clone(),
            Self::MaxQueueSize => service.max_queue_size.to_string(),
            Self::MaxParallel => service.max_parallel.to_string(),
        }
    }

    fn write(self, service: &mut Service, value: &str) -> Option<()> {
        match self {
            Self::Active => service.active = switch(value)?,
            Self::Name => {
                let is_name = !value.is_empty() && clean_to(value, SERVICE_NAME_CHARACTERS) == value;
                service.name = is_name.then(|| value.to_owned())?;
            }
            Self::MaxQueueSize => service.max_queue_size = number(value, QUEUE_SIZE)?,
            Self::MaxParallel => service.max_parallel = number(value, PARALLEL_JOBS_MAX)?,
        }
        Some(())
    }
}

impl EventKey {
    const ALL: [Self; 6] =
        [Self::Enabled, Self::Priority, Self::Mode, Self::Discardable, Self::ExpiresAfter, Self::Default];

    fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Priority => "priority",
            Self::Mode => "mode",
            Self::Discardable => "discardable",
            Self::ExpiresAfter => "expires_after",
            Self::Default => "default",
        }
    }

    fn allowed(self) -> String {
        match self {
            Self::Enabled | Self::Discardable | Self::Default => SWITCH.to_owned(),
            Self::Priority => "a whole number from 1 to 10, and 10 goes first".to_owned(),
            Self::Mode => "sync (alone) or async (beside others)".to_owned(),
            Self::ExpiresAfter => format!("a whole number of seconds from 1 to {EXPIRES_AFTER_SECONDS}, or never"),
        }
    }

    fn read(self, config: &EventConfig) -> Option<String> {
        Some(match self {
            Self::Enabled => switch_text(config.enabled).to_owned(),
            Self::Priority => config.priority.to_string(),
            Self::Mode => config.mode.to_string(),
            Self::Discardable => switch_text(config.discardable).to_owned(),
            Self::ExpiresAfter => config.expires_after_seconds.map_or(NEVER.to_owned(), |seconds| seconds.to_string()),
            Self::Default => switch_text(config.default_action.as_ref()?.enabled).to_owned(),
        })
    }

    fn write(self, config: &mut EventConfig, value: &str) -> Option<()> {
        match self {
            Self::Enabled => config.enabled = switch(value)?,
            Self::Priority => config.priority = Priority::new(value.parse().ok()?).ok()?,
            Self::Mode => config.mode = Mode::from_name(value)?,
            Self::Discardable => config.discardable = switch(value)?,
            Self::ExpiresAfter => {
                config.expires_after_seconds =
                    if value == NEVER { None } else { Some(number(value, EXPIRES_AFTER_SECONDS)?) };
            }
            Self::Default => config.default_action.as_mut()?.enabled = switch(value)?,
        }
        Some(())
    }
}

const SWITCH: &str = "on or off";

fn switch(value: &str) -> Option<bool> {
    match value {
        "on" | "true" | "yes" => Some(true),
        "off" | "false" | "no" => Some(false),
        _ => None,
    }
}

fn switch_text(is_on: bool) -> &'static str {
    if is_on { "on" } else { "off" }
}

fn number(value: &str, highest: u32) -> Option<u32> {
    value.parse().ok().filter(|number| (1..=highest).contains(number))
}

fn all_keys() -> String {
    let own = ServiceKey::ALL.map(ServiceKey::as_str);
    let of_events = EventKey::ALL.map(EventKey::as_str);
    format!("{}, and EVENT.{} (EVENT is an event type or {OTHERS})", own.join(", "), of_events.join(", EVENT."))
}

fn event_types() -> String {
    let names: Vec<&str> = EventType::ALL.iter().map(|event_type| event_type.as_str()).collect();
    format!("{}, and {OTHERS}", names.join(", "))
}

#[cfg(test)]
mod tests;
