//! A direct source at work against a fake TikTok, with the test in the journal's place.

use std::sync::Arc;
use std::time::Duration;

use cuelight_core::event::{Event, EventType};
use cuelight_core::handle::Handle;
use cuelight_core::way::Way;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::source::pace::Pace;
use cuelight_runtime::source::tiktok::TiktokSource;
use cuelight_runtime::source::tiktok::bases::TikTokBases;
use cuelight_runtime::source::tiktok::means::Means;
use cuelight_runtime::source::{
    Batch, Contact, Delivery, EventSender, EventSource, SourceEnd, SourceError, SourceStatus,
};
use system_tests::{FakeTikTok, Scenario, Seen};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How long anything may take before a test gives up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A pace at which nothing is waited for longer than loopback needs.
pub(crate) fn brisk() -> Pace {
    Pace {
        answer_timeout: Duration::from_millis(1_500),
        cookie_wait: Duration::from_millis(5),
        retry_waits: vec![Duration::from_millis(20); 5],
        refused_wait: Duration::from_millis(20),
        ..Pace::default()
    }
}

/// Starts a fake; on a thread of its own, since its start blocks and an async test must not.
pub(crate) fn fake(scenario: Scenario) -> FakeTikTok {
    std::thread::spawn(|| FakeTikTok::start(scenario)).join().expect("the fake starts")
}

/// The source of this fake's live of that streamer.
pub(crate) fn source(tiktok: &FakeTikTok, handle: &str, pace: Pace) -> TiktokSource {
    let (http, websocket) = (tiktok.http_url(), tiktok.websocket_url());
    let bases = TikTokBases::new(Some(&http), Some(&http), Some(&websocket)).expect("the fake has addresses");
    let handle = Handle::parse(handle).expect("a handle");
    TiktokSource::new(handle, bases, Means::default(), 7).only(Way::Direct).with_pace(pace)
}

/// A running capture whose deliveries the test takes and confirms itself.
pub(crate) struct Capture {
    pub(crate) tiktok: Arc<FakeTikTok>,
    pub(crate) status: watch::Receiver<SourceStatus>,
    pub(crate) stop: CancellationToken,
    pub(crate) contact: Contact,
    deliveries: mpsc::Receiver<Delivery>,
    end: JoinHandle<Result<SourceEnd, SourceError>>,
}

impl Capture {
    /// Captures `sim` from a fake that plays `scenario`.
    pub(crate) fn of(scenario: Scenario, pace: Pace) -> Self {
        Self::of_user("sim", scenario, pace)
    }

    /// Captures that streamer.
    pub(crate) fn of_user(handle: &str, scenario: Scenario, pace: Pace) -> Self {
        Self::with_inbox(handle, scenario, pace, 256)
    }

    /// Captures that streamer into an inbox of so many batches.
    pub(crate) fn with_inbox(handle: &str, scenario: Scenario, pace: Pace, batches: usize) -> Self {
        let tiktok = Arc::new(fake(scenario));
        let source = source(&tiktok, handle, pace);
        Self::by(Box::new(source), tiktok, batches)
    }

    /// Captures with that source, which leads to that fake.
    pub(crate) fn by(mut source: Box<dyn EventSource>, tiktok: Arc<FakeTikTok>, batches: usize) -> Self {
        let (inbox, deliveries) = mpsc::channel(batches);
        let (status_sender, status) = watch::channel(SourceStatus::Idle);
        let out = EventSender::new(inbox, status_sender, Clock::system());
        let contact = out.contact().clone();
        let stop = CancellationToken::new();
        let cancel = stop.clone();
        let end = tokio::spawn(async move { source.run(&out, &cancel).await });
        Self { tiktok, status, stop, contact, deliveries, end }
    }

    /// The next batch, with the sender that confirms it; `None` once the source is through.
    pub(crate) async fn next(&mut self) -> Option<(Batch, oneshot::Sender<()>)> {
        self.next_within(PATIENCE).await
    }

    async fn next_within(&mut self, time: Duration) -> Option<(Batch, oneshot::Sender<()>)> {
        let next = tokio::time::timeout(time, self.deliveries.recv());
        next.await.expect("a batch or the end comes in time").map(Delivery::into_parts)
    }

    /// Takes and confirms batches until one has an event of that type; gives all events until then.
    pub(crate) async fn until(&mut self, last: EventType) -> Vec<Event> {
        self.until_within(last, PATIENCE).await
    }

    /// The same, where the next batch may take longer.
    pub(crate) async fn until_within(&mut self, last: EventType, time: Duration) -> Vec<Event> {
        let mut events = Vec::new();
        while !events.iter().any(|event: &Event| event.event_type() == last) {
            let (batch, confirm) =
                self.next_within(time).await.unwrap_or_else(|| panic!("it ended before any {last}: {events:?}"));
            events.extend(batch.events);
            // The source does not wait for the word about its own events.
            let _ = confirm.send(());
        }
        events
    }

    /// Takes and confirms everything to the end.
    pub(crate) async fn end(mut self) -> (Vec<Event>, Result<SourceEnd, SourceError>) {
        let mut events = Vec::new();
        while let Some((batch, confirm)) = self.next().await {
            events.extend(batch.events);
            // As above.
            let _ = confirm.send(());
        }
        (events, self.end.await.expect("the source does not panic"))
    }

    /// Waits until that holds for what the fake has seen.
    pub(crate) async fn seen(&self, what: &'static str, is_so: impl Fn(&Seen) -> bool + Send + 'static) -> Seen {
        let tiktok = Arc::clone(&self.tiktok);
        let waiting = tokio::task::spawn_blocking(move || tiktok.wait_until(what, PATIENCE, is_so));
        waiting.await.expect("it is seen in time")
    }
}

/// The types of these events, in order.
pub(crate) fn types(events: &[Event]) -> Vec<EventType> {
    events.iter().map(Event::event_type).collect()
}
