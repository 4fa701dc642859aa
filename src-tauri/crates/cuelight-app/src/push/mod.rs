//! What changed, gathered until the next frame and then told to everybody who listens.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use cuelight_core::id::{EventId, ServiceId};
use parking_lot::Mutex;
use tokio::sync::{Notify, broadcast};

use crate::dto::{Banner, EventLine, Gift, PushBatch, Undo};

/// The time between two batches: one frame of a screen, so that nothing is drawn twice for one picture.
pub const FRAME: Duration = Duration::from_millis(16);

/// Batches that a slow listener may be behind; then it sees a hole and asks for everything anew.
const BATCHES: usize = 256;

/// Events of one batch: more than a screen has lines are read from the journal when somebody scrolls.
const LINES: usize = 200;

/// Gathers what changed; clones share it.
#[derive(Debug, Clone)]
pub struct Push {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    gathered: Mutex<Gathered>,
    something: Notify,
    batches: broadcast::Sender<Arc<PushBatch>>,
    seq: Mutex<u64>,
}

/// What changed since the last batch; what is only marked is read when the batch is made.
#[derive(Debug, Default, PartialEq)]
pub struct Gathered {
    /// The head of the Live screen.
    pub live: bool,
    /// The healths.
    pub health: bool,
    /// New events, oldest first.
    pub lines: Vec<EventLine>,
    /// Events left out: there were too many for a screen.
    pub missed_lines: u64,
    /// Events that something became of.
    pub outcomes: BTreeSet<EventId>,
    /// Services that stand otherwise.
    pub services: BTreeSet<ServiceId>,
    /// What runs and what comes next.
    pub now_and_next: bool,
    /// The rulebook, with its new revision.
    pub rulebook_revision: Option<i64>,
    /// What can be undone.
    pub undo: Option<Undo>,
    /// The settings.
    pub settings: bool,
    /// The gift that was waited for.
    pub caught: Option<Gift>,
    /// What must be known everywhere; `Some(None)`: it is over.
    pub banner: Option<Option<Banner>>,
}

impl Gathered {
    /// Adds a new event; beyond what a screen holds the oldest are left out.
    pub fn line(&mut self, line: EventLine) {
        if self.lines.len() == LINES {
            self.lines.remove(0);
            self.missed_lines += 1;
        }
        self.lines.push(line);
    }
}

impl Default for Push {
    fn default() -> Self {
        let shared = Shared {
            gathered: Mutex::default(),
            something: Notify::new(),
            batches: broadcast::Sender::new(BATCHES),
            seq: Mutex::new(0),
        };
        Self { shared: Arc::new(shared) }
    }
}

impl Push {
    /// Notes what changed.
    pub fn note(&self, change: impl FnOnce(&mut Gathered)) {
        change(&mut self.shared.gathered.lock());
        self.shared.something.notify_one();
    }

    /// The number of the last batch.
    #[must_use]
    pub fn seq(&self) -> u64 {
        *self.shared.seq.lock()
    }

    /// Hears every batch from now on.
    #[must_use]
    pub fn listen(&self) -> PushReader {
        PushReader { batches: self.shared.batches.subscribe() }
    }

    /// Whether anybody listens.
    #[must_use]
    pub fn is_heard(&self) -> bool {
        self.shared.batches.receiver_count() > 0
    }

    /// Waits until something changed, and takes it.
    pub(crate) async fn take(&self) -> Gathered {
        loop {
            let gathered = std::mem::take(&mut *self.shared.gathered.lock());
            if gathered != Gathered::default() {
                return gathered;
            }
            self.shared.something.notified().await;
        }
    }

    /// Tells everybody, under the next number.
    pub(crate) fn tell(&self, batch: PushBatch) {
        let mut seq = self.shared.seq.lock();
        *seq += 1;
        // Nobody listens: nothing to tell.
        let _ = self.shared.batches.send(Arc::new(PushBatch { seq: *seq, ..batch }));
    }
}

/// Hears the batches.
#[derive(Debug)]
pub struct PushReader {
    batches: broadcast::Receiver<Arc<PushBatch>>,
}

impl PushReader {
    /// The next batch, or `None` when the app ended. Who is too slow misses some, and sees it by their numbers.
    pub async fn next(&mut self) -> Option<Arc<PushBatch>> {
        loop {
            match self.batches.recv().await {
                Ok(batch) => return Some(batch),
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}
