//! What a viewer does without words: likes, joins, follows, shares.

use cuelight_core::event::{Body, ByUser, Like, Moderation};
use webcast_proto::Faults;
use webcast_proto::read::{LikeMessage, MemberMessage, SocialMessage};

use super::user::viewer;
use super::{Head, Reading, unsigned};

/// LikeMessage: 2 hearts of this message, 3 hearts of the live.
pub(super) fn like(payload: &[u8], faults: &mut Faults) -> Reading {
    let like = LikeMessage::read(payload, faults);
    let body = (like.count > 0 || like.total > 0).then(|| {
        Body::Like(Like {
            user: viewer(like.user.as_ref()),
            count: u32::try_from(like.count).unwrap_or(0),
            total_likes: unsigned(like.total),
            streak_count: None,
        })
    });
    Head::of(like.common.as_ref()).with(body)
}

/// MemberMessage: only action 1 is a viewer who came in, everything else is moderation (field 10).
pub(super) fn member(payload: &[u8], faults: &mut Faults) -> Reading {
    let member = MemberMessage::read(payload, faults);
    let body = member.user.is_some().then(|| viewer(member.user.as_ref())).and_then(|user| match member.action {
        1 => Some(Body::Join(ByUser { user })),
        // A message that was cut before its action would otherwise accuse somebody.
        0 if faults.broken => None,
        action => Some(Body::Moderation(Moderation { user, action })),
    });
    Head::of(member.common.as_ref()).with(body)
}

/// SocialMessage: told apart by the key of its sentence (Common.8), else by the action (field 4), never by its words.
pub(super) fn social(payload: &[u8], faults: &mut Faults) -> Reading {
    let social = SocialMessage::read(payload, faults);
    let key = social.common.as_ref().and_then(|common| common.display_text.as_ref()).map(|text| text.key.as_bytes());
    let body = social.user.is_some().then(|| {
        let by_user = ByUser { user: viewer(social.user.as_ref()) };
        match (key.unwrap_or_default(), social.action) {
            (key, _) if contains(key, b"follow") => Body::Follow(by_user),
            (key, _) if contains(key, b"share") => Body::Share(by_user),
            (_, 1) => Body::Follow(by_user),
            (_, 2..=5) => Body::Share(by_user),
            _ => Body::Social(by_user),
        }
    });
    Head::of(social.common.as_ref()).with(body)
}

fn contains(key: &[u8], word: &[u8]) -> bool {
    key.windows(word.len()).any(|window| window == word)
}
