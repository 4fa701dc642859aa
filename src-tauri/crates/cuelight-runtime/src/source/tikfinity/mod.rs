//! The source `tikfinity`: what TikFinity hears of a live, taken from the feed that it gives to other programs.

pub(crate) mod event;
pub(crate) mod feed;

use std::pin::pin;

use compact_str::CompactString;
use cuelight_core::event::{Body, Connect, Disconnect, Event, Gap};
use cuelight_core::handle::Handle;
use cuelight_core::id::RoomId;
use cuelight_core::timestamp::Timestamp;
use cuelight_core::way::Way;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use self::event::Frame;
use self::feed::Feed;
pub use self::feed::{FeedUrl, NoFeedUrl};
use super::pace::Pace;
use super::retry::wait_to_retry;
use super::{Batch, Closed, EventSender, EventSource, SourceEnd, SourceError, SourceFuture, SourceStatus};

/// What ended a visit where TikFinity says that it is `disconnected`.
pub(crate) const LOST_LIVE: &str = "TikFinity lost its connection to the live";

/// What stands in for the room, which the feed does not name.
pub(crate) const ROOM: &str = "tikfinity";

/// Batches held back until a frame says whose live it is. Only what is of no viewer comes before that, such as how many
/// watch; beyond the bound the oldest go.
const HELD_BATCHES: usize = 64;

/// TikFinity's feed as a source.
///
/// The first frame that tells of a viewer opens the session. A feed that breaks is opened again for as long as it takes, with
/// `disconnect`, `gap` and `connect` around the break. It ends with the live. When TikFinity turns to another streamer, that
/// is the next session, or the end where somebody else was asked for.
#[derive(Debug, Clone)]
pub struct TikfinitySource {
    url: FeedUrl,
    wanted: Option<Handle>,
    pace: Pace,
}

impl TikfinitySource {
    /// Prepares to read the feed there; of `wanted` only, where somebody is named.
    #[must_use]
    pub fn new(url: FeedUrl, wanted: Option<Handle>) -> Self {
        Self { url, wanted, pace: Pace::default() }
    }

    /// Goes about it at another pace.
    #[must_use]
    pub fn with_pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }
}

impl EventSource for TikfinitySource {
    fn run<'a>(&'a mut self, out: &'a EventSender, cancel: &'a CancellationToken) -> SourceFuture<'a> {
        Box::pin(Watch::new(self, out, cancel).run())
    }

    fn is_live(&self) -> bool {
        true
    }
}

/// The source at work.
struct Watch<'a> {
    source: &'a TikfinitySource,
    out: &'a EventSender,
    cancel: &'a CancellationToken,
    /// Whose live the feed tells of, once it said so.
    streamer: Option<CompactString>,
    /// `connect` was sent, `disconnect` was not.
    is_in: bool,
    /// TikFinity said that it lost the live, and told nothing of it since.
    has_lost_live: bool,
    /// When the last frame of this streamer's live came, ms since 1970.
    last_seen_ms: Option<i64>,
    held: Vec<Batch>,
}

/// Why a feed is no longer read.
enum Interruption {
    End(SourceEnd),
    Broken { cause: String },
    Failed(SourceError),
}

impl From<Closed> for Interruption {
    fn from(closed: Closed) -> Self {
        Self::Failed(closed.into())
    }
}

impl<'a> Watch<'a> {
    fn new(source: &'a TikfinitySource, out: &'a EventSender, cancel: &'a CancellationToken) -> Self {
        Self {
            source,
            out,
            cancel,
            streamer: None,
            is_in: false,
            has_lost_live: false,
            last_seen_ms: None,
            held: Vec::new(),
        }
    }

    async fn run(mut self) -> Result<SourceEnd, SourceError> {
        if let Some(wanted) = &self.source.wanted {
            let user = CompactString::from(wanted.as_str());
            // Whether it is live shows with the first viewer.
            self.out.report(SourceStatus::LookingForRoom { user });
        }
        let (mut was_open, mut failures) = (false, 0);
        loop {
            let opening = Feed::open(&self.source.url, &self.source.pace);
            let cause = match self.cancel.run_until_cancelled(opening).await {
                None => return Ok(SourceEnd::Stopped),
                Some(Ok(feed)) => {
                    let began = Instant::now();
                    was_open = true;
                    match self.read(feed).await {
                        Interruption::End(end) => return Ok(end),
                        Interruption::Failed(error) => return Err(error),
                        Interruption::Broken { cause } => {
                            self.leave(&cause).await?;
                            failures = if began.elapsed() >= self.source.pace.sound_after { 0 } else { failures };
                            cause
                        }
                    }
                }
                // TikFinity does not run, which is to be told at once.
                Some(Err(error)) if !was_open => return Err(error),
                Some(Err(error)) => error.to_string(),
            };
            failures += 1;
            if !self.wait(cause, failures).await {
                return Ok(SourceEnd::Stopped);
            }
        }
    }

    /// Reads a feed for as long as it lasts.
    async fn read(&mut self, mut feed: Feed) -> Interruption {
        let mut patience = pin!(sleep(self.source.pace.entry_patience));
        let mut is_patient = self.streamer.is_some() && !self.has_lost_live;
        let interruption = loop {
            let taken = tokio::select! {
                biased;
                () = self.cancel.cancelled() => Err(Interruption::End(SourceEnd::Stopped)),
                text = feed.next() => match text {
                    Ok(text) => self.take(event::read(&text, self.now_ms())).await,
                    Err(cause) => Err(Interruption::Broken { cause }),
                },
                // In a quiet room nobody says anything, and TikFinity was of this streamer a moment ago.
                () = &mut patience, if is_patient => {
                    is_patient = false;
                    self.enter().await
                }
            };
            if let Err(interruption) = taken {
                break interruption;
            }
            is_patient &= !self.is_in;
        };
        feed.close(self.source.pace.farewell_timeout).await;
        interruption
    }

    async fn take(&mut self, frame: Frame) -> Result<(), Interruption> {
        self.out.contact().hear(frame.batch.received_ms);
        if frame.has_lost_live && self.is_in {
            self.has_lost_live = true;
            return Err(Interruption::Broken { cause: LOST_LIVE.to_owned() });
        }
        if let Some(named) = frame.streamer {
            self.follow(named).await?;
        } else if self.streamer.is_none() && frame.has_viewer {
            // A feed that names nobody is of whoever it was asked for.
            let wanted = self.source.wanted.as_ref().map_or(ROOM, Handle::as_str);
            self.streamer = Some(wanted.into());
        }
        let batch = frame.batch;
        let ends = batch.events.iter().any(|event| matches!(event.body, Body::LiveEnd(_)));
        if frame.has_viewer || ends {
            self.enter().await?;
        }
        if self.is_in {
            self.last_seen_ms = Some(batch.received_ms);
        }
        if batch.events.is_empty() && batch.faults.is_empty() {
            return Ok(());
        }
        if !self.is_in {
            // The end of a live that nobody named is the end of no session.
            if ends {
                self.held.clear()
            } else {
                self.hold(batch)
            }
            return Ok(());
        }
        self.send(batch).await?;
        if ends {
            self.leave("the live ended").await?;
            return Err(Interruption::End(SourceEnd::Ended));
        }
        Ok(())
    }

    /// Goes over to the streamer of that name, if it is not the one we follow.
    async fn follow(&mut self, named: CompactString) -> Result<(), Interruption> {
        let is_other = |known: &str| !known.eq_ignore_ascii_case(&named);
        if let Some(wanted) = self.source.wanted.as_ref().map(Handle::as_str).filter(|wanted| is_other(wanted)) {
            self.leave(&format!("TikFinity turned to @{named}")).await?;
            return Err(Interruption::Failed(SourceError::Denied {
                place: format!("TikFinity at {}", self.source.url.place()),
                cause: format!("it follows @{named}, not @{wanted}"),
            }));
        }
        if self.streamer.as_deref().is_some_and(is_other) {
            self.leave(&format!("TikFinity turned to @{named}")).await?;
            self.last_seen_ms = None;
            self.streamer = None;
        }
        self.streamer.get_or_insert(named);
        Ok(())
    }

    /// Tells everybody that we are in, and since when we were not, if that is news.
    async fn enter(&mut self) -> Result<(), Interruption> {
        let Some(streamer) = self.streamer.clone().filter(|_| !self.is_in) else { return Ok(()) };
        let now_ms = self.now_ms();
        let now = Timestamp::from_ms(now_ms);
        let gap = self.last_seen_ms.map(|last_ms| Body::Gap(Gap::between(Timestamp::from_ms(last_ms), now)));
        let room_id = RoomId::new(ROOM);
        let connect = Body::Connect(Connect { unique_id: streamer.clone(), room_id: room_id.clone() });
        let events = gap.into_iter().chain([connect]).map(|body| Event::own(body, now)).collect();
        self.send(Batch { events, received_ms: now_ms, ..Batch::default() }).await?;
        (self.is_in, self.has_lost_live) = (true, false);
        self.last_seen_ms = Some(now_ms);
        self.out.report(SourceStatus::Connected { user: streamer, room_id, way: Some(Way::Tikfinity) });
        for batch in std::mem::take(&mut self.held) {
            self.send(batch).await?;
        }
        Ok(())
    }

    /// Says that we are no longer in, if anybody heard that we were.
    async fn leave(&mut self, reason: &str) -> Result<(), Closed> {
        if !std::mem::take(&mut self.is_in) {
            return Ok(());
        }
        let now_ms = self.now_ms();
        let body = Body::Disconnect(Disconnect { reason: reason.to_owned() });
        let events = vec![Event::own(body, Timestamp::from_ms(now_ms))];
        // Nobody waits for the word that it is safe; the journal commits it before it ends.
        self.out.send(Batch { events, received_ms: now_ms, ..Batch::default() }).await.map(drop)
    }

    /// Gives a batch to the journal. TikFinity asks for no word that it is safe.
    async fn send(&self, batch: Batch) -> Result<(), Interruption> {
        match self.cancel.run_until_cancelled(self.out.send(batch)).await {
            Some(sent) => Ok(sent.map(drop)?),
            None => Err(Interruption::End(SourceEnd::Stopped)),
        }
    }

    fn hold(&mut self, batch: Batch) {
        if self.held.len() >= HELD_BATCHES {
            self.held.remove(0);
        }
        self.held.push(batch);
    }

    /// Waits until the next try; false where we were told to stop.
    async fn wait(&self, cause: String, failures: usize) -> bool {
        tracing::info!(cause, failures, "TikFinity's feed is opened again");
        wait_to_retry(self.out, self.cancel, cause, self.source.pace.retry_wait(failures), failures).await
    }

    fn now_ms(&self) -> i64 {
        self.out.clock().now_ms()
    }
}
