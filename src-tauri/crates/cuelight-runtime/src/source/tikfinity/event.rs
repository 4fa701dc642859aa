//! What a frame of TikFinity's feed means: one frame in, at most one event out. Pure, and it never fails.
//!
//! A frame is `{"event": NAME, "data": {…}}` with the flat fields of TikTok-Live-Connector 1.x
//! (<https://github.com/zerodytrash/TikTok-Live-Connector>), which TikFinity names as the reference. Ids come as texts and
//! numbers as numbers; either is taken for the other. What is missing is `null` or left out.

mod fields;

use compact_str::CompactString;
use cuelight_core::event::{
    Battle, BattleSide, Body, ByUser, Comment, EmoteChat, EmoteImage, Envelope, Event, Gift, GiftDetails, Like,
    LiveEnd, Moderation, Notice, PlacedEmote, Progress, Question, Stamp, Subscribe, TopViewer, Unknown, ViewerCount,
};
use cuelight_core::gift_catalogue::is_streakable;
use cuelight_core::id::{GroupId, MsgId, UserId};
use cuelight_core::reason::Reason;
use cuelight_core::timestamp::Timestamp;
use cuelight_core::user::User;
use serde_json::Value;

use self::fields::Fields;
use crate::source::{Batch, Fault};

/// The longest name of an event that is kept, in bytes; TikFinity's have fewer than twenty.
const NAME_BYTES: usize = 100;

/// `actionId` of a member event that says that somebody came in.
const CAME_IN: i64 = 1;

/// What one frame came to.
#[derive(Debug, Default)]
pub(crate) struct Frame {
    /// The event, or what was wrong; neither for what TikFinity says of itself.
    pub(crate) batch: Batch,
    /// Whose live it is of (`tikfinityUsername`), where the frame says so.
    pub(crate) streamer: Option<CompactString>,
    /// It tells of a viewer, so the live is there.
    pub(crate) has_viewer: bool,
    /// It says that TikFinity lost its connection to the live (`disconnected`).
    pub(crate) has_lost_live: bool,
}

/// Reads one frame that arrived at that moment.
pub(crate) fn read(text: &str, received_ms: i64) -> Frame {
    let mut batch = Batch { received_ms, ..Batch::default() };
    let broken = |error: String| {
        let reason = Reason::RecordingBroken { place: "a frame of TikFinity's feed".to_owned(), error };
        Fault::keeping(reason, text.as_bytes())
    };
    let frame: Value = match serde_json::from_str(text) {
        Ok(frame) => frame,
        Err(error) => {
            batch.faults.push(broken(error.to_string()));
            return Frame { batch, ..Frame::default() };
        }
    };
    let Some(name) = frame.get("event").and_then(Value::as_str) else {
        batch.faults.push(broken("it names no event".to_owned()));
        return Frame { batch, ..Frame::default() };
    };
    let data = Fields::of(frame.get("data"));
    let streamer = data.text("tikfinityUsername").map(|name| CompactString::from(name.trim_start_matches('@')));
    let user = user_of(data, streamer.as_deref());
    let has_viewer = user.is_some();
    if let Some(body) = body_of(name, data, user, text.len()) {
        let timestamp = Timestamp::from_ms(data.time_ms("createTime").unwrap_or(received_ms));
        let msg_id = data.id("msgId").map(MsgId::new);
        batch.events.push(Event { body, stamp: Stamp { msg_id, timestamp, ..Stamp::default() } });
    }
    Frame { batch, streamer, has_viewer, has_lost_live: name == "disconnected" }
}

/// The event of that name; what lacks its viewer or its gift is `unknown` under TikFinity's name.
fn body_of(name: &str, data: Fields<'_>, user: Option<User>, size_bytes: usize) -> Option<Body> {
    let by_user = |to_body: fn(ByUser) -> Body| user.clone().map(|user| to_body(ByUser { user }));
    let body = match name {
        // What TikFinity says of itself.
        "config" | "connected" | "disconnected" => return None,
        "chat" => user.map(|user| Body::Comment(comment(data, user))),
        "gift" => user.and_then(|user| Some(Body::Gift(Box::new(gift(data, user)?)))),
        "like" => user.map(|user| Body::Like(like(data, user))),
        "member" => match data.number("actionId") {
            None | Some(CAME_IN) => by_user(Body::Join),
            Some(action) => user
                .map(|user| Body::Moderation(Moderation { user, action: i32::try_from(action).unwrap_or_default() })),
        },
        "follow" => by_user(Body::Follow),
        "share" => by_user(Body::Share),
        "social" => by_user(Body::Social),
        "subscribe" => user.map(|user| Body::Subscribe(Subscribe { user, months: data.number_above_0("subMonth") })),
        "emote" => user.map(|user| Body::Emote(EmoteChat { user, emotes: vec![emote(data)] })),
        "envelope" => user.map(|user| Body::Envelope(Envelope { user, diamonds: data.count("coins") })),
        "questionNew" => user.map(|user| Body::Question(Question { user, question: data.long_text("questionText") })),
        "roomUser" => Some(Body::ViewerCount(viewer_count(data))),
        "linkMicBattle" => Some(Body::Battle(Battle { state: Progress::Started, sides: streamers(data) })),
        "linkMicArmies" => Some(Body::Battle(Battle { state: Progress::Updated, sides: armies(data) })),
        "liveIntro" => Some(Body::LiveIntro(Notice { text: data.long_text("description"), user })),
        "streamEnd" => Some(Body::LiveEnd(live_end(data))),
        _ => None,
    };
    let unknown = || {
        let method = CompactString::from(&name[..name.floor_char_boundary(NAME_BYTES)]);
        Body::Unknown(Unknown { method, size: size_bytes as u64 })
    };
    Some(body.unwrap_or_else(unknown))
}

/// The viewer whom the fields describe, if they describe one.
fn user_of(data: Fields<'_>, streamer: Option<&str>) -> Option<User> {
    let (unique_id, user_id) = (data.text("uniqueId"), data.id("userId"));
    if unique_id.is_none() && user_id.is_none() {
        return None;
    }
    let unique_id = CompactString::from(unique_id.unwrap_or_default());
    let details = data.object("userDetails");
    let pictures = details.list("profilePictureUrls").find_map(|url| url.as_str().filter(|url| !url.is_empty()));
    let follow_role = data.number("followRole").and_then(|role| u8::try_from(role).ok()).filter(|role| *role <= 2);
    Some(User {
        nickname: data.text("nickname").map_or_else(|| unique_id.clone(), CompactString::from),
        is_host: streamer.is_some_and(|streamer| streamer.eq_ignore_ascii_case(&unique_id)),
        unique_id,
        user_id: user_id.map(UserId::new).unwrap_or_default(),
        profile_picture: data.text("profilePictureUrl").or(pictures).map(str::to_owned),
        signature: details.text("bioDescription").map(str::to_owned),
        follow_role,
        is_moderator: data.flag("isModerator"),
        is_subscriber: data.flag("isSubscriber"),
        team_level: data.number_above_0("teamMemberLevel"),
        gifter_level: data.number_above_0("gifterLevel"),
        top_gifter_rank: data.number_above_0("topGifterRank"),
    })
}

fn comment(data: Fields<'_>, user: User) -> Comment {
    let emotes = data.objects("emotes").map(|emote| PlacedEmote {
        index: emote.number("placeInComment").unwrap_or(0),
        id: emote.id("emoteId").unwrap_or_default(),
        image_url: emote.text("emoteImageUrl").map(str::to_owned),
    });
    Comment { user, comment: data.long_text("comment"), emotes: emotes.collect(), language: None }
}

/// `receiverUserId` names the streamer as well, and nothing tells which number is the streamer's, so it is left out.
fn gift(data: Fields<'_>, user: User) -> Option<Gift> {
    // The older form of the same fields, beside the newer one.
    let within = data.object("gift");
    let id = data.number("giftId").or_else(|| within.number("gift_id")).filter(|id| *id != 0)?;
    let gift_type = data.number("giftType").or_else(|| within.number("gift_type"));
    let gift_type = gift_type.and_then(|it| i32::try_from(it).ok()).filter(|it| *it != 0);
    let group_id = data.id("groupId").map(GroupId::new);
    let streakable = is_streakable(gift_type, group_id.as_ref());
    let has_ended = data.flag("repeatEnd").or_else(|| within.flag("repeat_end")).unwrap_or(false);
    let diamond_count = data.number_above_0("diamondCount");
    let repeat_count = data.number_above_0("repeatCount").or_else(|| within.number_above_0("repeat_count"));
    let repeat_count = repeat_count.unwrap_or(1);
    Some(Gift {
        user,
        gift: GiftDetails {
            id,
            name: data.text("giftName").map(CompactString::from),
            description: data.text("describe").map(CompactString::from),
            diamond_count,
            image_url: data.text("giftPictureUrl").map(str::to_owned),
            streakable,
            gift_type,
            ..GiftDetails::default()
        },
        repeat_count,
        total_diamonds: diamond_count.map(|price| u64::from(price) * u64::from(repeat_count)),
        streaking: streakable && !has_ended,
        group_id,
        ..Gift::default()
    })
}

fn like(data: Fields<'_>, user: User) -> Like {
    let count = u32::try_from(data.count("likeCount")).unwrap_or(u32::MAX);
    Like { user, count, total_likes: data.count("totalLikeCount"), streak_count: None }
}

fn emote(data: Fields<'_>) -> EmoteImage {
    EmoteImage { id: data.id("emoteId").unwrap_or_default(), image_url: data.text("emoteImageUrl").map(str::to_owned) }
}

fn viewer_count(data: Fields<'_>) -> ViewerCount {
    let top_viewers = data.objects("topViewers").filter_map(|top| {
        let user = user_of(top.object("user"), None)?;
        Some(TopViewer { user, diamonds: top.count("coinCount") })
    });
    ViewerCount { viewers: data.count("viewerCount"), total_viewers: 0, top_viewers: top_viewers.collect() }
}

fn streamers(data: Fields<'_>) -> Vec<BattleSide> {
    let users = data.objects("battleUsers").filter_map(|user| user_of(user, None));
    users.map(|user| BattleSide { user, points: 0 }).collect()
}

fn armies(data: Fields<'_>) -> Vec<BattleSide> {
    let sides = data.objects("battleArmies").filter_map(|army| {
        let user = User { user_id: army.id("hostUserId").map(UserId::new)?, ..User::default() };
        Some(BattleSide { user, points: army.count("points") })
    });
    sides.collect()
}

/// 3 ended by the streamer, 4 by TikTok, as in ControlMessage.2.
fn live_end(data: Fields<'_>) -> LiveEnd {
    let reason = match data.number("action").or_else(|| data.number("actionId")) {
        Some(4) => "suspended",
        Some(_) | None => "ended",
    };
    LiveEnd { reason: Some(CompactString::const_new(reason)) }
}

#[cfg(test)]
mod tests;
