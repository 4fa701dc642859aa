//! What a session adds up to.

use std::collections::BTreeMap;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::event::{Body, Deed, Event, EventType, Progress};
use crate::limits::UNKNOWN_METHODS;

/// Under which name methods beyond [`UNKNOWN_METHODS`] are counted.
const OTHER_METHODS: &str = "others";

/// The sums of one session, kept as events come and stored with every commit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionTotals {
    /// Events that count (see [`counts`]), by type.
    pub by_type: BTreeMap<EventType, u64>,
    /// Events in the journal, counted or not.
    pub journaled: u64,
    /// Units of gifts given.
    pub gift_units: u64,
    /// Diamonds given; gifts of unknown price add nothing.
    pub diamonds: u64,
    /// Hearts of the whole live, the highest total seen.
    pub likes: u64,
    /// Repeated messages that were dropped.
    pub duplicates: u64,
    /// Messages and frames that were cut or garbled; whoever reads them counts them.
    pub faults: u64,
    /// Events left out because the live was too far behind.
    pub shed: u64,
    /// Messages that are none of our events, by TikTok's name.
    pub unknown_by_method: BTreeMap<CompactString, u64>,
}

impl SessionTotals {
    /// Adds one journaled event.
    pub fn add(&mut self, event: &Event) {
        self.journaled += 1;
        if let Body::Unknown(unknown) = &event.body {
            self.add_unknown(&unknown.method);
        }
        if counts(event) {
            *self.by_type.entry(event.event_type()).or_default() += 1;
        }
        if event.stamp.history {
            return;
        }
        match event.body.deed() {
            Deed::Gift(gift) => {
                self.gift_units += u64::from(gift.delta_count.unwrap_or(0));
                // Two garbled messages can say more diamonds than fit.
                self.diamonds = self.diamonds.saturating_add(gift.delta_diamonds.unwrap_or(0));
            }
            Deed::Like(like) => self.likes = self.likes.max(like.total_likes),
            Deed::Comment(_) | Deed::Presence => {}
        }
    }

    /// Methods beyond the bound are counted together: whoever invents names must not fill the memory.
    fn add_unknown(&mut self, method: &CompactString) {
        if let Some(count) = self.unknown_by_method.get_mut(method) {
            *count += 1;
            return;
        }
        let is_room = self.unknown_by_method.len() < UNKNOWN_METHODS;
        let method = if is_room { method.clone() } else { CompactString::const_new(OTHER_METHODS) };
        *self.unknown_by_method.entry(method).or_default() += 1;
    }

    /// Events that count, of all types together.
    #[must_use]
    pub fn counted(&self) -> u64 {
        self.by_type.values().sum()
    }

    /// Events of that type that count.
    #[must_use]
    pub fn of_type(&self, event_type: EventType) -> u64 {
        self.by_type.get(&event_type).copied().unwrap_or(0)
    }
}

/// Whether an event is something that happened, once: it stands in the saved file, on the console and in the summary.
///
/// History, combo steps, viewer counts, unknown messages and the states of TikTok's own interface do not count.
#[must_use]
pub fn counts(event: &Event) -> bool {
    if event.stamp.history {
        return false;
    }
    match &event.body {
        Body::Gift(gift) => !gift.streaking,
        Body::Battle(battle) => match battle.state {
            Progress::Started | Progress::Ended => true,
            Progress::Updated => false,
        },
        Body::Connect(_)
        | Body::Comment(_)
        | Body::Like(_)
        | Body::Join(_)
        | Body::Follow(_)
        | Body::Share(_)
        | Body::Subscribe(_)
        | Body::Question(_)
        | Body::Emote(_)
        | Body::Envelope(_)
        | Body::Gap(_)
        | Body::LivePause(_)
        | Body::LiveResume(_)
        | Body::LiveEnd(_)
        | Body::Disconnect(_) => true,
        Body::ViewerCount(_)
        | Body::Social(_)
        | Body::SuperFan(_)
        | Body::LevelUp(_)
        | Body::Moderation(_)
        | Body::Delete(_)
        | Body::Pin(_)
        | Body::Unpin(_)
        | Body::Poll(_)
        | Body::Goal(_)
        | Body::Barrage(_)
        | Body::Rank(_)
        | Body::Shop(_)
        | Body::Caption(_)
        | Body::RoomMessage(_)
        | Body::LiveIntro(_)
        | Body::Custom(_)
        | Body::LiveStart(_)
        | Body::Unknown(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Unknown;
    use crate::timestamp::Timestamp;

    #[test]
    fn invented_methods_do_not_fill_the_memory_and_are_all_counted() {
        let mut totals = SessionTotals::default();
        let count = UNKNOWN_METHODS as u64 + 50;
        for number in 0..count {
            let method = CompactString::from(format!("Webcast{number}"));
            totals.add(&Event::own(Body::Unknown(Unknown { method, size: 1 }), Timestamp::default()));
        }
        assert_eq!(totals.unknown_by_method.len(), UNKNOWN_METHODS + 1, "the names kept are bounded");
        assert_eq!(totals.unknown_by_method.values().sum::<u64>(), count, "none is left out of the count");
    }
}
