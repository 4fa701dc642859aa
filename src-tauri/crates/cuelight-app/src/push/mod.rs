//! What changed, gathered until the next frame and then told to everybody who listens.

mod gathered;
pub mod lines;
mod look;
mod settings;
mod teller;
#[cfg(test)]
mod tests;
mod watcher;

use std::sync::Arc;
use std::time::Duration;

use cuelight_runtime::store::StoreError;
use parking_lot::Mutex;
use tokio::sync::{Notify, broadcast};
use tokio_util::sync::{CancellationToken, DropGuard};

pub use self::gathered::{Gathered, NewLines};
use self::settings::SettingsFollower;
use self::teller::Teller;
use self::watcher::Watcher;
use crate::app::App;
use crate::dto::PushBatch;

/// The time between two batches: one frame of a screen, so that nothing is drawn twice for one picture.
pub const FRAME: Duration = Duration::from_millis(16);

/// Batches that a slow listener may be behind; then it sees a hole and asks for everything anew.
const BATCHES: usize = 256;

/// Gathers what changed; clones share it.
#[derive(Debug, Clone)]
pub struct Push {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    gathered: Mutex<Gathered>,
    something: Notify,
    listening: Notify,
    batches: broadcast::Sender<Arc<PushBatch>>,
    seq: Mutex<u64>,
    ended: CancellationToken,
}

impl Default for Push {
    fn default() -> Self {
        let shared = Shared {
            gathered: Mutex::default(),
            something: Notify::new(),
            listening: Notify::new(),
            batches: broadcast::Sender::new(BATCHES),
            seq: Mutex::new(0),
            ended: CancellationToken::new(),
        };
        Self { shared: Arc::new(shared) }
    }
}

/// Begins to notice what changes in the app and to tell it, on the tasks of the runtime that this is called in.
///
/// # Errors
/// The database cannot be read.
pub(crate) fn begin(app: &Arc<App>) -> Result<(), StoreError> {
    let push = app.push.clone();
    let watcher = Watcher::new(app)?;
    let teller = Teller::new(app);
    let settings = SettingsFollower::new(app)?;
    tokio::spawn(async move {
        let ended = push.shared.ended.clone();
        // All of them go on until the app ends.
        let _ = ended.run_until_cancelled(async { tokio::join!(watcher.run(), teller.run(), settings.run()) }).await;
    });
    Ok(())
}

impl Push {
    /// Notes what changed; where nobody listens there is nothing to note, since who begins to listen asks for everything.
    pub fn note(&self, change: impl FnOnce(&mut Gathered)) {
        if self.is_heard() {
            change(&mut self.shared.gathered.lock());
            self.shared.something.notify_one();
        }
    }

    /// The number of the last batch.
    #[must_use]
    pub fn seq(&self) -> u64 {
        *self.shared.seq.lock()
    }

    /// Hears every batch from now on.
    #[must_use]
    pub fn listen(&self) -> PushReader {
        let batches = self.shared.batches.subscribe();
        self.shared.listening.notify_one();
        PushReader { batches, ended: self.shared.ended.clone() }
    }

    /// Whether anybody listens.
    #[must_use]
    pub fn is_heard(&self) -> bool {
        self.shared.batches.receiver_count() > 0
    }

    /// Ends the telling for everybody who listens.
    pub(crate) fn end(&self) {
        self.shared.ended.cancel();
    }

    /// Ends the telling when it is dropped.
    pub(crate) fn end_with(&self) -> DropGuard {
        self.shared.ended.clone().drop_guard()
    }

    /// Waits until somebody listens.
    async fn heard(&self) {
        while !self.is_heard() {
            self.shared.listening.notified().await;
        }
    }

    /// Waits until something changed, and takes it.
    async fn take(&self) -> Gathered {
        loop {
            let gathered = std::mem::take(&mut *self.shared.gathered.lock());
            if gathered != Gathered::default() {
                return gathered;
            }
            self.shared.something.notified().await;
        }
    }

    /// Tells everybody, under the next number.
    fn tell(&self, batch: PushBatch) {
        let mut seq = self.shared.seq.lock();
        *seq += 1;
        // Nobody listens: nothing to tell.
        let _ = self.shared.batches.send(Arc::new(PushBatch { seq: *seq, ..batch }));
    }

    /// Leaves a number out, so that everybody sees with the next batch that something was not told.
    fn leave_hole(&self) {
        *self.shared.seq.lock() += 1;
    }
}

/// Hears the batches.
#[derive(Debug)]
pub struct PushReader {
    batches: broadcast::Receiver<Arc<PushBatch>>,
    ended: CancellationToken,
}

impl PushReader {
    /// The next batch, or `None` when the app ended. Who is too slow misses some, and sees it by their numbers.
    pub async fn next(&mut self) -> Option<Arc<PushBatch>> {
        loop {
            match self.ended.run_until_cancelled(self.batches.recv()).await? {
                Ok(batch) => return Some(batch),
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}
