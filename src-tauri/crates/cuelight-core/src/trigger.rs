//! What makes a rule fire.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::event::EventType;
use crate::id::{GiftId, ServiceId};

/// The occasion on which a rule fires, if its conditions hold too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(tag = "on", rename_all = "snake_case", deny_unknown_fields)]
pub enum Trigger {
    /// Any event of a type.
    Event {
        /// The type as events spell it, such as `follow`.
        event: EventType,
    },
    /// A gift: any of those named, else any.
    Gift {
        /// The gifts, by id; the rest is a snapshot for people.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        gifts: Vec<GiftRef>,
        /// Gifts of these names, in any language in which they were seen, without regard to case.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        names: Vec<String>,
    },
    /// A gift by the price of one unit.
    GiftValue {
        /// At least so many diamonds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        min_diamonds: Option<u32>,
        /// At most so many diamonds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        max_diamonds: Option<u32>,
    },
    /// Any comment.
    Comment,
    /// A comment that contains one of these words, as whole words and without regard to case.
    Keyword {
        /// The words or phrases.
        words: Vec<String>,
    },
    /// A comment that a regular expression matches; its groups become `{match1}`, `{match2}` …
    Regex {
        /// The expression, in the syntax of Rust's `regex`, without regard to case.
        pattern: String,
    },
    /// A chat command such as `!spin`; `/spin` is the same.
    Command {
        /// Its names, with or without the prefix.
        names: Vec<String>,
        /// Where in the comment it may stand.
        #[serde(default)]
        place: CommandPlace,
    },
    /// Every so many likes of the whole live.
    EveryLikes {
        /// How many.
        every: u64,
    },
    /// One viewer's likes without a longer break; TikTok shows only a sample of them.
    LikeStreak {
        /// How many.
        count: u64,
    },
    /// Every so many new followers of this session.
    EveryFollowers {
        /// How many.
        every: u64,
    },
    /// TikTok's goal is reached.
    GoalReached,
    /// A counter reaches a value from below.
    CounterReached {
        /// The counter's name.
        counter: String,
        /// The value.
        value: i64,
    },
    /// Every so many seconds while the session is live.
    Timer {
        /// How many.
        every_seconds: u32,
    },
    /// Once a day while live.
    TimeOfDay {
        /// When, in the streamer's own time, such as `21:30`.
        #[ts(as = "String")]
        at: TimeOfDay,
    },
    /// An event of type `custom` of that name.
    Custom {
        /// Its name.
        name: String,
    },
    /// A global key combination.
    Hotkey {
        /// The keys, such as `Ctrl+Shift+R`.
        keys: String,
    },
    /// A button on the streamer's screen.
    Button {
        /// What stands on it.
        label: String,
    },
    /// A call from outside through the local API.
    Call {
        /// Its name.
        name: String,
    },
    /// The engine begins to work for a session.
    AppStart,
    /// The last page that showed an overlay was closed.
    OverlayClosed {
        /// The overlay's name.
        overlay: String,
    },
    /// The oldest ready job of a service waits for so long.
    ServiceLate {
        /// The service.
        service: ServiceId,
        /// How long, in seconds.
        seconds: u32,
    },
}

impl Trigger {
    /// The event type that it answers; `None` where no event of the live is behind it, or any may be.
    #[must_use]
    pub fn event_type(&self) -> Option<EventType> {
        match self {
            Self::Event { event } => Some(*event),
            Self::Gift { .. } | Self::GiftValue { .. } => Some(EventType::Gift),
            Self::Comment | Self::Keyword { .. } | Self::Regex { .. } | Self::Command { .. } => {
                Some(EventType::Comment)
            }
            Self::EveryLikes { .. } | Self::LikeStreak { .. } => Some(EventType::Like),
            Self::EveryFollowers { .. } => Some(EventType::Follow),
            Self::GoalReached => Some(EventType::Goal),
            Self::Custom { .. } => Some(EventType::Custom),
            Self::CounterReached { .. }
            | Self::Timer { .. }
            | Self::TimeOfDay { .. }
            | Self::Hotkey { .. }
            | Self::Button { .. }
            | Self::Call { .. }
            | Self::AppStart
            | Self::OverlayClosed { .. }
            | Self::ServiceLate { .. } => None,
        }
    }
}

/// A gift by its id, with what people knew of it when they chose it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct GiftRef {
    /// TikTok's number of the gift; it alone counts.
    pub id: GiftId,
    /// The name then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub name: Option<String>,
    /// The price of one unit then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub diamond_count: Option<u32>,
    /// The picture then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub image_url: Option<String>,
}

/// Where in a comment a command may stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum CommandPlace {
    /// At the start; what follows are its arguments.
    #[default]
    Start,
    /// It is the whole comment.
    Exact,
    /// Anywhere.
    Anywhere,
}

/// A time of day to the minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct TimeOfDay {
    minutes: u16,
}

/// A text that is no time of day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a time of day is hours and minutes, such as 21:30; {0:?} is none")]
pub struct NoTimeOfDay(String);

impl TimeOfDay {
    /// Minutes since midnight, below 1440.
    #[must_use]
    pub fn minutes(self) -> u16 {
        self.minutes
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = NoTimeOfDay;

    fn try_from(text: String) -> Result<Self, NoTimeOfDay> {
        let parsed = text.split_once(':').and_then(|(hours, minutes)| {
            let hours: u16 = hours.parse().ok().filter(|hours| *hours < 24)?;
            let minutes: u16 = minutes.parse().ok().filter(|minutes| *minutes < 60)?;
            Some(Self { minutes: hours * 60 + minutes })
        });
        parsed.ok_or(NoTimeOfDay(text))
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        format!("{:02}:{:02}", time.minutes / 60, time.minutes % 60)
    }
}
