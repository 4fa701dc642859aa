//! A source that plays another one at a chosen speed, by the times at which its events arrived.

use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::source::simulator::Speed;
use crate::source::{Closed, Delivery, EventSender, EventSource, SourceEnd, SourceError, SourceFuture, SourceStatus};

/// Batches read ahead of their time; the recording is read as they are played.
const AHEAD: usize = 16;

/// A recording that takes its time.
pub struct Paced {
    recording: Box<dyn EventSource>,
    speed: Speed,
}

impl Paced {
    /// That recording at that speed.
    #[must_use]
    pub fn new(recording: Box<dyn EventSource>, speed: Speed) -> Self {
        Self { recording, speed }
    }

    async fn play(&mut self, out: &EventSender, cancel: &CancellationToken) -> Result<SourceEnd, SourceError> {
        let (inbox, deliveries) = mpsc::channel(AHEAD);
        let (status, told) = watch::channel(SourceStatus::Idle);
        let reader = EventSender::new(inbox, status, out.clock().clone());
        let recording = &mut self.recording;
        let read = async move {
            let outcome = recording.run(&reader, cancel).await;
            drop(reader);
            outcome
        };
        let pass_on = cancel.run_until_cancelled(pass_on(deliveries, told, self.speed, out));
        let (outcome, passed) = tokio::join!(read, pass_on);
        match passed {
            Some(passed) => passed?,
            None => return Ok(SourceEnd::Stopped),
        }
        outcome
    }
}

/// Hands batches on when it is their time.
async fn pass_on(
    mut deliveries: mpsc::Receiver<Delivery>,
    mut told: watch::Receiver<SourceStatus>,
    speed: Speed,
    out: &EventSender,
) -> Result<(), Closed> {
    let begun = Instant::now();
    let mut first_ms = None;
    while let Some(delivery) = deliveries.recv().await {
        // The reading end may have ended; what it said last is still true.
        if told.has_changed().unwrap_or(true) {
            out.report(told.borrow_and_update().clone());
        }
        // Nobody on the far side of a recording waits for our word.
        let (batch, _) = delivery.into_parts();
        let first_ms = *first_ms.get_or_insert(batch.received_ms);
        speed.reach(batch.received_ms - first_ms, begun).await;
        drop(out.send(batch).await?);
    }
    Ok(())
}

impl EventSource for Paced {
    fn run<'a>(&'a mut self, out: &'a EventSender, cancel: &'a CancellationToken) -> SourceFuture<'a> {
        Box::pin(self.play(out, cancel))
    }

    fn is_live(&self) -> bool {
        false
    }
}
