//! What a run knows of its occasion: what placeholders are filled from, and what later steps compare.

mod fold;
mod of_event;

use std::collections::BTreeMap;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::event::EventType;
use crate::id::{GiftId, SessionId, UserId};

/// Everything that a step may say about why it runs; what the occasion does not have is `None`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// The type of the event, if one caused the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_type: Option<EventType>,
    /// Who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewer: Option<ViewerFact>,
    /// Further viewers whose events were folded into this run, at most [`crate::limits::FOLDED_VIEWERS`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<UserId>,
    /// The words: a comment, a question, a notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What followed the command, whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arguments: Option<String>,
    /// The groups of the regular expression, or the keyword that was found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<String>,
    /// What was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gift: Option<GiftFact>,
    /// How many: units of the gift, hearts, or what was folded together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// Diamonds of all units together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diamonds: Option<u64>,
    /// Hearts of the whole live so far.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_likes: Option<u64>,
    /// How many were watching when they were counted last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewers: Option<u64>,
    /// Months subscribed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
    /// An emote's id and picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emote: Option<EmoteFact>,
    /// What a custom event says.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub fields: Map<String, Value>,
    /// The session, shown as `#12`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
    /// The streamer's handle.
    #[serde(skip_serializing_if = "CompactString::is_empty")]
    pub creator: CompactString,
    /// What earlier steps of the run gave, such as `reply`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub outputs: BTreeMap<String, String>,
}

/// A viewer as an event and the session know them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ViewerFact {
    /// The number that stays over renames.
    pub user_id: UserId,
    /// The handle without `@`.
    pub unique_id: CompactString,
    /// The display name.
    pub nickname: CompactString,
    /// The picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile_picture: Option<String>,
    /// 0 none, 1 follower, 2 friend.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follow_role: Option<u8>,
    /// Moderates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_moderator: Option<bool>,
    /// Subscribes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_subscriber: Option<bool>,
    /// Level in the streamer's team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team_level: Option<u32>,
    /// Level as a giver of gifts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gifter_level: Option<u32>,
    /// Place among the top givers of this live, 1 first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_gifter_rank: Option<u32>,
}

/// A gift as the event knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GiftFact {
    /// TikTok's number of the gift.
    pub id: GiftId,
    /// Its name, "Unknown gift" where none is known.
    pub name: CompactString,
    /// Diamonds of one unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diamond_count: Option<u32>,
    /// Its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
}

/// An emote.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EmoteFact {
    /// TikTok's id of it.
    pub id: CompactString,
    /// Its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
}

/// The counters and variables, as they are now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values {
    /// Numbers by name; one that was never changed is 0.
    pub counters: BTreeMap<String, i64>,
    /// Texts by name; one that was never set is empty.
    pub variables: BTreeMap<String, String>,
}

impl Values {
    /// The counter of that name.
    #[must_use]
    pub fn counter(&self, name: &str) -> i64 {
        self.counters.get(name).copied().unwrap_or(0)
    }

    /// The variable of that name.
    #[must_use]
    pub fn variable(&self, name: &str) -> &str {
        self.variables.get(name).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests;
