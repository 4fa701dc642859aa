//! A rule: *when* → *do* → *how*, as people write it and as it is stored.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::condition::Condition;
use crate::id::RuleId;
use crate::limits::MAX_REPEAT;
use crate::priority::Priority;
use crate::step::Step;
use crate::trigger::Trigger;

/// One rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Rule {
    /// What it is called in tables, files and commands; it stays when the rule is renamed.
    pub id: RuleId,
    /// What people call it.
    pub name: String,
    /// Switched off, it stays and never fires.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// What makes it fire.
    pub when: Trigger,
    /// What must hold too; all of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only_if: Vec<Condition>,
    /// What is done, in order.
    #[serde(rename = "do")]
    pub steps: Vec<Step>,
    /// How it follows a gift combo.
    #[serde(default, skip_serializing_if = "ComboMode::is_default")]
    pub combo: ComboMode,
    /// How soon it may fire again.
    #[serde(default, skip_serializing_if = "Cooldown::is_none")]
    pub cooldown: Cooldown,
    /// The group of rules that it belongs to, by the group's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub group: Option<String>,
    /// Merges what still waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub fold: Option<Fold>,
    /// The place of its jobs among waiting ones; without it, the service's for this event type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub priority: Option<Priority>,
}

/// When and how often a rule fires in a gift combo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(tag = "fires", rename_all = "snake_case", deny_unknown_fields)]
pub enum ComboMode {
    /// Once, when the combo ends, with the final count.
    ComboEnd {
        /// Instead once for each gift of the combo, all of them at its end.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        repeat: bool,
        /// At most so many of those; `null` is no limit.
        #[serde(default = "max_repeat", skip_serializing_if = "is_max_repeat")]
        max_repeat: Option<u32>,
    },
    /// Once, at the first message of the combo.
    ComboStart,
    /// One run that starts with the combo, follows its count, and ends with it.
    WithCombo,
    /// Once for each gift of the combo, as they arrive.
    EachGift {
        /// At most so many in one combo; `null` is no limit.
        #[serde(default = "max_repeat", skip_serializing_if = "is_max_repeat")]
        max_repeat: Option<u32>,
    },
    /// Once for each full `n` gifts of the combo.
    EveryN {
        /// How many.
        n: u32,
    },
}

impl Default for ComboMode {
    fn default() -> Self {
        Self::ComboEnd { repeat: false, max_repeat: max_repeat() }
    }
}

impl ComboMode {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// How soon a rule may fire again; checked once for each event.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Cooldown {
    /// After it fired for anybody, in seconds.
    #[serde(skip_serializing_if = "is_zero")]
    #[ts(optional, as = "Option<_>")]
    pub seconds: f64,
    /// After it fired for the same viewer, in seconds.
    #[serde(skip_serializing_if = "is_zero")]
    #[ts(optional, as = "Option<_>")]
    pub per_viewer_seconds: f64,
    /// Who never waits; left out, the streamer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub exempt: Option<Vec<Exempt>>,
}

impl Cooldown {
    fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Whether people of that kind never wait.
    #[must_use]
    pub fn exempts(&self, exempt: Exempt) -> bool {
        self.exempt.as_ref().map_or(exempt == Exempt::Streamer, |exempts| exempts.contains(&exempt))
    }
}

/// Who may be excused from cooldowns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Exempt {
    /// The streamer.
    Streamer,
    /// The moderators.
    Moderators,
}

/// Merges what still waits of the same rule into one job: ×count, or "mia and 6 more".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Fold {
    /// How long after the first of them, in seconds.
    pub within_seconds: f64,
    /// Only what the same viewer caused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub per_viewer: bool,
}

/// Rules that answer the same events together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct RuleGroup {
    /// Its name, by which rules say that they belong to it.
    pub name: String,
    /// Which of its matching rules fire.
    #[serde(default)]
    pub fires: GroupMode,
    /// After any of them fired, how long all of them wait, in seconds.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cooldown_seconds: f64,
}

/// Which matching rules of a group fire.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum GroupMode {
    /// Every one.
    #[default]
    All,
    /// The one that says it most exactly: a named gift beats a value range beats any gift; a command beats a keyword beats
    /// any comment. Among equals the first one.
    MostSpecific,
}

fn yes() -> bool {
    true
}

fn max_repeat() -> Option<u32> {
    Some(MAX_REPEAT)
}

#[expect(clippy::ref_option, reason = "serde passes the field by reference")]
fn is_max_repeat(value: &Option<u32>) -> bool {
    *value == max_repeat()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes the field by reference")]
fn is_zero(seconds: &f64) -> bool {
    *seconds == 0.0
}
