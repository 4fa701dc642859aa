//! What is written in the chat, and what becomes of it.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::{MsgId, UserId};
use crate::user::User;

/// A chat message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Comment {
    /// Who wrote it (ChatMessage.2).
    pub user: User,
    /// The text as sent (ChatMessage.3).
    pub comment: String,
    /// Pictures within the text (ChatMessage.13).
    pub emotes: Vec<PlacedEmote>,
    /// TikTok's guess at the language, such as `en`; `un` where it has none (ChatMessage.14).
    #[ts(as = "Option<String>")]
    pub language: Option<CompactString>,
}

/// A picture at a place in a comment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PlacedEmote {
    /// The character of the comment before which the picture stands (EmoteWithIndex.1).
    pub index: i64,
    /// TikTok's id of the emote (Emote.1).
    #[ts(as = "String")]
    pub id: CompactString,
    /// Where the picture lies (Emote.2).
    pub image_url: Option<String>,
}

/// Emotes sent as a whole comment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct EmoteChat {
    /// Who sent them (EmoteChatMessage.2).
    pub user: User,
    /// The pictures, in order (EmoteChatMessage.3).
    pub emotes: Vec<EmoteImage>,
}

/// An emote's picture.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct EmoteImage {
    /// TikTok's id of the emote (Emote.1).
    #[ts(as = "String")]
    pub id: CompactString,
    /// Where the picture lies (Emote.2).
    pub image_url: Option<String>,
}

/// A question from the question box.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Question {
    /// Who asked (Question.5).
    pub user: User,
    /// The text as sent (Question.2).
    pub question: String,
}

/// A comment that was pinned or unpinned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Pin {
    /// Who wrote it, from the message that is pinned (RoomPinMessage.2 to 6).
    pub user: User,
    /// The text (ChatMessage.3); empty for a pinned message that is no comment.
    pub comment: String,
}

/// Comments that moderators took away.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Delete {
    /// Messages to take away (ImDeleteMessage.2).
    pub msg_ids: Vec<MsgId>,
    /// People whose messages to take away (ImDeleteMessage.3).
    pub user_ids: Vec<UserId>,
}
