//! Who waits after a rule fired, and for how long yet.

use ahash::AHashMap;
use compact_str::CompactString;

use crate::id::{RuleId, UserId};
use crate::limits::VIEWER_COOLDOWNS;

/// Whom a cooldown holds back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Waiting {
    /// A rule, for everybody.
    Rule(RuleId),
    /// A rule, for one viewer.
    Viewer(RuleId, UserId),
    /// A group of rules, by its name.
    Group(CompactString),
}

/// A cooldown that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CooldownLeft {
    /// Whom it holds back.
    pub waiting: Waiting,
    /// For how long yet, in milliseconds.
    pub left_ms: i64,
}

/// Until when whom a cooldown holds back, ms since 1970; per rule at most [`VIEWER_COOLDOWNS`] viewers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cooldowns {
    rules: AHashMap<RuleId, i64>,
    viewers: AHashMap<RuleId, AHashMap<UserId, i64>>,
    groups: AHashMap<CompactString, i64>,
}

impl Cooldowns {
    /// How long it still waits, if its cooldown is that long now: a shortened one counts at once, and a clock that was set
    /// back makes none longer.
    pub(crate) fn left_ms(&self, waiting: &Waiting, length_ms: i64, now_ms: i64) -> Option<i64> {
        let until_ms = self.until_ms(waiting)?;
        let left_ms = until_ms.saturating_sub(now_ms).min(length_ms);
        (left_ms > 0).then_some(left_ms)
    }

    /// The end of the cooldown, running or over.
    pub(crate) fn until_ms(&self, waiting: &Waiting) -> Option<i64> {
        match waiting {
            Waiting::Rule(rule) => self.rules.get(rule),
            Waiting::Viewer(rule, viewer) => self.viewers.get(rule).and_then(|viewers| viewers.get(viewer)),
            Waiting::Group(name) => self.groups.get(name),
        }
        .copied()
    }

    /// Lets it wait; viewers who are forgotten for it go to `forgotten`.
    pub(crate) fn begin(&mut self, waiting: Waiting, until_ms: i64, now_ms: i64, forgotten: &mut Vec<Waiting>) {
        match waiting {
            Waiting::Rule(rule) => {
                self.rules.insert(rule, until_ms);
            }
            Waiting::Group(name) => {
                self.groups.insert(name, until_ms);
            }
            Waiting::Viewer(rule, viewer) => {
                let viewers = self.viewers.entry(rule.clone()).or_default();
                if viewers.len() >= VIEWER_COOLDOWNS && !viewers.contains_key(&viewer) {
                    let gone = make_room(viewers, now_ms);
                    forgotten.extend(gone.into_iter().map(|viewer| Waiting::Viewer(rule.clone(), viewer)));
                }
                viewers.insert(viewer, until_ms);
            }
        }
    }

    /// Forgets all of them and gives whom they held back, in no order.
    pub(crate) fn take_all(&mut self) -> Vec<Waiting> {
        let waiting = self.iter().map(|(waiting, _)| waiting).collect();
        *self = Self::default();
        waiting
    }

    /// Forgets those of a rule, for everybody and for each viewer, and that of its group; gives whom they held back.
    pub(crate) fn take_of(&mut self, rule: &RuleId, group: Option<&str>) -> Vec<Waiting> {
        let of_rule = self.rules.remove(rule).map(|_| Waiting::Rule(rule.clone()));
        let viewers = self.viewers.remove(rule).unwrap_or_default();
        let of_viewers = viewers.into_keys().map(|viewer| Waiting::Viewer(rule.clone(), viewer));
        let of_group = group.filter(|&name| self.groups.remove(name).is_some());
        of_rule.into_iter().chain(of_viewers).chain(of_group.map(|name| Waiting::Group(name.into()))).collect()
    }

    /// What is left of those that run, in a stable order.
    pub(crate) fn left(&self, now_ms: i64) -> Vec<CooldownLeft> {
        let left =
            |(waiting, until_ms): (Waiting, i64)| CooldownLeft { waiting, left_ms: until_ms.saturating_sub(now_ms) };
        let mut left: Vec<_> = self.iter().map(left).filter(|it| it.left_ms > 0).collect();
        left.sort_unstable_by(|a, b| a.waiting.cmp(&b.waiting));
        left
    }

    fn iter(&self) -> impl Iterator<Item = (Waiting, i64)> {
        let rules = self.rules.iter().map(|(rule, until_ms)| (Waiting::Rule(rule.clone()), *until_ms));
        let groups = self.groups.iter().map(|(name, until_ms)| (Waiting::Group(name.clone()), *until_ms));
        let of_rule = |(rule, viewers): (&RuleId, &AHashMap<UserId, i64>)| {
            let waiting =
                |(viewer, until_ms): (&UserId, &i64)| (Waiting::Viewer(rule.clone(), viewer.clone()), *until_ms);
            viewers.iter().map(waiting).collect::<Vec<_>>()
        };
        rules.chain(groups).chain(self.viewers.iter().flat_map(of_rule))
    }
}

/// Lets those go that are over, else the tenth that is over soonest, so that one pass serves many newcomers.
fn make_room(viewers: &mut AHashMap<UserId, i64>, now_ms: i64) -> Vec<UserId> {
    let mut by_end: Vec<(i64, UserId)> = viewers.iter().map(|(viewer, until_ms)| (*until_ms, viewer.clone())).collect();
    by_end.sort_unstable();
    let over = by_end.partition_point(|(until_ms, _)| *until_ms <= now_ms);
    by_end.truncate(over.max(VIEWER_COOLDOWNS / 10));
    let gone: Vec<UserId> = by_end.into_iter().map(|(_, viewer)| viewer).collect();
    for viewer in &gone {
        viewers.remove(viewer);
    }
    gone
}
