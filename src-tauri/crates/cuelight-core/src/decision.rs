//! Why a rule did or did not fire, and what follows from its firing.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::event::EventType;
use crate::facts::Facts;
use crate::id::{MsgId, RuleId, ServiceId, UserId};
use crate::priority::Priority;
use crate::reason::Reason;
use crate::step::{Act, Step};

/// What may make a run: a rule, a service's default action, or somebody who asked for it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// A rule.
    Rule(RuleId),
    /// The default action of a service for the event's type.
    Default(ServiceId),
    /// Somebody asked for one action by hand.
    Asked,
}

const DEFAULT_PREFIX: &str = "default:";
const ASKED: &str = "asked:";

/// As in tables, files and output: the rule's id, or `default:overlays`; ids of rules hold no colon.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(id) => id.fmt(f),
            Self::Default(service) => write!(f, "{DEFAULT_PREFIX}{service}"),
            Self::Asked => f.write_str(ASKED),
        }
    }
}

impl FromStr for Origin {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.strip_prefix(DEFAULT_PREFIX) {
            Some(service) => Self::Default(ServiceId::new(service)),
            None if text == ASKED => Self::Asked,
            None => Self::Rule(RuleId::new(text)),
        })
    }
}

impl Serialize for Origin {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let Ok(origin) = text.parse();
        Ok(origin)
    }
}

/// What became of a rule whose trigger matched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The rule or default action.
    pub rule: Origin,
    /// How often it fired for this event.
    pub fired: u32,
    /// Why not, or why not more often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Reason>,
}

/// One firing of one rule or default action: what a run is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Firing {
    /// What fired.
    pub origin: Origin,
    /// The number of the event that it belongs to: the first event of its combo, else the event itself; 0 where none did
    /// it, such as for a timer.
    pub cause: u32,
    /// Which firing of that cause: 1, 2, 3 … A rule, a cause and a firing make one run, whatever happens.
    pub firing: u32,
    /// The type of the event, by which services choose priority and mode.
    pub event_type: Option<EventType>,
    /// TikTok's number of the message, by which moderators may take it back.
    pub msg_id: Option<MsgId>,
    /// What its steps may speak of.
    pub facts: Facts,
    /// What it does.
    pub steps: Arc<[Step]>,
    /// The place of its jobs, where the rule sets one.
    pub priority: Option<Priority>,
    /// With what waits of the same rule it may be merged.
    pub fold: Option<FoldKey>,
    /// The combo goes on: steps marked *at the end* wait for it.
    pub combo_open: bool,
    /// How many rules led to this one by running or emitting each other.
    pub depth: u8,
}

impl Firing {
    /// One action that somebody asked for by hand, as if an event of that type with these facts had happened.
    ///
    /// It goes before whatever else waits: somebody sits there and watches.
    #[must_use]
    pub fn asked(action: Action, event_type: Option<EventType>, facts: Facts) -> Self {
        let act = Act { action, at_the_same_time: false, go_on_if_this_fails: false, at_the_end: false };
        Self {
            origin: Origin::Asked,
            cause: 0,
            firing: 1,
            event_type,
            msg_id: None,
            facts,
            steps: Arc::from([Step::Act(act)]),
            priority: Some(Priority::HIGHEST),
            fold: None,
            combo_open: false,
            depth: 0,
        }
    }
}

/// What may be merged while it waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoldKey {
    /// Only with what this viewer caused, if it matters.
    pub viewer: Option<UserId>,
    /// Only with what began to wait at this time or later, ms since 1970.
    pub since_ms: i64,
}

/// What is to be done because of an event or of time passing.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// A run begins.
    Start(Box<Firing>),
    /// The combo that a run goes along with grew.
    Grow {
        /// The rule.
        rule: RuleId,
        /// The first event of the combo.
        cause: u32,
        /// What is known now.
        facts: Box<Facts>,
    },
    /// The combo that a run goes along with ended.
    Finish {
        /// The rule.
        rule: RuleId,
        /// The first event of the combo.
        cause: u32,
        /// What is known now.
        facts: Box<Facts>,
    },
    /// Moderators took messages or people away: what still waits of theirs is discarded.
    Moderate {
        /// Messages taken away.
        msg_ids: Vec<MsgId>,
        /// People taken away.
        user_ids: Vec<UserId>,
    },
}
