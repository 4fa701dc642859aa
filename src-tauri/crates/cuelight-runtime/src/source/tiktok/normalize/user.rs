//! A person as a message describes them.

use cuelight_core::id::UserId;
use cuelight_core::user::User;
use webcast_proto::read::{self, BadgeStruct, CombineBadge, FollowInfo, ImageBadge, UserIdentity};
use webcast_proto::{Faults, Str};

use super::text::{first_url, long, short, short_if_sent};
use super::unsigned;

/// The viewer of a message that tells nothing of their relation to the streamer.
pub(super) fn viewer(user: Option<&read::User<'_>>) -> User {
    viewer_with(user, None)
}

/// The viewer of a message, with what it tells of their relation to the streamer (`UserIdentity`).
pub(super) fn viewer_with(user: Option<&read::User<'_>>, identity: Option<&UserIdentity>) -> User {
    let Some(user) = user else {
        return User::default();
    };
    let badges = Badges::of(&user.badge_list);
    let has_evidence = identity.is_some() || !user.badge_list.is_empty();
    let is_moderator = badges.moderator
        || identity.is_some_and(|it| it.is_moderator_of_anchor)
        || user.user_attr.as_ref().is_some_and(|it| it.is_admin);
    let is_subscriber = badges.subscriber
        || identity.is_some_and(|it| it.is_subscriber_of_anchor)
        || user.subscribe_info.as_ref().is_some_and(|it| it.is_subscribed_to_anchor);
    let unique_id = short(user.display_id);
    User {
        nickname: short_if_sent(user.nickname).unwrap_or_else(|| unique_id.clone()),
        unique_id,
        user_id: user_id(user.id),
        profile_picture: first_url([
            user.avatar_thumb.as_ref(),
            user.avatar_medium.as_ref(),
            user.avatar_large.as_deref(),
        ]),
        signature: (!user.bio_description.is_empty()).then(|| long(user.bio_description)),
        follow_role: follow_role(identity, user.follow_info.as_ref()),
        is_moderator: (is_moderator || has_evidence).then_some(is_moderator),
        is_subscriber: (is_subscriber || has_evidence).then_some(is_subscriber),
        team_level: badges.team_level.or_else(|| {
            let club = user.fans_club.as_ref()?.data.as_ref()?;
            u32::try_from(club.level).ok().filter(|level| *level > 0)
        }),
        gifter_level: badges.gifter_level,
        top_gifter_rank: badges.top_gifter_rank,
        is_host: identity.is_some_and(|it| it.is_anchor),
    }
}

/// TikTok's number of a person as our id; empty where the message has none.
pub(super) fn user_id(number: i64) -> UserId {
    UserId::from_number(unsigned(number)).unwrap_or_default()
}

/// 0 none, 1 follower, 2 friend: the stronger of what the identity (UserIdentity.3 and 4) and FollowInfo.3 say.
///
/// FollowInfo.3 is 3 for viewers whose identity says follower and not mutual, so only 2 means friend.
fn follow_role(identity: Option<&UserIdentity>, follow_info: Option<&FollowInfo>) -> Option<u8> {
    let by_identity =
        identity.map(|it| if it.is_mutual_following_with_anchor { 2 } else { u8::from(it.is_follower_of_anchor) });
    let by_follow_info = follow_info.and_then(|it| match it.follow_status {
        0 => Some(0),
        1 | 3 => Some(1),
        2 => Some(2),
        _ => None,
    });
    by_identity.max(by_follow_info)
}

/// What the badges beside a name tell (BadgeStruct.3).
#[derive(Default)]
struct Badges {
    moderator: bool,
    subscriber: bool,
    gifter_level: Option<u32>,
    team_level: Option<u32>,
    top_gifter_rank: Option<u32>,
}

impl Badges {
    fn of(list: &[BadgeStruct<'_>]) -> Self {
        let mut badges = Self::default();
        for badge in list {
            match badge.scene_type {
                1 => badges.moderator = true,
                4 | 7 => badges.subscriber = true,
                6 => badges.top_gifter_rank = top_gifter_rank(badge).or(badges.top_gifter_rank),
                8 => badges.gifter_level = level(badge).or(badges.gifter_level),
                10 => badges.team_level = level(badge).or(badges.team_level),
                _ => {}
            }
        }
        badges
    }
}

/// The level on a badge (PrivilegeLogExtra.5); 0 is how TikTok says that there is none.
fn level(badge: &BadgeStruct<'_>) -> Option<u32> {
    number(badge.privilege_log_extra.as_ref()?.level).filter(|level| *level > 0)
}

/// The rank on a top gifter's badge: its text, else the number in its picture's address. Most badges show neither.
fn top_gifter_rank(badge: &BadgeStruct<'_>) -> Option<u32> {
    // What is wrong inside a picture that hardly anybody needs says nothing about the message.
    let mut faults = Faults::default();
    let combine = CombineBadge::read(badge.combine, &mut faults);
    let image = ImageBadge::read(badge.image, &mut faults).image;
    let pictures = combine.icon.iter().chain(&image).flat_map(|picture| &picture.url_list);
    number(combine.str).or_else(|| pictures.filter_map(|url| rank_in_address(*url)).next())
}

/// The 2 in `…/ranklist_top_gifter_2.png~tplv-obj.image`.
fn rank_in_address(url: Str<'_>) -> Option<u32> {
    let url = url.to_str();
    let (_, behind) = url.split_once("ranklist_top_gifter_")?;
    let digits = behind.find(|character: char| !character.is_ascii_digit()).unwrap_or(behind.len());
    behind[..digits].parse().ok()
}

fn number(text: Str<'_>) -> Option<u32> {
    text.to_str().parse().ok()
}
