//! Rules that answer the same occasion: the later one is told about the earlier one.

use std::collections::HashMap;

use super::Concern;
use crate::id::RuleId;
use crate::key_combination::KeyCombination;
use crate::rule::{Cooldown, GroupMode, Rule, RuleGroup};
use crate::rule_set::command::name_of;
use crate::trigger::Trigger;

/// Earlier rules for one occasion that a later one is compared with; more would make long lists slow.
const COMPARED: usize = 32;

/// The concern of each rule that shares an occasion with an earlier one.
pub(super) fn find(rules: &[Rule], groups: &[RuleGroup]) -> HashMap<RuleId, Concern> {
    let mut earlier: HashMap<String, Vec<&Rule>> = HashMap::new();
    let mut found = HashMap::new();
    for rule in rules.iter().filter(|rule| rule.enabled) {
        let occasions = occasions(&rule.when);
        let others = |occasion: &String| earlier.get(occasion).into_iter().flatten().copied().take(COMPARED);
        let concern = match occasions.iter().flat_map(others).find(|other| conditions_meet(other, rule)) {
            None => None,
            Some(other) if !picks_one(rule, other, groups) => Some(Concern::SameEvent { as_rule: other.id.clone() }),
            // The earlier rule may leave some of the occasions to this one.
            Some(_) => others(&occasions[0])
                .find(|other| picks_one(rule, other, groups) && takes_all(other, &occasions, rule))
                .map(|other| Concern::Shadowed { by: other.id.clone() }),
        };
        if let Some(concern) = concern {
            found.insert(rule.id.clone(), concern);
        }
        for occasion in occasions {
            earlier.entry(occasion).or_default().push(rule);
        }
    }
    found
}

/// Whether only one of the two fires.
fn picks_one(rule: &Rule, other: &Rule, groups: &[RuleGroup]) -> bool {
    rule.group.is_some()
        && rule.group == other.group
        && groups.iter().any(|group| rule.group.as_ref() == Some(&group.name) && group.fires == GroupMode::MostSpecific)
}

/// Whether both fire for the same events, as far as their conditions tell.
fn conditions_meet(one: &Rule, other: &Rule) -> bool {
    one.only_if.is_empty() || other.only_if.is_empty() || one.only_if == other.only_if
}

/// Whether `first` fires whenever `rule` would.
fn takes_all(first: &Rule, of: &[String], rule: &Rule) -> bool {
    let taken = occasions(&first.when);
    of.iter().all(|occasion| taken.contains(occasion))
        && (first.only_if.is_empty() || first.only_if == rule.only_if)
        && first.cooldown == Cooldown::default()
}

/// What a trigger answers, each occasion under a name of its own; the same name is the same occasion.
fn occasions(trigger: &Trigger) -> Vec<String> {
    let lower =
        |words: &[String], prefix: &str| words.iter().map(|word| format!("{prefix}:{}", word.to_lowercase())).collect();
    match trigger {
        Trigger::Event { event } => vec![event.as_str().to_owned()],
        Trigger::Gift { gifts, names } if gifts.is_empty() && names.is_empty() => vec!["gift".to_owned()],
        Trigger::Gift { gifts, names } => {
            let mut named: Vec<String> = lower(names, "gift");
            named.extend(gifts.iter().map(|gift| format!("gift {}", gift.id)));
            named
        }
        Trigger::Comment => vec!["comment".to_owned()],
        Trigger::Keyword { words } => lower(words, "keyword"),
        Trigger::Command { names, place } => {
            names.iter().map(|name| format!("command {place:?}:{}", name_of(name))).collect()
        }
        Trigger::Hotkey { keys } => {
            let keys = keys.parse::<KeyCombination>().map_or_else(|_| keys.clone(), |keys| keys.to_string());
            vec![format!("hotkey {keys}")]
        }
        Trigger::GiftValue { .. }
        | Trigger::Regex { .. }
        | Trigger::EveryLikes { .. }
        | Trigger::LikeStreak { .. }
        | Trigger::EveryFollowers { .. }
        | Trigger::GoalReached
        | Trigger::CounterReached { .. }
        | Trigger::Timer { .. }
        | Trigger::TimeOfDay { .. }
        | Trigger::Custom { .. }
        | Trigger::Button { .. }
        | Trigger::Call { .. }
        | Trigger::AppStart
        | Trigger::OverlayClosed { .. }
        | Trigger::ServiceLate { .. } => vec![format!("{trigger:?}")],
    }
}
