//! What the Rules screen asks for beside the rules themselves.

use cuelight_core::action::Action;
use cuelight_core::event::EventType;
use cuelight_core::id::{ActionKindId, RuleId, ServiceId};
use cuelight_core::rule::{Rule, RuleGroup};
use cuelight_core::rules_file::Capability;
use cuelight_core::step::Step;
use cuelight_core::trigger::Trigger;
use cuelight_core::warning::Warning;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A rule in the list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ListedRule {
    /// The rule.
    pub rule: Rule,
    /// What is perhaps not meant.
    pub warnings: Vec<Warning>,
    /// How often it fired in the open session.
    pub fired_this_live: u32,
    /// How often it fired in the session before; none where there was none.
    pub fired_last_live: Option<u32>,
}

/// A default action: listed among the rules, switched there, edited in Services.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ListedDefault {
    /// The service.
    pub service: ServiceId,
    /// What people call the service.
    pub service_name: String,
    /// The event type that it answers.
    pub event_type: EventType,
    /// It is switched on.
    pub enabled: bool,
    /// What is done.
    pub action: Action,
}

/// What *undo* and *redo* would do, over rules, groups and services.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Undo {
    /// The deed that *undo* takes back.
    pub undo: Option<Deed>,
    /// The deed that *redo* does again.
    pub redo: Option<Deed>,
}

/// A change that somebody made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Deed {
    /// What was done.
    pub what: DeedKind,
    /// What it was called.
    pub name: String,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DeedKind {
    /// A rule was added, also by duplicating one.
    RuleAdded,
    /// A rule was changed, also switched.
    RuleChanged,
    /// A rule was put into the bin.
    RuleBinned,
    /// A rule came back from the bin.
    RuleRestored,
    /// A rule got another place.
    RuleMoved,
    /// A rules file was taken in.
    RulesImported,
    /// A group was added or changed.
    GroupChanged,
    /// A service was changed, also its default actions.
    ServiceChanged,
    /// A service was added.
    ServiceAdded,
    /// A service was removed.
    ServiceRemoved,
}

/// Everything that the Rules screen lists.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Rulebook {
    /// Counts up with every change by anybody.
    pub revision: i64,
    /// The rules in the order in which people see them.
    pub rules: Vec<ListedRule>,
    /// Their groups.
    pub groups: Vec<RuleGroup>,
    /// The default actions of all services.
    pub defaults: Vec<ListedDefault>,
    /// How many rules lie in the bin.
    pub binned: u32,
    /// What can be undone.
    pub undo: Undo,
}

/// A rule in the bin.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BinnedRule {
    /// The rule.
    pub rule: Rule,
    /// When it was put there.
    pub binned_ms: i64,
}

/// One earlier form of a rule.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RuleVersion {
    /// 1, 2, 3 … of this rule.
    pub version: u32,
    /// When a newer form took its place.
    pub saved_ms: i64,
    /// The rule as it was.
    pub rule: Rule,
}

/// What a trigger's events provide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Variable {
    /// As it stands between the braces.
    pub name: String,
    /// Its last real value.
    pub last: Option<String>,
}

/// Names that rules share.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Values {
    /// The counters.
    pub counters: Vec<CounterValue>,
    /// The variables.
    pub variables: Vec<VariableValue>,
}

/// A counter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CounterValue {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: i64,
}

/// A variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VariableValue {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// A cooldown that runs now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunningCooldown {
    /// The rule.
    pub rule: RuleId,
    /// How long the longest of them still runs.
    pub left_ms: i64,
    /// How many viewers have one of their own.
    pub viewers: u32,
}

/// Rules as a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExportedRules {
    /// What to call it.
    pub file_name: String,
    /// What stands in it.
    pub text: String,
}

/// What taking a file in would come to.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportPreview {
    /// Its rules.
    pub rules: Vec<ImportedRule>,
    /// How many groups it has.
    pub groups: u32,
    /// What it can do to this computer.
    pub capabilities: Vec<Capability>,
    /// What is perhaps not meant.
    pub warnings: Vec<Warning>,
    /// Anything here and nothing can be taken in.
    pub faults: Vec<ImportFault>,
    /// Faults beyond those that are listed.
    pub more_faults: u32,
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportFault {
    /// Where.
    pub place: String,
    /// In which rule.
    pub rule: Option<String>,
    /// What.
    pub problem: String,
}

/// A rule of a file.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportedRule {
    /// The rule.
    pub rule: Rule,
    /// What it would become.
    pub becomes: Becomes,
    /// Actions that this version does not know.
    pub unknown_actions: Vec<ActionKindId>,
}

/// What a rule of a file would become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "as", rename_all = "snake_case")]
pub enum Becomes {
    /// A new rule.
    New,
    /// A new rule under another id: its own is taken.
    Renamed {
        /// The id that it gets.
        id: RuleId,
    },
    /// It is there already, word for word.
    Same,
}

/// The shape of a new rule; its id is made from its name.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NewRule {
    /// What people call it.
    pub name: String,
    /// What it answers.
    pub when: Trigger,
    /// What it does.
    #[serde(rename = "do")]
    pub steps: Vec<Step>,
}

/// What a saved rule came to.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Saved {
    /// The rule as it is now.
    pub rule: ListedRule,
    /// The rulebook's revision.
    pub revision: i64,
    /// What can be undone.
    pub undo: Undo,
}
