//! Texts with placeholders, such as `{nickname} sent {count|number} × {gift_name}`, and how they are filled.
//!
//! Only a known name between braces or percent signs is a placeholder; everything else stays as typed. Values are put in
//! after the text was read, so a value is never read as a template.

mod filter;
mod parse;
mod placeholder;
mod quotes;
mod speech;
mod target;
mod value;

use std::borrow::Cow;

use crate::facts::{Facts, Values};
use filter::Filter;
use value::Found;

pub use placeholder::Placeholder;
pub use target::{Target, is_device_name};

/// A text that was read once and can be filled many times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Template {
    pieces: Vec<Piece>,
    unknown_filters: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// Stays as it is.
    Text(String),
    /// Gives way to a value.
    Slot(Slot),
}

/// One place to fill.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Slot {
    /// As it was typed, with its braces.
    typed: String,
    /// What is asked for.
    asked: Asked,
    /// What is done to the value, in order.
    filters: Vec<Filter>,
    /// The quotation marks of the template in which it stands, the outermost first.
    quotes: Vec<char>,
}

/// What a slot asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Asked {
    /// A placeholder, under the name that was typed.
    Known(Placeholder, String),
    /// A word after the command, 0 first.
    Argument(usize),
    /// A group of the regular expression, 0 first.
    Match(usize),
    /// A counter.
    Counter(String),
    /// A variable.
    Variable(String),
    /// Perhaps an output of an earlier step or a field of a custom event; otherwise it stays as typed.
    Other(String),
}

impl Template {
    /// Reads a text; every text is a template, in a time that grows with its length and no faster.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        parse::parse(text)
    }

    /// The text with its placeholders filled for that target.
    ///
    /// Each value is at most [`crate::limits::FILLED_CHARACTERS`] long before it is escaped. What the occasion does not have
    /// is empty, or what its filter `or:` says.
    #[must_use]
    pub fn fill(&self, facts: &Facts, values: &Values, target: Target) -> String {
        let mut filled = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Slot(slot) => filled.push_str(&slot.fill(facts, values, target)),
            }
        }
        filled
    }

    /// The placeholders that stand in the text, each once, in the order of their first places.
    #[must_use]
    pub fn placeholders(&self) -> Vec<Placeholder> {
        let mut found = Vec::new();
        for placeholder in self.slots().filter_map(|slot| slot.asked.placeholder()) {
            if !found.contains(&placeholder) {
                found.push(placeholder);
            }
        }
        found
    }

    /// The names between braces or percent signs that are no placeholders, each once, in order.
    ///
    /// They are filled only if an earlier step or a custom event gives something of that name, and stay as typed otherwise.
    #[must_use]
    pub fn unknown_names(&self) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        for slot in self.slots() {
            if let Asked::Other(name) = &slot.asked
                && !found.contains(&name.as_str())
            {
                found.push(name);
            }
        }
        found
    }

    /// The filters that do not exist, or not with what was typed after their colon; their placeholders stay as typed.
    #[must_use]
    pub fn unknown_filters(&self) -> &[String] {
        &self.unknown_filters
    }

    fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Slot(slot) => Some(slot),
        })
    }
}

/// Reads a text and fills it once.
#[must_use]
pub fn fill(text: &str, facts: &Facts, values: &Values, target: Target) -> String {
    Template::parse(text).fill(facts, values, target)
}

impl Slot {
    fn fill(&self, facts: &Facts, values: &Values, target: Target) -> String {
        let mut value = match self.asked.find(facts, values) {
            Found::Value(value) => target.clean(&value).into_owned(),
            Found::Nothing => String::new(),
            Found::Unknown if self.filters.iter().any(Filter::is_fallback) => String::new(),
            Found::Unknown => return self.typed.clone(),
        };
        for filter in &self.filters {
            value = filter.apply(value);
        }
        if !self.filters.is_empty() {
            value = target.clean(&value).into_owned();
        }
        target.escape(Cow::Owned(value), &self.quotes).into_owned()
    }
}

impl Asked {
    fn placeholder(&self) -> Option<Placeholder> {
        match self {
            Self::Known(placeholder, _) => Some(*placeholder),
            Self::Argument(_) => Some(Placeholder::Argument),
            Self::Match(_) => Some(Placeholder::Match),
            Self::Counter(_) => Some(Placeholder::Counter),
            Self::Variable(_) => Some(Placeholder::Variable),
            Self::Other(_) => None,
        }
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
