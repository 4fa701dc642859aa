//! Attempts for which the inbox had no room: they go with the next batch, so that nobody ever waits to tell one.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use cuelight_core::attempt::Attempt;

/// Attempts that may wait; a whole climb has about twenty.
const ATTEMPTS: usize = 64;

/// What waits to be told; clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Untold {
    attempts: Arc<Mutex<VecDeque<Attempt>>>,
}

impl Untold {
    /// Keeps these for later, in their order; the oldest are let go where there are too many.
    pub(super) fn keep(&self, attempts: Vec<Attempt>) {
        let mut kept = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(attempts);
        let surplus = kept.len().saturating_sub(ATTEMPTS);
        kept.drain(..surplus);
    }

    /// Takes what was kept, the oldest first.
    pub(super) fn take(&self) -> Vec<Attempt> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner).drain(..).collect()
    }
}

#[cfg(test)]
mod tests {
    use cuelight_core::attempt::{AttemptAnswer, AttemptStep};
    use tokio::sync::{mpsc, watch};

    use super::*;
    use crate::clock::Clock;
    use crate::source::{Batch, EventSender, SourceStatus};

    fn attempt(number: u64) -> Attempt {
        let mut attempt = Attempt::new("luna".into(), None, AttemptStep::AskJson, AttemptAnswer::Good);
        attempt.took_ms = number;
        attempt
    }

    #[tokio::test]
    async fn nobody_waits_to_tell_an_attempt_and_it_goes_with_the_next_batch() {
        let (inbox, mut deliveries) = mpsc::channel(1);
        let out = EventSender::new(inbox, watch::Sender::new(SourceStatus::Idle), Clock::manual(0));
        for number in 0..3 {
            out.tell(attempt(number)).expect("the journal is there");
        }
        let first = deliveries.recv().await.expect("there was room for it").batch.attempts;
        assert_eq!(first, [attempt(0)], "the first one is told at once");
        out.send(Batch { attempts: vec![attempt(3)], ..Batch::default() }).await.expect("the journal is there");
        let rest = deliveries.recv().await.expect("it was sent").batch.attempts;
        assert_eq!(rest, [attempt(1), attempt(2), attempt(3)], "the others with what comes next, in their order");
        assert_eq!(out.contact().heard_ms(), Some(0), "only what was sent is a word of the far side");
    }

    #[test]
    fn no_more_than_a_few_climbs_wait() {
        let untold = Untold::default();
        (0..1_000).for_each(|number| untold.keep(vec![attempt(number)]));
        let kept = untold.take();
        assert_eq!((kept.len(), kept[0].took_ms), (ATTEMPTS, 1_000 - ATTEMPTS as u64), "the newest");
        assert!(untold.take().is_empty(), "each is told once");
    }
}
