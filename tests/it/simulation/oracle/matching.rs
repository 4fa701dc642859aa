//! Which triggers an event pulls and which conditions hold, in the plainest words.

use cuelight_core::condition::Condition;
use cuelight_core::event::{Body, Event, EventType};
use cuelight_core::rule::Rule;
use cuelight_core::service::Service;
use cuelight_core::trigger::Trigger;

/// How often an event pulls the rule's trigger; `likes` is the total before it, `follows` the count with it.
pub(super) fn times(rule: &Rule, event: &Event, likes: Option<u64>, follows: u64) -> u32 {
    let once = match (&rule.when, &event.body) {
        (Trigger::Event { event: wanted }, _) => *wanted == event.event_type(),
        (Trigger::Gift { gifts, .. }, Body::Gift(gift)) => {
            gifts.is_empty() || gifts.iter().any(|wanted| wanted.id == gift.gift.id)
        }
        (Trigger::GiftValue { min_diamonds, .. }, Body::Gift(gift)) => gift.gift.diamond_count >= *min_diamonds,
        (Trigger::Comment, Body::Comment(_)) => true,
        (Trigger::Keyword { words }, Body::Comment(comment)) => {
            let text = format!(" {} ", comment.comment.to_lowercase());
            words.iter().any(|word| text.contains(&format!(" {word} ")))
        }
        (Trigger::Command { names, .. }, Body::Comment(comment)) => {
            names.iter().any(|name| comment.comment.split(' ').next() == Some(&format!("!{name}")))
        }
        // The simulation has one expression.
        (Trigger::Regex { .. }, Body::Comment(comment)) => comment.comment.to_lowercase().starts_with('h'),
        (Trigger::EveryLikes { every }, Body::Like(like)) => {
            let before = likes.unwrap_or(like.total_likes - u64::from(like.count).min(like.total_likes));
            return (like.total_likes.max(before) / every - before / every) as u32;
        }
        (Trigger::EveryFollowers { every }, Body::Follow(_)) => follows.is_multiple_of(*every),
        (Trigger::Custom { name }, Body::Custom(custom)) => custom.name == *name,
        _ => false,
    };
    u32::from(once)
}

/// A condition that is not left to chance.
pub(super) fn holds(condition: &Condition, event: &Event) -> bool {
    match (condition, &event.body) {
        (Condition::ComboCount { min, .. }, Body::Gift(gift)) => Some(u64::from(gift.repeat_count)) >= *min,
        (Condition::Diamonds { max, .. }, Body::Gift(gift)) => {
            gift.gift.diamond_count.is_some_and(|price| max.is_none_or(|max| u64::from(price) <= max))
        }
        (Condition::NotViewers { names }, _) => {
            event.user().is_some_and(|user| !names.iter().any(|name| *name == user.unique_id))
        }
        (other, _) => panic!("the model knows no {other:?}"),
    }
}

/// A named gift beats a range of prices beats any gift.
pub(super) fn exactness(rule: &Rule) -> u8 {
    match &rule.when {
        Trigger::Gift { gifts, .. } if !gifts.is_empty() => 2,
        Trigger::GiftValue { .. } => 1,
        _ => 0,
    }
}

/// The services whose default action answers events of that type.
pub(super) fn defaults(services: &[Service], event_type: EventType) -> Vec<String> {
    let answers = |service: &&Service| {
        let config = service.events.get(&event_type).unwrap_or(&service.others);
        service.active && config.enabled && config.default_action.as_ref().is_some_and(|default| default.enabled)
    };
    services.iter().filter(answers).map(|service| service.id.to_string()).collect()
}
