//! A watch over what a room sends: joins and viewer counts without a single comment are a sign, not a quiet chat.

use cuelight_core::event::{Body, Event};

/// Joins after which a room is lively enough that somebody would have written.
const JOINS: u32 = 30;

/// How long viewer counts have to come for the same, in milliseconds.
const COUNTED_MS: i64 = 5 * 60 * 1_000;

/// How long there has to be no comment, in milliseconds.
const WITHOUT_COMMENTS_MS: i64 = 10 * 60 * 1_000;

/// What one visit to a room has brought so far.
#[derive(Debug)]
pub(super) struct Families {
    /// When the last comment came, or the visit began, ms since 1970.
    commented_ms: i64,
    /// Joins since then.
    joins: u32,
    /// When the first viewer count since then came, ms since 1970.
    counted_ms: Option<i64>,
    is_told: bool,
}

impl Families {
    /// The watch over a visit that begins at that moment, ms since 1970.
    pub(super) fn from(now_ms: i64) -> Self {
        Self { commented_ms: now_ms, joins: 0, counted_ms: None, is_told: false }
    }

    /// Takes what came at that moment, ms since 1970. True once in a visit: when comments are held back from us.
    pub(super) fn take(&mut self, events: &[Event], now_ms: i64) -> bool {
        for event in events.iter().filter(|event| !event.stamp.history) {
            if matches!(event.body, Body::Comment(_)) {
                *self = Self { is_told: self.is_told, ..Self::from(now_ms) };
            } else if matches!(event.body, Body::Join(_)) {
                self.joins = self.joins.saturating_add(1);
            } else if matches!(event.body, Body::ViewerCount(_)) {
                self.counted_ms.get_or_insert(now_ms);
            }
        }
        let is_lively = self.joins >= JOINS || self.counted_ms.is_some_and(|first_ms| now_ms - first_ms >= COUNTED_MS);
        let is_missing = is_lively && now_ms - self.commented_ms >= WITHOUT_COMMENTS_MS && !self.is_told;
        self.is_told |= is_missing;
        is_missing
    }
}

#[cfg(test)]
mod tests {
    use cuelight_core::event::{ByUser, Comment, ViewerCount};
    use cuelight_core::timestamp::Timestamp;

    use super::*;

    const MINUTE_MS: i64 = 60_000;

    fn event(body: Body) -> Event {
        Event::own(body, Timestamp::default())
    }

    #[test]
    fn joins_without_comments_are_told_once_and_never_too_early() {
        let joins: Vec<Event> = (0..JOINS).map(|_| event(Body::Join(ByUser::default()))).collect();
        let mut families = Families::from(0);
        assert!(!families.take(&joins, MINUTE_MS), "a chat may be silent for a minute");
        assert!(!families.take(&joins, 10 * MINUTE_MS - 1), "or for nearly ten");
        assert!(families.take(&joins, 10 * MINUTE_MS), "ten minutes with sixty joins are none");
        assert!(!families.take(&joins, 30 * MINUTE_MS), "once is enough");
    }

    #[test]
    fn a_comment_begins_the_time_anew() {
        let comment = [event(Body::Comment(Comment::default()))];
        let joins: Vec<Event> = (0..JOINS).map(|_| event(Body::Join(ByUser::default()))).collect();
        let mut families = Families::from(0);
        families.take(&joins, MINUTE_MS);
        families.take(&comment, 9 * MINUTE_MS);
        assert!(!families.take(&joins, 11 * MINUTE_MS), "somebody wrote two minutes ago");
        assert!(families.take(&[], 19 * MINUTE_MS), "and nobody since");
        let mut replayed = comment;
        replayed[0].stamp.history = true;
        let mut families = Families::from(0);
        families.take(&joins, MINUTE_MS);
        families.take(&replayed, 9 * MINUTE_MS);
        assert!(families.take(&[], 10 * MINUTE_MS), "what is replayed from before says nothing about now");
    }

    #[test]
    fn viewer_counts_alone_are_enough_and_an_empty_room_is_not() {
        let count = [event(Body::ViewerCount(ViewerCount::default()))];
        let mut families = Families::from(0);
        families.take(&count, 5 * MINUTE_MS);
        assert!(families.take(&count, 10 * MINUTE_MS), "five minutes of counts, ten without a comment");
        let mut families = Families::from(0);
        assert!(!families.take(&[], 60 * MINUTE_MS), "where nothing comes nothing is held back");
    }
}
