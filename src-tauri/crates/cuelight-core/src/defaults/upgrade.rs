//! What a newer app does for those who left its defaults as they were.

use crate::event::EventType;
use crate::service::{DefaultAction, Service};

/// The service with the default actions of a newer app, where nobody edited those of the older one.
///
/// `before` is what the older app brought along. Whether an action is switched on stays as it was set; everything else
/// of the service is the streamer's and stays.
#[must_use]
pub fn with_newer_default_actions(service: Service, before: &Service, newer: &Service) -> Service {
    let mut service = service;
    for &event_type in EventType::ALL {
        let stands = service.event(Some(event_type)).default_action.as_ref();
        let was = before.event(Some(event_type)).default_action.as_ref();
        if stands.map(|it| &it.action) != was.map(|it| &it.action) {
            continue;
        }
        let is_enabled = stands.map(|it| it.enabled);
        let becomes = newer.event(Some(event_type)).default_action.as_ref();
        let becomes =
            becomes.map(|it| DefaultAction { enabled: is_enabled.unwrap_or(it.enabled), action: it.action.clone() });
        if stands != becomes.as_ref() {
            let mut config = service.event(Some(event_type)).clone();
            config.default_action = becomes;
            service.events.insert(event_type, config);
        }
    }
    service
}
