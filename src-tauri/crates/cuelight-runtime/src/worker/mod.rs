//! The workers: one task for each service that claims its jobs and runs them, and one thread that writes the queues.
//!
//! A job starts only after its claim has committed, and its outcome, the next claims and whatever else waits at that
//! moment share one commit. Who only fills queues needs none of this.

mod attempt;
mod bells;
mod board;
mod crew;
mod deed;
mod idleness;
mod known;
mod lateness;
mod news;
mod orders;
mod others;
mod queue_thread;
mod service_worker;
mod silence;
mod status;
mod teller;
#[cfg(test)]
mod tests;
mod turn;

use std::collections::BTreeMap;
use std::sync::Arc;

use cuelight_core::id::{JobId, ServiceId};
use cuelight_core::service::Service;
use parking_lot::Mutex;
use tokio::sync::{Notify, oneshot, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use self::bells::Bells;
use self::crew::Crew;
pub use self::idleness::{Idleness, Resting};
use self::known::Known;
pub use self::lateness::Lateness;
use self::news::News;
pub use self::news::{Happened, NewsReader, Told, WorkNews};
pub use self::orders::Orders;
pub use self::queue_thread::QueueError;
use self::queue_thread::QueueThread;
use self::silence::Silence;
pub use self::status::{ServiceState, ServiceStatus, Statuses};
use self::turn::Claims;
use crate::actions::{ActionContext, Registry};
use crate::disk::{DiskHealth, DiskWatch};
use crate::store::{Store, StoreError};

/// The running workers of some services.
///
/// Dropped without [`Workers::stop`] they end as in a crash: what ran is put in order at the next start.
#[derive(Debug)]
pub struct Workers {
    orders: Orders,
    bells: Bells,
    news: News,
    statuses: watch::Receiver<Statuses>,
    health: watch::Receiver<DiskHealth>,
    lateness: watch::Receiver<Lateness>,
    silence: Silence,
    /// None once they are to stop: nobody is hired any more.
    crew: Mutex<Option<Crew>>,
    stop: CancellationToken,
    give_up: CancellationToken,
    close: CancellationToken,
    /// What [`Workers::stop`] waits for; gone once it does.
    at_work: Mutex<Option<AtWork>>,
}

/// Everything that ends with the workers.
#[derive(Debug)]
struct AtWork {
    tasks: JoinSet<()>,
    thread_end: oneshot::Receiver<()>,
}

/// Why workers could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The thread that writes the queues could not be started.
    #[error("could not start the thread of the queues: {0}")]
    Thread(#[from] std::io::Error),
}

impl Workers {
    /// Starts a worker for each of these services, on the tasks of the runtime that this is called in.
    ///
    /// A service that another process works for is waited for; one that is switched off rests until it is switched on.
    /// `changes` is rung where rules, counters or events of rules may have changed.
    ///
    /// # Errors
    /// The database cannot be opened, or the system gives no thread.
    pub fn start(
        store: &Store,
        services: &[Service],
        registry: Arc<Registry>,
        context: &ActionContext,
        changes: Arc<Notify>,
    ) -> Result<Self, StartError> {
        Self::start_claiming(Claims::All, store, services, registry, context, changes)
    }

    /// Starts a worker that does one job of that service, whatever waits before it, and leaves all others where they are.
    ///
    /// # Errors
    /// As [`Workers::start`].
    pub fn start_for(
        job: JobId,
        store: &Store,
        service: Service,
        registry: Arc<Registry>,
        context: &ActionContext,
    ) -> Result<Self, StartError> {
        Self::start_claiming(Claims::Only(job), store, &[service], registry, context, Arc::default())
    }

    fn start_claiming(
        claims: Claims,
        store: &Store,
        services: &[Service],
        registry: Arc<Registry>,
        context: &ActionContext,
        changes: Arc<Notify>,
    ) -> Result<Self, StartError> {
        let (health_sender, health) = watch::channel(DiskHealth::Writing);
        let (statuses_sender, statuses) = watch::channel(Statuses::new());
        let (lateness_sender, lateness) = watch::channel(Lateness::new());
        let bells = Bells::new(changes);
        let (stop, give_up, close) = (CancellationToken::new(), CancellationToken::new(), CancellationToken::new());
        let journal = store.journal()?;
        let place = journal.place().display().to_string();
        let known = Known::read(store.reader()?, Arc::clone(&registry))?;
        let switched_off = known.switched_off();
        let thread = QueueThread {
            journal,
            known,
            bells: bells.clone(),
            disk: DiskWatch { health: health_sender, give_up: give_up.clone(), place },
            clock: context.clock().clone(),
            close: close.clone(),
        };
        let (queues, thread_end) = thread.start()?;
        let silence = Silence::default();
        let orders = Orders { queues, board: Arc::default(), store: store.clone(), silence: silence.clone() };
        let news = News::new();
        let mut crew = Crew {
            claims,
            folder: store.folder().clone(),
            registry,
            context: context.clone(),
            orders: orders.clone(),
            bells: bells.clone(),
            news: news.clone(),
            switched_off,
            statuses: statuses_sender,
            stop: stop.clone(),
            posts: BTreeMap::new(),
        };
        let mut tasks = JoinSet::new();
        for work in services.iter().filter_map(|service| crew.hire(service)) {
            tasks.spawn(work);
        }
        let lateness_told = lateness::publish(store.reader()?, statuses.clone(), lateness_sender);
        let stopped = stop.clone();
        tasks.spawn(async move {
            // Either nobody is told any more, or there is nobody left to tell of.
            let _ = stopped.run_until_cancelled(lateness_told).await;
        });
        let crew = Mutex::new(Some(crew));
        let at_work = Mutex::new(Some(AtWork { tasks, thread_end }));
        Ok(Self { orders, bells, news, statuses, health, lateness, silence, crew, stop, give_up, close, at_work })
    }

    /// The way to order things.
    #[must_use]
    pub fn orders(&self) -> &Orders {
        &self.orders
    }

    /// The way to tell the workers what other commits of this process left in their queues.
    #[must_use]
    pub fn bells(&self) -> &Bells {
        &self.bells
    }

    /// Reads what happens to jobs from now on.
    #[must_use]
    pub fn news(&self) -> NewsReader {
        self.news.reader()
    }

    /// How the services stand.
    #[must_use]
    pub fn statuses(&self) -> watch::Receiver<Statuses> {
        self.statuses.clone()
    }

    /// Whether the queues can be written.
    #[must_use]
    pub fn health(&self) -> watch::Receiver<DiskHealth> {
        self.health.clone()
    }

    /// How late the services are.
    #[must_use]
    pub fn lateness(&self) -> watch::Receiver<Lateness> {
        self.lateness.clone()
    }

    /// Waits until nothing more can be done, as [`Idleness::reached`] says.
    ///
    /// # Errors
    /// The database refused, or the workers have stopped.
    pub async fn idle(&self) -> Result<Vec<Resting>, QueueError> {
        self.idleness()?.reached().await
    }

    /// A way to wait for them that outlives this.
    ///
    /// # Errors
    /// The database cannot be opened.
    pub fn idleness(&self) -> Result<Idleness, StoreError> {
        let (statuses, silence) = (self.statuses.clone(), self.silence.clone());
        Ok(Idleness { reader: self.orders.store.reader()?, statuses, silence })
    }

    /// Starts a worker for one more service, on the tasks of the runtime that this is called in; nothing happens where there
    /// is one, or where all of them are to stop.
    pub fn add(&self, service: &Service) {
        let work = self.crew.lock().as_mut().and_then(|crew| crew.hire(service));
        let mut at_work = self.at_work.lock();
        let (Some(AtWork { tasks, .. }), Some(work)) = (at_work.as_mut(), work) else { return };
        // Those that were removed have ended.
        while tasks.try_join_next().is_some() {}
        tasks.spawn(work);
    }

    /// Stops the worker of one service, as [`Workers::stop`] does it for all, and gives its lock back.
    pub async fn remove(&self, service: &ServiceId) {
        let post = self.crew.lock().as_mut().and_then(|crew| crew.give_notice(service));
        let Some(post) = post else { return };
        post.ended().await;
        if let Some(crew) = self.crew.lock().as_mut() {
            crew.forget(service);
        }
    }

    /// Lets no job start any more, without waiting for those that run; [`Workers::stop`] does.
    pub fn halt(&self) {
        self.stop.cancel();
        self.give_up.cancel();
        drop(self.crew.lock().take());
    }

    /// Stops claiming, gives what runs a moment to end, cuts off what does not, and writes what became of all of it. Takes
    /// less than two seconds; the second time, nothing.
    pub async fn stop(&self) {
        self.halt();
        let Some(AtWork { mut tasks, thread_end }) = self.at_work.lock().take() else { return };
        while let Some(ended) = tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a worker broke off");
            }
        }
        self.close.cancel();
        // An end without a word is an end.
        let _ = thread_end.await;
    }
}
