//! What is wrong with a rules file: each fault with its place, in a list that stays readable.

use std::fmt;

use crate::id::RuleId;
use crate::limits::RULES_FILE_FAULTS;

/// One thing that is wrong with a rules file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct RulesFileFault {
    /// Where it stands, such as `rules[3].when.on` or `line 12, column 5`; empty for the file as a whole.
    pub place: String,
    /// The rule that it is about, where that is known.
    pub rule: Option<RuleId>,
    /// What is wrong, and what would be right.
    pub problem: String,
}

impl fmt::Display for RulesFileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.place.is_empty(), &self.rule) {
            (true, _) => f.write_str(&self.problem),
            (false, None) => write!(f, "{}: {}", self.place, self.problem),
            (false, Some(rule)) => write!(f, "{} (rule {rule}): {}", self.place, self.problem),
        }
    }
}

/// Everything that is wrong with a rules file; nothing of it was taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct RulesFileFaults {
    /// The first ones, at most [`RULES_FILE_FAULTS`] and at least one.
    pub faults: Vec<RulesFileFault>,
    /// How many more there are.
    pub more: usize,
}

/// One fault a line.
impl fmt::Display for RulesFileFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, fault) in self.faults.iter().enumerate() {
            if number > 0 {
                f.write_str("\n")?;
            }
            fault.fmt(f)?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

impl RulesFileFaults {
    /// One fault that makes looking further pointless.
    pub(super) fn one(place: String, problem: String) -> Self {
        Self { faults: vec![RulesFileFault { place, rule: None, problem }], more: 0 }
    }
}

/// The faults found so far.
#[derive(Debug, Default)]
pub(super) struct Faults {
    kept: Vec<RulesFileFault>,
    found: usize,
}

impl Faults {
    /// Adds one; beyond the limit it is only counted.
    pub(super) fn add(&mut self, place: &str, rule: Option<&RuleId>, problem: String) {
        self.found += 1;
        if self.kept.len() < RULES_FILE_FAULTS {
            self.kept.push(RulesFileFault { place: place.to_owned(), rule: rule.cloned(), problem });
        }
    }

    /// How many there are.
    pub(super) fn found(&self) -> usize {
        self.found
    }

    /// All of them, unless there are none.
    pub(super) fn into_result(self) -> Result<(), RulesFileFaults> {
        let more = self.found - self.kept.len();
        if self.kept.is_empty() { Ok(()) } else { Err(RulesFileFaults { faults: self.kept, more }) }
    }
}
