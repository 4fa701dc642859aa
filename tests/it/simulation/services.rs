//! Random services: sync and async, small queues, things that may be dropped and things that may not.

use std::collections::BTreeMap;

use cuelight_core::action::Action;
use cuelight_core::event::EventType;
use cuelight_core::id::{ActionKindId, ServiceId};
use cuelight_core::priority::Priority;
use cuelight_core::service::{DefaultAction, EventConfig, Mode, Service, ServiceKind};
use serde_json::json;

use super::actions::SAFE;
use super::dice::Dice;

pub(super) const IDS: [(&str, ServiceKind); 4] = [
    ("basics", ServiceKind::Basics),
    ("voice", ServiceKind::Voice),
    ("overlays", ServiceKind::Overlays),
    ("games", ServiceKind::Games),
];

pub(super) fn random(dice: &mut Dice) -> Vec<Service> {
    IDS.iter().map(|(id, kind)| service(id, *kind, dice)).collect()
}

fn service(id: &str, kind: ServiceKind, dice: &mut Dice) -> Service {
    let types = [EventType::Gift, EventType::Comment, EventType::Follow, EventType::Like];
    let mode = if dice.chance(50) { Mode::Sync } else { Mode::Async };
    let events: BTreeMap<EventType, EventConfig> =
        types.into_iter().map(|event_type| (event_type, config(id, event_type, mode, dice))).collect();
    Service {
        id: ServiceId::new(id),
        kind,
        name: id.to_owned(),
        active: id == "basics" || dice.chance(92),
        max_queue_size: dice.between(1, 6) as u32,
        max_parallel: dice.between(1, 4) as u32,
        events,
        others: config(id, EventType::Custom, mode, dice),
    }
}

fn config(id: &str, event_type: EventType, mode: Mode, dice: &mut Dice) -> EventConfig {
    let is_paid = event_type == EventType::Gift;
    let discardable = if is_paid { dice.chance(20) } else { dice.chance(70) };
    let mixed = dice.chance(25);
    EventConfig {
        enabled: dice.chance(95),
        priority: Priority::new(dice.between(1, 10) as u8).expect("1 to 10"),
        mode: match mode {
            Mode::Sync if mixed => Mode::Async,
            Mode::Async if mixed => Mode::Sync,
            mode => mode,
        },
        discardable,
        expires_after_seconds: dice.chance(50).then(|| dice.between(5, 60) as u32),
        default_action: dice.chance(12).then(|| DefaultAction { enabled: dice.chance(85), action: default_action(id) }),
    }
}

fn default_action(id: &str) -> Action {
    let with = json!({ "act": format!("default:{id}.0"), "count": "{count}" });
    Action {
        kind: ActionKindId::new(SAFE),
        service: Some(ServiceId::new(id)),
        parameters: with.as_object().expect("it is one").clone(),
    }
}
