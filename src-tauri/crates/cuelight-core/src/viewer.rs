//! What each viewer did in this session, kept in memory while it runs.

use ahash::AHashMap;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::event::{Deed, Event, EventType};
use crate::id::UserId;
use crate::limits::VIEWERS;
use crate::user::User;

/// The deeds of one viewer within one session, and their latest names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ViewerFacts {
    /// The number that stays over renames.
    pub user_id: UserId,
    /// The handle seen last.
    pub unique_id: CompactString,
    /// The display name seen last.
    pub nickname: CompactString,
    /// First seen in this session, ms since 1970.
    pub first_seen_ms: i64,
    /// Seen last, ms since 1970.
    pub last_seen_ms: i64,
    /// Units of gifts given.
    pub gift_units: u64,
    /// Diamonds given.
    pub diamonds: u64,
    /// Comments written.
    pub comments: u64,
    /// Hearts sent, as far as TikTok showed them.
    pub likes: u64,
    /// What this session's events said about them.
    pub roles: KnownRoles,
}

impl ViewerFacts {
    fn first_seen(user: &User, now_ms: i64) -> Self {
        Self { user_id: user.user_id.clone(), first_seen_ms: now_ms, last_seen_ms: now_ms, ..Self::default() }
    }

    fn add(&mut self, event: &Event, user: &User, now_ms: i64) {
        self.last_seen_ms = self.last_seen_ms.max(now_ms);
        take_name(&mut self.unique_id, &user.unique_id);
        take_name(&mut self.nickname, &user.nickname);
        self.roles.take(event, user);
        match event.body.deed() {
            Deed::Gift(gift) => {
                self.gift_units += u64::from(gift.delta_count.unwrap_or(0));
                self.diamonds = self.diamonds.saturating_add(gift.delta_diamonds.unwrap_or(0));
            }
            Deed::Comment(_) => self.comments += 1,
            Deed::Like(like) => self.likes += u64::from(like.count),
            Deed::Presence => {}
        }
    }
}

/// The viewers of one session, at most [`VIEWERS`].
#[derive(Debug, Clone, Default)]
pub struct Viewers {
    viewers: AHashMap<UserId, Slot>,
    changed: Vec<UserId>,
}

#[derive(Debug, Clone)]
struct Slot {
    facts: ViewerFacts,
    /// Stands in the list of changed ones.
    is_changed: bool,
    /// Nothing came after the event that brought this viewer in.
    is_new: bool,
    past: Option<Past>,
}

/// What events said about a viewer, the latest word on each; what none said is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KnownRoles {
    /// 0 none, 1 follower, 2 friend.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follow_role: Option<u8>,
    /// Moderates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_moderator: Option<bool>,
    /// Subscribes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_subscriber: Option<bool>,
    /// Level in the streamer's team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team_level: Option<u32>,
    /// Place among the top givers of this live, 1 first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_gifter_rank: Option<u32>,
}

impl KnownRoles {
    /// Takes what this event says about its viewer.
    fn take(&mut self, event: &Event, user: &User) {
        self.follow_role = user.follow_role.or(self.follow_role);
        self.is_moderator = user.is_moderator.or(self.is_moderator);
        self.is_subscriber = user.is_subscriber.or(self.is_subscriber);
        self.team_level = user.team_level.or(self.team_level);
        self.top_gifter_rank = user.top_gifter_rank.or(self.top_gifter_rank);
        // The message of a deed may still describe the viewer as before it.
        if event.event_type() == EventType::Follow {
            self.follow_role = self.follow_role.max(Some(1));
        }
        if event.event_type() == EventType::Subscribe {
            self.is_subscriber = Some(true);
        }
    }
}

/// What the store knows of a viewer from earlier sessions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Past {
    /// Seen in an earlier session.
    pub seen_before: bool,
    /// Units of gifts given in earlier sessions.
    pub gift_units: u64,
}

/// What is known about the viewer of an event when rules are asked; all of it is "no" for an event without a viewer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Muted by the streamer.
    pub muted: bool,
    /// The event is the viewer's first of this session.
    pub first_in_session: bool,
    /// The event is the viewer's first ever; known only where the past was looked up.
    pub first_ever: bool,
    /// Units of gifts given in this session, this event included.
    pub gift_units: u64,
    /// Units of gifts given in earlier sessions; known only where the past was looked up.
    pub earlier_gift_units: u64,
    /// What the viewer is to the streamer.
    pub roles: KnownRoles,
}

impl Viewers {
    /// Adds what the event says about its viewer, and gives the units of gifts that this viewer gave so far; `None` where the
    /// event is about nobody who can be told from others.
    pub fn add(&mut self, event: &Event, now_ms: i64) -> Option<u64> {
        let user = event.user().filter(|user| !user.user_id.as_str().is_empty())?;
        if let Some(slot) = self.viewers.get_mut(&user.user_id) {
            slot.facts.add(event, user, now_ms);
            slot.is_new = false;
            if !slot.is_changed {
                slot.is_changed = true;
                self.changed.push(user.user_id.clone());
            }
            return Some(slot.facts.gift_units);
        }
        if self.viewers.len() >= VIEWERS {
            self.make_room();
        }
        let mut facts = ViewerFacts::first_seen(user, now_ms);
        facts.add(event, user, now_ms);
        let units = facts.gift_units;
        self.changed.push(user.user_id.clone());
        let slot = Slot { facts, is_changed: true, is_new: true, past: None };
        self.viewers.insert(user.user_id.clone(), slot);
        Some(units)
    }

    /// How the viewer of the event that was added last stands; roles that nobody told are unknown.
    #[must_use]
    pub fn standing(&self, event: &Event) -> Standing {
        let Some(user) = event.user() else { return Standing::default() };
        let Some(slot) = self.viewers.get(&user.user_id) else {
            let mut roles = KnownRoles::default();
            roles.take(event, user);
            return Standing { roles, ..Standing::default() };
        };
        let past = slot.past.unwrap_or_default();
        Standing {
            muted: false,
            first_in_session: slot.is_new,
            first_ever: slot.is_new && slot.past.is_some_and(|past| !past.seen_before),
            gift_units: slot.facts.gift_units,
            earlier_gift_units: past.gift_units,
            roles: slot.facts.roles,
        }
    }

    /// The viewer of the event, if what they did in earlier sessions is not known.
    #[must_use]
    pub fn wants_past<'e>(&self, event: &'e Event) -> Option<&'e UserId> {
        let user_id = &event.user()?.user_id;
        self.viewers.get(user_id).filter(|slot| slot.past.is_none()).map(|_| user_id)
    }

    /// Takes what the store knows of a viewer.
    pub fn note_past(&mut self, user_id: &UserId, past: Past) {
        if let Some(slot) = self.viewers.get_mut(user_id) {
            slot.past = Some(past);
        }
    }

    /// Whose facts changed since the last call, with what they are now.
    pub fn changed(&mut self) -> Vec<ViewerFacts> {
        let mut changed = Vec::with_capacity(self.changed.len());
        for user_id in self.changed.drain(..) {
            if let Some(slot) = self.viewers.get_mut(&user_id) {
                slot.is_changed = false;
                changed.push(slot.facts.clone());
            }
        }
        changed
    }

    /// Takes up viewers that were stored.
    pub fn restore(&mut self, viewers: impl IntoIterator<Item = ViewerFacts>) {
        let slot = |facts| Slot { facts, is_changed: false, is_new: false, past: None };
        self.viewers.extend(viewers.into_iter().map(|facts| (facts.user_id.clone(), slot(facts))));
    }

    /// Lets a tenth go, so that one pass serves many newcomers.
    fn make_room(&mut self) {
        let worth = |facts: &ViewerFacts| (facts.gift_units, facts.last_seen_ms);
        let mut worths: Vec<(u64, i64)> = self.viewers.values().map(|slot| worth(&slot.facts)).collect();
        let (_, &mut highest_to_go, _) = worths.select_nth_unstable(VIEWERS / 10);
        self.viewers.retain(|_, slot| worth(&slot.facts) > highest_to_go);
        self.changed.retain(|user_id| self.viewers.contains_key(user_id));
    }
}

fn take_name(known: &mut CompactString, said: &CompactString) {
    if !said.is_empty() && known != said {
        known.clone_from(said);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Body, ByUser, Comment, Gift, Like};
    use crate::timestamp::Timestamp;

    fn user(user_id: &str, nickname: &str) -> User {
        User { user_id: UserId::new(user_id), nickname: nickname.into(), ..User::default() }
    }

    fn own(body: Body) -> Event {
        Event::own(body, Timestamp::default())
    }

    #[test]
    fn deeds_add_up_under_the_latest_name() {
        let mut viewers = Viewers::default();
        viewers.add(&own(Body::Join(ByUser { user: user("1", "mia") })), 5);
        viewers.add(&own(Body::Comment(Comment { user: user("1", "mia ✨"), ..Comment::default() })), 6);
        viewers.add(&own(Body::Like(Like { user: user("1", ""), count: 7, ..Like::default() })), 4);
        let gift = Gift { user: user("1", ""), delta_count: Some(2), delta_diamonds: Some(10), ..Gift::default() };
        viewers.add(&own(Body::Gift(Box::new(gift))), 9);
        let expected = ViewerFacts {
            user_id: UserId::new("1"),
            unique_id: CompactString::default(),
            nickname: "mia ✨".into(),
            first_seen_ms: 5,
            last_seen_ms: 9,
            gift_units: 2,
            diamonds: 10,
            comments: 1,
            likes: 7,
            roles: KnownRoles::default(),
        };
        assert_eq!(viewers.changed(), [expected], "one viewer, everything they did");
        assert_eq!(viewers.changed(), [], "each change is handed out once");
    }

    #[test]
    fn what_events_said_of_roles_is_known_of_restored_viewers() {
        let mut viewers = Viewers::default();
        let subscribe = crate::event::Subscribe { user: user("1", "mia"), months: None };
        viewers.add(&own(Body::Subscribe(subscribe)), 5);
        let mut restored = Viewers::default();
        restored.restore(viewers.changed());
        let standing = restored.standing(&own(Body::Join(ByUser { user: user("1", "mia") })));
        assert_eq!(standing.roles.is_subscriber, Some(true), "though this event says nothing about it");
    }

    #[test]
    fn nobody_is_made_of_events_without_an_id() {
        let mut viewers = Viewers::default();
        assert_eq!(viewers.add(&own(Body::Join(ByUser::default())), 5), None, "all of them would be one viewer");
        assert_eq!(viewers.changed(), [], "and that viewer would be stored");
    }

    #[test]
    fn at_the_bound_those_who_gave_nothing_go_first() {
        let mut viewers = Viewers::default();
        let gift = Gift { user: user("giver", ""), delta_count: Some(1), ..Gift::default() };
        viewers.add(&own(Body::Gift(Box::new(gift))), 0);
        for number in 0..VIEWERS as i64 {
            viewers.add(&own(Body::Join(ByUser { user: user(&number.to_string(), "") })), number);
        }
        assert!(viewers.viewers.len() <= VIEWERS, "the bound holds");
        assert!(viewers.viewers.contains_key(&UserId::new("giver")), "who gave is kept, however long ago");
        assert!(!viewers.viewers.contains_key(&UserId::new("0")), "the stalest of the others went");
        assert!(viewers.changed().len() <= VIEWERS, "and nothing waits to be stored for those who went");
    }
}
