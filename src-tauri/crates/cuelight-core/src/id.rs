//! Ids as text: TikTok's use all 63 bits, and a JSON number would lose digits.

use std::borrow::Cow;
use std::fmt;

use compact_str::CompactString;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use crate::typescript::plain_in_typescript;

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(CompactString);

        impl $name {
            /// Takes the id as text.
            #[must_use]
            pub fn new(text: impl AsRef<str>) -> Self {
                Self(CompactString::new(text))
            }

            /// Takes the id as TikTok's number; 0 means "none" on the wire.
            #[must_use]
            pub fn from_number(number: u64) -> Option<Self> {
                (number != 0).then(|| Self(CompactString::new(itoa::Buffer::new().format(number))))
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The id as a number, if it is one that fits 64 bits.
            #[must_use]
            pub fn to_number(&self) -> Option<u64> {
                self.0.parse().ok()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        plain_in_typescript!($name, "string");

        /// In rules files an id is a plain text.
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                String::json_schema(generator)
            }
        }
    };
}

text_id! {
    /// TikTok's number of a person, the same over renames.
    UserId
}
text_id! {
    /// TikTok's number of one live.
    RoomId
}
text_id! {
    /// TikTok's number of one message; unique together with the message's method.
    MsgId
}
text_id! {
    /// TikTok's number of one gift combo.
    GroupId
}
text_id! {
    /// What a rule is called in tables, files and commands: lower-case letters, digits and dashes; it stays when the rule is renamed.
    RuleId
}
text_id! {
    /// What a service is called in tables, files and commands, such as `overlays` or `custom:lights`.
    ServiceId
}
text_id! {
    /// What a step can do, such as `log_write`; stored, and never renamed.
    ActionKindId
}

macro_rules! row_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

row_id! {
    /// The number of a run: one firing of one rule or default action.
    RunId
}
row_id! {
    /// The number of a job: one step waiting, running or ended in a service's queue.
    JobId
}

/// TikTok's number of a gift, small enough for a JSON number.
pub type GiftId = i64;

/// The number of a session: 1, 2, 3 … within one data folder, shown as `#12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(pub u32);

plain_in_typescript!(SessionId, "number");

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// The place of an event in the journal: which session, and which event of it (1, 2, 3 … in order of arrival).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId {
    /// The session that the event belongs to.
    pub session: SessionId,
    /// The event's number within the session, 1 first.
    pub number: u32,
}

impl EventId {
    /// The journal's key: session × 2³² + number, so rows lie in order of arrival and a session is one range.
    #[must_use]
    pub fn to_key(self) -> i64 {
        (i64::from(self.session.0) << 32) | i64::from(self.number)
    }

    /// The id that [`EventId::to_key`] made the key from.
    #[must_use]
    pub fn from_key(key: i64) -> Self {
        Self { session: SessionId((key >> 32) as u32), number: key as u32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_one_session_follow_each_other_and_come_back_whole() {
        let last = EventId { session: SessionId(3), number: u32::MAX };
        let next = EventId { session: SessionId(4), number: 0 };
        assert_eq!(last.to_key() + 1, next.to_key(), "sessions must be neighbouring ranges");
        assert_eq!(EventId::from_key(last.to_key()), last, "a key must lead back to its event");
    }

    #[test]
    fn no_id_is_made_of_zero() {
        assert_eq!(UserId::from_number(0), None, "0 is how the wire says none");
        let all_bits = u64::MAX >> 1;
        let id = UserId::from_number(all_bits).expect("not 0");
        assert_eq!(id.as_str(), "9223372036854775807", "all 63 bits must survive");
        assert_eq!(id.to_number(), Some(all_bits), "and lead back to the number");
    }
}
