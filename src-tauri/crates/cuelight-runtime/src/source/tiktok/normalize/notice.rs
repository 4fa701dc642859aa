//! Texts of the room: rankings, shop, captions, system messages, the welcome.

use cuelight_core::event::{Body, Notice};
use cuelight_core::user::User;
use webcast_proto::Faults;
use webcast_proto::read::{
    CaptionMessage, LiveIntroMessage, OecLiveShoppingMessage, RankTextMessage, RankUpdateMessage, RoomMessage,
    SystemMessage,
};

use super::text::{filled, long};
use super::user::{user_id, viewer};
use super::{Head, Reading};

/// RankUpdateMessage.2: one sentence for each ranking.
pub(super) fn rank_update(payload: &[u8], faults: &mut Faults) -> Reading {
    let message = RankUpdateMessage::read(payload, faults);
    let sentences = message.updates.iter().filter_map(|update| update.default_content.as_ref()).map(filled);
    let sentences: Vec<String> = sentences.filter(|text| !text.is_empty()).collect();
    Head::of(message.common.as_ref()).with(Some(Body::Rank(Notice { text: sentences.join(" · "), user: None })))
}

/// RankTextMessage: 6 the sentence for everybody, else 9, else 5; 7 whom it is about.
pub(super) fn rank_text(payload: &[u8], faults: &mut Faults) -> Reading {
    let message = RankTextMessage::read(payload, faults);
    let sentence = message.other_get_badge_msg.as_ref().or(message.content.as_ref());
    let sentence = sentence.or(message.self_get_badge_msg.as_ref());
    let named = sentence.and_then(|text| text.pieces.iter().find_map(|piece| piece.user_value.as_ref()?.user.as_ref()));
    let user = match named {
        Some(user) => Some(viewer(Some(user))),
        None => (message.cur_user_id != 0).then(|| User { user_id: user_id(message.cur_user_id), ..User::default() }),
    };
    let text = sentence.map(filled).unwrap_or_default();
    Head::of(message.common.as_ref()).with(Some(Body::Rank(Notice { text, user })))
}

/// OecLiveShoppingMessage: 200 is a text where there is one.
pub(super) fn shop(payload: &[u8], faults: &mut Faults) -> Reading {
    let message = OecLiveShoppingMessage::read(payload, faults);
    Head::of(message.common.as_ref()).with(Some(Body::Shop(of_the_room(long(message.message_info)))))
}

/// CaptionMessage: 2 when it was said, 4 one text a language.
pub(super) fn caption(payload: &[u8], faults: &mut Faults) -> Reading {
    let message = CaptionMessage::read(payload, faults);
    let lines: Vec<String> = message.content.iter().map(|line| long(line.content)).collect();
    let body = Body::Caption(of_the_room(lines.join("\n")));
    Head::of(message.common.as_ref()).or_sent_at(message.timestamp_ms).with(Some(body))
}

/// RoomMessage.2: the text.
pub(super) fn room_message(payload: &[u8], faults: &mut Faults) -> Reading {
    let message = RoomMessage::read(payload, faults);
    Head::of(message.common.as_ref()).with(Some(Body::RoomMessage(of_the_room(long(message.content)))))
}

/// SystemMessage.2: the text.
pub(super) fn system_message(payload: &[u8], faults: &mut Faults) -> Reading {
    let message = SystemMessage::read(payload, faults);
    Head::of(message.common.as_ref()).with(Some(Body::RoomMessage(of_the_room(long(message.message)))))
}

/// LiveIntroMessage: 4 the text, 5 the streamer.
pub(super) fn live_intro(payload: &[u8], faults: &mut Faults) -> Reading {
    let message = LiveIntroMessage::read(payload, faults);
    let user = message.user.as_ref().map(|user| User { is_host: true, ..viewer(Some(user)) });
    Head::of(message.common.as_ref()).with(Some(Body::LiveIntro(Notice { text: long(message.content), user })))
}

fn of_the_room(text: String) -> Notice {
    Notice { text, user: None }
}
