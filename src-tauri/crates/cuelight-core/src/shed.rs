//! What is left out of a live that is too far behind: what matters least goes first, what is paid for never.

use crate::event::{Event, EventType};
use crate::limits::SHED_AFTER_MS;
use crate::reason::Reason;

/// How many events of each kind were left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ShedCounts {
    /// Joins; they go first.
    pub joins: u64,
    /// Like messages; they go when the live is twice as late.
    pub likes: u64,
    /// Viewer counts; they go when it is three times as late.
    pub viewer_counts: u64,
}

impl ShedCounts {
    /// All of them together.
    #[must_use]
    pub fn sum(&self) -> u64 {
        self.joins + self.likes + self.viewer_counts
    }

    /// What people are told about it.
    #[must_use]
    pub fn reason(&self, late_ms: i64) -> Reason {
        let Self { joins, likes, viewer_counts } = *self;
        Reason::Shed { joins, likes, viewer_counts, late_ms }
    }
}

/// Takes out of `events` what a live that is `late_ms` behind can do without; nothing up to [`SHED_AFTER_MS`].
pub fn shed(events: &mut Vec<Event>, late_ms: i64) -> ShedCounts {
    let mut counts = ShedCounts::default();
    if late_ms <= SHED_AFTER_MS {
        return counts;
    }
    let how_late = late_ms / SHED_AFTER_MS;
    events.retain(|event| match counter(&mut counts, event.event_type(), how_late) {
        Some(left_out) => {
            *left_out += 1;
            false
        }
        None => true,
    });
    counts
}

/// Where such an event is counted if it is left out of a live that is so many times too late.
fn counter(counts: &mut ShedCounts, event_type: EventType, how_late: i64) -> Option<&mut u64> {
    match event_type {
        EventType::Join => Some(&mut counts.joins),
        EventType::Like => (how_late >= 2).then_some(&mut counts.likes),
        EventType::ViewerCount => (how_late >= 3).then_some(&mut counts.viewer_counts),
        EventType::Connect
        | EventType::Comment
        | EventType::Gift
        | EventType::Follow
        | EventType::Share
        | EventType::Subscribe
        | EventType::Question
        | EventType::Emote
        | EventType::Envelope
        | EventType::Battle
        | EventType::Social
        | EventType::SuperFan
        | EventType::LevelUp
        | EventType::Moderation
        | EventType::Delete
        | EventType::Pin
        | EventType::Unpin
        | EventType::Poll
        | EventType::Goal
        | EventType::Barrage
        | EventType::Rank
        | EventType::Shop
        | EventType::Caption
        | EventType::RoomMessage
        | EventType::LiveIntro
        | EventType::Custom
        | EventType::Gap
        | EventType::LiveStart
        | EventType::LivePause
        | EventType::LiveResume
        | EventType::LiveEnd
        | EventType::Disconnect
        | EventType::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Body, ByUser, Comment, Like, ViewerCount};
    use crate::timestamp::Timestamp;

    fn one_of_each() -> Vec<Event> {
        let bodies = [
            Body::Join(ByUser::default()),
            Body::Gift(Box::default()),
            Body::Like(Like::default()),
            Body::Comment(Comment::default()),
            Body::ViewerCount(ViewerCount::default()),
            Body::Follow(ByUser::default()),
        ];
        bodies.map(|body| Event::own(body, Timestamp::default())).into()
    }

    #[test]
    fn the_later_a_live_is_the_more_goes_and_never_what_somebody_gave_or_said() {
        use EventType::{Comment, Follow, Gift, Join, Like, ViewerCount};
        #[track_caller]
        fn check(late_ms: i64, kept: &[EventType], joins: u64, likes: u64, viewer_counts: u64) {
            let mut events = one_of_each();
            let counts = shed(&mut events, late_ms);
            let types: Vec<EventType> = events.iter().map(Event::event_type).collect();
            assert_eq!(types, kept, "{late_ms} ms late, in their order");
            assert_eq!(counts, ShedCounts { joins, likes, viewer_counts }, "{late_ms} ms late: all of it is counted");
        }
        check(-5, &[Join, Gift, Like, Comment, ViewerCount, Follow], 0, 0, 0);
        check(SHED_AFTER_MS, &[Join, Gift, Like, Comment, ViewerCount, Follow], 0, 0, 0);
        check(SHED_AFTER_MS + 1, &[Gift, Like, Comment, ViewerCount, Follow], 1, 0, 0);
        check(2 * SHED_AFTER_MS, &[Gift, Comment, ViewerCount, Follow], 1, 1, 0);
        check(3 * SHED_AFTER_MS, &[Gift, Comment, Follow], 1, 1, 1);
        check(i64::MAX, &[Gift, Comment, Follow], 1, 1, 1);
    }

    #[test]
    fn what_was_left_out_is_told_with_its_numbers() {
        let counts = ShedCounts { joins: 3, likes: 2, viewer_counts: 1 };
        assert_eq!(counts.sum(), 6, "all of them together");
        let told = Reason::Shed { joins: 3, likes: 2, viewer_counts: 1, late_ms: 2_500 };
        assert_eq!(counts.reason(2_500), told, "each kind by itself");
    }
}
