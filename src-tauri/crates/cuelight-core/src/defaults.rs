//! What a new data folder holds: the services with their wishes for each event type, and the starter rules.

mod actions;
mod starter;
#[cfg(test)]
mod tests;
mod upgrade;

use std::collections::BTreeMap;

use self::actions::default_action;
pub use self::starter::starter_rules;
pub use self::upgrade::with_newer_default_actions;
use crate::event::EventType;
use crate::id::ServiceId;
use crate::limits::PARALLEL_JOBS_DEFAULT;
use crate::priority::Priority;
use crate::service::{EventConfig, Mode, Service, ServiceKind};

/// Replies of a language model that are asked for at once: more would only meet its own limits.
const ASSISTANT_PARALLEL: u32 = 2;

/// The services that come with the app, all active, in the order in which people see them.
#[must_use]
pub fn services() -> Vec<Service> {
    use ServiceKind::{Assistant, Basics, DinoChrome, Games, Overlays, Sounds, Studio, Voice, Web};
    vec![
        service("basics", Basics, "Basics", Mode::Async, 500),
        service("dinochrome", DinoChrome, "DinoChrome", Mode::Sync, 50),
        service("overlays", Overlays, "Overlays", Mode::Async, 100),
        service("voice", Voice, "Voice", Mode::Sync, 50),
        service("sounds", Sounds, "Sounds", Mode::Async, 50),
        Service { max_parallel: ASSISTANT_PARALLEL, ..service("assistant", Assistant, "Assistant", Mode::Async, 20) },
        service("games", Games, "Games", Mode::Sync, 100),
        service("studio", Studio, "Studio", Mode::Sync, 50),
        service("web", Web, "Web", Mode::Async, 100),
    ]
}

/// A service for a program of the user's own, as it is when it was just added: sync, with room for 100 jobs.
#[must_use]
pub fn custom_service(id: &str, name: &str) -> Service {
    service(id, ServiceKind::Custom, name, Mode::Sync, 100)
}

/// One more service of that kind, as it is when it was just added: like the first one, but it does nothing by default.
#[must_use]
pub fn another_service(kind: ServiceKind, id: &str, name: &str) -> Service {
    let first = services().into_iter().find(|service| service.kind == kind);
    let mut service = first.unwrap_or_else(|| custom_service(id, name));
    service.id = ServiceId::new(id);
    name.clone_into(&mut service.name);
    service.events.values_mut().for_each(|config| config.default_action = None);
    service
}

/// Whether that service comes with the app.
#[must_use]
pub fn comes_with_the_app(service: &ServiceId) -> bool {
    services().iter().any(|known| known.id == *service)
}

fn service(id: &str, kind: ServiceKind, name: &str, mode: Mode, max_queue_size: u32) -> Service {
    let event = |&(event_type, wish): &(EventType, Wish)| {
        let default_action = default_action(id, kind, event_type);
        (event_type, EventConfig { default_action, ..wish.config(kind, mode) })
    };
    Service {
        id: ServiceId::new(id),
        kind,
        name: name.to_owned(),
        active: true,
        max_queue_size,
        max_parallel: PARALLEL_JOBS_DEFAULT,
        events: WISHES.iter().map(event).collect::<BTreeMap<_, _>>(),
        others: OTHERS.config(kind, mode),
    }
}

/// The priorities of an event type, and how long a job of it makes sense.
#[derive(Clone, Copy)]
struct Wish {
    dinochrome: Priority,
    overlays: Priority,
    elsewhere: Priority,
    /// `None`: it always makes sense, and is never dropped.
    expires_after_seconds: Option<u32>,
}

const WISHES: [(EventType, Wish); 7] = [
    (EventType::Gift, Wish::new(10, 10, 10, None)),
    (EventType::Subscribe, Wish::new(9, 8, 9, None)),
    (EventType::Follow, Wish::new(8, 7, 8, None)),
    (EventType::Share, Wish::new(7, 6, 7, Some(120))),
    (EventType::Comment, Wish::new(6, 5, 6, Some(60))),
    (EventType::Like, Wish::new(3, 2, 3, Some(30))),
    (EventType::Join, Wish::new(2, 1, 2, Some(30))),
];

const OTHERS: Wish = Wish::new(5, 5, 5, Some(60));

impl Wish {
    const fn new(dinochrome: u8, overlays: u8, elsewhere: u8, expires_after_seconds: Option<u32>) -> Self {
        Self {
            dinochrome: priority(dinochrome),
            overlays: priority(overlays),
            elsewhere: priority(elsewhere),
            expires_after_seconds,
        }
    }

    fn config(self, kind: ServiceKind, mode: Mode) -> EventConfig {
        EventConfig {
            enabled: true,
            priority: match kind {
                ServiceKind::DinoChrome => self.dinochrome,
                ServiceKind::Overlays => self.overlays,
                ServiceKind::Basics
                | ServiceKind::Voice
                | ServiceKind::Sounds
                | ServiceKind::Assistant
                | ServiceKind::Games
                | ServiceKind::Studio
                | ServiceKind::Web
                | ServiceKind::Custom => self.elsewhere,
            },
            mode,
            // What people pay for, or do once, is what never expires.
            discardable: self.expires_after_seconds.is_some(),
            expires_after_seconds: self.expires_after_seconds,
            default_action: None,
        }
    }
}

const fn priority(number: u8) -> Priority {
    match Priority::new(number) {
        Ok(priority) => priority,
        Err(_) => panic!("the numbers of the table are 1 to 10"),
    }
}
