//! What services do with events without any rule.

use serde_json::{Map, Value};

use crate::action::Action;
use crate::action_kind::LOG_WRITE;
use crate::event::EventType;
use crate::id::{ActionKindId, ServiceId};
use crate::service::{DefaultAction, ServiceKind};

/// The default action of a service that comes with the app, where it has one.
pub(super) fn default_action(service: &str, kind: ServiceKind, event_type: EventType) -> Option<DefaultAction> {
    let texts = match kind {
        ServiceKind::Overlays => &OVERLAY_TEXTS[..],
        ServiceKind::DinoChrome => &DINOSAUR_TEXTS[..],
        ServiceKind::Basics
        | ServiceKind::Voice
        | ServiceKind::Sounds
        | ServiceKind::Assistant
        | ServiceKind::Games
        | ServiceKind::Studio
        | ServiceKind::Web
        | ServiceKind::Custom => &[],
    };
    let (_, text) = texts.iter().find(|(answered, _)| *answered == event_type)?;
    Some(DefaultAction { enabled: true, action: log_write(service, text) })
}

/// Writes a line into the log from a service's queue.
pub(super) fn log_write(service: &str, text: &str) -> Action {
    Action {
        kind: ActionKindId::new(LOG_WRITE),
        service: Some(ServiceId::new(service)),
        parameters: Map::from_iter([("text".to_owned(), Value::from(text))]),
    }
}

/// Gifts, subscribes, follows and shares are alerts, comments are chat lines, likes and joins move counters.
const OVERLAY_TEXTS: [(EventType, &str); 7] = [
    (EventType::Gift, "alert: {nickname} sent {giftname} ×{count}, {diamonds} diamonds"),
    (EventType::Subscribe, "alert: {nickname} subscribed"),
    (EventType::Follow, "alert: {nickname} follows"),
    (EventType::Share, "alert: {nickname} shared the live"),
    (EventType::Comment, "chat: {nickname}: {comment}"),
    (EventType::Like, "likes: {totallikecount}"),
    (EventType::Join, "joined: {nickname}"),
];

/// What floats over the dinosaur: the comment, or thanks.
const DINOSAUR_TEXTS: [(EventType, &str); 5] = [
    (EventType::Comment, "over the dinosaur: {nickname}: {comment}"),
    (EventType::Gift, "over the dinosaur: thank you {nickname} for {giftname} ×{count}"),
    (EventType::Subscribe, "over the dinosaur: thank you {nickname} for subscribing"),
    (EventType::Follow, "over the dinosaur: thank you {nickname} for following"),
    (EventType::Share, "over the dinosaur: thank you {nickname} for sharing"),
];
