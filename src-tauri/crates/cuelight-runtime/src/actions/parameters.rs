//! The parameters of actions: how they are filled, checked and refused.

use cuelight_core::facts::{Facts, Values};
use cuelight_core::id::RuleId;
use cuelight_core::template::{Target, fill};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Longest name of a counter or variable, in characters; longer ones no list could show.
const VALUE_NAME_CHARACTERS: usize = 64;

/// What placeholders are filled from.
#[derive(Debug, Clone, Copy)]
pub struct Filling<'a> {
    facts: &'a Facts,
    values: &'a Values,
}

impl<'a> Filling<'a> {
    /// From the facts of a run, and the counters and variables as they are now.
    #[must_use]
    pub fn new(facts: &'a Facts, values: &'a Values) -> Self {
        Self { facts, values }
    }

    /// The text with its placeholders filled, escaped for where it goes.
    #[must_use]
    pub fn text(&self, text: &str, target: Target) -> String {
        fill(text, self.facts, self.values, target)
    }

    /// The number that the field comes to.
    ///
    /// # Errors
    /// The placeholders came to something that is no whole number.
    pub fn number(&self, field: &str, number: &WholeNumber) -> Result<i64, ConfigError> {
        match number {
            WholeNumber::Fixed(number) => Ok(*number),
            WholeNumber::Filled(text) => {
                let filled = self.text(text, Target::Plain);
                let is_no_number = |_| ConfigError::new(field, format!("{filled:?} is no whole number"));
                filled.trim().parse().map_err(is_no_number)
            }
        }
    }
}

/// A whole number, or a text with placeholders that becomes one, such as `{coins}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a whole number, or a text with placeholders that becomes one")]
#[schemars(inline, extend("x-input" = "number"))]
pub enum WholeNumber {
    /// Always this number.
    Fixed(i64),
    /// Whatever the placeholders come to.
    Filled(String),
}

/// Why parameters cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}`: {problem}")]
pub struct ConfigError {
    field: String,
    problem: String,
}

impl ConfigError {
    /// That field cannot be used for that reason, in lower case and without a full stop.
    #[must_use]
    pub fn new(field: &str, problem: impl Into<String>) -> Self {
        Self { field: field.to_owned(), problem: problem.into() }
    }
}

/// The name of a counter or variable, without the spaces around it.
///
/// # Errors
/// No name, a very long one, or one that could not stand in a placeholder such as `{counter:name}`.
pub(super) fn value_name(field: &str, name: &str) -> Result<String, ConfigError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(ConfigError::new(field, "a name is missing"));
    }
    if name.chars().count() > VALUE_NAME_CHARACTERS {
        return Err(ConfigError::new(field, format!("a name has at most {VALUE_NAME_CHARACTERS} characters")));
    }
    match name.chars().find(|character| character.is_control() || "{}%|:".contains(*character)) {
        Some(character) => Err(ConfigError::new(field, format!("a name cannot contain {character:?}"))),
        None => Ok(name.to_owned()),
    }
}

/// The rule that the text names.
///
/// # Errors
/// No id.
pub(super) fn rule_id(field: &str, rule: &str) -> Result<RuleId, ConfigError> {
    match rule.trim() {
        "" => Err(ConfigError::new(field, "the id of a rule is missing")),
        id => Ok(RuleId::new(id)),
    }
}
