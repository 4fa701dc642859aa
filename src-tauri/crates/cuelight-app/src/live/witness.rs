//! Watching a live from its beginning: each of its captures with a view of one's own, and how each of them ended.
//!
//! Who watches may be as slow as a terminal that stands still: nothing here makes the live wait. Only the newest capture is
//! kept to be looked at; one that the next took the place of is never shown. With [`Tries::UntilLive`] that one found nobody
//! live.
//!
//! [`Tries::UntilLive`]: super::Tries::UntilLive

use cuelight_runtime::disk::DiskHealth;
use cuelight_runtime::feed::FeedReader;
use cuelight_runtime::publish::{PublishHealth, Published};
use cuelight_runtime::redis_stream::RedisStream;
use cuelight_runtime::runtime::CaptureEnd;
use cuelight_runtime::source::SourceStatus;
use cuelight_runtime::store::StoreError;
use parking_lot::Mutex;
use tokio::sync::{oneshot, watch};
use tokio_util::sync::CancellationToken;

use crate::dto::Failure;

/// Watches a live.
#[derive(Debug)]
pub struct Witness {
    newest: watch::Receiver<Newest>,
    old_jobs: Option<oneshot::Receiver<Result<u64, StoreError>>>,
}

/// The newest capture, until somebody looks at it.
type Newest = Mutex<Option<Result<CaptureView, Failure>>>;

impl Witness {
    /// The next capture; `None` once there will be no other, because somebody ended the live or it is over.
    ///
    /// # Errors
    /// The next one could not begin, and it is not tried again.
    pub async fn next(&mut self) -> Result<Option<CaptureView>, Failure> {
        while self.newest.changed().await.is_ok() {
            if let Some(newest) = self.newest.borrow_and_update().lock().take() {
                return newest.map(Some);
            }
        }
        Ok(None)
    }

    /// How many jobs of earlier sessions were decided about, once that was done; `None` where it was told already, or nothing
    /// is to be decided.
    ///
    /// # Errors
    /// The database refused.
    pub async fn old_jobs(&mut self) -> Result<Option<u64>, StoreError> {
        match self.old_jobs.take() {
            // The live that ended without a word about them left them as they are.
            Some(settled) => settled.await.ok().transpose(),
            None => Ok(None),
        }
    }
}

/// The view of one capture.
#[derive(Debug)]
pub struct CaptureView {
    /// What was committed, in order, from the first event on.
    pub feed: FeedReader,
    /// How far the source is.
    pub status: watch::Receiver<SourceStatus>,
    /// Whether the journal can be written.
    pub health: watch::Receiver<DiskHealth>,
    /// Publishing, where something is published.
    pub publishing: Option<PublishingView>,
    pub(super) ended: oneshot::Receiver<Ended>,
}

impl CaptureView {
    /// Waits for the end, which comes after the last event; `None` where the app ended without a word.
    pub async fn end(self) -> Option<Ended> {
        self.ended.await.ok()
    }
}

/// How a capture ended, and what follows.
#[derive(Debug)]
pub struct Ended {
    /// How the capture ended.
    pub end: CaptureEnd,
    /// What follows.
    pub then: Then,
    /// Why what was committed could no longer be read, where that is what ended it.
    pub unreadable: Option<StoreError>,
}

/// What follows a capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Nothing: somebody ended the live.
    Stopped,
    /// Another try.
    TriedAgain,
    /// Nothing: the source came to its end, or failed.
    Over,
}

/// The view of what is published beside a capture.
#[derive(Debug)]
pub struct PublishingView {
    /// How it goes.
    pub health: watch::Receiver<PublishHealth>,
    /// Where to.
    pub destination: RedisStream,
    pub(super) hurry: CancellationToken,
    pub(super) outcome: oneshot::Receiver<Result<Published, StoreError>>,
}

impl PublishingView {
    /// Waits for what it came to, after the capture has ended; at the end of `patience` what is left is given up. `None` where
    /// the app ended without a word.
    ///
    /// # Errors
    /// The journal could not be read to its end, so nobody knows how much is missing.
    pub async fn finish(mut self, patience: impl Future<Output = ()>) -> Result<Option<Published>, StoreError> {
        let told = tokio::select! {
            biased;
            told = &mut self.outcome => told,
            () = patience => {
                self.hurry.cancel();
                self.outcome.await
            }
        };
        told.ok().transpose()
    }
}

/// What tells a witness; dropped once nothing more will come.
#[derive(Debug)]
pub(super) struct Telling {
    newest: watch::Sender<Newest>,
    old_jobs: Option<oneshot::Sender<Result<u64, StoreError>>>,
}

impl Telling {
    /// A witness, and what tells it.
    pub(super) fn new() -> (Self, Witness) {
        let (newest, shown) = watch::channel(Newest::default());
        let (old_jobs, told) = oneshot::channel();
        (Self { newest, old_jobs: Some(old_jobs) }, Witness { newest: shown, old_jobs: Some(told) })
    }

    /// A capture began, or could not.
    pub(super) fn show(&self, capture: Result<CaptureView, Failure>) {
        self.newest.send_replace(Mutex::new(Some(capture)));
    }

    /// So many jobs of earlier sessions were decided about.
    pub(super) fn tell_old_jobs(&mut self, settled: Result<u64, StoreError>) {
        if let Some(old_jobs) = self.old_jobs.take() {
            // Whoever watched may be gone; they were decided about all the same.
            let _ = old_jobs.send(settled);
        }
    }
}
