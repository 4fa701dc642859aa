//! What the far side sent and the lane confirmed, against what the journal says was given.

use std::collections::{BTreeMap, BTreeSet};

use cuelight_core::event::{Body, Event};

use super::rows::EventRow;

/// What was confirmed, by session.
#[derive(Default)]
pub(super) struct Confirmed {
    sessions: BTreeMap<u32, Session>,
}

#[derive(Default)]
struct Session {
    /// Types and numbers of messages.
    messages: BTreeSet<(String, i64)>,
    /// The highest count of each combo, and whether its end was told.
    combos: BTreeMap<String, (u32, bool)>,
}

impl Confirmed {
    pub(super) fn take(&mut self, session: u32, events: &[Event]) {
        let session = self.sessions.entry(session).or_default();
        for event in events {
            if let Some(number) = event.stamp.msg_id.as_ref().and_then(|id| id.as_str().parse().ok()) {
                session.messages.insert((event.event_type().to_string(), number));
            }
            if let Body::Gift(gift) = &event.body
                && let Some(group) = &gift.group_id
            {
                let (highest, is_ended) = session.combos.entry(group.to_string()).or_default();
                *highest = (*highest).max(gift.repeat_count);
                *is_ended |= !gift.streaking;
            }
        }
    }

    /// Every message is there once, and what was given is the highest count of each combo; each ends once.
    pub(super) fn check(&self, id: u32, rows: &[EventRow], is_over: bool) {
        let Some(session) = self.sessions.get(&id) else { return };
        let mut seen = BTreeSet::new();
        let mut given: BTreeMap<String, (u32, u32)> = BTreeMap::new();
        for row in rows {
            if let Some(number) = row.msg_id {
                let message = (row.event_type.clone(), number);
                assert!(session.messages.contains(&message), "{message:?} was never confirmed");
                assert!(seen.insert(message.clone()), "{message:?} is twice in the journal");
            }
            let data = serde_json::from_str(&row.data).expect("an event is JSON");
            let Body::Gift(gift) = Event::from_parts(&row.event_type, &data).expect("it reads back").body else {
                continue;
            };
            let Some(group) = &gift.group_id else { continue };
            let (sum, ends) = given.entry(group.to_string()).or_default();
            let delta = gift.delta_count.expect("the journal's gifts have one");
            *sum += delta;
            assert_eq!(gift.repeat_count, *sum, "the count of combo {group} is what its deltas add up to");
            assert!(gift.streaking || delta > 0 || *ends == 0, "combo {group} is told to have ended twice");
            assert!(!gift.streaking || *ends == 0, "combo {group} goes on after its end");
            *ends += u32::from(!gift.streaking);
        }
        for (group, (highest, is_ended)) in &session.combos {
            let (sum, ends) = given.get(group).copied().unwrap_or_default();
            assert_eq!(sum, *highest, "what was given in combo {group} is its highest count");
            assert!(ends > 0 || !(*is_ended || is_over), "the end of combo {group} was told");
        }
        for message in session.messages.difference(&seen) {
            assert_eq!(message.0, "gift", "{message:?} was confirmed and is not in the journal");
        }
    }
}
