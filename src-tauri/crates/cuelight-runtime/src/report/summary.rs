//! The summary at the end of a capture.

use std::fmt::Write as _;

use cuelight_core::event::EventType;

use super::console::RULE;

/// Counts by type, as the saved file holds them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Breakdown {
    counts: std::collections::BTreeMap<&'static str, u64>,
}

impl Breakdown {
    /// Counts one event.
    pub fn add(&mut self, event_type: EventType) {
        *self.counts.entry(event_type.as_str()).or_default() += 1;
    }

    /// Events of all types together.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Types and their counts, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        self.counts.iter().map(|(name, count)| (*name, *count))
    }
}

/// The block that ends a capture.
#[must_use]
pub fn text(breakdown: &Breakdown) -> String {
    let mut out = format!("\n{RULE}\n📊 EVENT SUMMARY\n{RULE}\n\nTotal events captured: {}\n", breakdown.total());
    if breakdown.total() > 0 {
        out.push_str("\nBreakdown by type:\n");
        for (name, count) in breakdown.iter() {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "  {name}: {count}");
        }
    }
    let _ = writeln!(out, "\n{RULE}");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_names_each_type_in_order_and_their_sum() {
        let mut breakdown = Breakdown::default();
        for event_type in [EventType::Follow, EventType::Connect, EventType::Comment, EventType::Comment] {
            breakdown.add(event_type);
        }
        let expected = format!(
            "\n{RULE}\n📊 EVENT SUMMARY\n{RULE}\n\nTotal events captured: 4\n\nBreakdown by type:\n  comment: 2\n  connect: 1\n  follow: 1\n\n{RULE}\n"
        );
        assert_eq!(text(&breakdown), expected, "the form is a contract");
    }
}
