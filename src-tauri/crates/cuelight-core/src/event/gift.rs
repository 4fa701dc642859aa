//! Gifts: who gave what to whom, and how many in a row.

use std::sync::Arc;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::{GiftId, GroupId, UserId};
use crate::user::User;

/// A gift, or one step of a gift combo.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Gift {
    /// Who gave it (GiftMessage.7).
    pub user: User,
    /// What was given (GiftMessage.15).
    pub gift: GiftDetails,
    /// Units in this combo so far (GiftMessage.5: a running total, not an increment); at least 1.
    pub repeat_count: u32,
    /// `diamond_count` × `repeat_count`; `None` while the price is unknown.
    pub total_diamonds: Option<u64>,
    /// The combo goes on: the gift comes in combos, and this is not the end (GiftMessage.9 is 0).
    pub streaking: bool,
    /// Units that no earlier event of this combo reported; `None` where a message is looked at alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub delta_count: Option<u32>,
    /// `diamond_count` × `delta_count`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub delta_diamonds: Option<u64>,
    /// No end message came; the combo was ended by its silence.
    pub inferred_end: bool,
    /// TikTok's number of the combo (GiftMessage.11); `None` for gifts that are no combos.
    pub group_id: Option<GroupId>,
    /// The guest or co-host whom it was given to, where that is not the streamer (GiftMessage.8, else 45 to 47).
    pub to_user: Option<Recipient>,
    /// Units this viewer gave in this session, this event included.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub total_count: Option<u64>,
}

/// Who received a gift.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Recipient {
    /// The number that stays over renames (User.1, GiftMessage.46 or 45, GiftMonitorInfo.8).
    pub user_id: UserId,
    /// The handle without `@`, where sent (User.38).
    #[serde(skip_serializing_if = "CompactString::is_empty")]
    #[ts(optional, as = "Option<String>")]
    pub unique_id: CompactString,
    /// The display name, where sent (User.3, GiftMessage.47).
    #[ts(as = "String")]
    pub nickname: CompactString,
}

/// A kind of gift.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct GiftDetails {
    /// TikTok's number of the gift; rules go by it, since names repeat and change (GiftMessage.2, else Gift.5).
    pub id: GiftId,
    /// The name in the language of the room (Gift.16).
    #[ts(as = "Option<String>")]
    pub name: Option<CompactString>,
    /// TikTok's sentence, such as `sent Rose` (Gift.2).
    #[ts(as = "Option<String>")]
    pub description: Option<CompactString>,
    /// Price of one unit in diamonds, which viewers buy as coins (Gift.12).
    pub diamond_count: Option<u32>,
    /// Where the picture lies (Gift.1, else 21).
    pub image_url: Option<String>,
    /// Comes in combos: `type` is 1.
    pub streakable: bool,
    /// TikTok's own combo flag (Gift.10).
    pub combo: bool,
    /// 1 = streakable, others = one-time (Gift.11).
    #[serde(rename = "type")]
    pub gift_type: Option<i32>,
    /// Every name that the catalogue remembers, for rules that name gifts by name; stored with the gift, not with each event.
    #[serde(skip)]
    pub names: Arc<[CompactString]>,
}
