//! Everything around one occasion that conditions and firings look at.

use std::borrow::Cow;
use std::cell::OnceCell;

use serde_json::{Map, Value};

use super::state::{RuleState, SessionFacts};
use crate::condition::Role;
use crate::event::{Body, Event, Gift};
use crate::facts::{Facts, Values};
use crate::rule_set::{RuleSet, folded, has_no_capitals_beyond_ascii};
use crate::user::User;
use crate::viewer::Standing;

/// One occasion; what costs something is made when it is first asked for.
pub(super) struct Scene<'a> {
    pub(super) rules: &'a RuleSet,
    pub(super) values: &'a Values,
    pub(super) standing: Standing,
    pub(super) now_ms: i64,
    /// The event, if one is the occasion.
    pub(super) event: Option<&'a Event>,
    /// The event's number; 0 without one.
    pub(super) number: u32,
    pub(super) depth: u8,
    lowered: OnceCell<Cow<'a, str>>,
    handle: OnceCell<String>,
    /// Boxed, because few occasions make any and all of them pass a scene on.
    facts: OnceCell<Box<Facts>>,
}

impl<'a> Scene<'a> {
    /// An occasion without an event.
    pub(super) fn new(rules: &'a RuleSet, values: &'a Values, standing: Standing, now_ms: i64) -> Self {
        Self {
            rules,
            values,
            standing,
            now_ms,
            event: None,
            number: 0,
            depth: 0,
            lowered: OnceCell::new(),
            handle: OnceCell::new(),
            facts: OnceCell::new(),
        }
    }

    /// The same with an event.
    pub(super) fn of_event(self, event: &'a Event, number: u32, depth: u8) -> Self {
        Self { event: Some(event), number, depth, ..self }
    }

    /// The same, with so many rules that led to it.
    pub(super) fn at_depth(self, depth: u8) -> Self {
        Self { depth, ..self }
    }

    pub(super) fn user(&self) -> Option<&'a User> {
        self.event.and_then(Event::user)
    }

    /// The viewer's handle in lower case; empty where nobody knows it.
    pub(super) fn handle(&self) -> &str {
        self.handle.get_or_init(|| self.user().map(|user| folded(&user.unique_id)).unwrap_or_default())
    }

    pub(super) fn gift(&self) -> Option<&'a Gift> {
        let Body::Gift(gift) = &self.event?.body else { return None };
        Some(gift)
    }

    pub(super) fn comment(&self) -> Option<&'a str> {
        let Body::Comment(comment) = &self.event?.body else { return None };
        Some(&comment.comment)
    }

    /// The comment in lower case.
    pub(super) fn lowered(&self) -> Option<&str> {
        let comment = self.comment()?;
        Some(self.lowered.get_or_init(|| {
            let is_lower = has_no_capitals_beyond_ascii(comment) && !comment.bytes().any(|it| it.is_ascii_uppercase());
            if is_lower { Cow::Borrowed(comment) } else { Cow::Owned(folded(comment)) }
        }))
    }

    /// The comment, in which no capitals but ASCII's are left: mostly as it is.
    pub(super) fn nearly_lowered(&self) -> Option<&str> {
        let comment = self.comment()?;
        if self.lowered.get().is_none() && has_no_capitals_beyond_ascii(comment) {
            return Some(comment);
        }
        self.lowered()
    }

    /// What placeholders are filled from.
    pub(super) fn facts(&self, state: &RuleState) -> &Facts {
        self.facts.get_or_init(|| {
            let session = &state.session;
            let told = match self.event {
                Some(event) => Facts::of_event(event, session.id, &session.creator),
                None => Facts { session: Some(session.id), creator: session.creator.clone(), ..Facts::default() },
            };
            Box::new(state.complete(told))
        })
    }

    /// Adds what a caller put in to what placeholders are filled from.
    pub(super) fn with_fields(self, fields: &Map<String, Value>, state: &RuleState) -> Self {
        let facts = Facts { fields: fields.clone(), ..self.facts(state).clone() };
        Self { facts: OnceCell::from(Box::new(facts)), ..self }
    }

    /// Whether the viewer is that to the streamer, by this event or the last one that said so; unknown is no.
    pub(super) fn is(&self, role: Role, session: &SessionFacts) -> bool {
        let Some(user) = self.user() else { return false };
        let roles = &self.standing.roles;
        match role {
            Role::Follower => roles.follow_role.or(user.follow_role).is_some_and(|role| role >= 1),
            Role::Friend => roles.follow_role.or(user.follow_role).is_some_and(|role| role >= 2),
            Role::Subscriber => roles.is_subscriber.or(user.is_subscriber) == Some(true),
            Role::Moderator => roles.is_moderator.or(user.is_moderator) == Some(true),
            Role::Streamer => user.is_host || is_same_handle(&user.unique_id, &session.creator),
        }
    }
}

fn is_same_handle(handle: &str, creator: &str) -> bool {
    !handle.is_empty() && handle.eq_ignore_ascii_case(creator)
}
