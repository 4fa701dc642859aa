//! Recognises a message that comes a second time, also over a reconnect.

use std::collections::VecDeque;
use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

use ahash::{AHashSet, RandomState};

use crate::event::{Body, Event, EventType};
use crate::id::MsgId;
use crate::limits::DEDUPE_IDS;

/// The last [`DEDUPE_IDS`] messages of a session; the oldest is forgotten first.
///
/// A message is known by its event type and number, an `unknown` one by its method too, since numbers are unique within one
/// method only. What carries no number is never a repetition.
#[derive(Debug, Clone)]
pub struct Dedupe {
    known: AHashSet<u64>,
    oldest_first: VecDeque<u64>,
    hasher: RandomState,
}

impl Default for Dedupe {
    fn default() -> Self {
        // Fixed seeds: the same input must give the same answer in every run. Nobody outside chooses message numbers.
        let hasher = RandomState::with_seeds(0x6375_656c, 0x6967_6874, 0x6d73_675f, 0x6964_7321);
        Self { known: AHashSet::new(), oldest_first: VecDeque::new(), hasher }
    }
}

impl Dedupe {
    /// Whether this event is no repetition; from now on it is known.
    pub fn first_time(&mut self, event: &Event) -> bool {
        let Some(msg_id) = &event.stamp.msg_id else { return true };
        let method = if let Body::Unknown(unknown) = &event.body { unknown.method.as_str() } else { "" };
        self.insert(self.key(event.event_type(), msg_id, method))
    }

    /// Takes up a message that the journal holds, oldest first.
    ///
    /// `method` counts only for `unknown`; for the other types anything may stand there.
    pub fn remember(&mut self, event_type: EventType, msg_id: &MsgId, method: &str) {
        let method = if event_type == EventType::Unknown { method } else { "" };
        self.insert(self.key(event_type, msg_id, method));
    }

    /// 64 well mixed bits: with [`DEDUPE_IDS`] known messages two differing ones meet once in 10¹⁵.
    fn key(&self, event_type: EventType, msg_id: &MsgId, method: &str) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        event_type.hash(&mut hasher);
        match msg_id.to_number() {
            Some(number) => hasher.write_u64(number),
            None => msg_id.hash(&mut hasher),
        }
        hasher.write(method.as_bytes());
        hasher.finish()
    }

    fn insert(&mut self, key: u64) -> bool {
        if !self.known.insert(key) {
            return false;
        }
        if self.oldest_first.len() == DEDUPE_IDS
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.known.remove(&oldest);
        }
        self.oldest_first.push_back(key);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{ByUser, Unknown};
    use crate::timestamp::Timestamp;

    fn numbered(body: Body, msg_id: &str) -> Event {
        let mut event = Event::own(body, Timestamp::default());
        event.stamp.msg_id = Some(MsgId::new(msg_id));
        event
    }

    fn join(msg_id: &str) -> Event {
        numbered(Body::Join(ByUser::default()), msg_id)
    }

    fn unknown(method: &str, msg_id: &str) -> Event {
        numbered(Body::Unknown(Unknown { method: method.into(), size: 1 }), msg_id)
    }

    #[test]
    fn a_number_is_unique_within_its_type_and_method_only() {
        let mut dedupe = Dedupe::default();
        assert!(dedupe.first_time(&join("7")), "nothing was known");
        assert!(!dedupe.first_time(&join("7")), "the same message again is a repetition");
        assert!(dedupe.first_time(&numbered(Body::Follow(ByUser::default()), "7")), "another type is another message");
        assert!(dedupe.first_time(&unknown("WebcastA", "7")), "an unknown message is none of the known ones");
        assert!(dedupe.first_time(&unknown("WebcastB", "7")), "another method is another message");
        assert!(!dedupe.first_time(&unknown("WebcastA", "7")), "the same method and number is a repetition");
    }

    #[test]
    fn what_has_no_number_is_never_a_repetition() {
        let mut dedupe = Dedupe::default();
        let event = Event::own(Body::Join(ByUser::default()), Timestamp::default());
        assert!(dedupe.first_time(&event) && dedupe.first_time(&event), "nothing tells these two apart from two joins");
    }

    #[test]
    fn numbers_that_are_no_numbers_are_told_apart_too() {
        let mut dedupe = Dedupe::default();
        assert!(dedupe.first_time(&join("a-1")), "nothing was known");
        assert!(dedupe.first_time(&join("a-2")), "another text is another message");
        assert!(!dedupe.first_time(&join("a-1")), "the same text is a repetition");
    }

    #[test]
    fn exactly_the_last_messages_are_known() {
        let mut dedupe = Dedupe::default();
        for number in 0..=DEDUPE_IDS {
            assert!(dedupe.first_time(&join(&number.to_string())), "{number} is new");
        }
        assert!(!dedupe.first_time(&join("1")), "the oldest within the window is still known");
        assert!(dedupe.first_time(&join("0")), "the one before it was forgotten");
        assert!(dedupe.first_time(&join("1")), "which in turn pushed out the next");
        assert_eq!(dedupe.known.len(), DEDUPE_IDS, "the window must not grow");
        assert_eq!(dedupe.oldest_first.len(), DEDUPE_IDS, "in neither of its two views");
    }

    #[test]
    fn a_message_taken_up_from_the_journal_is_known() {
        let mut dedupe = Dedupe::default();
        dedupe.remember(EventType::Join, &MsgId::new("7"), "WebcastMemberMessage");
        dedupe.remember(EventType::Unknown, &MsgId::new("8"), "WebcastA");
        assert!(!dedupe.first_time(&join("7")), "the method counts only for unknown messages");
        assert!(!dedupe.first_time(&unknown("WebcastA", "8")), "type, method and number are the same");
        assert!(dedupe.first_time(&unknown("WebcastB", "8")), "this method was not in the journal");
    }
}
