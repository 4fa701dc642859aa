//! The end of a capture: what it was, who is told, and when it is tried again.

use std::time::Duration;

use cuelight_runtime::runtime::JournalError;
use cuelight_runtime::source::pace::{ASK_AGAIN, Pace, ask_again_after, round_wait};
use cuelight_runtime::source::{SourceEnd, SourceError};
use cuelight_runtime::store::StoreError;
use tokio::time::Instant;

use super::Owner;
use super::wishes::tell;
use crate::dto::{Failure, FailureCode, Phase};
use crate::live::plan::{Tries, not_readable};
use crate::live::running::Running;
use crate::live::witness::{Ended, Then};

impl Owner {
    /// Takes the capture apart after its last event.
    pub(super) async fn take_apart(&mut self, unreadable: Option<StoreError>) {
        let Some(mut running) = self.running.take() else { return };
        *self.lane.lock() = None;
        if let Some(error) = &unreadable {
            tracing::error!(%error, "what was committed can no longer be read");
        }
        // The journal has ended; a source that has not noticed yet is told.
        running.capture.stopper().stop();
        if let Some(publishing) = running.publishing.take() {
            // Those that have ended are forgotten.
            while self.publishing.try_join_next().is_some() {}
            match running.course.session {
                Some(_) => self.publishing.spawn(publishing.finish()),
                None => self.publishing.spawn(publishing.drop_unused()),
            };
        }
        let Running { capture, course, witness, is_stopped, .. } = running;
        let end = capture.end().await;
        let now_ms = self.clock.now_ms();
        self.standing.totals = course.totals();
        if matches!(end.outcome, Ok(SourceEnd::Ended) | Err(SourceError::NotLive { .. })) && !is_stopped {
            self.settle_old_jobs().await;
        }
        let over = course.ended(now_ms).unwrap_or(Phase::Offline);
        match (&end.journal, &end.outcome) {
            (Err(error), _) => {
                tracing::error!(%error, "the journal ended before its capture");
                self.answer_begun(Err(not_journaled(error)));
                self.stand_still(over);
            }
            (Ok(_), Ok(SourceEnd::Stopped | SourceEnd::Ended)) => self.stand_still(over),
            (Ok(_), Err(error)) if is_stopped => {
                tracing::info!(%error, "the source failed while it was ended");
                self.stand_still(over);
            }
            (Ok(_), Err(error)) => self.take_failure(error, over, now_ms),
        }
        if let Some(witness) = witness {
            let then = match self.retry {
                Some(_) => Then::TriedAgain,
                None if is_stopped => Then::Stopped,
                None => Then::Over,
            };
            // Whoever watched may be gone.
            let _ = witness.send(Ended { end, then, unreadable });
        }
        self.answer_begun(Ok(()));
        for ender in std::mem::take(&mut self.enders) {
            tell(ender, Ok(()));
        }
    }

    /// Says what stopped the source, and when it is tried again where that is planned and can help; `over` is how an end of
    /// the live itself stands.
    fn take_failure(&mut self, error: &SourceError, over: Phase, now_ms: i64) {
        tracing::info!(%error, "the source failed");
        let is_tried_again = self.is_tried_again();
        match error {
            SourceError::NotLive { .. } if self.waits => {
                (self.has_found_nobody, self.failures) = (true, 0);
                self.wait_for_the_live();
            }
            SourceError::NotLive { .. } => self.stand_still(Phase::NotLive),
            SourceError::NoSuchUser { .. } => self.stand_still(Phase::NoSuchCreator),
            SourceError::AgeRestricted { .. } => self.stand_still(Phase::AgeRestricted),
            SourceError::NotPublic { .. } => self.stand_still(Phase::NotPublic),
            SourceError::Captcha { .. } if self.waits && is_tried_again => {
                // Not sooner than whoever solves it takes.
                self.try_again_after(round_wait(usize::MAX), now_ms);
                self.stand(Phase::Captcha { is_shown: false });
            }
            SourceError::Captcha { .. } => self.stand_still(Phase::Captcha { is_shown: false }),
            SourceError::Blocked { cause, until_ms, .. } if is_tried_again => {
                self.wait_for_an_opening(cause.clone(), *until_ms, now_ms);
            }
            // Where every way is switched off, time mends nothing.
            SourceError::NoWayLeft { tried, until_ms, .. } if is_tried_again && !tried.is_empty() => {
                self.wait_for_an_opening(error.to_string(), *until_ms, now_ms);
            }
            SourceError::RateLimited { until_ms, .. } if is_tried_again => {
                let until_ms = self.try_again_at(*until_ms, now_ms);
                self.stand(Phase::RateLimited { until_ms });
            }
            SourceError::Blocked { cause, .. } | SourceError::RateLimited { cause, .. } => {
                self.stand_still(Phase::Blocked { cause: cause.clone(), until_ms: None });
            }
            SourceError::Refused { .. }
            | SourceError::NotUnderstood { .. }
            | SourceError::WayClosed { .. }
            | SourceError::NoWayLeft { .. }
            | SourceError::Denied { .. } => {
                self.stand_still(Phase::Blocked { cause: error.to_string(), until_ms: None });
            }
            SourceError::Unreachable { .. } if is_tried_again => {
                if self.failures == 0 {
                    self.lost_ms = now_ms;
                }
                let waits = Pace::default().retry_waits;
                let wait = waits.get(self.failures).or(waits.last()).copied().unwrap_or(ASK_AGAIN);
                self.failures += 1;
                let retry_ms = self.try_again_after(wait, now_ms);
                let (lost_ms, attempt) = (self.lost_ms, u32::try_from(self.failures).unwrap_or(u32::MAX));
                self.stand(Phase::Reconnecting { lost_ms, retry_ms, attempt, cause: error.to_string() });
            }
            SourceError::Unreachable { .. } => self.stand_still(over),
            SourceError::Unreadable { .. } | SourceError::Closed(_) => {
                self.answer_begun(Err(not_readable(error)));
                self.stand_still(Phase::Offline);
            }
        }
    }

    /// Whether what time can mend is tried again; nobody gives up waiting for somebody because of a moment without a network.
    pub(super) fn is_tried_again(&self) -> bool {
        match self.plan.as_ref().map(|plan| plan.tries) {
            None | Some(Tries::Once) => false,
            Some(Tries::UntilLive) => self.has_found_nobody,
            Some(Tries::UntilEnded) => true,
        }
    }

    /// Tries again once TikTok may let us in: as late as it said, and later each time that this was not late enough.
    fn wait_for_an_opening(&mut self, cause: String, until_ms: i64, now_ms: i64) {
        if self.failures == 0 {
            self.lost_ms = now_ms;
        }
        self.failures += 1;
        let least_ms = now_ms.saturating_add(i64::try_from(round_wait(self.failures).as_millis()).unwrap_or(i64::MAX));
        let until_ms = Some(self.try_again_at(until_ms.max(least_ms), now_ms));
        self.stand(Phase::Blocked { cause, until_ms });
    }

    pub(super) fn wait_for_the_live(&mut self) {
        let now_ms = self.clock.now_ms();
        self.looks = self.looks.saturating_add(1);
        // When in its second a look ends is chance enough.
        let chance = now_ms.rem_euclid(1_000) as f64 / 1_000.0;
        let next_check_ms = self.try_again_after(ask_again_after(self.looks, chance), now_ms);
        self.stand(Phase::Waiting { next_check_ms });
    }

    /// Tries again at that moment, ms since 1970; says when that is.
    fn try_again_at(&mut self, at_ms: i64, now_ms: i64) -> i64 {
        let wait_ms = u64::try_from(at_ms.saturating_sub(now_ms)).unwrap_or_default();
        self.try_again_after(Duration::from_millis(wait_ms), now_ms)
    }

    /// Tries again after that time; says when that is.
    fn try_again_after(&mut self, wait: Duration, now_ms: i64) -> i64 {
        self.retry = Some(Instant::now() + wait);
        now_ms.saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
    }

    pub(super) fn answer_begun(&mut self, answer: Result<(), Failure>) {
        if let Some(begun) = self.begun.take() {
            tell(begun, answer);
        }
    }
}

/// Why the journal ended before its capture.
fn not_journaled(error: &JournalError) -> Failure {
    match error {
        JournalError::Store(error) => error.into(),
        JournalError::Thread(_) | JournalError::BrokeOff => Failure::new(FailureCode::Defect, error.to_string()),
    }
}
