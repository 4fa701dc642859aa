//! Promises about people: names, pictures, roles, levels.

use prost::Message as _;
use webcast_proto::owned;

use super::{event, normalized, viewer};

fn chat(user: owned::User, identity: Option<owned::UserIdentity>) -> cuelight_core::user::User {
    let sent = owned::ChatMessage {
        user: Some(user),
        content: "hello".into(),
        user_identity: identity,
        ..owned::ChatMessage::default()
    };
    event("WebcastChatMessage", &sent).user().expect("a comment has its author").clone()
}

fn badge(scene_type: i32, level: &str) -> owned::BadgeStruct {
    let extra = owned::PrivilegeLogExtra { level: level.into() };
    owned::BadgeStruct { scene_type, privilege_log_extra: Some(extra), ..owned::BadgeStruct::default() }
}

#[test]
fn roles_are_unknown_without_evidence() {
    let user = chat(viewer(), None);
    assert_eq!((user.is_moderator, user.is_subscriber, user.follow_role), (None, None, None), "nothing was said");
    assert_eq!((user.team_level, user.gifter_level, user.top_gifter_rank), (None, None, None), "of levels neither");

    let user = chat(viewer(), Some(owned::UserIdentity::default()));
    assert_eq!(
        (user.is_moderator, user.is_subscriber, user.follow_role),
        (Some(false), Some(false), Some(0)),
        "it was said"
    );

    let user = chat(owned::User { badge_list: vec![badge(8, "12")], ..viewer() }, None);
    assert_eq!((user.is_moderator, user.is_subscriber), (Some(false), Some(false)), "badges show all roles");
    assert_eq!(user.follow_role, None, "but not who follows");
}

#[test]
fn a_moderator_is_known_by_identity_by_badge_or_by_rights() {
    let identity = owned::UserIdentity { is_moderator_of_anchor: true, ..Default::default() };
    let rights = owned::User { user_attr: Some(owned::UserAttr { is_admin: true }), ..viewer() };
    let with_badge = owned::User { badge_list: vec![badge(1, "0")], ..viewer() };
    for (user, identity) in [(viewer(), Some(identity)), (with_badge, None), (rights, None)] {
        assert_eq!(chat(user, identity).is_moderator, Some(true), "one evidence is enough");
    }
}

#[test]
fn a_subscriber_is_known_by_identity_by_badge_or_by_subscription() {
    let identity = owned::UserIdentity { is_subscriber_of_anchor: true, ..Default::default() };
    let subscription = owned::SubscribeInfo { is_subscribed_to_anchor: true, ..Default::default() };
    let subscribed = owned::User { subscribe_info: Some(subscription), ..viewer() };
    let with_badge = |scene| owned::User { badge_list: vec![badge(scene, "0")], ..viewer() };
    for (user, identity) in
        [(viewer(), Some(identity)), (with_badge(4), None), (with_badge(7), None), (subscribed, None)]
    {
        assert_eq!(chat(user, identity).is_subscriber, Some(true), "one evidence is enough");
    }
    let elsewhere = owned::SubscribeInfo { is_subscribe: true, ..Default::default() };
    let user = chat(owned::User { subscribe_info: Some(elsewhere), ..viewer() }, None);
    assert_eq!(user.is_subscriber, None, "a subscriber of somebody is not one of this streamer");
}

#[test]
fn the_stronger_word_on_following_stands() {
    #[track_caller]
    fn check(flags: Option<(bool, bool)>, follow_status: Option<i64>, expected: Option<u8>) {
        let identity = flags.map(|(follower, mutual)| owned::UserIdentity {
            is_follower_of_anchor: follower,
            is_mutual_following_with_anchor: mutual,
            ..Default::default()
        });
        let follow_info = follow_status.map(|follow_status| owned::FollowInfo { follow_status });
        let role = chat(owned::User { follow_info, ..viewer() }, identity).follow_role;
        assert_eq!(role, expected, "follower and mutual {flags:?}, status {follow_status:?}");
    }
    check(Some((true, true)), Some(0), Some(2));
    check(Some((true, false)), Some(0), Some(1));
    check(Some((false, false)), Some(1), Some(1));
    check(None, Some(2), Some(2));
    check(None, Some(0), Some(0));
    // Recorded beside identities that say follower and not mutual, so it is no friend.
    check(Some((true, false)), Some(3), Some(1));
    check(None, Some(17), None);
}

#[test]
fn levels_stand_on_badges_and_the_team_level_also_in_the_fan_club() {
    let user = chat(owned::User { badge_list: vec![badge(8, "33"), badge(10, "12"), badge(4, "0")], ..viewer() }, None);
    assert_eq!((user.gifter_level, user.team_level), (Some(33), Some(12)), "each badge has its own level");
    let club = owned::FansClub { level: 5, ..Default::default() };
    let user = chat(owned::User { fans_club: Some(owned::FansClubMember { data: Some(club) }), ..viewer() }, None);
    assert_eq!(user.team_level, Some(5), "without a badge the club knows");
    let user = chat(owned::User { badge_list: vec![badge(8, "many"), badge(10, "0")], ..viewer() }, None);
    assert_eq!((user.gifter_level, user.team_level), (None, None), "what is no level is none");
}

#[test]
fn a_top_gifters_rank_is_told_only_where_the_badge_shows_it() {
    #[track_caller]
    fn check(address: &str, rank: Option<u32>) {
        let picture = owned::Image { url_list: vec![address.into()] };
        let image = owned::ImageBadge { image: Some(picture) }.encode_to_vec();
        let badge = owned::BadgeStruct { scene_type: 6, image, ..Default::default() };
        assert_eq!(chat(owned::User { badge_list: vec![badge], ..viewer() }, None).top_gifter_rank, rank, "{address}");
    }
    check("https://pictures.invalid/ranklist_top_gifter_2.png~tplv-obj.image", Some(2));
    check("https://pictures.invalid/ranklist_top_gifter_", None);
    check("https://pictures.invalid/new_top_gifter_version_2.png", None);
}

#[test]
fn a_person_has_the_best_names_and_the_first_picture_there_is() {
    let picture = |address: &str| Some(owned::Image { url_list: vec![String::new(), address.into(), "second".into()] });
    let nameless = owned::User {
        nickname: String::new(),
        avatar_medium: picture("medium"),
        avatar_large: picture("large"),
        ..viewer()
    };
    let user = chat(nameless, None);
    assert_eq!(user.nickname, "mia_draws", "without a name the handle");
    assert_eq!(user.profile_picture.as_deref(), Some("medium"), "the smallest picture that has an address");
    assert_eq!(user.signature, None, "no bio was sent");
    let host = owned::UserIdentity { is_anchor: true, ..Default::default() };
    assert!(chat(viewer(), Some(host)).is_host, "the streamer's own comment says so");
}

#[test]
fn a_name_cut_within_a_character_is_kept_as_far_as_it_goes() {
    let mut user = Vec::new();
    prost::encoding::bytes::encode(3, &b"Mia \xf0\x9f\x8e".to_vec(), &mut user);
    let mut payload = Vec::new();
    prost::encoding::bytes::encode(2, &user, &mut payload);
    prost::encoding::string::encode(3, &"hi".to_owned(), &mut payload);
    let normalized = normalized("WebcastChatMessage", &payload);
    assert_eq!(normalized.event.user().expect("an author").nickname, "Mia \u{fffd}", "nobody is dropped for a name");
    assert_eq!(normalized.fault, None, "odd text is normal life");
}

#[test]
fn ids_keep_all_63_bits() {
    let user = chat(owned::User { id: i64::MAX, ..viewer() }, None);
    assert_eq!(user.user_id.as_str(), "9223372036854775807", "a number of JSON would lose digits");
}
