//! A viewer as one message describes them.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::UserId;

/// A person as the message that carried them says; what it does not say is `None`, never invented.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct User {
    /// The handle without `@` (User.38 `display_id`); empty where TikTok hides it.
    #[ts(as = "String")]
    pub unique_id: CompactString,
    /// The display name as sent (User.3), else the handle.
    #[ts(as = "String")]
    pub nickname: CompactString,
    /// The number that stays over renames (User.1).
    pub user_id: UserId,
    /// The first address of the smallest picture sent (User.9, else 10, else 11); expires after about two days.
    pub profile_picture: Option<String>,
    /// The bio (User.5), where sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub signature: Option<String>,
    /// 0 none, 1 follower, 2 friend.
    pub follow_role: Option<u8>,
    /// Whether this viewer moderates the live.
    pub is_moderator: Option<bool>,
    /// Whether this viewer subscribes to the streamer.
    pub is_subscriber: Option<bool>,
    /// Level in the streamer's team (fan club).
    pub team_level: Option<u32>,
    /// Level as a giver of gifts, over all of TikTok.
    pub gifter_level: Option<u32>,
    /// Place among the top givers of this live, 1 first.
    pub top_gifter_rank: Option<u32>,
    /// True for the streamer; written only then.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<_>")]
    pub is_host: bool,
}

impl User {
    /// What to call this person where one name is shown: the handle, else the display name, else `viewer`.
    #[must_use]
    pub fn handle(&self) -> &str {
        [self.unique_id.as_str(), self.nickname.as_str()].into_iter().find(|name| !name.is_empty()).unwrap_or("viewer")
    }
}
