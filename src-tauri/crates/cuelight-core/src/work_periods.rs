//! When a worker of a service ran, and whether a job was ready for too long meanwhile.

use serde::{Deserialize, Serialize};

use crate::reason::Reason;

/// One time in which a worker of a service ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkPeriod {
    /// When it began, ms since 1970.
    pub began_ms: i64,
    /// When it ended, ms since 1970; `None` while it runs.
    pub ended_ms: Option<i64>,
}

/// The times in which a worker of one service ran.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkPeriods {
    /// In the order of their beginnings.
    periods: Vec<WorkPeriod>,
}

impl WorkPeriods {
    /// These periods, in any order; where some overlap, the time counts once.
    #[must_use]
    pub fn new(mut periods: Vec<WorkPeriod>) -> Self {
        periods.sort_by_key(|period| period.began_ms);
        Self { periods }
    }

    /// How much of the time from `ready_ms` to `now_ms` a worker ran, in milliseconds; never negative.
    #[must_use]
    pub fn worked_ms(&self, ready_ms: i64, now_ms: i64) -> i64 {
        let mut worked_ms = 0;
        let mut counted_to_ms = ready_ms;
        for period in &self.periods {
            let from_ms = period.began_ms.max(counted_to_ms);
            let to_ms = period.ended_ms.unwrap_or(now_ms).min(now_ms);
            if from_ms < to_ms {
                worked_ms += to_ms.saturating_sub(from_ms);
                counted_to_ms = to_ms;
            }
        }
        worked_ms
    }

    /// Why it is too late for a job that is claimed now, if it is: it was ready for longer than `expires_after_ms` while a
    /// worker ran.
    #[must_use]
    pub fn too_late(&self, ready_ms: i64, now_ms: i64, expires_after_ms: Option<i64>) -> Option<Reason> {
        let limit_ms = expires_after_ms?;
        let waited_ms = self.worked_ms(ready_ms, now_ms);
        (waited_ms > limit_ms).then_some(Reason::TooLate { waited_ms, limit_ms })
    }

    /// When it becomes too late for a job if the worker runs on from now, ms since 1970; `None`: never.
    #[must_use]
    pub fn expires_ms(&self, ready_ms: i64, now_ms: i64, expires_after_ms: Option<i64>) -> Option<i64> {
        let left_ms = expires_after_ms?.saturating_sub(self.worked_ms(ready_ms, now_ms));
        Some(now_ms.saturating_add(left_ms))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn periods(periods: &[(i64, Option<i64>)]) -> WorkPeriods {
        WorkPeriods::new(periods.iter().map(|&(began_ms, ended_ms)| WorkPeriod { began_ms, ended_ms }).collect())
    }

    #[test]
    fn only_time_with_a_worker_counts() {
        for (ran, ready_ms, now_ms, expected_ms, why) in [
            (&[][..], 0, 90, 0, "no worker ever ran"),
            (&[(0, None)], 10, 50, 40, "one runs all the time"),
            (&[(30, None)], 10, 50, 20, "one began after the job was ready"),
            (&[(0, Some(20))], 10, 50, 10, "one ended before now"),
            (&[(0, Some(20)), (40, None)], 10, 50, 20, "a pause between two does not count"),
            (&[(40, None), (0, Some(20))], 10, 50, 20, "whatever their order"),
            (&[(0, Some(30)), (20, Some(40)), (0, Some(5))], 10, 50, 30, "an overlap counts once"),
            (&[(20, Some(10))], 0, 50, 0, "a clock that was set back gives no time"),
            (&[(60, None)], 10, 50, 0, "what begins after now does not count"),
            (&[(0, Some(90))], 10, 50, 40, "nor what comes after now"),
            (&[(0, None)], 50, 10, 0, "a job that is ready later was not ready at all"),
        ] {
            assert_eq!(periods(ran).worked_ms(ready_ms, now_ms), expected_ms, "{why}");
        }
    }

    #[test]
    fn a_job_is_too_late_when_it_was_ready_for_longer_than_its_limit() {
        let ran = periods(&[(0, Some(20)), (40, None)]);
        assert_eq!(ran.too_late(10, 50, Some(20)), None, "20 ms are not more than 20");
        let reason = Reason::TooLate { waited_ms: 21, limit_ms: 20 };
        assert_eq!(ran.too_late(10, 51, Some(20)), Some(reason), "21 ms are");
        assert_eq!(ran.too_late(10, i64::MAX, None), None, "without a limit there is time");
        assert_eq!(ran.expires_ms(10, 45, Some(20)), Some(50), "15 of 20 ms are gone, so 5 are left");
        assert_eq!(ran.expires_ms(10, 45, None), None, "without a limit it never expires");
    }

    proptest! {
        #[test]
        fn worked_time_is_the_number_of_moments_in_any_period(
            ran in proptest::collection::vec((0_i64..60, proptest::option::of(0_i64..60)), 0..6),
            ready_ms in 0_i64..60,
            now_ms in 0_i64..60,
        ) {
            let in_one = |at: &i64| ran.iter().any(|(began, ended)| began <= at && ended.is_none_or(|it| *at < it));
            let moments = (ready_ms..now_ms).filter(in_one).count();
            prop_assert_eq!(periods(&ran).worked_ms(ready_ms, now_ms), moments as i64);
        }
    }
}
