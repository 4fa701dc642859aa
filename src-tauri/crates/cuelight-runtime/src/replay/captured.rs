//! A captured session as a source: its events as the journal holds them.

use cuelight_core::event::{Body, Event};
use cuelight_core::id::SessionId;
use tokio_util::sync::CancellationToken;

use crate::source::{Batch, EventSender, EventSource, SourceEnd, SourceError, SourceFuture};
use crate::store::{PAGE_EVENTS, Reader};

/// A session of the journal, to be decided again.
#[derive(Debug)]
pub struct CapturedSession {
    reader: Reader,
    session: SessionId,
}

impl CapturedSession {
    /// That session, from its first event.
    #[must_use]
    pub fn new(reader: Reader, session: SessionId) -> Self {
        Self { reader, session }
    }

    async fn play(&mut self, out: &EventSender, cancel: &CancellationToken) -> Result<SourceEnd, SourceError> {
        let mut last_number = 0;
        loop {
            let unreadable =
                |cause: String| SourceError::Unreadable { place: format!("session {}", self.session), cause };
            let page = self.reader.events_after(self.session, last_number, PAGE_EVENTS);
            let page = page.map_err(|error| unreadable(error.to_string()))?;
            let Some(last) = page.last() else { return Ok(SourceEnd::Ended) };
            last_number = last.number;
            for stored in &page {
                let event = stored.to_event().map_err(|error| unreadable(error.to_string()))?;
                if is_inferred_again(&event) {
                    continue;
                }
                let batch = Batch { events: vec![event], received_ms: stored.received_ms, ..Batch::default() };
                let sent = cancel.run_until_cancelled(out.send(batch)).await;
                match sent {
                    // Nobody on the far side waits for our word.
                    Some(receipt) => drop(receipt?),
                    None => return Ok(SourceEnd::Stopped),
                }
            }
        }
    }
}

/// Whether the end of a combo was inferred from silence, after steps that told all of it: so it is once more.
fn is_inferred_again(event: &Event) -> bool {
    let Body::Gift(gift) = &event.body else { return false };
    gift.inferred_end && gift.delta_count == Some(0)
}

impl EventSource for CapturedSession {
    fn run<'a>(&'a mut self, out: &'a EventSender, cancel: &'a CancellationToken) -> SourceFuture<'a> {
        Box::pin(self.play(out, cancel))
    }

    fn is_live(&self) -> bool {
        false
    }
}
