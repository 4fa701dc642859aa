//! The thread that writes the queues: everything that waits for it shares one commit and is answered after it.

use std::time::Duration;

use cuelight_core::limits;
use cuelight_core::world::World;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::bells::Bells;
use super::deed::{Asked, Deed};
use super::known::Known;
use super::others::Others;
use crate::clock::Clock;
use crate::disk::DiskWatch;
use crate::store::{Journal, QueueTransaction, StoreError, Touched};

/// How long what is due waits after it could not be released, in milliseconds.
const AGAIN_MS: i64 = 1_000;

/// Why the queues did not do what they were asked for.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// The database refused it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The thread has ended.
    #[error("could not reach the queues: the workers have stopped")]
    Stopped,
}

/// The way to the queues; clones are cheap.
#[derive(Debug, Clone)]
pub(super) struct Queues {
    requests: mpsc::Sender<Box<dyn Deed>>,
}

impl Queues {
    /// Has it done in a transaction, and gives what came of it after the commit.
    ///
    /// It may be done several times before it counts: a transaction can be taken back. Dropped before it is ready, it may
    /// still be done.
    pub(super) async fn ask<T, Act>(&self, act: Act) -> Result<T, QueueError>
    where
        T: Send + 'static,
        Act: FnMut(&mut QueueTransaction<'_>, &World<'_>) -> Result<(T, Touched), StoreError> + Send + 'static,
    {
        self.ask_then(act, |_| ()).await
    }

    /// The same; `then` sees what came of it after the commit and before anybody is answered that asked later.
    pub(super) async fn ask_then<T, Act, Then>(&self, act: Act, then: Then) -> Result<T, QueueError>
    where
        T: Send + 'static,
        Act: FnMut(&mut QueueTransaction<'_>, &World<'_>) -> Result<(T, Touched), StoreError> + Send + 'static,
        Then: FnOnce(&T) + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let deed = Box::new(Asked::new(act, then, answer));
        self.requests.send(deed).await.map_err(|_| QueueError::Stopped)?;
        Ok(answered.await.map_err(|_| QueueError::Stopped)??)
    }
}

/// What the thread works with.
pub(super) struct QueueThread {
    pub(super) journal: Journal,
    pub(super) known: Known,
    pub(super) bells: Bells,
    pub(super) disk: DiskWatch,
    pub(super) clock: Clock,
    /// Set when nobody may ask any more; what was asked before is still done.
    pub(super) close: CancellationToken,
}

impl QueueThread {
    /// Starts the thread; it ends when nobody can ask it any more, and then the receiver is ready.
    pub(super) fn start(self) -> std::io::Result<(Queues, oneshot::Receiver<()>)> {
        let (requests, asked) = mpsc::channel(limits::QUEUE_REQUESTS);
        let (ended, end) = oneshot::channel();
        let tasks = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        std::thread::Builder::new().name("queues".into()).spawn(move || {
            tasks.block_on(async {
                Serving { thread: self, asked, next_due_ms: None, others: Others::new() }.serve().await;
            });
            // Nobody waits for the end of workers that were dropped.
            let _ = ended.send(());
        })?;
        Ok((Queues { requests }, end))
    }
}

struct Serving {
    thread: QueueThread,
    asked: mpsc::Receiver<Box<dyn Deed>>,
    /// When the next job or run becomes due, ms since 1970.
    next_due_ms: Option<i64>,
    others: Others,
}

impl Serving {
    async fn serve(&mut self) {
        let mut deeds = Vec::with_capacity(limits::QUEUE_COMMIT_REQUESTS);
        let close = self.thread.close.clone();
        loop {
            let until_due = self.until_due();
            tokio::select! {
                biased;
                () = close.cancelled(), if !self.asked.is_closed() => self.asked.close(),
                taken = self.asked.recv_many(&mut deeds, limits::QUEUE_COMMIT_REQUESTS) => {
                    if taken == 0 {
                        return;
                    }
                    self.commit_all(std::mem::take(&mut deeds)).await;
                }
                () = tokio::time::sleep(until_due.unwrap_or_default()), if until_due.is_some() => self.release().await,
                () = self.thread.bells.due() => self.release().await,
                () = self.others.look_due() => self.look().await,
            }
        }
    }

    /// Commits the deeds together; where that fails for one of them, each alone, so that none suffers for another one.
    async fn commit_all(&mut self, mut deeds: Vec<Box<dyn Deed>>) {
        match self.commit(&mut deeds).await {
            Ok(()) => deeds.into_iter().for_each(Deed::committed),
            Err(_) if deeds.len() > 1 => {
                for deed in deeds {
                    let mut alone = [deed];
                    let committed = self.commit(&mut alone).await;
                    let [deed] = alone;
                    answer(deed, committed);
                }
            }
            Err(error) => {
                if let Some(deed) = deeds.pop() {
                    deed.refused(error);
                }
            }
        }
    }

    /// Does the deeds and releases what is due, in one transaction; a full disk is waited for.
    async fn commit(&mut self, deeds: &mut [Box<dyn Deed>]) -> Result<(), StoreError> {
        let (touched, next_due_ms) = loop {
            match self.try_commit(deeds) {
                Ok(done) => break done,
                Err(error) => self.thread.disk.wait(error).await?,
            }
        };
        self.thread.disk.succeeded();
        self.next_due_ms = next_due_ms;
        self.thread.bells.ring_for(&touched);
        Ok(())
    }

    fn try_commit(&mut self, deeds: &mut [Box<dyn Deed>]) -> Result<(Touched, Option<i64>), StoreError> {
        let QueueThread { journal, known, clock, .. } = &mut self.thread;
        known.refresh()?;
        let world = known.world(clock.now_ms());
        journal.work(|queues| {
            let mut touched = Touched::default();
            for deed in &mut *deeds {
                touched.add(deed.act(queues, &world)?);
            }
            let (released, next_due_ms) = queues.release_due(&world)?;
            touched.add(released);
            Ok((touched, next_due_ms))
        })
    }

    /// Readies what has become due.
    async fn release(&mut self) {
        if let Err(error) = self.commit(&mut []).await {
            tracing::error!(%error, "what is due stays where it is for now");
            self.next_due_ms = Some(self.thread.clock.now_ms() + AGAIN_MS);
        }
    }

    /// Wakes everybody where others have committed; a clock that was moved may have made something due, too.
    async fn look(&mut self) {
        let is_due = self.next_due_ms.is_some_and(|due_ms| due_ms <= self.thread.clock.now_ms());
        match self.others.have_committed(&self.thread.journal) {
            Ok(true) => {
                self.release().await;
                self.thread.bells.ring_all();
            }
            Ok(false) if is_due => self.release().await,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "could not look for changes of others"),
        }
    }

    fn until_due(&self) -> Option<Duration> {
        let left_ms = self.next_due_ms? - self.thread.clock.now_ms();
        Some(Duration::from_millis(u64::try_from(left_ms).unwrap_or(0)))
    }
}

fn answer(deed: Box<dyn Deed>, committed: Result<(), StoreError>) {
    match committed {
        Ok(()) => deed.committed(),
        Err(error) => deed.refused(error),
    }
}
