//! What must hold beside the trigger for a rule to fire.

use std::cmp::Ordering;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::GiftId;

/// One condition; a rule fires when all of its conditions hold.
///
/// A condition about something that the event does not have, such as the price of a comment, does not hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(tag = "if", rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// The gift is one of these.
    GiftIn {
        /// TikTok's numbers of the gifts.
        ids: Vec<GiftId>,
    },
    /// The price of one unit.
    Diamonds {
        /// At least so many.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        min: Option<u64>,
        /// At most so many.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        max: Option<u64>,
    },
    /// Units in the combo so far.
    ComboCount {
        /// At least so many.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        min: Option<u64>,
        /// At most so many.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        max: Option<u64>,
    },
    /// The viewer is one of these.
    Who {
        /// Any of them is enough.
        any_of: Vec<Role>,
    },
    /// The viewer is among the top givers of this live.
    TopGifter {
        /// How many places count.
        places: u32,
    },
    /// The viewer's level in the streamer's team.
    TeamLevel {
        /// At least this.
        min: u32,
    },
    /// The viewer is one of these people.
    Viewers {
        /// Handles without `@`, or user ids.
        names: Vec<String>,
    },
    /// The viewer is none of these people.
    NotViewers {
        /// Handles without `@`, or user ids.
        names: Vec<String>,
    },
    /// Units of gifts that this viewer gave.
    GiftsGiven {
        /// At least so many, this event included.
        min: u64,
        /// Since when.
        #[serde(default)]
        since: Since,
    },
    /// The comment starts with this, without regard to case.
    CommentStartsWith {
        /// The text.
        text: String,
    },
    /// The comment is this, without regard to case.
    CommentIs {
        /// The text.
        text: String,
    },
    /// The comment contains this, without regard to case.
    CommentContains {
        /// The text.
        text: String,
    },
    /// A regular expression matches the comment, without regard to case.
    CommentMatches {
        /// The expression, in the syntax of Rust's `regex`.
        pattern: String,
    },
    /// The comment begins with one of these commands.
    CommentIsCommand {
        /// Their names, with or without the prefix.
        names: Vec<String>,
    },
    /// The viewer's first event of this session.
    FirstInSession,
    /// The viewer's first event ever.
    FirstEver,
    /// By chance.
    Chance {
        /// How often, in percent.
        percent: f64,
    },
    /// How old the session is, in minutes.
    SessionAge {
        /// At least so many.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        min_minutes: Option<u64>,
        /// At most so many.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        max_minutes: Option<u64>,
    },
    /// A counter's value.
    Counter {
        /// Its name.
        name: String,
        /// How it is compared.
        is: Comparison,
        /// With what.
        than: i64,
    },
    /// A variable's text.
    Variable {
        /// Its name.
        name: String,
        /// How it is compared.
        is: Comparison,
        /// With what.
        than: String,
    },
}

/// What a viewer can be to the streamer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Follows the streamer.
    Follower,
    /// Follows, and is followed back.
    Friend,
    /// Subscribes.
    Subscriber,
    /// Moderates.
    Moderator,
    /// Is the streamer.
    Streamer,
}

/// Since when something is counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Since {
    /// Since the session began.
    #[default]
    Session,
    /// Since this viewer was first seen.
    Ever,
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// The same.
    Equal,
    /// Not the same.
    NotEqual,
    /// Less.
    Less,
    /// Less or the same.
    AtMost,
    /// More.
    More,
    /// More or the same.
    AtLeast,
    /// Contains it as a text.
    Contains,
}

impl Comparison {
    /// Whether it holds between two texts: as numbers where both are numbers, else as texts without regard to case.
    #[must_use]
    pub fn holds(self, left: &str, right: &str) -> bool {
        match self {
            Self::Equal => order(left, right).is_eq(),
            Self::NotEqual => order(left, right).is_ne(),
            Self::Less => order(left, right).is_lt(),
            Self::AtMost => order(left, right).is_le(),
            Self::More => order(left, right).is_gt(),
            Self::AtLeast => order(left, right).is_ge(),
            Self::Contains => left.to_lowercase().contains(&right.to_lowercase()),
        }
    }

    /// Whether it holds between two whole numbers.
    #[must_use]
    pub fn holds_between(self, left: i64, right: i64) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::More => left > right,
            Self::AtLeast => left >= right,
            Self::Contains => left.to_string().contains(&right.to_string()),
        }
    }
}

/// Whole numbers are compared as such, because a user id has more digits than a float can tell apart.
fn order(left: &str, right: &str) -> Ordering {
    let whole = |text: &str| text.trim().parse::<i128>().ok();
    if let (Some(left), Some(right)) = (whole(left), whole(right)) {
        return left.cmp(&right);
    }
    // Viewers may be called "nan" or "infinity", which a float would take for numbers.
    let number = |text: &str| text.trim().parse().ok().filter(|number: &f64| number.is_finite());
    if let (Some(left), Some(right)) = (number(left), number(right))
        && let Some(order) = left.partial_cmp(&right)
    {
        return order;
    }
    left.to_lowercase().cmp(&right.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_as_numbers_and_all_else_as_texts_without_case() {
        for (left, right, expected) in [
            ("9", "10", Ordering::Less),
            ("9 lives", "10 lives", Ordering::Greater),
            ("1.50", "1.5", Ordering::Equal),
            (" 7 ", "7.0", Ordering::Equal),
            ("-0", "0", Ordering::Equal),
            ("6789012345678901234", "6789012345678901235", Ordering::Less),
            ("Mia", "mIA", Ordering::Equal),
            ("NaN", "nan", Ordering::Equal),
            ("inf", "12", Ordering::Greater),
            ("", "0", Ordering::Less),
        ] {
            assert_eq!(order(left, right), expected, "{left:?} against {right:?}");
        }
    }
}
