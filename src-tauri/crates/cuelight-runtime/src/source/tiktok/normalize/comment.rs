//! What is written in the chat, and what is done with it: comments, emotes, pins, deletions.

use cuelight_core::event::{Body, Comment, Delete, EmoteChat, EmoteImage, Pin, PlacedEmote};
use cuelight_core::id::{MsgId, UserId};
use cuelight_core::user::User;
use webcast_proto::Faults;
use webcast_proto::read::{
    ChatMessage, EmoteChatMessage, GiftMessage, ImDeleteMessage, LikeMessage, MemberMessage, RoomPinMessage,
    SocialMessage,
};

use super::text::{first_url, long, short, short_if_sent};
use super::user::{viewer, viewer_with};
use super::{Head, Reading, unsigned};

/// ChatMessage: 2 author, 3 text, 13 emotes within it, 14 language, 18 the author's roles.
pub(super) fn chat(payload: &[u8], faults: &mut Faults) -> Reading {
    let chat = ChatMessage::read(payload, faults);
    let has_words = !chat.content.is_empty() || !chat.emotes.is_empty();
    let body = (chat.user.is_some() && (has_words || !faults.broken)).then(|| {
        Body::Comment(Comment {
            user: viewer_with(chat.user.as_ref(), chat.user_identity.as_ref()),
            comment: long(chat.content),
            emotes: chat.emotes.iter().map(placed_emote).collect(),
            language: short_if_sent(chat.content_language),
        })
    });
    Head::of(chat.common.as_ref()).with(body)
}

/// EmoteChatMessage: 2 author, 3 emotes, 5 the author's roles.
pub(super) fn emotes(payload: &[u8], faults: &mut Faults) -> Reading {
    let chat = EmoteChatMessage::read(payload, faults);
    let body = chat.user.is_some().then(|| {
        Body::Emote(EmoteChat {
            user: viewer_with(chat.user.as_ref(), chat.user_identity.as_ref()),
            emotes: chat
                .emote_list
                .iter()
                .map(|emote| EmoteImage { id: short(emote.emote_id), image_url: first_url([emote.image.as_ref()]) })
                .collect(),
        })
    });
    Head::of(chat.common.as_ref()).with(body)
}

/// RoomPinMessage: 33 is 1 for pinned and 2 for unpinned, 30 the method of the message that 2 to 6 hold.
pub(super) fn pin(payload: &[u8], faults: &mut Faults) -> Reading {
    let pin = RoomPinMessage::read(payload, faults);
    let body = match pin.action {
        1 => Some(Body::Pin(pinned(&pin, faults))),
        2 => Some(Body::Unpin(pinned(&pin, faults))),
        _ => None,
    };
    Head::of(pin.common.as_ref()).or_sent_at(pin.pin_time_ms).with(body)
}

/// ImDeleteMessage: 2 messages, 3 people; recorded ones name only people.
pub(super) fn delete(payload: &[u8], faults: &mut Faults) -> Reading {
    let delete = ImDeleteMessage::read(payload, faults);
    let body = (!delete.delete_msg_ids.is_empty() || !delete.delete_user_ids.is_empty()).then(|| {
        Body::Delete(Delete {
            msg_ids: delete.delete_msg_ids.iter().filter_map(|id| MsgId::from_number(unsigned(*id))).collect(),
            user_ids: delete.delete_user_ids.iter().filter_map(|id| UserId::from_number(unsigned(*id))).collect(),
        })
    });
    Head::of(delete.common.as_ref()).with(body)
}

/// The message within a pin. Newer ones have a field for each method, older ones put every method into field 2.
fn pinned(pin: &RoomPinMessage<'_>, faults: &mut Faults) -> Pin {
    let in_own_field = |field| if <[u8]>::is_empty(field) { pin.chat_message } else { field };
    let method = pin.method.as_bytes();
    let user = match method.strip_prefix(b"Webcast").unwrap_or(method) {
        b"GiftMessage" => {
            let gift = GiftMessage::read(in_own_field(pin.gift_message), faults);
            viewer_with(gift.user.as_ref(), gift.user_identity.as_ref())
        }
        b"SocialMessage" => viewer(SocialMessage::read(in_own_field(pin.social_message), faults).user.as_ref()),
        b"MemberMessage" => viewer(MemberMessage::read(in_own_field(pin.member_message), faults).user.as_ref()),
        b"LikeMessage" => viewer(LikeMessage::read(in_own_field(pin.like_message), faults).user.as_ref()),
        b"ChatMessage" | b"" => {
            let chat = ChatMessage::read(pin.chat_message, faults);
            let user = viewer_with(chat.user.as_ref(), chat.user_identity.as_ref());
            return Pin { user, comment: long(chat.content) };
        }
        _ => User::default(),
    };
    Pin { user, comment: String::new() }
}

fn placed_emote(placed: &webcast_proto::read::EmoteWithIndex<'_>) -> PlacedEmote {
    let emote = placed.emote.as_ref();
    PlacedEmote {
        index: i64::from(placed.index),
        id: emote.map(|emote| short(emote.emote_id)).unwrap_or_default(),
        image_url: first_url([emote.and_then(|emote| emote.image.as_ref())]),
    }
}
