//! A naive model of the rules: what has to fire for the events that the journal holds, told from the contract alone.

mod matching;

use std::collections::{BTreeMap, BTreeSet};

use cuelight_core::condition::Condition;
use cuelight_core::decision::{Decision, Origin};
use cuelight_core::event::{Body, Event, EventType, Gift};
use cuelight_core::id::UserId;
use cuelight_core::reason::Reason;
use cuelight_core::rule::{ComboMode, GroupMode, Rule, RuleGroup};
use cuelight_core::service::Service;
use serde::Deserialize as _;

use super::rows::EventRow;

/// Session, origin, cause, firing.
pub(super) type Key = (u32, String, i64, u32);

/// What is known of a firing that has to have its run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expected {
    pub(super) event: u32,
    pub(super) event_ms: i64,
    pub(super) event_type: EventType,
    pub(super) viewer: Option<String>,
    /// How many units it is about, for gifts.
    pub(super) count: Option<u32>,
    /// The combo goes on.
    pub(super) combo_open: bool,
}

pub(super) struct Oracle {
    pub(super) rules: Vec<Rule>,
    groups: Vec<RuleGroup>,
    services: Vec<Service>,
    sessions: BTreeMap<u32, Session>,
    pub(super) expected: BTreeMap<Key, Expected>,
    /// Viewers who are muted now.
    pub(super) muted: BTreeSet<UserId>,
    /// Events of viewers who were muted then.
    pub(super) of_muted: BTreeSet<(u32, u32)>,
}

#[derive(Default)]
struct Session {
    last_number: u32,
    combos: BTreeMap<String, Combo>,
    /// Ends of cooldowns, by whom they hold back.
    cooldowns: BTreeMap<String, i64>,
    likes: Option<u64>,
    follows: u64,
}

struct Combo {
    cause: u32,
    is_ended: bool,
    /// Firings that happened or were held back.
    handled: BTreeMap<String, u32>,
}

struct Candidate<'a> {
    rule: &'a Rule,
    before: u32,
    count: u32,
    holds: bool,
}

impl Oracle {
    pub(super) fn new(rules: Vec<Rule>, groups: Vec<RuleGroup>, services: Vec<Service>) -> Self {
        Self {
            rules,
            groups,
            services,
            sessions: BTreeMap::new(),
            expected: BTreeMap::new(),
            muted: BTreeSet::new(),
            of_muted: BTreeSet::new(),
        }
    }

    /// The last event of that session that it was told.
    pub(super) fn last_number(&self, session: u32) -> u32 {
        self.sessions.get(&session).map_or(0, |session| session.last_number)
    }

    pub(super) fn rule(&self, origin: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id.as_str() == origin)
    }

    /// Whether the combo of that first event has ended.
    pub(super) fn is_ended(&self, session: u32, cause: i64) -> bool {
        let combos = self.sessions.get(&session).map(|session| &session.combos);
        combos.is_some_and(|combos| combos.values().any(|combo| i64::from(combo.cause) == cause && combo.is_ended))
    }

    /// Takes the next event of a session.
    pub(super) fn tell(&mut self, id: u32, row: &EventRow) {
        let session = self.sessions.entry(id).or_default();
        assert_eq!(row.number, session.last_number + 1, "events are numbered without a gap");
        session.last_number = row.number;
        let data = serde_json::from_str(&row.data).expect("an event is JSON");
        let event = Event::from_parts(&row.event_type, &data).expect("it reads back");
        if event.stamp.history {
            assert_eq!(row.decisions, None, "what TikTok repeats on connecting fires nothing");
            return;
        }
        session.follows += u64::from(event.event_type() == EventType::Follow);
        // What the whole live passes with a muted viewer's event is passed.
        let likes_before = session.likes;
        // A total of 0 is none: nobody told it yet.
        if let Body::Like(like) = &event.body
            && like.total_likes > 0
        {
            session.likes = session.likes.max(Some(like.total_likes));
        }
        let gift = match &event.body {
            Body::Gift(gift) if gift.gift.streakable => Some(&**gift),
            _ => None,
        };
        if event.user().is_some_and(|user| self.muted.contains(&user.user_id)) {
            self.of_muted.insert((id, row.number));
            let known = gift.and_then(|gift| session.combos.get_mut(gift.group_id.as_ref()?.as_str()).zip(Some(gift)));
            if let Some((combo, gift)) = known {
                combo.is_ended |= !gift.streaking;
            }
            return;
        }
        let matches = self.rules.iter().filter_map(|rule| {
            let times = matching::times(rule, &event, likes_before, session.follows);
            (times > 0).then_some((rule, times))
        });
        let matches: Vec<(&Rule, u32)> = matches.collect();
        let defaults = matching::defaults(&self.services, event.event_type());
        let mut combo = gift.filter(|_| !matches.is_empty() || !defaults.is_empty()).map(|gift| {
            let group = gift.group_id.as_ref().expect("combos of the simulation are numbered").to_string();
            let begun = || Combo { cause: row.number, is_ended: false, handled: BTreeMap::new() };
            session.combos.entry(group).or_insert_with(begun)
        });

        let decisions = decisions(row);
        let candidates: Vec<Candidate<'_>> = matches
            .into_iter()
            .map(|(rule, times)| {
                let (before, count) = match (&combo, gift) {
                    (Some(combo), Some(gift)) => due(combo, rule.id.as_str(), &rule.combo, gift),
                    _ => (0, times),
                };
                Candidate { rule, before, count, holds: holds(rule, &event, &decisions) }
            })
            .collect();
        let winner = candidates
            .iter()
            .filter(|it| it.holds && is_exact(&self.groups, it.rule))
            .rev()
            .max_by_key(|it| matching::exactness(it.rule));
        let winner = winner.map(|winner| winner.rule.id.clone());
        let viewer = event.user().map(|user| user.user_id.to_string());
        let mut begun = Vec::new();
        let mut fired: Vec<(String, u32, Option<u32>, u32, u32, bool)> = Vec::new();
        for Candidate { rule, before, count, holds } in candidates.iter().filter(|it| it.count > 0) {
            if let Some(combo) = &mut combo {
                combo.handled.insert(rule.id.to_string(), before + count);
            }
            let cooldowns = cooldowns(&self.groups, rule, viewer.as_deref());
            let waits = |(name, length_ms): &(String, i64)| {
                let until_ms = session.cooldowns.get(name).copied().unwrap_or(i64::MIN);
                until_ms.saturating_sub(row.received_ms).min(*length_ms) > 0
            };
            let has_lost = is_exact(&self.groups, rule) && winner.as_ref() != Some(&rule.id);
            if !holds || has_lost || cooldowns.iter().any(waits) {
                continue;
            }
            let cause = combo.as_ref().map_or(row.number, |combo| combo.cause);
            let open = rule.combo == ComboMode::WithCombo && gift.is_some_and(|gift| gift.streaking);
            fired.push((rule.id.to_string(), cause, units(rule, &event), *before, *count, open));
            begun.extend(cooldowns);
        }
        for (name, length_ms) in begun {
            session.cooldowns.insert(name, row.received_ms + length_ms);
        }
        for service in defaults {
            let origin = format!("default:{service}");
            let (mut cause, mut count) = (row.number, 1);
            if let (Some(combo), Some(gift)) = (&mut combo, gift) {
                (_, count) = due(combo, &origin, &ComboMode::default(), gift);
                cause = combo.cause;
                if count > 0 {
                    combo.handled.insert(origin.clone(), 1);
                }
            }
            if count > 0 {
                let all = if let Body::Gift(gift) = &event.body { Some(gift.repeat_count) } else { None };
                fired.push((origin, cause, all, 0, 1, false));
            }
        }
        if let (Some(combo), Some(gift)) = (combo, gift) {
            combo.is_ended |= !gift.streaking;
        }
        for (origin, cause, count, before, times, combo_open) in fired {
            for firing in before + 1..=before + times {
                let expected = Expected {
                    event: row.number,
                    event_ms: row.received_ms,
                    event_type: event.event_type(),
                    viewer: viewer.clone(),
                    count,
                    combo_open,
                };
                let key = (id, origin.clone(), i64::from(cause), firing);
                let before = self.expected.insert(key.clone(), expected);
                assert_eq!(before, None, "the model itself fires {key:?} once");
            }
        }
    }
}

/// How often a rule is to fire in all for a combo that has shown so much.
fn in_all(mode: &ComboMode, seen: u32, is_ended: bool) -> u32 {
    let capped = |max_repeat: &Option<u32>| seen.min(max_repeat.unwrap_or(u32::MAX));
    match mode {
        ComboMode::ComboStart | ComboMode::WithCombo => u32::from(seen > 0),
        ComboMode::EachGift { max_repeat } => capped(max_repeat),
        ComboMode::EveryN { n } => seen / n,
        ComboMode::ComboEnd { .. } if !is_ended => 0,
        ComboMode::ComboEnd { repeat: false, .. } => u32::from(seen > 0),
        ComboMode::ComboEnd { repeat: true, max_repeat } => capped(max_repeat),
    }
}

/// What came before, and what is missing now.
fn due(combo: &Combo, origin: &str, mode: &ComboMode, gift: &Gift) -> (u32, u32) {
    let told = gift.repeat_count - gift.delta_count.expect("the journal's gifts have one");
    let before = combo.handled.get(origin).copied().unwrap_or_else(|| in_all(mode, told, combo.is_ended));
    let all = in_all(mode, gift.repeat_count, combo.is_ended || !gift.streaking);
    (before, all.saturating_sub(before))
}

/// How many units a firing is about.
fn units(rule: &Rule, event: &Event) -> Option<u32> {
    let Body::Gift(gift) = &event.body else { return None };
    Some(match rule.combo {
        ComboMode::EachGift { .. } | ComboMode::ComboEnd { repeat: true, .. } if gift.gift.streakable => 1,
        ComboMode::EveryN { n } if gift.gift.streakable => n,
        ComboMode::EachGift { .. }
        | ComboMode::EveryN { .. }
        | ComboMode::ComboEnd { .. }
        | ComboMode::ComboStart
        | ComboMode::WithCombo => gift.repeat_count,
    })
}

/// Chance is the engine's own; only that it says so is taken from it.
fn holds(rule: &Rule, event: &Event, decisions: &[Decision]) -> bool {
    let own = Origin::Rule(rule.id.clone());
    let missed = decisions.iter().any(|it| it.rule == own && matches!(it.because, Some(Reason::ChanceMissed { .. })));
    rule.only_if.iter().all(|condition| match condition {
        Condition::Chance { .. } => !missed,
        condition => matching::holds(condition, event),
    })
}

fn decisions(row: &EventRow) -> Vec<Decision> {
    let Some(text) = &row.decisions else { return Vec::new() };
    let stored: serde_json::Value = serde_json::from_str(text).expect("decisions are JSON");
    stored.get("decisions").map_or(Vec::new(), |it| Vec::deserialize(it).expect("decisions read back"))
}

fn is_exact(groups: &[RuleGroup], rule: &Rule) -> bool {
    let group = groups.iter().find(|group| Some(&group.name) == rule.group.as_ref());
    group.is_some_and(|group| group.fires == GroupMode::MostSpecific)
}

/// Whom a firing of the rule makes wait, and how long in milliseconds.
fn cooldowns(groups: &[RuleGroup], rule: &Rule, viewer: Option<&str>) -> Vec<(String, i64)> {
    let mut all = vec![(format!("rule {}", rule.id), rule.cooldown.seconds)];
    all.extend(viewer.map(|viewer| (format!("rule {} {viewer}", rule.id), rule.cooldown.per_viewer_seconds)));
    let group = groups.iter().find(|group| Some(&group.name) == rule.group.as_ref());
    all.extend(group.map(|group| (format!("group {}", group.name), group.cooldown_seconds)));
    all.into_iter()
        .filter(|(_, seconds)| *seconds > 0.0)
        .map(|(name, seconds)| (name, (seconds * 1000.0) as i64))
        .collect()
}
