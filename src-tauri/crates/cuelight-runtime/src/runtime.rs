//! The composition root: opens a data folder, runs captures in it, and stops them in order.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use cuelight_core::reason::Reason;
use cuelight_core::totals::SessionTotals;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::disk::{DiskHealth, DiskWatch};
use crate::feed::{Feed, FeedReader};
use crate::locks::{EngineLock, LockError};
use crate::paths::DataFolder;
use crate::pipeline::{self, Deciding, Lane, LaneEnd, LaneRequest};
use crate::publish::{Publication, Publishing};
use crate::source::{Contact, EventSender, EventSource, SourceEnd, SourceError, SourceStatus};
use crate::store::{self, Settings, Store, StoreError};

/// An open data folder of which we are the one engine.
#[derive(Debug)]
pub struct Runtime {
    store: Store,
    clock: Clock,
    /// What opening had to tell: a damaged database moved aside, settings restored.
    pub notes: Vec<Reason>,
    _lock: EngineLock,
}

/// Why a data folder could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another engine works in it, or the lock cannot be taken at all.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Runtime {
    /// Takes the data folder's engine lock and opens its database.
    ///
    /// # Errors
    /// [`OpenError::Lock`] when another engine runs in that folder, [`OpenError::Store`] when the database is newer than
    /// this program or cannot be opened.
    pub fn open(folder: &DataFolder, clock: Clock) -> Result<Self, OpenError> {
        let lock = EngineLock::take(folder)?;
        let (store, notes) = store::open(folder, &clock, &lock)?;
        Ok(Self { store, clock, notes, _lock: lock })
    }

    /// The database, for reading.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Starts a capture: the source runs on this runtime's tasks, the journal on a thread of its own.
    ///
    /// # Errors
    /// The journal's writing connection cannot be opened.
    pub fn capture(&self, request: CaptureRequest, mut source: Box<dyn EventSource>) -> Result<Capture, StoreError> {
        let (inbox, deliveries) = mpsc::channel(cuelight_core::limits::INBOX_BATCHES);
        let (status, status_reader) = watch::channel(SourceStatus::Idle);
        let (health, health_reader) = watch::channel(DiskHealth::Writing);
        let feed = Feed::default();
        let reader = feed.subscribe(&self.store)?;
        let publication = match request.publication {
            Some(publication) => Some((publication, feed.subscribe(&self.store)?)),
            None => None,
        };
        let session_over = CancellationToken::new();
        let give_up = CancellationToken::new();
        let journal = self.store.journal()?;
        let disk = DiskWatch { health, give_up: give_up.clone(), place: journal.place().display().to_string() };
        let behind_ms = Arc::new(AtomicI64::new(0));
        let lane = Lane {
            journal,
            reader: self.store.reader()?,
            inbox: deliveries,
            session_over: session_over.clone(),
            feed,
            behind_ms: Arc::clone(&behind_ms),
            disk,
            clock: self.clock.clone(),
            deciding: request.deciding,
            request: LaneRequest {
                source: request.source_name,
                session_name: request.session_name,
                is_live: source.is_live(),
                settings: request.settings,
            },
        };
        let journal = spawn_lane(lane);
        let sender = EventSender::new(inbox, status, self.clock.clone());
        let contact = sender.contact().clone();
        let stop = CancellationToken::new();
        let stop_source = stop.clone();
        let done = tokio::spawn(async move {
            let outcome = source.run(&sender, &stop_source).await;
            if outcome.is_ok() {
                session_over.cancel();
            }
            drop(sender);
            let journal = journal.await;
            CaptureEnd { outcome, journal }
        });
        let publishing = publication.map(|(publication, feed)| Publishing::start(publication, feed));
        let (status, health) = (status_reader, health_reader);
        Ok(Capture { feed: reader, publishing, status, health, contact, behind_ms, stop, give_up, done })
    }
}

/// What a capture is to be called and kept as.
#[derive(Debug)]
pub struct CaptureRequest {
    /// The source, as people call it.
    pub source_name: String,
    /// The session's name, if it has one.
    pub session_name: Option<String>,
    /// The settings at the start.
    pub settings: Settings,
    /// What is published beside the journal, if anything is.
    pub publication: Option<Publication>,
    /// What events are decided with; without it they are journaled and cause nothing.
    pub deciding: Option<Deciding>,
}

/// A running capture.
#[derive(Debug)]
pub struct Capture {
    /// What was committed, in order, from the first event on.
    pub feed: FeedReader,
    /// Publishing, if that was asked for; it outlives the capture until [`Publishing::finish`].
    pub publishing: Option<Publishing>,
    /// How far the source is.
    pub status: watch::Receiver<SourceStatus>,
    /// Whether the journal can be written.
    pub health: watch::Receiver<DiskHealth>,
    /// When its far side was heard last, and the way to have it try again at once.
    pub contact: Contact,
    behind_ms: Arc<AtomicI64>,
    stop: CancellationToken,
    give_up: CancellationToken,
    done: JoinHandle<CaptureEnd>,
}

/// How a capture ended.
#[derive(Debug)]
pub struct CaptureEnd {
    /// How the source ended.
    pub outcome: Result<SourceEnd, SourceError>,
    /// The session that was journaled, or why it could not be.
    pub journal: Result<LaneEnd, JournalError>,
}

/// Why the journal ended before its capture.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// It could not be written any more.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Its thread could not be started.
    #[error("could not start the journal's thread: {0}")]
    Thread(std::io::Error),
    /// Its thread ended without a word, which is a defect.
    #[error("the journal's thread broke off")]
    BrokeOff,
}

impl CaptureEnd {
    /// The sums of the session; empty where none was opened.
    #[must_use]
    pub fn totals(&self) -> SessionTotals {
        self.journal.as_ref().map(|end| end.totals.clone()).unwrap_or_default()
    }
}

/// Asks a capture to end.
#[derive(Debug, Clone)]
pub struct CaptureStop {
    stop: CancellationToken,
    give_up: CancellationToken,
}

impl CaptureStop {
    /// Ends the source; what it sent is still committed, and a full disk is not waited for any longer.
    pub fn stop(&self) {
        self.stop.cancel();
        self.give_up.cancel();
    }
}

impl Capture {
    /// The handle that ends this capture.
    #[must_use]
    pub fn stopper(&self) -> CaptureStop {
        CaptureStop { stop: self.stop.clone(), give_up: self.give_up.clone() }
    }

    /// How long what was committed last had been on its way since it arrived, in milliseconds; 0 for what is not live.
    #[must_use]
    pub fn behind_ms(&self) -> i64 {
        self.behind_ms.load(Ordering::Relaxed)
    }

    /// Waits for the end. The feed ends with the last commit, so read it to its end first.
    ///
    /// # Panics
    /// Only when a task of the capture panicked, which is a defect.
    pub async fn end(self) -> CaptureEnd {
        self.done.await.expect("the capture's task neither panics nor is aborted")
    }
}

fn spawn_lane(lane: Lane) -> impl Future<Output = Result<LaneEnd, JournalError>> {
    let (ended, end) = oneshot::channel();
    let run = move || {
        let result = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .map_err(JournalError::Thread)
            .and_then(|tasks| Ok(tasks.block_on(pipeline::run(lane))?));
        // The capture may have been dropped; then nobody waits for the end.
        let _ = ended.send(result);
    };
    let spawned = std::thread::Builder::new().name("journal".into()).spawn(run);
    async move {
        spawned.map_err(JournalError::Thread)?;
        end.await.unwrap_or(Err(JournalError::BrokeOff))
    }
}
