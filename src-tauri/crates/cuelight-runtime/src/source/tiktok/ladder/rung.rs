//! One way of a ladder, and what stands against it.

use cuelight_core::way::Way;

use super::remedy::{AmongOthers, remedy};
use crate::source::SourceError;

/// One way, and what it has come to in this round.
#[derive(Debug)]
pub(super) struct Rung {
    /// The way.
    pub(super) way: Way,
    /// How often it failed in this round.
    pub(super) failures: usize,
    /// Why it failed last in this round.
    pub(super) failure: Option<SourceError>,
    /// Whom it asks wants to be left alone until then, ms since 1970. That outlives the round.
    pub(super) not_before_ms: i64,
    /// It leads nowhere until the room is known.
    pub(super) lacks_room: bool,
}

impl Rung {
    /// A way that nothing is held against.
    pub(super) fn new(way: Way) -> Self {
        Self { way, failures: 0, failure: None, not_before_ms: i64::MIN, lacks_room: false }
    }

    /// Forgets what came of it in this round.
    pub(super) fn begin_anew(&mut self) {
        (self.failures, self.failure) = (0, None);
    }

    /// It needs something that is not there.
    pub(super) fn is_closed(&self) -> bool {
        matches!(self.failure, Some(SourceError::WayClosed { .. }))
    }

    /// It can be gone, now or later.
    pub(super) fn is_open(&self) -> bool {
        !self.lacks_room && !self.is_closed()
    }

    /// It can be gone now.
    pub(super) fn may_be_gone(&self, now_ms: i64) -> bool {
        self.is_open() && self.ready_in_ms(now_ms) == 0
    }

    /// How long whom it asks is to be left alone, in milliseconds; 0 where it may be asked.
    pub(super) fn ready_in_ms(&self, now_ms: i64) -> i64 {
        self.not_before_ms.saturating_sub(now_ms).max(0)
    }

    /// A captcha stood in it.
    pub(super) fn met_a_captcha(&self) -> bool {
        matches!(self.failure, Some(SourceError::Captcha { .. }))
    }

    /// Its failure is all that people need to know of a round.
    pub(super) fn says_it_all(&self) -> bool {
        self.failure.as_ref().is_some_and(|error| match error {
            SourceError::Captcha { .. } => true,
            // TikTok could refuse whoever has no browser's cookie and no signature in the same way.
            SourceError::NotPublic { .. } => self.way != Way::Direct,
            error => remedy(self.way, error).among_others == AmongOthers::Nothing,
        })
    }

    /// Its failure in a list of failures, each of which stands behind the name of its way.
    pub(super) fn cause(&self) -> Option<String> {
        Some(match self.failure.as_ref()? {
            SourceError::WayClosed { cause, .. } => cause.clone(),
            SourceError::Refused { refusal } => refusal.to_string(),
            SourceError::NotPublic { .. } => {
                "TikTok refused without a word (HTTP 200), as it does with a live that is private or not shown in this \
                 region"
                    .to_owned()
            }
            error => error.to_string(),
        })
    }
}
