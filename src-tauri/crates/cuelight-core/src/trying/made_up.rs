//! Events that nobody sent: made so that a trigger answers them.

use std::sync::Arc;

use compact_str::CompactString;

use super::{TriedWith, example, suit};
use crate::event::{
    Battle, Body, ByUser, Comment, Connect, Custom, Delete, Disconnect, EmoteChat, Empty, Envelope, Event, EventType,
    Gap, Gift, GiftDetails, Goal, LevelUp, Like, LiveEnd, Moderation, Notice, Pin, Poll, Question, Subscribe, SuperFan,
    Unknown, ViewerCount,
};
use crate::gift_catalogue::{KnownGift, is_streakable};
use crate::id::UserId;
use crate::rule_set::command::name_of;
use crate::rule_set::folded;
use crate::signal::Signal;
use crate::timestamp::Timestamp;
use crate::trigger::{GiftRef, Trigger};
use crate::user::User;

/// TikTok's numbers have nineteen digits, so nobody has this one.
const USER_ID: &str = "1";

/// What a comment says where nothing else is asked for.
const HELLO: &str = "hello";

/// Who is watching, and what the whole live gave, in a made-up live.
const VIEWERS: u64 = 312;

/// What people choose of a made-up event.
#[derive(Debug, Clone, Copy)]
pub struct MadeUp<'a> {
    /// Who does it.
    pub nickname: &'a str,
    /// Which gift.
    pub gift: &'a KnownGift,
    /// How many: units of the gift, hearts.
    pub count: u32,
    /// What they say; where it is empty, something that the trigger answers.
    pub comment: &'a str,
    /// Months subscribed.
    pub months: u32,
    /// They follow.
    pub follower: bool,
    /// They subscribe.
    pub subscriber: bool,
    /// They moderate.
    pub moderator: bool,
}

impl TriedWith {
    /// Something made up that this trigger, of a rule without faults, answers; unless a chosen gift or comment is none
    /// of its own.
    ///
    /// # Panics
    /// The trigger waits for keys that are no combination, which is a fault of its rule.
    #[must_use]
    pub fn made_up(trigger: &Trigger, made_up: &MadeUp<'_>, now_ms: i64) -> Self {
        if let Some(event_type) = trigger.event_type() {
            let mut body = made_up.body(event_type, trigger);
            suit(&mut body, trigger);
            return Self::Event(Box::new(Event::own(body, Timestamp::from_ms(now_ms))));
        }
        match trigger {
            Trigger::CounterReached { counter, value } => Self::Counter { name: counter.clone(), value: *value },
            Trigger::Timer { every_seconds } => Self::Timer { every_ms: i64::from(*every_seconds) * 1000 },
            Trigger::TimeOfDay { at } => Self::TimeOfDay(*at),
            Trigger::Hotkey { keys } => {
                let keys = keys.parse().expect("what is no key combination is a fault of the rule, which is not tried");
                Self::Signal(Signal::Hotkey { keys })
            }
            Trigger::Button { label } => Self::Signal(Signal::Button { label: label.clone() }),
            Trigger::Call { name } => Self::Signal(Signal::Call { name: name.clone(), fields: serde_json::Map::new() }),
            Trigger::OverlayClosed { overlay } => Self::Signal(Signal::OverlayClosed { overlay: overlay.clone() }),
            Trigger::ServiceLate { service, seconds } => {
                Self::Signal(Signal::ServiceLate { service: service.clone(), seconds: *seconds })
            }
            Trigger::AppStart
            | Trigger::Event { .. }
            | Trigger::Gift { .. }
            | Trigger::GiftValue { .. }
            | Trigger::Comment
            | Trigger::Keyword { .. }
            | Trigger::Regex { .. }
            | Trigger::Command { .. }
            | Trigger::EveryLikes { .. }
            | Trigger::LikeStreak { .. }
            | Trigger::EveryFollowers { .. }
            | Trigger::GoalReached
            | Trigger::Custom { .. } => Self::Signal(Signal::AppStart),
        }
    }
}

/// A gift that this trigger answers: one that it names, the cheapest in its range, else a rose; made up where the catalogue
/// has none.
#[must_use]
pub fn suited_gift(trigger: &Trigger, catalogue: &[KnownGift]) -> KnownGift {
    let by_id = |id| catalogue.iter().find(|known| known.id == id).cloned();
    if let Trigger::Gift { gifts, names } = trigger {
        if let Some(GiftRef { id, name, diamond_count, image_url }) = gifts.first() {
            return by_id(*id).unwrap_or_else(|| KnownGift {
                id: *id,
                name: name.as_deref().map(CompactString::from),
                diamond_count: *diamond_count,
                image_url: image_url.clone(),
                ..KnownGift::default()
            });
        }
        if let Some(name) = names.first() {
            let wanted = folded(name.trim());
            let is_called = |known: &&KnownGift| known.names.iter().any(|name| folded(name.trim()) == wanted);
            let named = || KnownGift { id: 1, name: Some(name.as_str().into()), ..KnownGift::default() };
            return catalogue.iter().find(is_called).cloned().unwrap_or_else(named);
        }
    }
    if let Trigger::GiftValue { min_diamonds, max_diamonds } = trigger {
        let (least, most) = (min_diamonds.unwrap_or(0), max_diamonds.unwrap_or(u32::MAX));
        let priced = catalogue.iter().filter_map(|known| Some((known.diamond_count?, known)));
        let cheapest = priced.filter(|(price, _)| (least..=most).contains(price)).min_by_key(|(price, _)| *price);
        let made = || KnownGift { id: 1, diamond_count: Some(least), ..KnownGift::default() };
        return cheapest.map_or_else(made, |(_, known)| known.clone());
    }
    by_id(ROSE).unwrap_or_else(|| KnownGift {
        id: ROSE,
        name: Some(CompactString::const_new("Rose")),
        diamond_count: Some(1),
        ..KnownGift::default()
    })
}

/// TikTok's number of the gift *Rose*, the best known one.
const ROSE: i64 = 5655;

impl MadeUp<'_> {
    fn body(&self, event_type: EventType, trigger: &Trigger) -> Body {
        use EventType as E;
        let user = self.user();
        let by_user = || ByUser { user: self.user() };
        let notice = || Notice { text: self.words(trigger), user: Some(self.user()) };
        let pin = || Pin { user: self.user(), comment: self.words(trigger) };
        match event_type {
            E::Connect => Body::Connect(Connect::default()),
            E::Comment => Body::Comment(Comment { user, comment: self.words(trigger), ..Comment::default() }),
            E::Gift => Body::Gift(Box::new(self.gift(user))),
            E::Like => Body::Like(Like {
                user,
                count: self.count.max(1),
                total_likes: u64::from(self.count.max(1)),
                streak_count: None,
            }),
            E::Join => Body::Join(by_user()),
            E::Follow => Body::Follow(by_user()),
            E::Share => Body::Share(by_user()),
            E::Subscribe => Body::Subscribe(Subscribe { user, months: Some(self.months) }),
            E::ViewerCount => {
                Body::ViewerCount(ViewerCount { viewers: VIEWERS, total_viewers: VIEWERS, ..ViewerCount::default() })
            }
            E::Question => Body::Question(Question { user, question: self.words(trigger) }),
            E::Emote => Body::Emote(EmoteChat { user, ..EmoteChat::default() }),
            E::Envelope => Body::Envelope(Envelope { user, diamonds: u64::from(self.count) }),
            E::Battle => Body::Battle(Battle::default()),
            E::Social => Body::Social(by_user()),
            E::SuperFan => Body::SuperFan(SuperFan { user, ..SuperFan::default() }),
            E::LevelUp => Body::LevelUp(LevelUp { user, level: self.count.max(1), ..LevelUp::default() }),
            E::Moderation => Body::Moderation(Moderation { user, ..Moderation::default() }),
            E::Delete => Body::Delete(Delete::default()),
            E::Pin => Body::Pin(pin()),
            E::Unpin => Body::Unpin(pin()),
            E::Poll => Body::Poll(Poll { title: self.words(trigger), ..Poll::default() }),
            E::Goal => {
                let target = u64::from(self.count.max(1));
                Body::Goal(Goal { id: USER_ID.into(), progress: target, target, gift_id: None })
            }
            E::Barrage => Body::Barrage(notice()),
            E::Rank => Body::Rank(notice()),
            E::Shop => Body::Shop(notice()),
            E::Caption => Body::Caption(notice()),
            E::RoomMessage => Body::RoomMessage(notice()),
            E::LiveIntro => Body::LiveIntro(notice()),
            E::Custom => {
                let name = if let Trigger::Custom { name } = trigger { name.clone() } else { HELLO.to_owned() };
                Body::Custom(Custom { name, fields: serde_json::Map::new() })
            }
            E::Gap => Body::Gap(Gap::default()),
            E::LiveStart => Body::LiveStart(Empty {}),
            E::LivePause => Body::LivePause(Empty {}),
            E::LiveResume => Body::LiveResume(Empty {}),
            E::LiveEnd => Body::LiveEnd(LiveEnd::default()),
            E::Disconnect => Body::Disconnect(Disconnect::default()),
            E::Unknown => Body::Unknown(Unknown::default()),
        }
    }

    fn user(&self) -> User {
        let handle: CompactString = folded(self.nickname).chars().filter(|it| it.is_alphanumeric()).collect();
        User {
            unique_id: handle,
            nickname: self.nickname.into(),
            user_id: UserId::new(USER_ID),
            follow_role: Some(u8::from(self.follower)),
            is_moderator: Some(self.moderator),
            is_subscriber: Some(self.subscriber),
            ..User::default()
        }
    }

    fn gift(&self, user: User) -> Gift {
        let KnownGift { id, name, diamond_count, gift_type, image_url, names } = self.gift.clone();
        let gift = GiftDetails {
            id,
            name,
            diamond_count,
            image_url,
            // Of a gift that nobody knows it is assumed, so that what rules do with combos can be seen.
            streakable: gift_type.is_none() || is_streakable(gift_type, None),
            gift_type,
            names: Arc::clone(&names),
            ..GiftDetails::default()
        };
        let count = self.count.max(1);
        Gift { user, gift, repeat_count: count, total_count: Some(u64::from(count)), ..Gift::default() }
    }

    fn words(&self, trigger: &Trigger) -> String {
        let said = self.comment.trim();
        if let Trigger::Command { names, .. } = trigger {
            return command(said, names);
        }
        if !said.is_empty() {
            return said.to_owned();
        }
        if let Trigger::Keyword { words } = trigger {
            return words.first().cloned().unwrap_or_default();
        }
        if let Trigger::Regex { pattern } = trigger {
            return example::of_pattern(pattern);
        }
        HELLO.to_owned()
    }
}

/// What they say to a rule with commands; the name of one without its sign is taken for the command.
fn command(said: &str, names: &[String]) -> String {
    let first = said.split_whitespace().next().map(name_of);
    let is_named = names.iter().any(|own| Some(name_of(own)) == first);
    match names.first() {
        Some(own) if said.is_empty() => format!("!{}", name_of(own)),
        Some(_) if is_named && !said.starts_with(['!', '/']) => format!("!{said}"),
        Some(_) | None => said.to_owned(),
    }
}
