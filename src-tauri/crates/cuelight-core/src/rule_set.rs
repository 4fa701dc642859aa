//! The rules as they are followed: checked, compiled, and found by what happens.

mod awaited;
mod check;
pub mod command;
mod compiled;
mod groups;
mod index;
mod keywords;
mod milestones;
mod pattern;
mod patterns;
mod prices;

use std::fmt;
use std::sync::Arc;

use ahash::AHashMap;

pub(crate) use self::awaited::{Awaited, Beat};
pub use self::check::check;
pub(crate) use self::command::{begins_with, folded, has_no_capitals_beyond_ascii};
pub(crate) use self::compiled::{CompiledCondition, CompiledRule};
use self::groups::Groups;
pub(crate) use self::index::{Index, Named};
pub(crate) use self::milestones::{Milestones, NextMilestone};

use crate::condition::{Condition, Since};
use crate::id::{RuleId, ServiceId};
use crate::rule::{Rule, RuleGroup};
use crate::service::Services;
use crate::step::Step;

/// Something in a rule that cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleFault {
    /// The rule.
    pub rule: RuleId,
    /// Where in the rule, as its file form spells it, such as `do[1].service`.
    pub place: String,
    /// What is wrong there, in lower case and without full stop.
    pub problem: String,
}

impl fmt::Display for RuleFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule {}, {}: {}", self.rule, self.place, self.problem)
    }
}

/// Rules that were checked and compiled; only [`RuleSet::new`] makes one, so every rule in it can be followed.
///
/// What an event costs depends on the rules that it may concern, not on how many there are.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    revision: i64,
    rules: Vec<CompiledRule>,
    by_id: AHashMap<RuleId, usize>,
    groups: Groups,
    index: Index,
    wants_past: bool,
}

impl RuleSet {
    /// Compiles the rules in their order. A faulty rule is left out and told about; the others work.
    ///
    /// Of two rules with one id, and of two groups with one name, the first stands.
    #[must_use]
    pub fn new(revision: i64, rules: Vec<Rule>, groups: Vec<RuleGroup>, services: &Services) -> (Self, Vec<RuleFault>) {
        let mut set = Self { revision, groups: Groups::new(groups), ..Self::default() };
        let mut faults = Vec::new();
        for rule in rules {
            if set.by_id.contains_key(&rule.id) {
                let problem = "an earlier rule has this id".to_owned();
                faults.push(RuleFault { rule: rule.id, place: "id".into(), problem });
                continue;
            }
            match CompiledRule::new(rule, &set.groups, services) {
                Ok(compiled) => {
                    set.by_id.insert(compiled.rule.id.clone(), set.rules.len());
                    set.rules.push(compiled);
                }
                Err(found) => faults.extend(found),
            }
        }
        set.index = Index::new(&set.rules);
        set.wants_past = set.rules.iter().any(|compiled| compiled.rule.enabled && wants_past(&compiled.rule));
        (set, faults)
    }

    /// The number of this state of the rules, as decisions name it.
    #[must_use]
    pub fn revision(&self) -> i64 {
        self.revision
    }

    /// The rules without faults in their order, those that are switched off included.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().map(|compiled| &compiled.rule)
    }

    /// The rule of that id.
    #[must_use]
    pub fn get(&self, id: &RuleId) -> Option<&Rule> {
        self.by_id(id).map(|compiled| &compiled.rule)
    }

    /// The steps of a rule, shared with every run that follows them.
    #[must_use]
    pub fn steps(&self, id: &RuleId) -> Option<Arc<[Step]>> {
        self.by_id(id).map(|compiled| Arc::clone(&compiled.steps))
    }

    /// Whether a rule asks for what viewers did in earlier sessions, so that they must be looked up.
    #[must_use]
    pub fn wants_past(&self) -> bool {
        self.wants_past
    }

    /// The waits, in seconds, at which rules want to hear that a service is late.
    pub fn late_bounds(&self) -> impl Iterator<Item = (&ServiceId, u32)> {
        self.index.late_bounds()
    }

    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    pub(crate) fn at(&self, place: usize) -> &CompiledRule {
        &self.rules[place]
    }

    pub(crate) fn by_id(&self, id: &RuleId) -> Option<&CompiledRule> {
        self.by_id.get(id).map(|&place| &self.rules[place])
    }

    pub(crate) fn group(&self, place: usize) -> &RuleGroup {
        self.groups.at(place)
    }
}

fn wants_past(rule: &Rule) -> bool {
    rule.only_if
        .iter()
        .any(|condition| matches!(condition, Condition::FirstEver | Condition::GiftsGiven { since: Since::Ever, .. }))
}
