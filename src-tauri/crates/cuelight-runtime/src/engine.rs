//! What turns events into deeds: the rules for a capture, the workers of the services, and what joins them.

mod between_lives;

use std::sync::Arc;

use cuelight_core::facts::Values;
use cuelight_core::id::ServiceId;
use cuelight_core::reason::Reason;
use cuelight_core::rule_set::RuleSet;
use cuelight_core::service::{Service, Services};
use cuelight_core::signal::Signal;
use cuelight_core::world::World;
use tokio::sync::{Notify, mpsc};

pub use self::between_lives::BetweenLives;
use crate::actions::{ActionContext, Registry};
use crate::clock::Clock;
use crate::pipeline::Deciding;
use crate::rulebook::Rulebook;
use crate::store::{Store, StoreError, Which};
use crate::worker::{StartError, Workers};

/// Signals that may wait for the lane; people press buttons, so a few are plenty.
const SIGNALS: usize = 64;

/// The workers of a process, and what a capture needs to feed them.
#[derive(Debug)]
pub struct Engine {
    /// The workers.
    pub workers: Workers,
    store: Store,
    registry: Arc<Registry>,
    changes: Arc<Notify>,
    /// Held while workers are added and removed, so that two who do it do not cross.
    staffing: tokio::sync::Mutex<()>,
}

/// What becomes of jobs that wait since an earlier session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OldJobs {
    /// They stay where they are until somebody decides.
    Hold,
    /// They run.
    Run,
    /// They are discarded.
    Discard,
}

impl Engine {
    /// Starts workers for these services on the tasks of the runtime that this is called in; none only fills queues.
    ///
    /// # Errors
    /// The database cannot be opened, or the system gives no thread.
    pub fn start(store: &Store, services: &[Service], clock: &Clock) -> Result<Self, StartError> {
        let registry = Arc::new(Registry::built_in());
        let changes = Arc::new(Notify::new());
        let context = ActionContext::new(store.folder().clone(), clock.clone());
        let workers = Workers::start(store, services, Arc::clone(&registry), &context, Arc::clone(&changes))?;
        Ok(Self { workers, store: store.clone(), registry, changes, staffing: tokio::sync::Mutex::default() })
    }

    /// Lets workers work for the services of the database and for no others, after services were added or removed.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn work_for_all(&self) -> Result<(), StoreError> {
        let _staffing = self.staffing.lock().await;
        let services = self.store.reader()?.services()?;
        let worked_for: Vec<ServiceId> = self.workers.statuses().borrow().keys().cloned().collect();
        for gone in worked_for.iter().filter(|id| services.iter().all(|service| service.id != **id)) {
            self.workers.remove(gone).await;
        }
        services.iter().for_each(|service| self.workers.add(service));
        Ok(())
    }

    /// Tells the lane and the workers that rules, services or values may have changed, so that they look at once.
    pub fn look_again(&self) {
        self.changes.notify_one();
    }
    /// What a capture decides with, and the way to send it occasions that are no events.
    ///
    /// `rules` are followed in place of those of the database, where they are given; `utc_offset_s` is how far the
    /// streamer's clock is ahead of UTC, in seconds.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn deciding(
        &self,
        rules: Option<RuleSet>,
        utc_offset_s: i32,
    ) -> Result<(Deciding, mpsc::Sender<Signal>), StoreError> {
        let (sender, signals) = mpsc::channel(SIGNALS);
        let reader = self.store.reader()?;
        let works = !self.workers.statuses().borrow().is_empty();
        let deciding = Deciding {
            rulebook: match rules {
                Some(rules) => Rulebook::read_with(reader, rules)?,
                None => Rulebook::read(reader)?,
            },
            registry: Arc::clone(&self.registry),
            changes: Arc::clone(&self.changes),
            signals,
            bells: self.workers.bells().clone(),
            lateness: self.workers.lateness(),
            idleness: works.then(|| self.workers.idleness()).transpose()?,
            utc_offset_s,
        };
        Ok((deciding, sender))
    }
}

/// Holds what waits since earlier sessions; call it before workers start.
///
/// A session that goes on takes its own jobs back. What is held then is decided by [`settle_held_jobs`].
///
/// # Errors
/// The database refused.
pub fn hold_old_jobs(store: &Store, clock: &Clock) -> Result<(), StoreError> {
    store.journal()?.work(|queues| queues.hold_old(None, clock.now_ms()).map(drop))
}

/// Decides about what is still held once the session is known, or none will come; says how many jobs that were.
///
/// # Errors
/// The database refused.
pub fn settle_held_jobs(store: &Store, old_jobs: OldJobs, clock: &Clock) -> Result<u64, StoreError> {
    let now_ms = clock.now_ms();
    let settled = match old_jobs {
        OldJobs::Hold => return store.reader()?.held_jobs(),
        OldJobs::Run => store.journal()?.work(|queues| Ok(queues.release_held(&Which::Held, now_ms)?.0))?,
        OldJobs::Discard => {
            let services = Services::new(store.reader()?.services()?);
            let registry = Registry::built_in();
            let values = Values::default();
            let world = World { services: &services, prepare: &registry, values: &values, seed: 0, now_ms };
            store.journal()?.work(|queues| Ok(queues.discard(&Which::Held, &Reason::OldJob, &world)?.0))?
        }
    };
    Ok(settled.into())
}

/// Lets the held jobs of these services wait for their turn again, and runs go on that wait for their time; says how many
/// that were.
///
/// # Errors
/// The database refused.
pub fn release_held(store: &Store, services: &[Service], clock: &Clock) -> Result<u32, StoreError> {
    let now_ms = clock.now_ms();
    store.journal()?.work(|queues| {
        let mut released = 0;
        for service in services {
            released += queues.release_held(&Which::Service(service.id.clone()), now_ms)?.0;
        }
        Ok(released)
    })
}
