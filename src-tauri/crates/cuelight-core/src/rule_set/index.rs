//! Which rules an occasion may concern, found without looking at the others.

use std::collections::BTreeMap;

use ahash::AHashMap;

use super::awaited::{Awaited, Beat};
use super::command::{Commands, folded};
use super::compiled::CompiledRule;
use super::keywords::Keywords;
use super::milestones::Milestones;
use super::patterns::Patterns;
use super::prices::PriceRanges;
use crate::event::EventType;
use crate::id::{GiftId, ServiceId};
use crate::key_combination::KeyCombination;
use crate::trigger::Trigger;

/// The rules that are switched on, by what their triggers look for. A rule is named by its place in the list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    by_type: AHashMap<EventType, Vec<usize>>,
    by_gift: AHashMap<GiftId, Vec<usize>>,
    by_gift_name: AHashMap<String, Vec<usize>>,
    by_counter: AHashMap<String, Vec<(i64, usize)>>,
    by_name: AHashMap<(Named, String), Vec<usize>>,
    by_keys: AHashMap<KeyCombination, Vec<usize>>,
    late: Vec<(ServiceId, u32, usize)>,
    app_start: Vec<usize>,
    /// Any gift whose price lies within the bounds.
    pub(crate) prices: PriceRanges,
    /// The words of keyword rules.
    pub(crate) keywords: Option<Keywords>,
    /// Rules with an expression.
    pub(crate) patterns: Patterns,
    /// Chat commands.
    pub(crate) commands: Commands,
    /// Every so many likes of the room.
    pub(crate) every_likes: Milestones,
    /// A viewer's like streak, the shortest first.
    like_streaks: Vec<(u64, usize)>,
    /// Every so many followers.
    pub(crate) every_followers: Milestones,
    /// A goal that is reached.
    pub(crate) goals: Vec<usize>,
    /// What time itself brings about.
    pub(crate) awaited: Awaited,
}

/// What is collected of all rules before it is put in order.
#[derive(Default)]
struct Collected<'r> {
    words: Vec<(usize, String)>,
    patterns: Vec<(usize, &'r str)>,
    prices: Vec<(u32, u32, usize)>,
    every_likes: Vec<(u64, usize)>,
    every_followers: Vec<(u64, usize)>,
    beats: BTreeMap<Beat, Vec<usize>>,
}

/// What triggers name by a text of the user's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Named {
    Custom,
    Button,
    Call,
    Overlay,
}

impl Index {
    pub(super) fn new(rules: &[CompiledRule]) -> Self {
        let mut index = Self::default();
        let mut collected = Collected::default();
        for (place, compiled) in rules.iter().enumerate() {
            if compiled.rule.enabled {
                index.add(&compiled.rule.when, place, &mut collected);
            }
        }
        index.keywords = Keywords::new(collected.words);
        index.patterns = Patterns::new(collected.patterns.into_iter());
        index.prices = PriceRanges::new(collected.prices);
        index.every_likes = Milestones::new(collected.every_likes);
        index.every_followers = Milestones::new(collected.every_followers);
        index.awaited = Awaited::new(collected.beats);
        index.like_streaks.sort_unstable();
        index
    }

    fn add<'r>(&mut self, trigger: &'r Trigger, rule: usize, collected: &mut Collected<'r>) {
        match trigger {
            Trigger::Event { event } => self.of_type_mut(*event).push(rule),
            Trigger::Gift { gifts, names } if gifts.is_empty() && names.is_empty() => {
                self.of_type_mut(EventType::Gift).push(rule);
            }
            Trigger::Gift { gifts, names } => {
                for gift in gifts {
                    self.by_gift.entry(gift.id).or_default().push(rule);
                }
                for name in names {
                    self.by_gift_name.entry(folded(name.trim())).or_default().push(rule);
                }
            }
            Trigger::GiftValue { min_diamonds, max_diamonds } => {
                collected.prices.push((min_diamonds.unwrap_or(0), max_diamonds.unwrap_or(u32::MAX), rule));
            }
            Trigger::Comment => self.of_type_mut(EventType::Comment).push(rule),
            Trigger::Keyword { words } => {
                collected.words.extend(words.iter().map(|word| (rule, word.clone())));
            }
            Trigger::Regex { pattern } => collected.patterns.push((rule, pattern)),
            Trigger::Command { names, place } => self.commands.add(names, *place, rule),
            Trigger::EveryLikes { every } => collected.every_likes.push((*every, rule)),
            Trigger::LikeStreak { count } => self.like_streaks.push((*count, rule)),
            Trigger::EveryFollowers { every } => collected.every_followers.push((*every, rule)),
            Trigger::GoalReached => self.goals.push(rule),
            Trigger::CounterReached { counter, value } => {
                self.by_counter.entry(counter.clone()).or_default().push((*value, rule));
            }
            Trigger::Timer { every_seconds } => {
                let beat = Beat::Every(i64::from(*every_seconds) * 1000);
                collected.beats.entry(beat).or_default().push(rule);
            }
            Trigger::TimeOfDay { at } => collected.beats.entry(Beat::Daily(*at)).or_default().push(rule),
            Trigger::Custom { name } => self.named_mut(Named::Custom, name).push(rule),
            Trigger::Hotkey { keys } => {
                let keys = keys.parse().expect("what is no key combination is a fault of the rule");
                self.by_keys.entry(keys).or_default().push(rule);
            }
            Trigger::Button { label } => self.named_mut(Named::Button, label).push(rule),
            Trigger::Call { name } => self.named_mut(Named::Call, name).push(rule),
            Trigger::AppStart => self.app_start.push(rule),
            Trigger::OverlayClosed { overlay } => self.named_mut(Named::Overlay, overlay).push(rule),
            Trigger::ServiceLate { service, seconds } => self.late.push((service.clone(), *seconds, rule)),
        }
    }

    /// Rules that every event of the type concerns.
    pub(crate) fn of_type(&self, event_type: EventType) -> &[usize] {
        self.by_type.get(&event_type).map_or(&[], Vec::as_slice)
    }

    /// Rules that name the gift by its number.
    pub(crate) fn of_gift(&self, id: GiftId) -> &[usize] {
        self.by_gift.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Rules that name the gift by its name.
    pub(crate) fn of_gift_name(&self, name: &str) -> &[usize] {
        if self.by_gift_name.is_empty() {
            return &[];
        }
        self.by_gift_name.get(&folded(name.trim())).map_or(&[], Vec::as_slice)
    }

    /// Rules that wait for a like streak that is longer than `before` and at most `now`.
    pub(crate) fn of_like_streak(&self, before: u64, now: u64) -> impl Iterator<Item = usize> {
        let longer = self.like_streaks.partition_point(|(count, _)| *count <= before);
        self.like_streaks[longer..].iter().take_while(move |(count, _)| *count <= now).map(|(_, rule)| *rule)
    }

    /// Rules that wait for the counter, with the value for which they wait.
    pub(crate) fn of_counter(&self, name: &str) -> &[(i64, usize)] {
        self.by_counter.get(name).map_or(&[], Vec::as_slice)
    }

    /// Rules that wait for something of that name.
    pub(crate) fn of_name(&self, kind: Named, name: &str) -> &[usize] {
        self.by_name.get(&(kind, name_key(name))).map_or(&[], Vec::as_slice)
    }

    /// Rules that wait for that key combination.
    pub(crate) fn of_keys(&self, keys: &KeyCombination) -> &[usize] {
        self.by_keys.get(keys).map_or(&[], Vec::as_slice)
    }

    /// Rules that wait for the engine's start.
    pub(crate) fn of_app_start(&self) -> &[usize] {
        &self.app_start
    }

    /// Rules that wait for exactly this lateness.
    pub(crate) fn of_lateness(&self, service: &ServiceId, seconds: u32) -> impl Iterator<Item = usize> {
        let fits = move |(of, bound, _): &&(ServiceId, u32, usize)| of == service && *bound == seconds;
        self.late.iter().filter(fits).map(|(_, _, rule)| *rule)
    }

    /// Every lateness for which a rule waits.
    pub(super) fn late_bounds(&self) -> impl Iterator<Item = (&ServiceId, u32)> {
        self.late.iter().map(|(service, seconds, _)| (service, *seconds))
    }

    fn of_type_mut(&mut self, event_type: EventType) -> &mut Vec<usize> {
        self.by_type.entry(event_type).or_default()
    }

    fn named_mut(&mut self, kind: Named, name: &str) -> &mut Vec<usize> {
        self.by_name.entry((kind, name_key(name))).or_default()
    }
}

/// Names are compared without regard to case and spaces: `Party Time` is `partytime`.
fn name_key(name: &str) -> String {
    folded(name).split_whitespace().collect()
}
