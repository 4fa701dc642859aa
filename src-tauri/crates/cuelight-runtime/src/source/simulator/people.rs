//! Invented viewers, the same over a whole run, with their bytes on the wire.

use std::ops::{Index, IndexMut};

use webcast_proto::owned;

use super::dice::{Dice, HEX, SIGNATURE};
use super::names::{self, Name};
use super::wire::Fields;

/// How far ahead the signed picture addresses expire, in seconds.
const PICTURE_LIFE_S: i64 = 2 * 24 * 60 * 60;

/// A viewer, or the streamer.
pub(super) struct Person {
    /// TikTok's number: 19 digits.
    pub(super) id: i64,
    /// The handle without `@`.
    pub(super) handle: String,
    /// The display name; may be broken UTF-8.
    pub(super) nickname: Vec<u8>,
    roles: Roles,
    /// Ends with what never changes and costs time to make: account and larger pictures.
    full: Box<[u8]>,
    constant_bytes: usize,
    /// Ends with the small picture.
    thin: Box<[u8]>,
    thumb_bytes: usize,
    identity: Box<[u8]>,
}

/// What a person is to the streamer.
#[derive(Debug, Clone, Copy, Default)]
struct Roles {
    /// 0 none, 1 follower, 2 friend.
    follow: u8,
    is_moderator: bool,
    is_subscriber: bool,
    is_host: bool,
    has_given: bool,
    team_level: u32,
    gifter_level: u32,
}

impl Roles {
    fn of_viewer(dice: &mut Dice) -> Self {
        Self {
            follow: dice.pick(&[0, 0, 0, 1, 1, 2]),
            is_moderator: dice.percent(2),
            is_subscriber: dice.percent(4),
            is_host: false,
            has_given: dice.percent(30),
            team_level: if dice.percent(40) { dice.between(1..=40) } else { 0 },
            gifter_level: if dice.percent(50) { dice.between(1..=50) } else { 0 },
        }
    }
}

impl Person {
    fn viewer(name: Name, dice: &mut Dice, now_ms: i64) -> Self {
        let roles = Roles::of_viewer(dice);
        Self::new(name, roles, dice, now_ms)
    }

    fn new(name: Name, roles: Roles, dice: &mut Dice, now_ms: i64) -> Self {
        let expires_s = now_ms / 1000 + PICTURE_LIFE_S;
        let thumb = avatar("100:100", expires_s, dice).into_bytes();
        // TikTok's web traffic carries only the small picture for many people.
        let larger =
            dice.percent(60).then(|| (avatar("720:720", expires_s, dice), avatar("1080:1080", expires_s, dice)));
        let mut constant = Fields::new()
            // Account state, when it was made and changed.
            .number(15, 1)
            .number(16, dice.between(1_500_000_000..=1_760_000_000))
            .number(17, dice.between(1_700_000_000..=1_763_000_000))
            .text(46, &format!("MS4wLjABAAAA{}", dice.text(SIGNATURE, 64)));
        if let Some((medium, large)) = larger {
            constant = constant.message(10, &medium).message(11, &large);
        }
        let constant = constant.into_bytes();
        let mut person = Self {
            id: dice.between(6_500_000_000_000_000_000..=7_500_000_000_000_000_000),
            handle: name.handle,
            nickname: name.nickname,
            roles,
            constant_bytes: constant.len(),
            full: constant.into(),
            thumb_bytes: thumb.len(),
            thin: thumb.into(),
            identity: Box::default(),
        };
        person.encode();
        person
    }

    /// The `User` as messages carry it.
    pub(super) fn full(&self) -> &[u8] {
        &self.full
    }

    /// The shorter `User` within sentences and rankings.
    pub(super) fn thin(&self) -> &[u8] {
        &self.thin
    }

    /// The `UserIdentity` beside the `User`.
    pub(super) fn identity(&self) -> &[u8] {
        &self.identity
    }

    /// The `Image` of the small picture.
    pub(super) fn thumb(&self) -> &[u8] {
        end_of(&self.thin, self.thumb_bytes)
    }

    /// The display name as text.
    pub(super) fn nickname_text(&self) -> String {
        String::from_utf8_lossy(&self.nickname).into_owned()
    }

    pub(super) fn follows(&self) -> bool {
        self.roles.follow > 0
    }

    pub(super) fn now_follows(&mut self) {
        self.roles.follow = self.roles.follow.max(1);
        self.encode();
    }

    pub(super) fn now_subscribes(&mut self) {
        self.roles.is_subscriber = true;
        self.encode();
    }

    fn encode(&mut self) {
        let roles = self.roles;
        let named = Fields::new()
            .fields_of(&owned::User { id: self.id, display_id: self.handle.clone(), ..owned::User::default() })
            .bytes(3, &self.nickname)
            .bytes(9, self.thumb());
        let follow_info = Fields::new()
            .fields_of(&owned::FollowInfo { follow_status: roles.follow.into() })
            // Whom they follow, and who follows them.
            .number(1, self.id.unsigned_abs() % 4000)
            .number(2, self.id.unsigned_abs() % 900);
        let mut full = named.clone().message(22, &follow_info).fields_of(&owned::User {
            fans_club: (roles.team_level > 0).then(|| owned::FansClubMember {
                data: Some(owned::FansClub { club_name: "Team".to_owned(), level: level(roles.team_level) }),
            }),
            user_attr: Some(owned::UserAttr { is_admin: roles.is_moderator }),
            subscribe_info: roles
                .is_subscriber
                .then_some(owned::SubscribeInfo { is_subscribe: true, is_subscribed_to_anchor: true }),
            ..owned::User::default()
        });
        for badge in badges(roles) {
            full = full.message(64, &badge);
        }
        let mut full = full.into_bytes();
        full.extend_from_slice(end_of(&self.full, self.constant_bytes));
        self.full = full.into();
        self.thin = named.into_bytes().into();
        self.identity = Fields::new()
            .fields_of(&owned::UserIdentity {
                is_gift_giver_of_anchor: roles.has_given,
                is_subscriber_of_anchor: roles.is_subscriber,
                is_mutual_following_with_anchor: roles.follow == 2,
                is_follower_of_anchor: roles.follow > 0,
                is_moderator_of_anchor: roles.is_moderator,
                is_anchor: roles.is_host,
            })
            .into_bytes()
            .into();
    }
}

fn end_of(bytes: &[u8], length: usize) -> &[u8] {
    &bytes[bytes.len() - length..]
}

/// A picture of that size under three signed addresses on a host that cannot exist.
fn avatar(size: &str, expires_s: i64, dice: &mut Dice) -> Fields {
    let file = dice.text(HEX, 32);
    let url_list = [("p16", "webp"), ("p19", "webp"), ("p16", "jpeg")]
        .map(|(host, kind)| {
            let signature = dice.text(SIGNATURE, 26);
            format!(
                "https://{host}.example.invalid/tos-maliva-avt-0068/{file}~tplv-tiktokx-cropcenter:{size}.{kind}?x-expires={expires_s}&x-signature={signature}%3D"
            )
        })
        .to_vec();
    Fields::new().fields_of(&owned::Image { url_list }).text(2, &format!("tos-maliva-avt-0068/{file}"))
}

fn badges(roles: Roles) -> Vec<Fields> {
    let mut badges = Vec::new();
    if roles.is_moderator {
        badges.push(badge(1, 0, "moderator_badge_icon", ""));
    }
    if roles.is_subscriber {
        badges.push(badge(4, 1, "sub_badge_icon", ""));
    }
    if roles.gifter_level > 0 {
        badges.push(badge(8, roles.gifter_level, "grade_badge_icon_lite", &roles.gifter_level.to_string()));
    }
    if roles.team_level > 0 {
        badges.push(badge(10, roles.team_level, "fans_badge_icon", "Team"));
    }
    badges
}

/// A badge of that scene (BadgeStruct.3) with a level.
fn badge(scene_type: i32, badge_level: u32, icon: &str, text: &str) -> Fields {
    let picture = owned::Image {
        url_list: ["p16", "p19"]
            .map(|host| {
                format!("https://{host}.example.invalid/webcast-va/{icon}_lv{badge_level}_v1.png~tplv-obj.image")
            })
            .to_vec(),
    };
    let combine = Fields::new().fields_of(&owned::CombineBadge { icon: Some(picture), str: text.to_owned() });
    let log_extra = Fields::new()
        .fields_of(&owned::PrivilegeLogExtra { level: badge_level.to_string() })
        .text(2, "7138381747292542756");
    Fields::new()
        .fields_of(&owned::BadgeStruct { display_type: 4, scene_type, display: true, ..owned::BadgeStruct::default() })
        .number(2, 20)
        .text(10, "sslocal://webcast_lynxview_popup?use_spark=1&url=https%3A%2F%2Flf16.example.invalid%2Fobj%2Fbadge")
        .message(12, &log_extra)
        .message(23, &combine)
}

fn level(of: u32) -> i32 {
    i32::try_from(of).expect("levels are two digits")
}

/// A place in the crowd.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PersonIndex(usize);

/// Everybody of one live.
pub(super) struct Crowd {
    people: Vec<Person>,
    /// Ordinary viewers; those with odd names stand behind them.
    viewers: usize,
}

/// The streamer.
pub(super) const STREAMER: PersonIndex = PersonIndex(0);
/// The streamer on the other side of a match.
pub(super) const RIVAL: PersonIndex = PersonIndex(1);
/// Where the viewers begin.
const FIRST_VIEWER: usize = 2;

impl Crowd {
    /// A streamer, a rival and that many viewers.
    pub(super) fn new(streamer: &str, viewers: usize, dice: &mut Dice, now_ms: i64) -> Self {
        let host = Roles { is_host: true, ..Roles::default() };
        let streamer_name = Name { handle: streamer.to_owned(), nickname: streamer.as_bytes().to_vec() };
        let rival_name = Name { handle: "mia_draws".to_owned(), nickname: "Mia draws ✏️".into() };
        let mut people = Vec::with_capacity(viewers + FIRST_VIEWER);
        people.push(Person::new(streamer_name, host, dice, now_ms));
        people.push(Person::new(rival_name, Roles::default(), dice, now_ms));
        for number in 0..viewers {
            let name = names::ordinary(dice, number);
            people.push(Person::viewer(name, dice, now_ms));
        }
        Self { people, viewers }
    }

    /// Lets in everybody with an odd name; gives their places.
    pub(super) fn let_in_odd_people(&mut self, dice: &mut Dice, now_ms: i64) -> Vec<PersonIndex> {
        let first = self.people.len();
        self.people.extend(names::odd().into_iter().map(|name| Person::viewer(name, dice, now_ms)));
        (first..self.people.len()).map(PersonIndex).collect()
    }

    /// The number of ordinary viewers.
    pub(super) fn viewers(&self) -> usize {
        self.viewers
    }

    /// A viewer; a few are thrown far more often than the rest.
    pub(super) fn someone(&self, dice: &mut Dice) -> PersonIndex {
        PersonIndex(FIRST_VIEWER + dice.low_index(self.viewers))
    }

    /// A viewer, each as likely.
    pub(super) fn anyone(&self, dice: &mut Dice) -> PersonIndex {
        PersonIndex(FIRST_VIEWER + dice.between(0..=self.viewers - 1))
    }

    /// A viewer who does not follow yet, where one is found in a few tries; people do unfollow and follow again.
    pub(super) fn no_follower(&self, dice: &mut Dice) -> PersonIndex {
        let tries: Vec<_> = (0..8).map(|_| self.anyone(dice)).collect();
        tries.iter().copied().find(|&who| !self[who].follows()).unwrap_or(tries[0])
    }
}

impl Index<PersonIndex> for Crowd {
    type Output = Person;

    fn index(&self, who: PersonIndex) -> &Person {
        &self.people[who.0]
    }
}

impl IndexMut<PersonIndex> for Crowd {
    fn index_mut(&mut self, who: PersonIndex) -> &mut Person {
        &mut self.people[who.0]
    }
}
