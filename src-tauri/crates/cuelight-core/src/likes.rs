//! Hearts: the room's total that only grows, and what one viewer sent without a longer break.

use ahash::AHashMap;

use crate::id::UserId;
use crate::limits::{LIKE_STREAK_BREAK_MS, LIKE_STREAKS};

/// The hearts of the whole live; TikTok's servers disagree, so a lower total is an old one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LikeTotal(u64);

impl LikeTotal {
    /// A total that was reached before.
    #[must_use]
    pub fn reached(total: u64) -> Self {
        Self(total)
    }

    /// Takes a message's total (LikeMessage.3) and gives the highest so far.
    pub fn raise(&mut self, total: u64) -> u64 {
        self.0 = self.0.max(total);
        self.0
    }
}

/// What each viewer sent without a break of more than [`LIKE_STREAK_BREAK_MS`]; at most [`LIKE_STREAKS`] viewers.
///
/// TikTok sends a sample of the likes of big rooms, so these are lower bounds.
#[derive(Debug, Clone, Default)]
pub struct LikeStreaks {
    streaks: AHashMap<UserId, Streak>,
}

#[derive(Debug, Clone, Copy)]
struct Streak {
    count: u64,
    last_ms: i64,
}

impl LikeStreaks {
    /// Adds a viewer's hearts and gives their streak so far.
    pub fn add(&mut self, viewer: &UserId, count: u32, now_ms: i64) -> u64 {
        if let Some(streak) = self.streaks.get_mut(viewer) {
            let base = if streak.goes_on(now_ms) { streak.count } else { 0 };
            *streak = Streak { count: base.saturating_add(u64::from(count)), last_ms: now_ms };
            return streak.count;
        }
        if self.streaks.len() == LIKE_STREAKS {
            self.make_room(now_ms);
        }
        self.streaks.insert(viewer.clone(), Streak { count: u64::from(count), last_ms: now_ms });
        u64::from(count)
    }

    /// Forgets what is over, else the stalest tenth, so that one pass serves many newcomers.
    fn make_room(&mut self, now_ms: i64) {
        self.streaks.retain(|_, streak| streak.goes_on(now_ms));
        if self.streaks.len() == LIKE_STREAKS {
            let mut times: Vec<i64> = self.streaks.values().map(|streak| streak.last_ms).collect();
            let (_, &mut newest_to_go, _) = times.select_nth_unstable(LIKE_STREAKS / 10);
            self.streaks.retain(|_, streak| streak.last_ms > newest_to_go);
        }
    }
}

impl Streak {
    /// A clock that was set back is no break.
    fn goes_on(&self, now_ms: i64) -> bool {
        now_ms.saturating_sub(self.last_ms) <= LIKE_STREAK_BREAK_MS
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_streak_adds_up_until_a_break() {
        let mut streaks = LikeStreaks::default();
        let (mia, ben) = (UserId::new("1"), UserId::new("2"));
        assert_eq!(streaks.add(&mia, 5, 0), 5, "the first hearts");
        assert_eq!(streaks.add(&ben, 1, 100), 1, "each viewer has their own");
        assert_eq!(streaks.add(&mia, 3, LIKE_STREAK_BREAK_MS), 8, "just within the break");
        assert_eq!(streaks.add(&mia, 2, 2 * LIKE_STREAK_BREAK_MS + 1), 2, "after the break a new streak begins");
        assert_eq!(streaks.add(&mia, 2, 0), 4, "a clock that was set back is no break");
    }

    #[test]
    fn viewers_who_stopped_make_room_and_without_them_the_stalest() {
        let mut streaks = LikeStreaks::default();
        for number in 0..LIKE_STREAKS {
            streaks.add(&UserId::new(number.to_string()), 1, number as i64 % 1000);
        }
        streaks.add(&UserId::new("one more"), 1, 1000);
        assert!(streaks.streaks.len() <= LIKE_STREAKS, "the bound holds though everybody is active");
        assert_eq!(streaks.add(&UserId::new("999"), 1, 1000), 2, "the freshest are kept");
        assert_eq!(streaks.add(&UserId::new("0"), 1, 1000), 1, "the stalest are gone");
    }

    proptest! {
        #[test]
        fn the_total_never_goes_down(totals in prop::collection::vec(any::<u64>(), 0..50)) {
            let mut total = LikeTotal::default();
            let mut before = 0;
            for &said in &totals {
                let now = total.raise(said);
                prop_assert!(now >= before && now >= said, "a lower total is an old one");
                before = now;
            }
            prop_assert_eq!(before, totals.into_iter().max().unwrap_or(0), "and nothing is invented");
        }
    }
}
