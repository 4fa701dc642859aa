//! Gifts and treasure boxes.

use cuelight_core::event::{self, Body, Envelope, GiftDetails, Recipient, SuperFan, SuperFanKind};
use cuelight_core::gift_catalogue::is_streakable;
use cuelight_core::id::{GroupId, UserId};
use cuelight_core::user::User;
use webcast_proto::read::{self, EnvelopeInfo, EnvelopeMessage, GiftMessage};
use webcast_proto::{Faults, Str};

use super::subscription::is_super_fan_key;
use super::text::{first_url, short, short_if_sent};
use super::user::{user_id, viewer_with};
use super::{Head, Reading, unsigned};

/// EnvelopeInfo.2 of a box that a super fan put up.
const SUPER_FAN_BOX: i32 = 19;

/// GiftMessage: 2 gift id, 5 running total of the combo, 7 giver, 9 end of the combo, 11 combo, 15 the gift.
pub(super) fn gift(payload: &[u8], faults: &mut Faults) -> Reading {
    let message = GiftMessage::read(payload, faults);
    let sent_at = message.monitor_info.as_ref().map_or(0, |info| info.send_gift_send_message_success_ms);
    let body = is_whole_enough(&message, faults.broken).then(|| Body::Gift(Box::new(given(&message))));
    Head::of(message.common.as_ref()).or_sent_at(sent_at).with(body)
}

/// EnvelopeMessage: 3 is 1 for a new box; the word that one is gone is no event.
pub(super) fn envelope(payload: &[u8], faults: &mut Faults) -> Reading {
    let message = EnvelopeMessage::read(payload, faults);
    let key =
        message.common.as_ref().and_then(|common| common.display_text.as_ref()).map_or(Str::default(), |it| it.key);
    let body = message.envelope_info.as_ref().filter(|_| message.display == 1).map(|envelope| {
        let user = giver(envelope);
        if envelope.business_type == SUPER_FAN_BOX || is_super_fan_key(key) {
            Body::SuperFan(SuperFan { user, kind: SuperFanKind::Box })
        } else {
            Body::Envelope(Envelope { user, diamonds: unsigned(envelope.diamond_count.into()) })
        }
    });
    Head::of(message.common.as_ref()).with(body)
}

/// Whether it can be counted: which gift, and for a cut message also how many, by whom and in which combo, since a step
/// of a combo that was taken for a single gift would be counted twice.
fn is_whole_enough(message: &GiftMessage<'_>, broken: bool) -> bool {
    let is_single = gift_type(message).is_some_and(|gift_type| !is_streakable(Some(gift_type), None));
    let is_placed = message.group_id != 0 || is_single;
    let is_countable = message.repeat_count > 0 && message.user.is_some() && is_placed;
    gift_id(message) != 0 && (is_countable || !broken)
}

fn given(message: &GiftMessage<'_>) -> event::Gift {
    let gift = message.gift.as_ref();
    let group_id = GroupId::from_number(message.group_id);
    let streakable = is_streakable(gift_type(message), group_id.as_ref());
    let diamond_count = gift.and_then(|gift| u32::try_from(gift.diamond_count).ok()).filter(|price| *price > 0);
    let repeat_count = u32::try_from(message.repeat_count).unwrap_or(0).max(1);
    event::Gift {
        user: viewer_with(message.user.as_ref(), message.user_identity.as_ref()),
        gift: GiftDetails {
            id: gift_id(message),
            name: gift.and_then(|gift| short_if_sent(gift.name)),
            description: gift.and_then(|gift| short_if_sent(gift.describe)),
            diamond_count,
            image_url: first_url([
                gift.and_then(|gift| gift.image.as_ref()),
                gift.and_then(|gift| gift.icon.as_deref()),
            ]),
            streakable,
            combo: gift.is_some_and(|gift| gift.combo),
            gift_type: gift_type(message),
            names: Default::default(),
        },
        repeat_count,
        total_diamonds: diamond_count.map(|price| u64::from(price) * u64::from(repeat_count)),
        streaking: streakable && message.repeat_end == 0,
        delta_count: None,
        delta_diamonds: None,
        inferred_end: false,
        group_id,
        to_user: recipient(message).filter(|to| to.user_id != streamer(message)),
        total_count: None,
    }
}

/// GiftMessage.2, else Gift.5.
fn gift_id(message: &GiftMessage<'_>) -> i64 {
    if message.gift_id == 0 { message.gift.as_ref().map_or(0, |gift| gift.id) } else { message.gift_id }
}

/// Gift.11, where the message tells it.
fn gift_type(message: &GiftMessage<'_>) -> Option<i32> {
    message.gift.as_ref().map(|gift| gift.r#type).filter(|gift_type| *gift_type != 0)
}

/// Who got the gift, where the message names somebody: 8, else 45 to 47, else only the id in GiftMonitorInfo.8.
fn recipient(message: &GiftMessage<'_>) -> Option<Recipient> {
    let to_user = message.to_user.as_deref().filter(|user| user.id != 0);
    if let Some(read::User { id, display_id, nickname, .. }) = to_user {
        return Some(Recipient { user_id: user_id(*id), unique_id: short(*display_id), nickname: short(*nickname) });
    }
    let as_text = || message.to_member_id.to_str().parse().unwrap_or(0);
    let in_monitor_info = || message.monitor_info.as_ref().map_or(0, |info| info.to_user_id);
    let id = [message.to_member_id_int, as_text(), in_monitor_info()].into_iter().find(|id| *id != 0)?;
    Some(Recipient { user_id: user_id(id), nickname: short(message.to_member_nickname), ..Recipient::default() })
}

/// The streamer's id (GiftMonitorInfo.1), to tell a gift for a guest from one for the streamer.
fn streamer(message: &GiftMessage<'_>) -> UserId {
    user_id(message.monitor_info.as_ref().map_or(0, |info| info.anchor_id))
}

/// EnvelopeInfo: 4 name as shown, 8 id, 9 picture. Recorded names are handles, so one that can be a handle is taken as one.
fn giver(envelope: &EnvelopeInfo<'_>) -> User {
    let name = short(envelope.send_user_name);
    let is_handle = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.');
    User {
        unique_id: if name.bytes().all(is_handle) { name.clone() } else { Default::default() },
        nickname: name,
        user_id: user_id(envelope.send_user_id.to_str().parse().unwrap_or(0)),
        profile_picture: first_url([envelope.send_user_avatar.as_ref()]),
        ..User::default()
    }
}
