//! What a TikTok message means: one message in, one event out. Pure, and it never fails.
//!
//! Each message is looked at alone: duplicates, combos and like totals are the business of
//! [`cuelight_core::session::SessionState`]. What is not one of our events, or lacks what would make it one, is `unknown`
//! under TikTok's name.

mod battle;
mod comment;
mod gift;
mod notice;
mod panel;
mod room;
mod subscription;
mod text;
mod user;
mod viewer;

use compact_str::CompactString;
use cuelight_core::event::{Body, Event, Stamp, Unknown};
use cuelight_core::id::MsgId;
use cuelight_core::reason::Reason;
use cuelight_core::timestamp::Timestamp;
use webcast_proto::read::{AnyMessage, Common};
use webcast_proto::wire::Fields;
use webcast_proto::{Faults, Str};

/// What is known of a message beside its own bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Arrival {
    /// The message id of the envelope (Envelope.3), 0 where there is none.
    pub msg_id: i64,
    /// Whether TikTok replays it on connecting (Envelope.6).
    pub is_history: bool,
    /// When it arrived, ms since 1970; stands in for a message without a time of its own.
    pub received_ms: i64,
}

/// What one message came to.
#[derive(Debug, Clone)]
pub struct Normalized {
    /// What happened, by TikTok's word.
    pub event: Event,
    /// What was wrong with the bytes; the caller keeps them.
    pub fault: Option<Reason>,
    /// TikTok's number of the room that the message names, 0 where it names none.
    pub room: u64,
    /// The time that the message names, ms since 1970.
    pub sent_ms: Option<i64>,
}

/// Turns one message into an event. `faults` is what reading its envelope found wrong.
#[must_use]
pub fn message(method: Str<'_>, payload: &[u8], arrival: Arrival, mut faults: Faults) -> Normalized {
    let Reading { head, body } = read(method.as_bytes(), payload, &mut faults);
    let body = body.unwrap_or_else(|| {
        Body::Unknown(Unknown { method: CompactString::from(method.to_str()), size: payload.len() as u64 })
    });
    let damaged = !faults.is_empty();
    let msg_id = if arrival.msg_id == 0 { head.msg_id } else { arrival.msg_id };
    let sent_ms = sent_ms(head.sent_at);
    let stamp = Stamp {
        msg_id: MsgId::from_number(unsigned(msg_id)),
        history: arrival.is_history,
        damaged,
        timestamp: Timestamp::from_ms(sent_ms.unwrap_or(arrival.received_ms)),
    };
    Normalized {
        event: Event { body, stamp },
        fault: damaged.then(|| Reason::MessageBroken { method: method.to_str().into_owned() }),
        room: unsigned(head.room_id),
        sent_ms,
    }
}

/// What a message says of itself, and what it is as an event; nothing where it is none of ours.
struct Reading {
    head: Head,
    body: Option<Body>,
}

/// Ids and time, as the shared part of every message has them; 0 where it has not.
#[derive(Clone, Copy, Default)]
struct Head {
    msg_id: i64,
    room_id: i64,
    sent_at: i64,
}

impl Head {
    fn of(common: Option<&Common<'_>>) -> Self {
        common.map_or_else(Self::default, |common| Self {
            msg_id: common.msg_id,
            room_id: common.room_id,
            sent_at: common.create_time,
        })
    }

    /// Takes another field's time where the shared part has none.
    fn or_sent_at(self, sent_at: i64) -> Self {
        Self { sent_at: if self.sent_at == 0 { sent_at } else { self.sent_at }, ..self }
    }

    fn with(self, body: Option<Body>) -> Reading {
        Reading { head: self, body }
    }
}

/// Reads a message by its method; TikTok sends some methods with and without their first word.
fn read(method: &[u8], payload: &[u8], faults: &mut Faults) -> Reading {
    match method.strip_prefix(b"Webcast").unwrap_or(method) {
        b"LikeMessage" => viewer::like(payload, faults),
        b"MemberMessage" => viewer::member(payload, faults),
        b"ChatMessage" => comment::chat(payload, faults),
        b"SocialMessage" => viewer::social(payload, faults),
        b"GiftMessage" => gift::gift(payload, faults),
        b"RoomUserSeqMessage" => room::viewer_count(payload, faults),
        b"ControlMessage" => room::control(payload, faults),
        b"EmoteChatMessage" => comment::emotes(payload, faults),
        b"RoomPinMessage" => comment::pin(payload, faults),
        b"ImDeleteMessage" => comment::delete(payload, faults),
        b"EnvelopeMessage" => gift::envelope(payload, faults),
        b"SubNotifyMessage" => subscription::subscribe(payload, faults),
        b"BarrageMessage" => subscription::barrage(payload, faults),
        b"QuestionNewMessage" => panel::question(payload, faults),
        b"PollMessage" => panel::poll(payload, faults),
        b"GoalUpdateMessage" => panel::goal(payload, faults),
        b"LinkMicBattle" => battle::battle(payload, faults),
        b"LinkMicArmies" => battle::armies(payload, faults),
        b"RankUpdateMessage" => notice::rank_update(payload, faults),
        b"RankTextMessage" => notice::rank_text(payload, faults),
        b"OecLiveShoppingMessage" => notice::shop(payload, faults),
        b"CaptionMessage" => notice::caption(payload, faults),
        b"RoomMessage" => notice::room_message(payload, faults),
        b"SystemMessage" => notice::system_message(payload, faults),
        b"LiveIntroMessage" => notice::live_intro(payload, faults),
        _ => unknown(payload, faults),
    }
}

/// Reads what nearly every message begins with. One that begins otherwise is not broken, only unknown.
fn unknown(payload: &[u8], faults: &mut Faults) -> Reading {
    let mut fields = Fields::new(payload);
    fields.by_ref().for_each(drop);
    faults.broken |= fields.is_broken();
    Head::of(AnyMessage::read(payload, &mut Faults::default()).common.as_ref()).with(None)
}

/// The time in milliseconds: thirteen digits are that, ten are seconds, anything else is none (Common.4).
fn sent_ms(sent_at: i64) -> Option<i64> {
    match sent_at {
        1_000_000_000_000..=9_999_999_999_999 => Some(sent_at),
        1_000_000_000..=9_999_999_999 => Some(sent_at * 1000),
        _ => None,
    }
}

/// A number that cannot be below 0; garbled ones count as 0.
fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

#[cfg(test)]
mod tests;
