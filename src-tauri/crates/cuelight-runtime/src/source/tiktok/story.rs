//! The story of a connection: each attempt, told to the journal as it ends.

use std::time::Duration;

use compact_str::CompactString;
use cuelight_core::attempt::{Attempt, AttemptAnswer, AttemptStep};
use cuelight_core::handle::Handle;
use cuelight_core::way::Way;
use tokio::time::Instant;

use crate::source::{EventSender, SourceError};

/// Whoever tries something tells it here.
#[derive(Debug, Clone, Copy)]
pub(super) struct Story<'a> {
    out: Option<&'a EventSender>,
    creator: &'a Handle,
    way: Option<Way>,
}

impl<'a> Story<'a> {
    /// The story of what is asked before any way is gone.
    pub(super) fn of_lookup(out: &'a EventSender, creator: &'a Handle) -> Self {
        Self { out: Some(out), creator, way: None }
    }

    /// The story of that way.
    pub(super) fn of_way(out: &'a EventSender, creator: &'a Handle, way: Way) -> Self {
        Self { out: Some(out), creator, way: Some(way) }
    }

    /// What is asked for something else than to get in, and told nobody.
    pub(super) fn untold(creator: &'a Handle) -> Self {
        Self { out: None, creator, way: None }
    }

    /// Tells what came of something that began then: what stopped it, or that it succeeded.
    pub(super) fn tell(&self, step: AttemptStep, place: &str, began: Instant, failure: Option<&SourceError>) {
        match failure {
            None => self.tell_answer(step, place, began, AttemptAnswer::Good, ""),
            Some(error) => self.tell_answer(step, place, began, answer_of(error), &detail_of(error)),
        }
    }

    /// Tells an answer with its detail.
    pub(super) fn tell_answer(
        &self,
        step: AttemptStep,
        place: &str,
        began: Instant,
        answer: AttemptAnswer,
        detail: &str,
    ) {
        let Some(out) = self.out else { return };
        let attempt = Attempt::new(CompactString::new(self.creator.as_str()), self.way, step, answer).telling(detail);
        // Where the journal is closed, the next event says so; until then there is nobody to tell.
        let _ = out.tell(timed(attempt, place, began, out.clock().now_ms()));
    }

    /// Tells that a stay which began then broke. It took as long as the live was heard, not as long as nobody noticed that
    /// it no longer was.
    pub(super) fn tell_end_of_stay(&self, place: &str, began: Instant, heard_for: Duration, cause: &str) {
        let Some(out) = self.out else { return };
        let creator = CompactString::new(self.creator.as_str());
        let attempt = Attempt::new(creator, self.way, AttemptStep::Stay, AttemptAnswer::Broken).telling(cause);
        let mut attempt = timed(attempt, place, began, out.clock().now_ms());
        attempt.took_ms = u64::try_from(heard_for.as_millis()).unwrap_or(u64::MAX);
        // As above.
        let _ = out.tell(attempt);
    }
}

/// The attempt with its place, and with the time from when it began to now, which is given in ms since 1970.
pub(super) fn timed(mut attempt: Attempt, place: &str, began: Instant, now_ms: i64) -> Attempt {
    attempt.took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    attempt.at_ms = now_ms.saturating_sub_unsigned(attempt.took_ms);
    attempt.place = place.to_owned();
    attempt
}

/// What a failure is as an answer.
pub(super) fn answer_of(error: &SourceError) -> AttemptAnswer {
    match error {
        SourceError::NotLive { .. } => AttemptAnswer::NotLive,
        SourceError::NoSuchUser { .. } => AttemptAnswer::NoSuchUser,
        SourceError::Refused { .. } => AttemptAnswer::Refused,
        SourceError::NotPublic { .. } => AttemptAnswer::NotPublic,
        SourceError::Blocked { until_ms, .. } => AttemptAnswer::Blocked { until_ms: *until_ms },
        SourceError::RateLimited { until_ms, .. } => AttemptAnswer::RateLimited { until_ms: *until_ms },
        SourceError::WayClosed { .. } | SourceError::Denied { .. } => AttemptAnswer::NotThere,
        SourceError::Captcha { .. } => AttemptAnswer::Captcha,
        SourceError::AgeRestricted { .. } => AttemptAnswer::AgeRestricted,
        SourceError::NotUnderstood { .. } => AttemptAnswer::NotUnderstood,
        SourceError::NoWayLeft { .. }
        | SourceError::Unreachable { .. }
        | SourceError::Unreadable { .. }
        | SourceError::Closed(_) => AttemptAnswer::Unreachable,
    }
}

/// What a failure says beside what its answer and its place say already.
pub(super) fn detail_of(error: &SourceError) -> String {
    match error {
        SourceError::Refused { refusal } => refusal.to_string(),
        SourceError::Blocked { cause, .. }
        | SourceError::RateLimited { cause, .. }
        | SourceError::WayClosed { cause, .. }
        | SourceError::Unreachable { cause, .. }
        | SourceError::Denied { cause, .. }
        | SourceError::Unreadable { cause, .. } => cause.clone(),
        SourceError::NotUnderstood { code, message, .. } => format!("code {code}, {message}"),
        SourceError::NotLive { .. }
        | SourceError::NoSuchUser { .. }
        | SourceError::NotPublic { .. }
        | SourceError::Captcha { .. }
        | SourceError::AgeRestricted { .. } => String::new(),
        SourceError::NoWayLeft { .. } | SourceError::Closed(_) => error.to_string(),
    }
}
