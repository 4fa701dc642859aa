//! The real lane, driven one batch at a time by a clock that is set by hand.

use std::sync::{Arc, OnceLock};

use cuelight_core::event::Event;
use cuelight_core::limits;
use cuelight_core::signal::Signal;
use cuelight_runtime::actions::{ActionContext, Registry};
use cuelight_runtime::clock::Clock;
use cuelight_runtime::disk::{DiskHealth, DiskWatch};
use cuelight_runtime::feed::Feed;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::pipeline::{self, Deciding, Lane, LaneEnd, LaneRequest};
use cuelight_runtime::rulebook::Rulebook;
use cuelight_runtime::source::{Batch, EventSender, SourceStatus};
use cuelight_runtime::store::{self, Settings, Store, StoreError};
use cuelight_runtime::worker::{Bells, Lateness, Workers};
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub(super) struct RunningLane {
    sender: EventSender,
    signals: mpsc::Sender<Signal>,
    changes: Arc<Notify>,
    task: JoinHandle<Result<LaneEnd, StoreError>>,
}

impl RunningLane {
    /// Starts a lane on the tasks of this thread's runtime; it goes on only while somebody waits for it.
    pub(super) fn start(store: &Store, clock: &Clock, registry: &Arc<Registry>) -> Self {
        let (inbox, deliveries) = mpsc::channel(limits::INBOX_BATCHES);
        let (signals, asked) = mpsc::channel(4);
        let changes = Arc::new(Notify::new());
        let journal = store.journal().expect("the journal opens");
        let reader = || store.reader().expect("the journal can be read");
        let health = watch::channel(DiskHealth::Writing).0;
        let place = journal.place().display().to_string();
        let deciding = Deciding {
            rulebook: Rulebook::read(reader()).expect("readable"),
            registry: Arc::clone(registry),
            changes: Arc::clone(&changes),
            signals: asked,
            bells: bells_for_nobody(),
            lateness: watch::channel(Lateness::new()).1,
            idleness: None,
            utc_offset_s: 0,
        };
        let request = LaneRequest {
            source: "simulated".into(),
            session_name: None,
            is_live: true,
            settings: Settings::default(),
        };
        let lane = Lane {
            journal,
            reader: reader(),
            inbox: deliveries,
            session_over: CancellationToken::new(),
            feed: Feed::default(),
            behind_ms: Arc::default(),
            disk: DiskWatch { health, give_up: CancellationToken::new(), place },
            clock: clock.clone(),
            deciding: Some(deciding),
            request,
        };
        let sender = EventSender::new(inbox, watch::channel(SourceStatus::Idle).0, clock.clone());
        Self { sender, signals, changes, task: tokio::spawn(pipeline::run(lane)) }
    }

    /// Sends a batch and waits until it is committed.
    pub(super) async fn take(&self, events: Vec<Event>, received_ms: i64) {
        let batch = Batch { events, received_ms, ..Batch::default() };
        let receipt = self.sender.send(batch).await.expect("the lane runs");
        receipt.committed().await.expect("it is committed");
    }

    /// Has a signal decided.
    pub(super) async fn signal(&self, signal: Signal, received_ms: i64) {
        self.take(Vec::new(), received_ms).await;
        self.signals.send(signal).await.expect("the lane runs");
        // What happened beside the source is looked at before the inbox.
        self.take(Vec::new(), received_ms).await;
    }

    /// Has it look at what others changed.
    pub(super) async fn look(&self, received_ms: i64) {
        self.take(Vec::new(), received_ms).await;
        self.changes.notify_one();
        self.take(Vec::new(), received_ms).await;
    }

    /// Ends it where it stands; these events reach it and not the journal.
    pub(super) async fn kill(self, events: Vec<Event>, received_ms: i64) {
        if !events.is_empty() {
            let batch = Batch { events, received_ms, ..Batch::default() };
            self.sender.send(batch).await.expect("the lane runs");
        }
        self.task.abort();
        assert!(self.task.await.is_err(), "it was cut off, it did not end");
    }
}

/// Bells that nobody hears: the simulation's workers look by themselves.
fn bells_for_nobody() -> Bells {
    static BELLS: OnceLock<Bells> = OnceLock::new();
    let make = || {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::new(place.path().join("data"));
        folder.create().expect("it can be made");
        let clock = Clock::manual(0);
        let (store, _) = store::open_beside_engine(&folder, &clock).expect("it opens");
        let tasks = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("it starts");
        let _in_tasks = tasks.enter();
        let context = ActionContext::new(folder, clock);
        let workers = Workers::start(&store, &[], Arc::new(Registry::built_in()), &context, Arc::default());
        workers.expect("they start").bells().clone()
    };
    std::thread::scope(|scope| scope.spawn(|| BELLS.get_or_init(make).clone()).join().expect("bells are made"))
}
