//! Whether and when a job that failed is tried again.

use crate::action::Replay;
use crate::chance::Chance;
use crate::limits::{MAX_ATTEMPTS, RETRY_AFTER_MS, RETRY_FIRST_MS, RETRY_MS};
use crate::reason::Reason;

/// What stopped an action, and whether trying again can help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What people are told.
    pub reason: Reason,
    /// Whether trying again can help.
    pub again: Again,
    /// How long the other side asks us to wait (`Retry-After`), in milliseconds.
    pub retry_after_ms: Option<u64>,
}

/// Whether trying again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// It can, and the other side did nothing yet: no connection came about, or it refused the request unread (429).
    NothingSent,
    /// It can, but the other side may have done it: a time-out or a broken connection after sending, a 5xx. What is
    /// [`Replay::AtMostOnce`] is not tried again.
    PerhapsDone,
    /// It cannot: the next try would end the same way.
    No,
}

impl Failure {
    /// A failure that the next try would repeat.
    #[must_use]
    pub fn lasting(reason: Reason) -> Self {
        Self { reason, again: Again::No, retry_after_ms: None }
    }

    /// A failure that can pass, before the other side did anything.
    #[must_use]
    pub fn before_sending(reason: Reason) -> Self {
        Self { reason, again: Again::NothingSent, retry_after_ms: None }
    }

    /// A failure that can pass, after which nobody knows what the other side did.
    #[must_use]
    pub fn after_sending(reason: Reason) -> Self {
        Self { reason, again: Again::PerhapsDone, retry_after_ms: None }
    }

    /// The same failure of somebody who asks us to wait so long.
    #[must_use]
    pub fn retry_after(self, wait_ms: u64) -> Self {
        Self { retry_after_ms: Some(wait_ms), ..self }
    }
}

/// When to try again after the `attempt`-th try (1 first) failed at `now_ms`; `None`: the failure stands.
///
/// The pause doubles with each try, up to [`RETRY_MS`], and lies between half of that and all of it, by the seed (the
/// job's own, so that jobs which failed together do not come back together). Whoever asks us to wait longer gets that, up
/// to [`RETRY_AFTER_MS`]. A try that would begin at `expires_ms` or later is none.
#[must_use]
pub fn next_try(
    attempt: u32,
    failure: &Failure,
    replay: Replay,
    seed: u64,
    now_ms: i64,
    expires_ms: Option<i64>,
) -> Option<i64> {
    let may_again = match (failure.again, replay) {
        (Again::NothingSent, _) | (Again::PerhapsDone, Replay::Safe) => true,
        (Again::PerhapsDone, Replay::AtMostOnce) | (Again::No, _) => false,
    };
    let asked_ms = failure.retry_after_ms.unwrap_or(0);
    if !may_again || attempt >= MAX_ATTEMPTS || asked_ms > RETRY_AFTER_MS {
        return None;
    }
    let pause_ms = pause_ms(attempt, seed).max(asked_ms);
    let due_ms = now_ms.saturating_add(i64::try_from(pause_ms).unwrap_or(i64::MAX));
    expires_ms.is_none_or(|expires_ms| due_ms < expires_ms).then_some(due_ms)
}

fn pause_ms(attempt: u32, seed: u64) -> u64 {
    let doublings = attempt.saturating_sub(1).min(u32::BITS - 1);
    let longest_ms = RETRY_FIRST_MS.saturating_mul(1 << doublings).min(RETRY_MS);
    let half_ms = longest_ms / 2;
    half_ms + Chance::of(seed).number(attempt.into()).below(longest_ms - half_ms + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW_MS: i64 = 1_768_219_200_000;

    fn reason() -> Reason {
        Reason::ActionFailed { error: "no answer".into(), advice: String::new() }
    }

    fn passing() -> Failure {
        Failure::before_sending(reason())
    }

    #[test]
    fn only_what_can_pass_and_does_no_harm_is_tried_again() {
        for (failure, replay, again) in [
            (Failure::before_sending(reason()), Replay::Safe, true),
            (Failure::before_sending(reason()), Replay::AtMostOnce, true),
            (Failure::after_sending(reason()), Replay::Safe, true),
            (Failure::after_sending(reason()), Replay::AtMostOnce, false),
            (Failure::lasting(reason()), Replay::Safe, false),
            (Failure::lasting(reason()), Replay::AtMostOnce, false),
        ] {
            let due_ms = next_try(1, &failure, replay, 7, NOW_MS, None);
            assert_eq!(due_ms.is_some(), again, "{:?} of a kind that is {replay:?}", failure.again);
        }
    }

    #[test]
    fn the_last_attempt_is_the_last() {
        for attempt in 1..=MAX_ATTEMPTS + 1 {
            let due_ms = next_try(attempt, &passing(), Replay::Safe, 7, NOW_MS, None);
            assert_eq!(due_ms.is_some(), attempt < MAX_ATTEMPTS, "after try {attempt} of {MAX_ATTEMPTS}");
        }
    }

    #[test]
    fn whoever_asks_us_to_wait_gets_that_unless_it_is_too_long() {
        let asked = |wait_ms| next_try(1, &passing().retry_after(wait_ms), Replay::Safe, 7, NOW_MS, None);
        assert_eq!(asked(20_000), Some(NOW_MS + 20_000), "longer than our own pause: theirs counts");
        assert_eq!(asked(0), next_try(1, &passing(), Replay::Safe, 7, NOW_MS, None), "shorter: ours does");
        assert_eq!(asked(RETRY_AFTER_MS + 1), None, "an hour's wait is a failure that people should see");
        assert_eq!(asked(u64::MAX), None, "nonsense from outside is no pause either");
    }

    proptest! {
        #[test]
        fn a_try_lies_after_its_pause_and_before_the_expiry(
            attempt in 0..MAX_ATTEMPTS, seed: u64, expires_in_ms in proptest::option::of(0_i64..10_000),
        ) {
            let longest_ms = 1_000_i64 << attempt.saturating_sub(1);
            let expires_ms = expires_in_ms.map(|in_ms| NOW_MS + in_ms);
            match next_try(attempt, &passing(), Replay::Safe, seed, NOW_MS, expires_ms) {
                Some(due_ms) => {
                    let pause_ms = due_ms - NOW_MS;
                    prop_assert!((longest_ms / 2..=longest_ms).contains(&pause_ms), "pause of {} ms", pause_ms);
                    prop_assert!(expires_ms.is_none_or(|it| due_ms < it), "it would be too late for it");
                }
                None => prop_assert!(expires_in_ms.is_some_and(|it| it <= longest_ms), "there was time for another try"),
            }
        }
    }
}
