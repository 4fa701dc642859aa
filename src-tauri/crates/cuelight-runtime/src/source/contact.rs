//! The line to a source while it runs: when its far side was heard last, and the wish not to wait any longer.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// Nothing was heard yet.
const NEVER: i64 = i64::MIN;

/// What a source and whoever watches it tell each other beside the events; clones share it.
#[derive(Debug, Clone)]
pub struct Contact {
    heard_ms: Arc<AtomicI64>,
    retry: Arc<Notify>,
}

impl Default for Contact {
    fn default() -> Self {
        Self { heard_ms: Arc::new(AtomicI64::new(NEVER)), retry: Arc::default() }
    }
}

impl Contact {
    /// When the far side last sent anything, be it an answer to a heartbeat, ms since 1970; `None` before the first time.
    #[must_use]
    pub fn heard_ms(&self) -> Option<i64> {
        Some(self.heard_ms.load(Ordering::Relaxed)).filter(|heard_ms| *heard_ms != NEVER)
    }

    /// Has a source that waits before its next try make it at once; one that does not wait goes on as it is.
    pub fn retry_now(&self) {
        self.retry.notify_waiters();
    }

    /// Notes that the far side was heard.
    pub(crate) fn hear(&self, now_ms: i64) {
        self.heard_ms.fetch_max(now_ms, Ordering::Relaxed);
    }

    /// Waits for the wish to try at once, from this call on.
    pub(crate) fn retry_wanted(&self) -> Notified<'_> {
        self.retry.notified()
    }
}
