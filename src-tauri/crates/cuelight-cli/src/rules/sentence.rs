//! What a rule waits for and what it does, in a few words.

use cuelight_core::rule_set::command::name_of;
use cuelight_core::step::Step;
use cuelight_core::trigger::{GiftRef, Trigger};
use cuelight_runtime::report::story::Language;
use cuelight_runtime::report::texts::{Text, event_type, tell};

/// What makes it fire.
pub(super) fn when(language: Language, trigger: &Trigger) -> String {
    let say = |text, values: &[(&str, &str)]| tell(language, text, values);
    let either = |all: &[String]| all.join(&tell(language, Text::Or, &[]));
    match trigger {
        Trigger::Event { event } => event_type(language, *event).to_owned(),
        Trigger::Gift { gifts, names } => {
            let named: Vec<String> = gifts.iter().map(gift).chain(names.iter().cloned()).collect();
            if named.is_empty() {
                say(Text::WhenAnyGift, &[])
            } else {
                say(Text::WhenGift, &[("names", &either(&named))])
            }
        }
        Trigger::GiftValue { min_diamonds, max_diamonds } => {
            let [min, max] = [min_diamonds, max_diamonds].map(|bound| bound.map(|bound| bound.to_string()));
            match (min, max) {
                (Some(min), Some(max)) => say(Text::WhenGiftBetween, &[("min", &min), ("max", &max)]),
                (Some(min), None) => say(Text::WhenGiftFrom, &[("min", &min)]),
                (None, Some(max)) => say(Text::WhenGiftUpTo, &[("max", &max)]),
                (None, None) => say(Text::WhenAnyGift, &[]),
            }
        }
        Trigger::Comment => say(Text::WhenAnyComment, &[]),
        Trigger::Keyword { words } => say(Text::WhenCommentWith, &[("words", &either(words))]),
        Trigger::Regex { pattern } => say(Text::WhenCommentLike, &[("pattern", pattern)]),
        Trigger::Command { names, .. } => {
            let names: Vec<String> = names.iter().map(|name| format!("!{}", name_of(name))).collect();
            say(Text::WhenCommand, &[("names", &either(&names))])
        }
        Trigger::EveryLikes { every } => say(Text::WhenEveryLikes, &[("number", &every.to_string())]),
        Trigger::LikeStreak { count } => say(Text::WhenLikesOfOne, &[("number", &count.to_string())]),
        Trigger::EveryFollowers { every } => say(Text::WhenEveryFollowers, &[("number", &every.to_string())]),
        Trigger::GoalReached => say(Text::WhenGoalReached, &[]),
        Trigger::CounterReached { counter, value } => {
            say(Text::WhenCounterReaches, &[("counter", counter), ("number", &value.to_string())])
        }
        Trigger::Timer { every_seconds } => say(Text::WhenEverySeconds, &[("number", &every_seconds.to_string())]),
        Trigger::TimeOfDay { at } => say(Text::WhenAtTime, &[("time", &String::from(*at))]),
        Trigger::Custom { name } => say(Text::WhenCustomEvent, &[("name", name)]),
        Trigger::Hotkey { keys } => say(Text::WhenKeys, &[("keys", keys)]),
        Trigger::Button { label } => say(Text::WhenButton, &[("label", label)]),
        Trigger::Call { name } => say(Text::WhenCall, &[("name", name)]),
        Trigger::AppStart => say(Text::WhenAppStart, &[]),
        Trigger::OverlayClosed { overlay } => say(Text::WhenOverlayClosed, &[("overlay", overlay)]),
        Trigger::ServiceLate { service, seconds } => {
            say(Text::WhenServiceLate, &[("service", service.as_str()), ("seconds", &seconds.to_string())])
        }
    }
}

/// What it does, in order.
pub(super) fn steps(language: Language, steps: &[Step]) -> String {
    let say = |text, values: &[(&str, &str)]| tell(language, text, values);
    let inner = |steps: &[Step]| self::steps(language, steps);
    let mut text = String::new();
    for step in steps {
        let (between, what) = match step {
            Step::Act(act) => {
                let between = if act.at_the_same_time { " + " } else { ", " };
                (between, act.action.kind.to_string())
            }
            Step::Choose(choose) if choose.otherwise.is_empty() => {
                (", ", say(Text::StepIf, &[("then", &inner(&choose.then))]))
            }
            Step::Choose(choose) => {
                let values = [("then", inner(&choose.then)), ("otherwise", inner(&choose.otherwise))];
                (", ", say(Text::StepIfOtherwise, &values.each_ref().map(|(name, value)| (*name, value.as_str()))))
            }
            Step::PickOne(pick) => {
                let ways: Vec<String> = pick.pick_one.iter().map(|way| inner(way)).collect();
                (", ", say(Text::StepOneOf, &[("ways", &ways.join(" | "))]))
            }
            Step::Wait(wait) => {
                let seconds = language.tenths(wait.wait_ms as f64 / 1000.0);
                (", ", say(Text::StepWait, &[("seconds", &seconds)]))
            }
        };
        if !text.is_empty() {
            text.push_str(between);
        }
        text.push_str(&what);
    }
    if text.is_empty() { say(Text::Nothing, &[]) } else { text }
}

fn gift(gift: &GiftRef) -> String {
    gift.name.clone().unwrap_or_else(|| gift.id.to_string())
}
