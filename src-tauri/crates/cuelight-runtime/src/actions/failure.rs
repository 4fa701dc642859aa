//! Why an action did not do what it should, and what follows from that.

use cuelight_core::id::ActionKindId;
use cuelight_core::reason::Reason;
use cuelight_core::retry::{Again, Failure};

use super::parameters::ConfigError;

/// An action that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct ActionError {
    /// What was tried, on what, and what stopped it; lower case, without a full stop.
    pub what: String,
    /// What the streamer can do, in whole sentences; empty where there is nothing.
    pub advice: String,
    /// Whether trying again can help.
    pub again: Again,
    /// How long the other side asks us to wait, in milliseconds.
    pub retry_after_ms: Option<u64>,
}

impl ActionError {
    /// Only the streamer can change it: a wrong key, a missing file, no permission.
    #[must_use]
    pub fn refused(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::new(what, advice, Again::No)
    }

    /// It can pass, and nothing was sent: no connection came about, or the other side refused to read (429).
    #[must_use]
    pub fn unreachable(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::new(what, advice, Again::NothingSent)
    }

    /// It can pass, but the other side may have done it: a time-out or a broken connection after sending, a 5xx.
    #[must_use]
    pub fn after_sending(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::new(what, advice, Again::PerhapsDone)
    }

    /// The same error of somebody who asks us to wait so long.
    #[must_use]
    pub fn retry_after(self, wait_ms: u64) -> Self {
        Self { retry_after_ms: Some(wait_ms), ..self }
    }

    /// The context's token was cancelled; whoever cancelled it knows the reason that people are told.
    pub(super) fn stopped(kind: &ActionKindId) -> Self {
        Self::refused(format!("{kind} was stopped"), "")
    }

    pub(super) fn unknown_kind(kind: &ActionKindId) -> Self {
        Self::refused(format!("this version knows no action {kind}"), "Update Cuelight, or choose another action.")
    }

    pub(super) fn other_form(kind: &str, error: &ConfigError) -> Self {
        Self::refused(
            format!("could not read what {kind} should do: {error}"),
            "Another version of Cuelight prepared it; discard it.",
        )
    }

    fn new(what: impl Into<String>, advice: impl Into<String>, again: Again) -> Self {
        Self { what: what.into(), advice: advice.into(), again, retry_after_ms: None }
    }
}

/// What the queues keep of it.
impl From<ActionError> for Failure {
    fn from(error: ActionError) -> Self {
        let ActionError { what, advice, again, retry_after_ms } = error;
        Self { reason: Reason::ActionFailed { error: what, advice }, again, retry_after_ms }
    }
}
