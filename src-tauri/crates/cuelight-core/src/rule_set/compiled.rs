//! One rule, checked, with everything ready that matching it needs.

use std::sync::Arc;

use ahash::AHashSet;
use regex::Regex;

use super::check::check_rule;
use super::command::{folded, name_of};
use super::groups::Groups;
use super::{RuleFault, pattern};
use crate::condition::Condition;
use crate::event::EventType;
use crate::rule::Rule;
use crate::service::Services;
use crate::step::Step;
use crate::trigger::Trigger;

/// A rule without faults.
#[derive(Debug, Clone)]
pub(crate) struct CompiledRule {
    /// As people wrote it.
    pub(crate) rule: Rule,
    /// Its steps, shared with every run.
    pub(crate) steps: Arc<[Step]>,
    /// Its conditions, in their order.
    pub(crate) conditions: Vec<CompiledCondition>,
    /// The same as people wrote them, in their file form, for the reasons of decisions.
    pub(crate) condition_texts: Vec<String>,
    /// The place of its group.
    pub(crate) group: Option<usize>,
    /// The expression of its trigger.
    pub(crate) regex: Option<Regex>,
    /// How exactly it says what it is for; see [`crate::rule::GroupMode::MostSpecific`].
    pub(crate) exactness: u8,
}

impl CompiledRule {
    pub(super) fn new(rule: Rule, groups: &Groups, services: &Services) -> Result<Self, Vec<RuleFault>> {
        let mut faults = Vec::new();
        check_rule(&rule, groups, services, &mut faults);
        let fault = |place: String, problem: String| RuleFault { rule: rule.id.clone(), place, problem };
        let mut regex = None;
        if let Trigger::Regex { pattern } = &rule.when {
            match pattern::compile(pattern) {
                Ok(compiled) => regex = Some(compiled),
                Err(problem) => faults.push(fault("when.pattern".into(), problem)),
            }
        }
        let mut conditions = Vec::with_capacity(rule.only_if.len());
        for (number, condition) in rule.only_if.iter().enumerate() {
            match CompiledCondition::new(condition) {
                Ok(compiled) => conditions.push(compiled),
                Err(problem) => faults.push(fault(format!("only_if[{number}].pattern"), problem)),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let text =
            |condition| serde_json::to_string(condition).expect("a condition came from a file and goes back into one");
        Ok(Self {
            steps: rule.steps.clone().into(),
            conditions,
            condition_texts: rule.only_if.iter().map(text).collect(),
            group: rule.group.as_deref().and_then(|name| groups.place(name)),
            regex,
            exactness: exactness(&rule),
            rule,
        })
    }
}

/// A condition with its texts in the form in which they are compared.
#[derive(Debug, Clone)]
pub(crate) enum CompiledCondition {
    /// As it is.
    Plain(Condition),
    /// The comment begins with this, in lower case.
    CommentStartsWith(String),
    /// The comment is this, in lower case.
    CommentIs(String),
    /// The comment contains this, in lower case.
    CommentContains(String),
    /// The comment is matched by this.
    CommentMatches(Regex),
    /// The comment begins with one of these commands, without prefix and in lower case.
    CommentIsCommand(Vec<String>),
    /// The viewer is one of these: handles without `@` in lower case, or user ids.
    Viewers(AHashSet<String>),
    /// The viewer is none of these.
    NotViewers(AHashSet<String>),
}

impl CompiledCondition {
    fn new(condition: &Condition) -> Result<Self, String> {
        let text = |text: &str| folded(text.trim());
        let handles = |names: &[String]| {
            let handle = |name: &String| folded(name.trim().trim_start_matches('@'));
            names.iter().map(handle).collect::<AHashSet<_>>()
        };
        Ok(match condition {
            Condition::CommentStartsWith { text: start } => Self::CommentStartsWith(text(start)),
            Condition::CommentIs { text: whole } => Self::CommentIs(text(whole)),
            Condition::CommentContains { text: part } => Self::CommentContains(text(part)),
            Condition::CommentMatches { pattern } => Self::CommentMatches(pattern::compile(pattern)?),
            Condition::CommentIsCommand { names } => {
                Self::CommentIsCommand(names.iter().map(|name| name_of(name)).collect())
            }
            Condition::Viewers { names } => Self::Viewers(handles(names)),
            Condition::NotViewers { names } => Self::NotViewers(handles(names)),
            Condition::GiftIn { .. }
            | Condition::Diamonds { .. }
            | Condition::ComboCount { .. }
            | Condition::Who { .. }
            | Condition::TopGifter { .. }
            | Condition::TeamLevel { .. }
            | Condition::GiftsGiven { .. }
            | Condition::FirstInSession
            | Condition::FirstEver
            | Condition::Chance { .. }
            | Condition::SessionAge { .. }
            | Condition::Counter { .. }
            | Condition::Variable { .. } => Self::Plain(condition.clone()),
        })
    }
}

/// A named gift beats a value range beats any gift; a command beats a keyword beats any comment. A condition says it as
/// exactly as a trigger would.
fn exactness(rule: &Rule) -> u8 {
    let of_condition = |condition: &Condition| match condition {
        Condition::GiftIn { .. } | Condition::CommentIs { .. } | Condition::CommentIsCommand { .. } => NAMED,
        Condition::Diamonds { .. }
        | Condition::CommentStartsWith { .. }
        | Condition::CommentContains { .. }
        | Condition::CommentMatches { .. } => RANGE,
        Condition::ComboCount { .. }
        | Condition::Who { .. }
        | Condition::TopGifter { .. }
        | Condition::TeamLevel { .. }
        | Condition::Viewers { .. }
        | Condition::NotViewers { .. }
        | Condition::GiftsGiven { .. }
        | Condition::FirstInSession
        | Condition::FirstEver
        | Condition::Chance { .. }
        | Condition::SessionAge { .. }
        | Condition::Counter { .. }
        | Condition::Variable { .. } => ANY,
    };
    let of_trigger = match &rule.when {
        Trigger::Gift { gifts, names } if gifts.is_empty() && names.is_empty() => ANY,
        Trigger::Event { event: EventType::Gift | EventType::Comment } | Trigger::Comment => ANY,
        Trigger::GiftValue { .. } | Trigger::Keyword { .. } | Trigger::Regex { .. } => RANGE,
        Trigger::Gift { .. }
        | Trigger::Command { .. }
        | Trigger::Event { .. }
        | Trigger::EveryLikes { .. }
        | Trigger::LikeStreak { .. }
        | Trigger::EveryFollowers { .. }
        | Trigger::GoalReached
        | Trigger::CounterReached { .. }
        | Trigger::Timer { .. }
        | Trigger::TimeOfDay { .. }
        | Trigger::Custom { .. }
        | Trigger::Hotkey { .. }
        | Trigger::Button { .. }
        | Trigger::Call { .. }
        | Trigger::AppStart
        | Trigger::OverlayClosed { .. }
        | Trigger::ServiceLate { .. } => NAMED,
    };
    rule.only_if.iter().map(of_condition).fold(of_trigger, u8::max)
}

const ANY: u8 = 0;
const RANGE: u8 = 1;
const NAMED: u8 = 2;
