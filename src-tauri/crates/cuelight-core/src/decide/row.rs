//! The rows in which a session's rule state is stored, by stable keys.

use std::fmt;
use std::str::FromStr;

use crate::combo::ComboKey;
use crate::cooldown::Waiting;
use crate::id::{RuleId, UserId};

/// The key of one row of a session's rule state.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RowKey {
    /// What rules did in a combo.
    Combo(ComboKey),
    /// When a cooldown is over.
    Cooldown(Waiting),
    /// How often a rule fired without an event.
    Firings(RuleId),
    /// Which goals are reached.
    Goals,
    /// The last like total.
    Likes,
    /// Where timers are.
    Timers,
    /// The last viewer count.
    Viewers,
}

/// As a table's key; ids of rules hold no colon, so the rest is the other part, whatever it holds.
impl fmt::Display for RowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Combo(key) => write!(f, "combo:{key}"),
            Self::Cooldown(Waiting::Rule(rule)) => write!(f, "cooldown:{rule}"),
            Self::Cooldown(Waiting::Viewer(rule, viewer)) => write!(f, "cooldown_viewer:{rule}:{viewer}"),
            Self::Cooldown(Waiting::Group(name)) => write!(f, "cooldown_group:{name}"),
            Self::Firings(rule) => write!(f, "firings:{rule}"),
            Self::Goals => f.write_str("goals"),
            Self::Likes => f.write_str("likes"),
            Self::Timers => f.write_str("timers"),
            Self::Viewers => f.write_str("viewers"),
        }
    }
}

/// A text that is no key of a row; another version may have written it.
#[derive(Debug)]
pub(super) struct UnknownRow;

impl FromStr for RowKey {
    type Err = UnknownRow;

    fn from_str(text: &str) -> Result<Self, UnknownRow> {
        let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
        Ok(match kind {
            "combo" => Self::Combo(rest.parse().map_err(|_| UnknownRow)?),
            "cooldown" => Self::Cooldown(Waiting::Rule(RuleId::new(rest))),
            "cooldown_viewer" => {
                let (rule, viewer) = rest.split_once(':').ok_or(UnknownRow)?;
                Self::Cooldown(Waiting::Viewer(RuleId::new(rule), UserId::new(viewer)))
            }
            "cooldown_group" => Self::Cooldown(Waiting::Group(rest.into())),
            "firings" => Self::Firings(RuleId::new(rest)),
            "goals" => Self::Goals,
            "likes" => Self::Likes,
            "timers" => Self::Timers,
            "viewers" => Self::Viewers,
            _ => return Err(UnknownRow),
        })
    }
}
