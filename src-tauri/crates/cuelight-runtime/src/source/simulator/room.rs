//! Messages of the room itself: notices, state, and things that no reader expects.

use webcast_proto::owned;

use super::dice::SIGNATURE;
use super::people::STREAMER;
use super::phrases::Phrase;
use super::stage::Stage;
use super::wire::{Fields, WireMessage};
use super::{chatter, entrance};

/// What runs in the background of any bigger live and means nothing to viewers.
pub(super) const BACKGROUND: &[super::act::Occasion] =
    &[link_layer, link_layer, in_room_banner, rank, rank, entrance::welcome, something_new];

fn link_layer(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let kind = stage.scribe.dice.between(1..=6);
    let channel = at_ms.unsigned_abs();
    stage.message("WebcastLinkLayerMessage", at_ms, Fields::new().number(2, kind).number(3, channel).text(4, "linkmic"))
}

fn in_room_banner(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let state = "{\"activity\":\"weekly\",\"step\":3,\"of\":7}";
    stage.message("WebcastInRoomBannerMessage", at_ms, Fields::new().text(2, state).number(3, 1))
}

/// A message type that nobody has described yet.
pub(super) fn something_new(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let content = stage.scribe.dice.text(SIGNATURE, 300);
    stage.message("WebcastSomethingNewMessage", at_ms, Fields::new().text(2, &content))
}

pub(super) fn rank(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let own_rank = stage.scribe.dice.between(1..=99);
    let place = owned::TextPiece { r#type: 1, string_value: own_rank.to_string(), ..owned::TextPiece::default() };
    let text = owned::Text {
        key: "pm_mt_hourly_rank".to_owned(),
        default_pattern: "No. {0:string} this hour".to_owned(),
        pieces: vec![place],
    };
    let update = owned::RankUpdate { rank_type: 0, own_rank, default_content: Some(text) };
    let body = Fields::new()
        .fields_of(&owned::RankUpdateMessage { updates: vec![update], ..owned::RankUpdateMessage::default() });
    stage.message("WebcastRankUpdateMessage", at_ms, body)
}

pub(super) fn shop(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let body = Fields::new().fields_of(&owned::OecLiveShoppingMessage {
        action_type: 1,
        live_product_number: 12,
        message_info: "A new product is in the shop".to_owned(),
        ..owned::OecLiveShoppingMessage::default()
    });
    stage.message("WebcastOecLiveShoppingMessage", at_ms, body)
}

pub(super) fn caption(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let content =
        owned::CaptionContent { lang: "en".to_owned(), content: "and that is how you beat the level".to_owned() };
    let body = Fields::new().fields_of(&owned::CaptionMessage {
        timestamp_ms: at_ms - 400,
        content: vec![content],
        definite: true,
        ..owned::CaptionMessage::default()
    });
    stage.message("WebcastCaptionMessage", at_ms, body)
}

/// A notice whose time is in seconds, as some of TikTok's are.
pub(super) fn notice_in_seconds(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let body = Fields::new().fields_of(&owned::RoomMessage {
        content: "Viewers must be 18 or older to send gifts.".to_owned(),
        ..owned::RoomMessage::default()
    });
    let mut draft = stage.scribe.draft("WebcastRoomMessage", at_ms);
    draft.create_time = at_ms / 1000;
    stage.scribe.seal(draft, body)
}

pub(super) fn guest_joined(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let body = Fields::new().fields_of(&owned::UnauthorizedMemberMessage {
        action: 1,
        nick_name: "guest 4821".to_owned(),
        ..owned::UnauthorizedMemberMessage::default()
    });
    stage.message("WebcastUnauthorizedMemberMessage", at_ms, body)
}

pub(super) fn pause(stage: &mut Stage, at_ms: i64) -> WireMessage {
    control(stage, at_ms, 1)
}

pub(super) fn resume(stage: &mut Stage, at_ms: i64) -> WireMessage {
    control(stage, at_ms, 2)
}

/// The streamer ends the live.
pub(super) fn end(stage: &mut Stage, at_ms: i64) -> WireMessage {
    control(stage, at_ms, 3)
}

fn control(stage: &mut Stage, at_ms: i64, action: i32) -> WireMessage {
    let body = Fields::new().fields_of(&owned::ControlMessage { action, ..owned::ControlMessage::default() });
    stage.message("WebcastControlMessage", at_ms, body)
}

/// A comment that breaks off in the middle of its author.
pub(super) fn broken(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let mut message = comment_by_streamer(stage, "this one never arrives whole", at_ms);
    message.payload.truncate(message.payload.len() / 2);
    message
}

/// A comment without a message number.
pub(super) fn numberless(stage: &mut Stage, at_ms: i64) -> WireMessage {
    oddly_stamped(stage, "my message has no number", |draft| draft.msg_id = 0, at_ms)
}

/// A comment without a time.
pub(super) fn timeless(stage: &mut Stage, at_ms: i64) -> WireMessage {
    oddly_stamped(stage, "my message has no time", |draft| draft.create_time = 0, at_ms)
}

/// A comment with an emote in the middle of its text, by the streamer.
pub(super) fn host_comment(stage: &mut Stage, at_ms: i64) -> WireMessage {
    stage.totals.comments += 1;
    comment_by_streamer(stage, "thank you [heart] all", at_ms)
}

fn comment_by_streamer(stage: &mut Stage, text: &str, at_ms: i64) -> WireMessage {
    chatter::comment(stage, STREAMER, &Phrase::new(text, "en"), at_ms)
}

fn oddly_stamped(stage: &mut Stage, text: &str, change: fn(&mut super::scribe::Draft<'_>), at_ms: i64) -> WireMessage {
    stage.totals.comments += 1;
    let who = stage.crowd.someone(&mut stage.scribe.dice);
    let body = Fields::new()
        .bytes(2, stage.crowd[who].full())
        .fields_of(&owned::ChatMessage { content: text.to_owned(), ..owned::ChatMessage::default() });
    let mut draft = stage.scribe.draft("WebcastChatMessage", at_ms);
    change(&mut draft);
    stage.scribe.seal(draft, body)
}
