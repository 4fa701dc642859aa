//! What a viewer does without words, and what is done to one.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Body, Comment, Gift};
use crate::user::User;

/// Something that a viewer did and that needs no further words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ByUser {
    /// Who did it (MemberMessage.2, SocialMessage.2).
    pub user: User,
}

/// Hearts from one viewer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Like {
    /// Who sent them (LikeMessage.5).
    pub user: User,
    /// Hearts in this message (LikeMessage.2).
    pub count: u32,
    /// Hearts of the whole live so far (LikeMessage.3); only grows within a session.
    pub total_likes: u64,
    /// Hearts of this viewer without a longer break between; sampled by TikTok, so a lower bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub streak_count: Option<u64>,
}

/// A viewer subscribed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Subscribe {
    /// Who subscribed (SubNotifyMessage.2).
    pub user: User,
    /// Months so far, this one included (SubNotifyMessage.4).
    pub months: Option<u32>,
}

/// Super fan news.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SuperFan {
    /// Whom it is about (BarrageMessage.50; for a box, who put it up).
    pub user: User,
    /// What happened (the key of the sentence, BarrageMessage.5 or 24).
    pub kind: SuperFanKind,
}

/// What a super fan did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SuperFanKind {
    /// Became a super fan.
    #[default]
    Joined,
    /// Put up a super fan box.
    Box,
    /// Wrote as a super fan.
    Comment,
}

/// A viewer reached a level.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct LevelUp {
    /// Who reached it (BarrageMessage.50, 100 or 101).
    pub user: User,
    /// Which ladder (BarrageMessage.3).
    pub kind: LevelKind,
    /// The level reached (field 1 of BarrageMessage.100 or 101).
    pub level: u32,
}

/// Which ladder a level belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LevelKind {
    /// As a giver of gifts, over all of TikTok.
    #[default]
    Gifter,
    /// In the streamer's team.
    Team,
}

/// A member message other than a join.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Moderation {
    /// Whom it is about (MemberMessage.2).
    pub user: User,
    /// TikTok's number of what was done (MemberMessage.10), such as 3 for a mute.
    pub action: i32,
}

/// A treasure box.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Envelope {
    /// Who put it up (EnvelopeInfo.4, 8 and 9).
    pub user: User,
    /// Diamonds in it (EnvelopeInfo.5).
    pub diamonds: u64,
}

/// What an event adds to the sums of a session and of a viewer, beside having happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Deed<'a> {
    /// Units and diamonds.
    Gift(&'a Gift),
    /// Hearts.
    Like(&'a Like),
    /// Words.
    Comment(&'a Comment),
    /// Nothing but that the viewer is there, if there is one.
    Presence,
}

impl Body {
    /// What this adds to the sums.
    #[must_use]
    pub fn deed(&self) -> Deed<'_> {
        match self {
            Self::Gift(gift) => Deed::Gift(gift),
            Self::Like(like) => Deed::Like(like),
            Self::Comment(comment) => Deed::Comment(comment),
            Self::Connect(_)
            | Self::Join(_)
            | Self::Follow(_)
            | Self::Share(_)
            | Self::Subscribe(_)
            | Self::ViewerCount(_)
            | Self::Question(_)
            | Self::Emote(_)
            | Self::Envelope(_)
            | Self::Battle(_)
            | Self::Social(_)
            | Self::SuperFan(_)
            | Self::LevelUp(_)
            | Self::Moderation(_)
            | Self::Delete(_)
            | Self::Pin(_)
            | Self::Unpin(_)
            | Self::Poll(_)
            | Self::Goal(_)
            | Self::Barrage(_)
            | Self::Rank(_)
            | Self::Shop(_)
            | Self::Caption(_)
            | Self::RoomMessage(_)
            | Self::LiveIntro(_)
            | Self::Custom(_)
            | Self::Gap(_)
            | Self::LiveStart(_)
            | Self::LivePause(_)
            | Self::LiveResume(_)
            | Self::LiveEnd(_)
            | Self::Disconnect(_)
            | Self::Unknown(_) => Deed::Presence,
        }
    }
}
