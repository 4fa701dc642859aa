//! A source at work, with the test in the journal's place: it takes what comes and says when it is safe.

use std::time::Duration;

use cuelight_core::event::{Body, Event, EventType};
use cuelight_runtime::clock::Clock;
use cuelight_runtime::source::{
    Batch, Contact, Delivery, EventSender, EventSource, SourceEnd, SourceError, SourceStatus,
};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// Batches that may wait for the test.
const BATCHES: usize = 256;

/// A running source.
pub(crate) struct Taking {
    pub(crate) status: watch::Receiver<SourceStatus>,
    pub(crate) stop: CancellationToken,
    pub(crate) contact: Contact,
    deliveries: mpsc::Receiver<Delivery>,
    end: JoinHandle<Result<SourceEnd, SourceError>>,
}

impl Taking {
    /// Starts it on the tasks of this test.
    pub(crate) fn of(mut source: impl EventSource + 'static) -> Self {
        let (inbox, deliveries) = mpsc::channel(BATCHES);
        let (status_sender, status) = watch::channel(SourceStatus::Idle);
        let out = EventSender::new(inbox, status_sender, Clock::system());
        let contact = out.contact().clone();
        let stop = CancellationToken::new();
        let cancel = stop.clone();
        let end = tokio::spawn(async move { source.run(&out, &cancel).await });
        Self { status, stop, contact, deliveries, end }
    }

    /// The next batch, with the sender that confirms it; `None` once the source is through.
    pub(crate) async fn next(&mut self) -> Option<(Batch, oneshot::Sender<()>)> {
        let next = tokio::time::timeout(PATIENCE, self.deliveries.recv());
        next.await.expect("a batch or the end comes in time").map(Delivery::into_parts)
    }

    /// Takes and confirms batches until that holds for all that was taken since this call.
    pub(crate) async fn until(&mut self, what: &str, is_so: impl Fn(&Taken) -> bool) -> Taken {
        let mut taken = Taken::default();
        while !is_so(&taken) {
            let (batch, confirm) = self.next().await.unwrap_or_else(|| panic!("it ended before {what}: {taken:?}"));
            taken.events.extend(batch.events);
            taken.faults += batch.faults.len();
            // A source need not wait for the word about its own events.
            let _ = confirm.send(());
        }
        taken
    }

    /// Takes and confirms everything to the end.
    pub(crate) async fn end(mut self) -> (Taken, Result<SourceEnd, SourceError>) {
        let mut taken = Taken::default();
        while let Some((batch, confirm)) = self.next().await {
            taken.events.extend(batch.events);
            taken.faults += batch.faults.len();
            // As above.
            let _ = confirm.send(());
        }
        (taken, self.end.await.expect("the source does not panic"))
    }

    /// Stops it and takes what still comes.
    pub(crate) async fn stopped(self) -> Taken {
        self.stop.cancel();
        let (taken, end) = self.end().await;
        assert_eq!(end.expect("it was stopped"), SourceEnd::Stopped, "being told is not the end of the live");
        taken
    }
}

/// What a source gave.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub(crate) events: Vec<Event>,
    pub(crate) faults: usize,
}

impl Taken {
    /// The types, in order.
    pub(crate) fn types(&self) -> Vec<EventType> {
        self.events.iter().map(Event::event_type).collect()
    }

    /// The comments, as they were written.
    pub(crate) fn comments(&self) -> Vec<&str> {
        self.events
            .iter()
            .filter_map(|event| if let Body::Comment(it) = &event.body { Some(it.comment.as_str()) } else { None })
            .collect()
    }

    /// How many there are of that type.
    pub(crate) fn count(&self, event_type: EventType) -> usize {
        self.events.iter().filter(|event| event.event_type() == event_type).count()
    }
}
