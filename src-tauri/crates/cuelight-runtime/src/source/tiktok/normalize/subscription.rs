//! Subscriptions, and the banners that tell of levels and super fans.

use cuelight_core::event::{Body, LevelKind, LevelUp, Notice, Subscribe, SuperFan, SuperFanKind};
use webcast_proto::read::{BarrageMessage, SubNotifyMessage};
use webcast_proto::{Faults, Str};

use super::text::filled;
use super::user::viewer;
use super::{Head, Reading};

/// BarrageMessage.3 of a viewer who reached a level as a giver of gifts.
const GIFTER_LEVEL: i32 = 8;

/// BarrageMessage.3 of a viewer who reached a level in the team.
const TEAM_LEVEL: i32 = 10;

/// SubNotifyMessage: 7 is 0 for a subscription, others are notices about one; 8 from 3 to 6 says that one ran out.
pub(super) fn subscribe(payload: &[u8], faults: &mut Faults) -> Reading {
    let message = SubNotifyMessage::read(payload, faults);
    let is_subscription = message.message_type == 0 && !(3..=6).contains(&message.subscribing_status);
    let body = (is_subscription && message.user.is_some()).then(|| {
        let months = u32::try_from(message.sub_month).ok().filter(|months| *months > 0);
        Body::Subscribe(Subscribe { user: viewer(message.user.as_ref()), months })
    });
    Head::of(message.common.as_ref()).with(body)
}

/// BarrageMessage: 3 kind, 5 and 24 sentences whose keys tell a super fan, 50, 100 and 101 whom it is about.
pub(super) fn barrage(payload: &[u8], faults: &mut Faults) -> Reading {
    let message = BarrageMessage::read(payload, faults);
    let head = Head::of(message.common.as_ref());
    let (grade, fans) = (message.user_grade_param.as_deref(), message.fans_level_param.as_deref());
    let subject = message.user.as_deref();
    let subject = subject.or(grade.and_then(|it| it.user.as_ref())).or(fans.and_then(|it| it.user.as_ref()));
    let sentences = [message.content.as_ref(), message.common_barrage_content.as_deref()];

    let super_fan = sentences.iter().flatten().map(|text| text.key).find(|key| is_super_fan_key(*key));
    if let Some(key) = super_fan {
        return head.with(Some(Body::SuperFan(SuperFan { user: viewer(subject), kind: super_fan_kind(key) })));
    }
    let level_up = match message.msg_type {
        GIFTER_LEVEL => grade.map(|it| (LevelKind::Gifter, it.current_grade)),
        TEAM_LEVEL => fans.map(|it| (LevelKind::Team, it.current_grade)),
        _ => None,
    };
    let body = match level_up {
        Some((kind, level)) => {
            Body::LevelUp(LevelUp { user: viewer(subject), kind, level: u32::try_from(level).unwrap_or(0) })
        }
        None => Body::Barrage(Notice {
            text: sentences.into_iter().flatten().map(filled).find(|text| !text.is_empty()).unwrap_or_default(),
            user: subject.map(|user| viewer(Some(user))),
        }),
    };
    head.with(Some(body))
}

/// Whether a sentence tells of a super fan, by its key; TikTok writes it as `ttlive_superFan…` and in small letters.
pub(super) fn is_super_fan_key(key: Str<'_>) -> bool {
    /// What every such key begins with.
    const SUPER_FAN: &[u8] = b"ttlive_superfan";
    key.as_bytes().windows(SUPER_FAN.len()).any(|window| window.eq_ignore_ascii_case(SUPER_FAN))
}

fn super_fan_kind(key: Str<'_>) -> SuperFanKind {
    let key = key.to_str().to_ascii_lowercase();
    if key.contains("superfanbox") {
        SuperFanKind::Box
    } else if key.contains("superfanjoined") {
        SuperFanKind::Joined
    } else {
        SuperFanKind::Comment
    }
}
