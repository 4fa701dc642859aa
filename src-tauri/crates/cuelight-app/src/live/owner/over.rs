//! The end of a capture: what it was, who is told, and when it is tried again.

use std::time::Duration;

use cuelight_runtime::runtime::CaptureEnd;
use cuelight_runtime::source::tiktok::pace::{AFTER_RATE_LIMIT, ASK_AGAIN, Pace};
use cuelight_runtime::source::{SourceEnd, SourceError};
use cuelight_runtime::store::StoreError;
use tokio::time::Instant;

use super::{Owner, tell};
use crate::dto::{Failure, Phase};
use crate::live::plan::not_readable;
use crate::live::running::{Running, not_journaled, publish_rest};

impl Owner {
    /// Takes the capture apart after its last event.
    pub(super) async fn is_over(&mut self, unreadable: Option<StoreError>) {
        let Some(mut running) = self.running.take() else { return };
        *self.lane.lock() = None;
        if let Some(error) = unreadable {
            tracing::error!(%error, "what was committed can no longer be read");
        }
        // The journal has ended; a source that has not noticed yet is told.
        running.capture.stopper().stop();
        if let Some(publishing) = running.publishing.take() {
            self.publishing.spawn(publish_rest(publishing));
        }
        let Running { capture, course, is_stopped, .. } = running;
        let CaptureEnd { outcome, journal } = capture.end().await;
        let now_ms = self.clock.now_ms();
        self.standing.totals = course.totals();
        let over = course.ended(now_ms).unwrap_or(Phase::Offline);
        match (journal, outcome) {
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
            (Ok(_), Err(error)) => self.has_failed(error, now_ms),
        }
        self.answer_begun(Ok(()));
        for ender in std::mem::take(&mut self.enders) {
            tell(ender, Ok(()));
        }
    }

    /// Says what stopped the source, and when it is tried again where trying again can help.
    fn has_failed(&mut self, error: SourceError, now_ms: i64) {
        tracing::info!(%error, "the source failed");
        match error {
            SourceError::NotLive { .. } if self.waits => self.wait_for_the_live(),
            SourceError::NotLive { .. } => self.stand_still(Phase::NotLive),
            SourceError::NoSuchUser { .. } => self.stand_still(Phase::NoSuchCreator),
            SourceError::AgeRestricted { .. } => self.stand_still(Phase::AgeRestricted),
            SourceError::Refused { cause } | SourceError::Blocked { cause, .. } => {
                self.stand_still(Phase::Blocked { cause });
            }
            error @ (SourceError::Captcha { .. } | SourceError::NotUnderstood { .. }) => {
                self.stand_still(Phase::Blocked { cause: error.to_string() });
            }
            SourceError::RateLimited { .. } => {
                let until_ms = self.try_again_after(AFTER_RATE_LIMIT, now_ms);
                self.stand(Phase::RateLimited { until_ms });
            }
            error @ SourceError::Unreachable { .. } => {
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
            error @ (SourceError::Unreadable { .. } | SourceError::Closed(_)) => {
                self.answer_begun(Err(not_readable(&error)));
                self.stand_still(Phase::Offline);
            }
        }
    }

    pub(super) fn wait_for_the_live(&mut self) {
        let next_check_ms = self.try_again_after(ASK_AGAIN, self.clock.now_ms());
        self.stand(Phase::Waiting { next_check_ms });
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
