//! The one schema: what every source yields and every consumer reads.
//!
//! On the wire and in files an event is `{"event_type": "...", "data": {...}}`. Fields may be added, none renamed.

mod chat;
mod deed;
mod gift;
mod json;
mod room;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
use ts_rs::{Config, TS, TypeVisitor};

use self::json::Stamped;
use crate::id::MsgId;
use crate::timestamp::Timestamp;
use crate::user::User;

pub use self::chat::{Comment, Delete, EmoteChat, EmoteImage, Pin, PlacedEmote, Question};
pub use self::deed::{ByUser, Deed, Envelope, LevelKind, LevelUp, Like, Moderation, Subscribe, SuperFan, SuperFanKind};
pub use self::gift::{Gift, GiftDetails, Recipient};
pub use self::json::EventData;
pub use self::room::{
    Battle, BattleSide, Connect, Custom, Disconnect, Empty, Gap, Goal, LiveEnd, Notice, Poll, PollOption, Progress,
    TopViewer, Unknown, ViewerCount,
};

/// One normalised thing that happened on the live.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// What happened, with exactly its own fields.
    pub body: Body,
    /// What every event carries.
    pub stamp: Stamp,
}

impl Event {
    /// An event of our own making, without a message behind it.
    #[must_use]
    pub fn own(body: Body, timestamp: Timestamp) -> Self {
        Self { body, stamp: Stamp { timestamp, ..Stamp::default() } }
    }

    /// The type by which rules, files and summaries call this event.
    #[must_use]
    pub fn event_type(&self) -> EventType {
        self.body.event_type()
    }

    /// The viewer whom this event is about, if it is about one.
    #[must_use]
    pub fn user(&self) -> Option<&User> {
        self.body.user()
    }
}

/// What every event carries, whatever happened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(rename = "EventStamp")]
pub struct Stamp {
    /// TikTok's number of the message, where one carried this event.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub msg_id: Option<MsgId>,
    /// Replayed by TikTok on connecting: shown and stored, but fires nothing and counts towards no total.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<_>")]
    pub history: bool,
    /// The message was cut or garbled; what could be read is here.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<_>")]
    pub damaged: bool,
    /// TikTok's own time where the message carries one, else the time of arrival; UTC.
    pub timestamp: Timestamp,
}

macro_rules! events {
    ($( $(#[$doc:meta])* $variant:ident($payload:ty) = $name:literal ),+ $(,)?) => {
        /// What happened, with exactly the fields that belong to it.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Body {
            $( $(#[$doc])* $variant($payload), )+
        }

        /// The name of a kind of event.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, TS)]
        pub enum EventType {
            $( $(#[$doc])* #[serde(rename = $name)] $variant, )+
        }

        impl EventType {
            /// Every type there is.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )+];

            /// The name as files and rules spell it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $name, )+ }
            }
        }

        impl Event {
            /// What TypeScript sees: a union that `event_type` tells apart.
            pub(crate) fn inline_in_typescript(config: &Config) -> String {
                let stamp = Stamp::name(config);
                let each = [$( format!("{{ event_type: \"{}\", data: {} & {stamp} }}", $name, <$payload>::inline(config)), )+];
                each.join(" | ")
            }

            /// Shows the types that are named in it.
            pub(crate) fn visit_in_typescript(visitor: &mut impl TypeVisitor) {
                visitor.visit::<Stamp>();
                $( <$payload>::visit_dependencies(visitor); )+
            }
        }

        impl Body {
            /// The type by which this is called.
            #[must_use]
            pub fn event_type(&self) -> EventType {
                match self { $( Self::$variant(_) => EventType::$variant, )+ }
            }

            fn serialize_with<S: Serializer>(&self, stamp: &Stamp, serializer: S) -> Result<S::Ok, S::Error> {
                match self { $( Self::$variant(body) => Stamped { body, stamp }.serialize(serializer), )+ }
            }

            fn from_value(event_type: EventType, value: &serde_json::Value) -> Result<Self, serde_json::Error> {
                Ok(match event_type { $( EventType::$variant => Self::$variant(Deserialize::deserialize(value)?), )+ })
            }
        }
    };
}

events! {
    /// We are in the room.
    Connect(Connect) = "connect",
    /// A chat message.
    Comment(Comment) = "comment",
    /// A gift, or one step of a gift combo; apart, since it is twice as large as any other and seldom.
    Gift(Box<Gift>) = "gift",
    /// Hearts from one viewer.
    Like(Like) = "like",
    /// A viewer came in.
    Join(ByUser) = "join",
    /// A viewer follows the streamer now.
    Follow(ByUser) = "follow",
    /// A viewer shared the live.
    Share(ByUser) = "share",
    /// A viewer subscribed.
    Subscribe(Subscribe) = "subscribe",
    /// How many are watching.
    ViewerCount(ViewerCount) = "viewer_count",
    /// A question from the question box.
    Question(Question) = "question",
    /// Emotes sent as a whole comment.
    Emote(EmoteChat) = "emote",
    /// A treasure box.
    Envelope(Envelope) = "envelope",
    /// A match against other streamers.
    Battle(Battle) = "battle",
    /// A social message that is neither follow nor share.
    Social(ByUser) = "social",
    /// Super fan news.
    SuperFan(SuperFan) = "super_fan",
    /// A viewer reached a level.
    LevelUp(LevelUp) = "level_up",
    /// A member message other than a join: mutes, bans, moderators.
    Moderation(Moderation) = "moderation",
    /// Comments that moderators took away.
    Delete(Delete) = "delete",
    /// A comment was pinned.
    Pin(Pin) = "pin",
    /// A comment was unpinned.
    Unpin(Pin) = "unpin",
    /// A poll and its votes.
    Poll(Poll) = "poll",
    /// The streamer's goal moved.
    Goal(Goal) = "goal",
    /// A banner across the screen.
    Barrage(Notice) = "barrage",
    /// The streamer's place in a ranking.
    Rank(Notice) = "rank",
    /// The live shop.
    Shop(Notice) = "shop",
    /// Subtitles of what is said.
    Caption(Notice) = "caption",
    /// A system text of the room.
    RoomMessage(Notice) = "room_message",
    /// The streamer's welcome text.
    LiveIntro(Notice) = "live_intro",
    /// From rules, services or the local API.
    Custom(Custom) = "custom",
    /// We were away and know it.
    Gap(Gap) = "gap",
    /// The live began.
    LiveStart(Empty) = "live_start",
    /// The streamer paused.
    LivePause(Empty) = "live_pause",
    /// The streamer is back from a pause.
    LiveResume(Empty) = "live_resume",
    /// The live is over.
    LiveEnd(LiveEnd) = "live_end",
    /// The connection ended.
    Disconnect(Disconnect) = "disconnect",
    /// A message that is none of these: seen, counted, never fatal.
    Unknown(Unknown) = "unknown",
}

impl EventType {
    /// The type of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|event_type| event_type.as_str() == name)
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Body {
    /// The viewer whom this is about, if it is about one.
    #[must_use]
    pub fn user(&self) -> Option<&User> {
        match self {
            Self::Comment(it) => Some(&it.user),
            Self::Gift(it) => Some(&it.user),
            Self::Like(it) => Some(&it.user),
            Self::Join(it) | Self::Follow(it) | Self::Share(it) | Self::Social(it) => Some(&it.user),
            Self::Subscribe(it) => Some(&it.user),
            Self::Question(it) => Some(&it.user),
            Self::Emote(it) => Some(&it.user),
            Self::Envelope(it) => Some(&it.user),
            Self::SuperFan(it) => Some(&it.user),
            Self::LevelUp(it) => Some(&it.user),
            Self::Moderation(it) => Some(&it.user),
            Self::Pin(it) | Self::Unpin(it) => Some(&it.user),
            Self::Barrage(it)
            | Self::Rank(it)
            | Self::Shop(it)
            | Self::Caption(it)
            | Self::RoomMessage(it)
            | Self::LiveIntro(it) => it.user.as_ref(),
            Self::Connect(_)
            | Self::ViewerCount(_)
            | Self::Battle(_)
            | Self::Delete(_)
            | Self::Poll(_)
            | Self::Goal(_)
            | Self::Custom(_)
            | Self::Gap(_)
            | Self::LiveStart(_)
            | Self::LivePause(_)
            | Self::LiveResume(_)
            | Self::LiveEnd(_)
            | Self::Disconnect(_)
            | Self::Unknown(_) => None,
        }
    }
}
