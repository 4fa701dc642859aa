//! When timers and times of day are due: moments on a grid that begins with the session's first connection.

use serde::{Deserialize, Serialize};

use crate::event::Body;
use crate::rule_set::Beat;

const DAY_MS: i64 = 24 * 60 * 60_000;

/// A clock that was set back by more than this is believed; less is a correction, and what was due is not due again.
const SET_BACK_MS: i64 = 60_000;

/// Where a session stands on the grid of its timers.
///
/// Timers count from the first connection. While the live is paused, over, or we are away they stay silent, and what fell
/// due meanwhile is not made up: the next moment of the grid is the next that counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Beats {
    /// When the session was connected first, ms since 1970.
    begun_ms: Option<i64>,
    /// Time counts now.
    live: bool,
    /// Up to when everything due was told, ms since 1970.
    told_ms: i64,
}

impl Beats {
    /// Takes what an event says about whether the session is live; true if that changed something.
    pub(super) fn notice(&mut self, body: &Body, now_ms: i64) -> bool {
        let goes_on = matches!(body, Body::LiveStart(_) | Body::LiveResume(_)) && !self.live;
        let stops = matches!(body, Body::LivePause(_) | Body::LiveEnd(_) | Body::Disconnect(_)) && self.live;
        if goes_on || matches!(body, Body::Connect(_)) {
            self.go_on(now_ms);
            return true;
        }
        self.live &= !stops;
        stops
    }

    fn go_on(&mut self, now_ms: i64) {
        self.begun_ms.get_or_insert(now_ms);
        self.live = true;
        self.told_ms = now_ms;
    }

    /// The first moment that is not told yet.
    pub(super) fn next_ms(&self, beat: Beat, utc_offset_s: i32) -> Option<i64> {
        let (origin_ms, period_ms) = self.grid(beat, utc_offset_s)?;
        Some(latest(origin_ms, period_ms, self.told_ms).saturating_add(period_ms))
    }

    /// Whether a moment fell between what was told and now; several count as one.
    pub(super) fn is_due(&self, beat: Beat, utc_offset_s: i32, now_ms: i64) -> bool {
        self.next_ms(beat, utc_offset_s).is_some_and(|next_ms| next_ms <= now_ms)
    }

    /// Everything up to now was told.
    pub(super) fn tell(&mut self, now_ms: i64) {
        self.told_ms = self.told_ms.max(now_ms);
    }

    /// Whatever lies before now is over: nobody waited for it.
    pub(super) fn skip_to(&mut self, now_ms: i64) {
        self.told_ms = now_ms;
    }

    /// Whether the clock was set back so far that nothing would be due for long.
    pub(super) fn is_set_back(&self, now_ms: i64) -> bool {
        self.begun_ms.is_some() && now_ms < self.told_ms.saturating_sub(SET_BACK_MS)
    }

    /// One moment of the beat and the time between two; `None` while nothing is due.
    fn grid(&self, beat: Beat, utc_offset_s: i32) -> Option<(i64, i64)> {
        let begun_ms = self.begun_ms.filter(|_| self.live)?;
        Some(match beat {
            Beat::Every(period_ms) => (begun_ms, period_ms),
            Beat::Daily(at) => (i64::from(at.minutes()) * 60_000 - i64::from(utc_offset_s) * 1000, DAY_MS),
        })
    }
}

/// The latest moment of a grid at or before a time.
fn latest(origin_ms: i64, period_ms: i64, time_ms: i64) -> i64 {
    time_ms - (time_ms - origin_ms).rem_euclid(period_ms)
}
