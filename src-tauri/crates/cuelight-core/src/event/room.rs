//! What the live itself does: its beginning, its crowd, its games, its notices, its end.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::{GiftId, RoomId};
use crate::timestamp::Timestamp;
use crate::user::User;

/// We are in the room of this streamer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Connect {
    /// The streamer's handle without `@`.
    #[ts(as = "String")]
    pub unique_id: CompactString,
    /// The room of this live.
    pub room_id: RoomId,
}

/// How many are watching.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ViewerCount {
    /// Viewers now (RoomUserSeqMessage.3).
    pub viewers: u64,
    /// Viewers since the live began (RoomUserSeqMessage.7).
    pub total_viewers: u64,
    /// Who gave most, first place first (RoomUserSeqMessage.2).
    pub top_viewers: Vec<TopViewer>,
}

/// One of those who gave most.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TopViewer {
    /// Who it is (field 2 of RoomUserSeqMessage.2).
    pub user: User,
    /// Diamonds given in this live (field 1 of RoomUserSeqMessage.2).
    pub diamonds: u64,
}

/// A match against other streamers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Battle {
    /// How far it is (LinkMicBattle.4; LinkMicArmies comes while it runs).
    pub state: Progress,
    /// Who plays, with their points (LinkMicBattle.10 or LinkMicArmies.3).
    pub sides: Vec<BattleSide>,
}

/// One streamer of a match.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct BattleSide {
    /// Who it is; only the id where the message carries no more.
    pub user: User,
    /// Their points (field 3 of LinkMicBattle.5, else field 2 of LinkMicBattle.9 or LinkMicArmies.3).
    pub points: u64,
}

/// A poll and its votes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Poll {
    /// What is asked; empty where the message repeats only the votes (field 4 of PollMessage.4, else field 3 of PollMessage.8).
    pub title: String,
    /// The answers to choose from (PollMessage.4, 5 or 6).
    pub options: Vec<PollOption>,
    /// How far it is: which of PollMessage.4, 5 and 6 is there.
    pub state: Progress,
}

/// One answer of a poll.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PollOption {
    /// The answer's text (PollOption.2).
    pub text: String,
    /// Votes so far (PollOption.1).
    pub votes: u64,
}

/// How far a match or a poll is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// It just began.
    Started,
    /// The points moved.
    #[default]
    Updated,
    /// It is over.
    Ended,
}

/// The streamer's goal moved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Goal {
    /// TikTok's id of the goal (Goal.13, else 1).
    #[ts(as = "String")]
    pub id: CompactString,
    /// How far its first part is (SubGoal.3).
    pub progress: u64,
    /// When that is reached (SubGoal.4).
    pub target: u64,
    /// The gift that counts, for a goal of one gift (SubGoal.2).
    pub gift_id: Option<GiftId>,
}

/// A text of the room, with the person it is about where there is one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Notice {
    /// The sentence, its placeholders filled: BarrageMessage.5 or 24, RankUpdateMessage.2, RankTextMessage.6, 9 or 5,
    /// OecLiveShoppingMessage.200, CaptionMessage.4, RoomMessage.2, SystemMessage.2 or LiveIntroMessage.4.
    pub text: String,
    /// Whom it is about: BarrageMessage.50, 100 or 101, RankTextMessage.7, LiveIntroMessage.5.
    pub user: Option<User>,
}

/// We were away and know it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Gap {
    /// The last moment that we saw.
    pub from: Timestamp,
    /// The first moment that we saw again.
    pub to: Timestamp,
    /// How long that is, to a tenth of a second.
    pub seconds: f64,
}

/// The live is over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct LiveEnd {
    /// `ended` (ControlMessage.2 is 3), `suspended` (4: TikTok stopped it) or `gone` (the room was no longer there).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional, as = "Option<String>")]
    pub reason: Option<CompactString>,
}

/// The connection ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Disconnect {
    /// Why, in plain words.
    pub reason: String,
}

/// Nothing beside what every event carries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Empty {}

/// An event from rules, services or the local API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Custom {
    /// What its maker calls it.
    pub name: String,
    /// Whatever its maker put in.
    pub fields: serde_json::Map<String, serde_json::Value>,
}

/// A message that is none of the others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Unknown {
    /// TikTok's name of the message (Envelope.1).
    #[ts(as = "String")]
    pub method: CompactString,
    /// Size of the message in bytes (Envelope.2).
    pub size: u64,
}
