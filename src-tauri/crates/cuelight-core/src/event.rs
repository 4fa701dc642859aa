//! The one schema: what every source yields and every consumer reads.
//!
//! On the wire and in files an event is `{"event_type": "...", "data": {...}}`. Fields may be added, none renamed.

use std::fmt;

use compact_str::CompactString;
use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::id::{GiftId, GroupId, MsgId, RoomId, UserId};
use crate::timestamp::Timestamp;
use crate::user::User;

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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stamp {
    /// TikTok's number of the message, where one carried this event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub msg_id: Option<MsgId>,
    /// Replayed by TikTok on connecting: shown and stored, but fires nothing and counts towards no total.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub history: bool,
    /// The message was cut or garbled; what could be read is here.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
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
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
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
    /// A gift, or one step of a gift combo.
    Gift(Gift) = "gift",
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

/// We are in the room of this streamer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Connect {
    /// The streamer's handle without `@`.
    pub unique_id: CompactString,
    /// The room of this live.
    pub room_id: RoomId,
}

/// A chat message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Comment {
    /// Who wrote it.
    pub user: User,
    /// The text as sent.
    pub comment: String,
    /// Pictures within the text.
    pub emotes: Vec<PlacedEmote>,
    /// TikTok's guess at the language, such as `en`; `un` where it has none.
    pub language: Option<CompactString>,
}

/// A picture at a place in a comment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlacedEmote {
    /// The character of the comment before which the picture stands.
    pub index: i64,
    /// TikTok's id of the emote.
    pub id: CompactString,
    /// Where the picture lies.
    pub image_url: Option<String>,
}

/// A gift, or one step of a gift combo.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Gift {
    /// Who gave it.
    pub user: User,
    /// What was given.
    pub gift: GiftDetails,
    /// Units in this combo so far (a running total, not an increment); at least 1.
    pub repeat_count: u32,
    /// `diamond_count` × `repeat_count`; `None` while the price is unknown.
    pub total_diamonds: Option<u64>,
    /// The combo goes on.
    pub streaking: bool,
    /// Units that no earlier event of this combo reported; `None` where a message is looked at alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delta_count: Option<u32>,
    /// `diamond_count` × `delta_count`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delta_diamonds: Option<u64>,
    /// No end message came; the combo was ended by its silence.
    pub inferred_end: bool,
    /// TikTok's number of the combo; `None` for gifts that are no combos.
    pub group_id: Option<GroupId>,
    /// The guest or co-host whom it was given to, where that is not the streamer.
    pub to_user: Option<Recipient>,
    /// Units this viewer gave in this session, this event included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_count: Option<u64>,
}

/// Who received a gift.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Recipient {
    /// The number that stays over renames.
    pub user_id: UserId,
    /// The handle without `@`, where sent.
    #[serde(skip_serializing_if = "CompactString::is_empty")]
    pub unique_id: CompactString,
    /// The display name, where sent.
    pub nickname: CompactString,
}

/// A kind of gift.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GiftDetails {
    /// TikTok's number of the gift; rules go by it, since names repeat and change.
    pub id: GiftId,
    /// The name in the language of the room.
    pub name: Option<CompactString>,
    /// TikTok's sentence, such as `sent Rose`.
    pub description: Option<CompactString>,
    /// Price of one unit in diamonds (coins).
    pub diamond_count: Option<u32>,
    /// Where the picture lies.
    pub image_url: Option<String>,
    /// Comes in combos: `type` is 1.
    pub streakable: bool,
    /// TikTok's own combo flag.
    pub combo: bool,
    /// 1 = streakable, others = one-time.
    #[serde(rename = "type")]
    pub gift_type: Option<i32>,
}

/// Hearts from one viewer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Like {
    /// Who sent them.
    pub user: User,
    /// Hearts in this message.
    pub count: u32,
    /// Hearts of the whole live so far; only grows within a session.
    pub total_likes: u64,
    /// Hearts of this viewer without a longer break between; sampled by TikTok, so a lower bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub streak_count: Option<u64>,
}

/// Something that a viewer did and that needs no further words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ByUser {
    /// Who did it.
    pub user: User,
}

/// A viewer subscribed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Subscribe {
    /// Who subscribed.
    pub user: User,
    /// Months so far, this one included.
    pub months: Option<u32>,
}

/// How many are watching.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ViewerCount {
    /// Viewers now.
    pub viewers: u64,
    /// Viewers since the live began.
    pub total_viewers: u64,
    /// Who gave most, first place first.
    pub top_viewers: Vec<TopViewer>,
}

/// One of those who gave most.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TopViewer {
    /// Who it is.
    pub user: User,
    /// Diamonds given in this live.
    pub diamonds: u64,
}

/// A question from the question box.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Question {
    /// Who asked.
    pub user: User,
    /// The text as sent.
    pub question: String,
}

/// Emotes sent as a whole comment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EmoteChat {
    /// Who sent them.
    pub user: User,
    /// The pictures, in order.
    pub emotes: Vec<EmoteImage>,
}

/// An emote's picture.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EmoteImage {
    /// TikTok's id of the emote.
    pub id: CompactString,
    /// Where the picture lies.
    pub image_url: Option<String>,
}

/// A treasure box.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Envelope {
    /// Who put it up.
    pub user: User,
    /// Diamonds in it.
    pub diamonds: u64,
}

/// A match against other streamers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Battle {
    /// How far it is.
    pub state: BattleState,
    /// Who plays, with their points.
    pub sides: Vec<BattleSide>,
}

/// How far a match is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BattleState {
    /// It just began.
    Started,
    /// The points moved.
    #[default]
    Updated,
    /// It is over.
    Ended,
}

/// One streamer of a match.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BattleSide {
    /// Who it is; only the id where the message carries no more.
    pub user: User,
    /// Their points.
    pub points: u64,
}

/// Super fan news.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SuperFan {
    /// Whom it is about.
    pub user: User,
    /// What happened.
    pub kind: SuperFanKind,
}

/// What a super fan did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LevelUp {
    /// Who reached it.
    pub user: User,
    /// Which ladder.
    pub kind: LevelKind,
    /// The level reached.
    pub level: u32,
}

/// Which ladder a level belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LevelKind {
    /// As a giver of gifts, over all of TikTok.
    #[default]
    Gifter,
    /// In the streamer's team.
    Team,
}

/// A member message other than a join.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Moderation {
    /// Whom it is about.
    pub user: User,
    /// TikTok's number of what was done (MemberMessage.10), such as 3 for a mute.
    pub action: i32,
}

/// Comments that moderators took away.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Delete {
    /// Messages to take away.
    pub msg_ids: Vec<MsgId>,
    /// People whose messages to take away.
    pub user_ids: Vec<UserId>,
}

/// A comment that was pinned or unpinned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pin {
    /// Who wrote it.
    pub user: User,
    /// The text; empty for a pinned message that is no comment.
    pub comment: String,
}

/// A poll and its votes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Poll {
    /// What is asked; empty where the message repeats only the votes.
    pub title: String,
    /// The answers to choose from.
    pub options: Vec<PollOption>,
    /// `started`, `updated` or `ended`.
    pub state: BattleState,
}

/// One answer of a poll.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PollOption {
    /// The answer's text.
    pub text: String,
    /// Votes so far.
    pub votes: u64,
}

/// The streamer's goal moved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Goal {
    /// TikTok's id of the goal.
    pub id: CompactString,
    /// How far it is.
    pub progress: u64,
    /// When it is reached.
    pub target: u64,
    /// The gift that counts, for a goal of one gift.
    pub gift_id: Option<GiftId>,
}

/// A text of the room, with the person it is about where there is one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Notice {
    /// The sentence, its placeholders filled.
    pub text: String,
    /// Whom it is about.
    pub user: Option<User>,
}

/// An event from rules, services or the local API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Custom {
    /// What its maker calls it.
    pub name: String,
    /// Whatever its maker put in.
    pub fields: serde_json::Map<String, serde_json::Value>,
}

/// We were away and know it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Gap {
    /// The last moment that we saw.
    pub from: Timestamp,
    /// The first moment that we saw again.
    pub to: Timestamp,
    /// How long that is, to a tenth of a second.
    pub seconds: f64,
}

/// Nothing beside what every event carries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Empty {}

/// The live is over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LiveEnd {
    /// `ended`, `suspended` (TikTok stopped it) or `gone` (the room was no longer there).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<CompactString>,
}

/// The connection ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Disconnect {
    /// Why, in plain words.
    pub reason: String,
}

/// A message that is none of the others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Unknown {
    /// TikTok's name of the message.
    pub method: CompactString,
    /// Size of the message in bytes.
    pub size: u64,
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut event = serializer.serialize_struct("Event", 2)?;
        event.serialize_field("event_type", self.event_type().as_str())?;
        event.serialize_field("data", &EventData(self))?;
        event.end()
    }
}

/// The `data` of an event, for places that keep the type apart (the journal, Redis).
#[derive(Debug, Clone, Copy)]
pub struct EventData<'a>(pub &'a Event);

impl Serialize for EventData<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.body.serialize_with(&self.0.stamp, serializer)
    }
}

#[derive(Serialize)]
struct Stamped<'a, T> {
    #[serde(flatten)]
    body: &'a T,
    #[serde(flatten)]
    stamp: &'a Stamp,
}

impl Event {
    /// Puts an event together from its type and `data`, as the journal keeps them.
    ///
    /// A type that this version does not know becomes `unknown` under its own name.
    ///
    /// # Errors
    /// A field of `data` that has another JSON type than the schema says.
    pub fn from_parts(event_type: &str, data: &serde_json::Value) -> Result<Self, serde_json::Error> {
        let body = match EventType::from_name(event_type) {
            Some(known) => Body::from_value(known, data)?,
            None => {
                Body::Unknown(Unknown { method: CompactString::new(event_type), size: data.to_string().len() as u64 })
            }
        };
        let stamp = if data.is_null() { Stamp::default() } else { Stamp::deserialize(data)? };
        Ok(Self { body, stamp })
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Parts {
            event_type: String,
            #[serde(default = "no_fields")]
            data: serde_json::Value,
        }
        fn no_fields() -> serde_json::Value {
            serde_json::Value::Object(serde_json::Map::new())
        }
        let parts = Parts::deserialize(deserializer)?;
        Self::from_parts(&parts.event_type, &parts.data).map_err(de::Error::custom)
    }
}
