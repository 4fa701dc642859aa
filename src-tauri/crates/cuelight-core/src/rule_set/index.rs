//! Which rules an occasion may concern, found without looking at the others.

use ahash::AHashMap;

use super::command::{Commands, folded};
use super::compiled::CompiledRule;
use super::keywords::Keywords;
use crate::event::EventType;
use crate::id::{GiftId, ServiceId};
use crate::trigger::{TimeOfDay, Trigger};

/// The rules that are switched on, by what their triggers look for. A rule is named by its place in the list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    by_type: AHashMap<EventType, Vec<usize>>,
    by_gift: AHashMap<GiftId, Vec<usize>>,
    by_gift_name: AHashMap<String, Vec<usize>>,
    by_counter: AHashMap<String, Vec<(i64, usize)>>,
    by_name: AHashMap<(Named, String), Vec<usize>>,
    late: Vec<(ServiceId, u32, usize)>,
    app_start: Vec<usize>,
    /// Any gift whose price lies within the bounds.
    pub(crate) gift_values: Vec<(u32, u32, usize)>,
    /// The words of keyword rules.
    pub(crate) keywords: Option<Keywords>,
    /// Rules with an expression.
    pub(crate) regexes: Vec<usize>,
    /// Chat commands.
    pub(crate) commands: Commands,
    /// Every so many likes of the room.
    pub(crate) every_likes: Vec<(u64, usize)>,
    /// A viewer's like streak.
    pub(crate) like_streaks: Vec<(u64, usize)>,
    /// Every so many followers.
    pub(crate) every_followers: Vec<(u64, usize)>,
    /// A goal that is reached.
    pub(crate) goals: Vec<usize>,
    /// What time itself brings about.
    pub(crate) beats: Vec<(Beat, usize)>,
}

/// What triggers name by a text of the user's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Named {
    Custom,
    Hotkey,
    Button,
    Call,
    Overlay,
}

/// Moments that come again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beat {
    /// So many milliseconds after the first connection, and each time after as many more.
    Every(i64),
    /// Each day.
    Daily(TimeOfDay),
}

impl Index {
    pub(super) fn new(rules: &[CompiledRule]) -> Self {
        let mut index = Self::default();
        let mut words = Vec::new();
        for (place, compiled) in rules.iter().enumerate() {
            if compiled.rule.enabled {
                index.add(&compiled.rule.when, place, &mut words);
            }
        }
        index.keywords = Keywords::new(words);
        index
    }

    fn add(&mut self, trigger: &Trigger, rule: usize, keywords: &mut Vec<(usize, String)>) {
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
                self.gift_values.push((min_diamonds.unwrap_or(0), max_diamonds.unwrap_or(u32::MAX), rule));
            }
            Trigger::Comment => self.of_type_mut(EventType::Comment).push(rule),
            Trigger::Keyword { words } => keywords.extend(words.iter().map(|word| (rule, word.clone()))),
            Trigger::Regex { .. } => self.regexes.push(rule),
            Trigger::Command { names, place } => self.commands.add(names, *place, rule),
            Trigger::EveryLikes { every } => self.every_likes.push((*every, rule)),
            Trigger::LikeStreak { count } => self.like_streaks.push((*count, rule)),
            Trigger::EveryFollowers { every } => self.every_followers.push((*every, rule)),
            Trigger::GoalReached => self.goals.push(rule),
            Trigger::CounterReached { counter, value } => {
                self.by_counter.entry(counter.clone()).or_default().push((*value, rule));
            }
            Trigger::Timer { every_seconds } => {
                self.beats.push((Beat::Every(i64::from(*every_seconds) * 1000), rule));
            }
            Trigger::TimeOfDay { at } => self.beats.push((Beat::Daily(*at), rule)),
            Trigger::Custom { name } => self.named_mut(Named::Custom, name).push(rule),
            Trigger::Hotkey { keys } => self.named_mut(Named::Hotkey, keys).push(rule),
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

    /// Rules that wait for the counter, with the value for which they wait.
    pub(crate) fn of_counter(&self, name: &str) -> &[(i64, usize)] {
        self.by_counter.get(name).map_or(&[], Vec::as_slice)
    }

    /// Rules that wait for something of that name.
    pub(crate) fn of_name(&self, kind: Named, name: &str) -> &[usize] {
        self.by_name.get(&(kind, name_key(name))).map_or(&[], Vec::as_slice)
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

/// Names are compared without regard to case and spaces: `Ctrl + R` is `ctrl+r`.
fn name_key(name: &str) -> String {
    folded(name).split_whitespace().collect()
}
