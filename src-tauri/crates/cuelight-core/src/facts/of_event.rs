//! What each kind of event tells a rule's steps.

use compact_str::CompactString;

use super::{EmoteFact, Facts, GiftFact, ViewerFact};
use crate::event::{Body, Comment, EmoteChat, Event, Gift, LevelKind, LevelUp, Pin};
use crate::id::SessionId;
use crate::user::User;

/// What a gift is called that nobody named yet.
const UNKNOWN_GIFT: CompactString = CompactString::const_new("Unknown gift");

impl Facts {
    /// What this event tells, in that session of that streamer.
    ///
    /// `count` is set where the event counts something of its own; any other event with a viewer counts as one.
    #[must_use]
    pub fn of_event(event: &Event, session: SessionId, creator: &str) -> Self {
        let mut facts = Self {
            event_type: Some(event.event_type()),
            viewer: event.user().map(ViewerFact::from),
            session: Some(session),
            creator: creator.into(),
            ..Self::default()
        };
        facts.take_body(&event.body);
        facts
    }

    fn take_body(&mut self, body: &Body) {
        match body {
            Body::Comment(Comment { comment, emotes, .. }) => {
                self.text = Some(comment.clone());
                self.emote = emotes.first().map(|it| EmoteFact { id: it.id.clone(), image_url: it.image_url.clone() });
            }
            Body::Question(it) => self.text = Some(it.question.clone()),
            Body::Pin(Pin { comment, .. }) | Body::Unpin(Pin { comment, .. }) => self.text = Some(comment.clone()),
            Body::Barrage(it)
            | Body::Rank(it)
            | Body::Shop(it)
            | Body::Caption(it)
            | Body::RoomMessage(it)
            | Body::LiveIntro(it) => self.text = Some(it.text.clone()),
            Body::Poll(it) => self.text = Some(it.title.clone()),
            Body::Disconnect(it) => self.text = Some(it.reason.clone()),
            Body::LiveEnd(it) => self.text = it.reason.as_ref().map(CompactString::to_string),
            Body::Gift(gift) => self.take_gift(gift),
            Body::Like(it) => {
                self.count = Some(u64::from(it.count));
                self.total_likes = Some(it.total_likes);
            }
            Body::Subscribe(it) => self.months = it.months,
            Body::ViewerCount(it) => self.viewers = Some(it.viewers),
            Body::Emote(EmoteChat { emotes, .. }) => {
                self.emote = emotes.first().map(|it| EmoteFact { id: it.id.clone(), image_url: it.image_url.clone() });
            }
            Body::Envelope(it) => self.diamonds = Some(it.diamonds),
            Body::LevelUp(it) => self.take_level(it),
            Body::Goal(it) => self.count = Some(it.progress),
            Body::Custom(it) => self.fields = it.fields.clone(),
            Body::Connect(_)
            | Body::Join(_)
            | Body::Follow(_)
            | Body::Share(_)
            | Body::Battle(_)
            | Body::Social(_)
            | Body::SuperFan(_)
            | Body::Moderation(_)
            | Body::Delete(_)
            | Body::Gap(_)
            | Body::LiveStart(_)
            | Body::LivePause(_)
            | Body::LiveResume(_)
            | Body::Unknown(_) => {}
        }
    }

    fn take_gift(&mut self, gift: &Gift) {
        let named = gift.gift.name.clone().filter(|name| !name.is_empty());
        self.count = Some(u64::from(gift.repeat_count));
        self.diamonds = gift.total_diamonds;
        self.gift = Some(GiftFact {
            id: gift.gift.id,
            name: named.unwrap_or(UNKNOWN_GIFT),
            diamond_count: gift.gift.diamond_count,
            image_url: gift.gift.image_url.clone(),
        });
    }

    /// The level reached is newer than the one that the viewer's badge shows.
    fn take_level(&mut self, level_up: &LevelUp) {
        let Some(viewer) = &mut self.viewer else { return };
        match level_up.kind {
            LevelKind::Gifter => viewer.gifter_level = Some(level_up.level),
            LevelKind::Team => viewer.team_level = Some(level_up.level),
        }
    }
}

impl From<&User> for ViewerFact {
    fn from(user: &User) -> Self {
        Self {
            user_id: user.user_id.clone(),
            unique_id: user.unique_id.clone(),
            nickname: user.nickname.clone(),
            profile_picture: user.profile_picture.clone(),
            follow_role: user.follow_role,
            is_moderator: user.is_moderator,
            is_subscriber: user.is_subscriber,
            team_level: user.team_level,
            gifter_level: user.gifter_level,
            top_gifter_rank: user.top_gifter_rank,
        }
    }
}
