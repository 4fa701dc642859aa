//! The time as everything in the runtime asks for it, so that a test or a replay can set it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Where "now" comes from: the machine, or a hand that sets it. Clones share the same time.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    set_by_hand: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self { set_by_hand: None }
    }

    /// A clock that stands still at that moment (ms since 1970) until [`Clock::set_ms`] moves it.
    #[must_use]
    pub fn manual(start_ms: i64) -> Self {
        Self { set_by_hand: Some(Arc::new(AtomicI64::new(start_ms))) }
    }

    /// Now, in milliseconds since 1970 UTC.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        match &self.set_by_hand {
            Some(now_ms) => now_ms.load(Ordering::Relaxed),
            // A machine that believes to be before 1970 gets 0: wrong, but usable.
            None => SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64),
        }
    }

    /// How far the clocks of this place are ahead of UTC now, in seconds.
    #[must_use]
    pub fn utc_offset_s(&self) -> i32 {
        let now = jiff::Timestamp::from_millisecond(self.now_ms()).unwrap_or_default();
        jiff::tz::TimeZone::system().to_offset(now).seconds()
    }

    /// Moves a manual clock to that moment; the machine's clock is not ours to move and stays.
    pub fn set_ms(&self, now_ms: i64) {
        if let Some(clock) = &self.set_by_hand {
            clock.store(now_ms, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_of_a_manual_clock_show_the_same_time() {
        let clock = Clock::manual(1_000);
        let shown_elsewhere = clock.clone();
        clock.set_ms(2_500);
        assert_eq!(shown_elsewhere.now_ms(), 2_500, "a test moves the time of everybody it gave the clock to");
    }

    #[test]
    fn the_system_clock_shows_this_century() {
        assert!(Clock::system().now_ms() > 1_600_000_000_000, "milliseconds, not seconds, since 1970");
    }
}
