//! What a rule waits for and what it does, in a few words.

use cuelight_core::rule_set::command::name_of;
use cuelight_core::step::Step;
use cuelight_core::trigger::{GiftRef, Trigger};

/// What makes it fire.
pub(super) fn when(trigger: &Trigger) -> String {
    match trigger {
        Trigger::Event { event } => event.to_string(),
        Trigger::Gift { gifts, names } => {
            let named = gifts.iter().map(gift).chain(names.iter().cloned());
            let named: Vec<String> = named.collect();
            if named.is_empty() { "any gift".to_owned() } else { format!("gift {}", named.join(" or ")) }
        }
        Trigger::GiftValue { min_diamonds, max_diamonds } => match (min_diamonds, max_diamonds) {
            (Some(min), Some(max)) => format!("gift of {min} to {max} diamonds"),
            (Some(min), None) => format!("gift of {min} diamonds or more"),
            (None, Some(max)) => format!("gift of up to {max} diamonds"),
            (None, None) => "any gift".to_owned(),
        },
        Trigger::Comment => "any comment".to_owned(),
        Trigger::Keyword { words } => format!("comment with {}", words.join(" or ")),
        Trigger::Regex { pattern } => format!("comment like /{pattern}/"),
        Trigger::Command { names, .. } => {
            let names: Vec<String> = names.iter().map(|name| format!("!{}", name_of(name))).collect();
            format!("command {}", names.join(" or "))
        }
        Trigger::EveryLikes { every } => format!("every {every} likes"),
        Trigger::LikeStreak { count } => format!("{count} likes of one viewer"),
        Trigger::EveryFollowers { every } => format!("every {every} new followers"),
        Trigger::GoalReached => "goal reached".to_owned(),
        Trigger::CounterReached { counter, value } => format!("counter {counter} reaches {value}"),
        Trigger::Timer { every_seconds } => format!("every {every_seconds} seconds"),
        Trigger::TimeOfDay { at } => format!("at {}", String::from(*at)),
        Trigger::Custom { name } => format!("custom event {name}"),
        Trigger::Hotkey { keys } => format!("keys {keys}"),
        Trigger::Button { label } => format!("button {label}"),
        Trigger::Call { name } => format!("call {name}"),
        Trigger::AppStart => "start".to_owned(),
        Trigger::OverlayClosed { overlay } => format!("overlay {overlay} closed"),
        Trigger::ServiceLate { service, seconds } => format!("{service} is {seconds} s late"),
    }
}

/// What it does, in order.
pub(super) fn steps(steps: &[Step]) -> String {
    let mut text = String::new();
    for step in steps {
        let (between, what) = match step {
            Step::Act(act) => {
                let between = if act.at_the_same_time { " + " } else { ", " };
                (between, act.action.kind.to_string())
            }
            Step::Choose(choose) if choose.otherwise.is_empty() => {
                (", ", format!("if ({})", self::steps(&choose.then)))
            }
            Step::Choose(choose) => {
                (", ", format!("if ({}) otherwise ({})", self::steps(&choose.then), self::steps(&choose.otherwise)))
            }
            Step::PickOne(pick) => {
                let ways: Vec<String> = pick.pick_one.iter().map(|way| self::steps(way)).collect();
                (", ", format!("one of ({})", ways.join(" | ")))
            }
            Step::Wait(wait) => (", ", format!("wait {:.1} s", wait.wait_ms as f64 / 1000.0)),
        };
        if !text.is_empty() {
            text.push_str(between);
        }
        text.push_str(&what);
    }
    if text.is_empty() { "nothing".to_owned() } else { text }
}

fn gift(gift: &GiftRef) -> String {
    gift.name.clone().unwrap_or_else(|| gift.id.to_string())
}
