//! The worker of one service: claims jobs in their order, runs them, and writes what became of them.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use cuelight_core::dispatch::Running;
use cuelight_core::id::{JobId, ServiceId};
use cuelight_core::reason::Reason;
use cuelight_core::service::Mode;
use tokio::sync::{Notify, watch};
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use super::attempt::{self, Outcome, Tools};
use super::board::Board;
use super::known::SwitchedOff;
use super::news::Happened;
use super::queue_thread::{QueueError, Queues};
use super::silence::Silence;
use super::status::{ServiceState, StatusSender};
use super::turn::{self, Claims, Done};
use crate::locks::{LockError, ServiceLock};
use crate::paths::DataFolder;
use crate::store::ClaimedJob;

/// How often a lock that another process holds is tried; the system has no way to wait for it that can be given up.
const LOCK_RETRY: Duration = Duration::from_millis(500);

/// How long a database that refuses is left alone before it is tried again.
const REFUSED_RETRY: Duration = Duration::from_secs(1);

/// How long jobs may go on after the word to stop; with the last commit, all of it stays below two seconds.
const GRACE: Duration = Duration::from_millis(1_400);

/// How long jobs that are cut off may take to let go.
const CUT_OFF: Duration = Duration::from_millis(200);

/// What a worker works with.
pub(super) struct ServiceWorker {
    pub(super) service: ServiceId,
    pub(super) claims: Claims,
    pub(super) switched_off: watch::Receiver<SwitchedOff>,
    pub(super) folder: DataFolder,
    pub(super) queues: Queues,
    pub(super) bell: Arc<Notify>,
    pub(super) board: Arc<Board>,
    pub(super) silence: Silence,
    pub(super) status: StatusSender,
    pub(super) tools: Tools,
    pub(super) stop: CancellationToken,
}

impl ServiceWorker {
    /// Works until it is told to stop; while the service is switched off from the start, others may work for it.
    pub(super) async fn work(mut self) {
        if self.rest().await.is_none() {
            return;
        }
        let Some(lock) = self.take_lock().await else { return };
        if self.begin().await {
            let mut work = Work::of(self);
            work.go_on().await;
            work.finish().await;
        }
        drop(lock);
    }

    /// Waits until the service is switched on; `None` if it is to stop before.
    async fn rest(&mut self) -> Option<()> {
        let Self { service, switched_off, status, stop, .. } = self;
        if switched_off.borrow().contains(service) {
            status.set(ServiceState::Off, false);
        }
        let switched_on = switched_off.wait_for(|off| !off.contains(service));
        stop.run_until_cancelled(switched_on).await?.ok().map(drop)
    }

    fn is_off(&self) -> bool {
        self.switched_off.borrow().contains(&self.service)
    }

    /// Waits until nobody else works for the service; `None` if it is to stop before.
    async fn take_lock(&self) -> Option<ServiceLock> {
        loop {
            match ServiceLock::take(&self.folder, &self.service) {
                Ok(lock) => return Some(lock),
                Err(LockError::Taken { process, .. }) => {
                    self.status.set(ServiceState::WaitingForLock { process }, false);
                }
                Err(error @ LockError::Refused { .. }) => self.complain(&error.to_string()),
            }
            self.pause(LOCK_RETRY).await?;
        }
    }

    /// Puts in order what a crash left behind; false if it is to stop before.
    async fn begin(&self) -> bool {
        loop {
            match turn::begin(&self.queues, &self.service, self.claims).await {
                Ok(()) => return true,
                Err(error) => self.complain(&error.to_string()),
            }
            if self.pause(REFUSED_RETRY).await.is_none() {
                return false;
            }
        }
    }

    /// Tells what became of a job.
    fn tell(&self, jobs: &BTreeMap<JobId, Arc<ClaimedJob>>, job: JobId, outcome: &Outcome) {
        let happened = match outcome {
            Outcome::Ended(ending) => Happened::Ended(ending.clone()),
            Outcome::Again { due_ms, reason } => {
                let wait_ms = due_ms.saturating_sub(self.tools.context.clock().now_ms());
                Happened::Retried { wait_ms: u64::try_from(wait_ms).unwrap_or(0), reason: reason.clone() }
            }
            Outcome::CutOff => return,
        };
        if let Some(job) = jobs.get(&job) {
            self.tools.teller.tell(job, happened);
        }
    }

    fn complain(&self, problem: &str) {
        tracing::error!(service = %self.service, problem, "the worker cannot go on for now");
        self.status.set(ServiceState::Attention(problem.to_owned()), false);
    }

    /// Lets that time pass; `None` if it is to stop meanwhile.
    async fn pause(&self, time: Duration) -> Option<()> {
        let stopped = tokio::time::timeout(time, self.stop.cancelled()).await;
        stopped.is_err().then_some(())
    }
}

/// A turn that was asked for and is not answered yet.
type Asked = Pin<Box<dyn Future<Output = Result<Done, QueueError>> + Send>>;

/// A worker that holds its service's lock.
struct Work {
    worker: ServiceWorker,
    /// What was claimed and whose outcome is not written yet; no more than may run at once.
    jobs: BTreeMap<JobId, Arc<ClaimedJob>>,
    attempts: JoinSet<(JobId, Outcome)>,
    /// Outcomes that are still to be written.
    outcomes: Vec<(JobId, Outcome)>,
    /// How many of them the turn that was asked for writes.
    outcomes_asked: usize,
    /// Something may be ready.
    may_claim: bool,
    /// Something was ready and could not start when it was last looked.
    jobs_wait: bool,
}

impl Work {
    fn of(worker: ServiceWorker) -> Self {
        Self {
            worker,
            jobs: BTreeMap::new(),
            attempts: JoinSet::new(),
            outcomes: Vec::new(),
            outcomes_asked: 0,
            may_claim: true,
            jobs_wait: false,
        }
    }

    /// Claims and runs until the word to stop.
    async fn go_on(&mut self) {
        let stop = self.worker.stop.clone();
        let bell = Arc::clone(&self.worker.bell);
        let mut switched_off = self.worker.switched_off.clone();
        let mut silence = self.worker.silence.watch();
        let mut asked: Option<Asked> = None;
        let mut is_resting = false;
        loop {
            if asked.is_none() && !is_resting && (self.may_claim || !self.outcomes.is_empty()) {
                asked = Some(self.ask());
            }
            tokio::select! {
                biased;
                done = answer(&mut asked) => {
                    asked = None;
                    is_resting = done.is_err();
                    self.take_in(done);
                }
                () = stop.cancelled() => break,
                Some(ended) = self.attempts.join_next() => self.note(ended),
                () = bell.notified() => self.may_claim = true,
                Ok(()) = switched_off.changed() => self.may_claim = true,
                Ok(()) = silence.changed() => self.may_claim = true,
                () = tokio::time::sleep(REFUSED_RETRY), if is_resting => is_resting = false,
            }
        }
        // What was claimed meanwhile has to be known, so that it is put back with the rest.
        if let Some(asked) = asked {
            let done = asked.await;
            self.take_in(done);
        }
    }

    /// Lets what runs end, for a moment; then cuts it off, and writes what became of all of it.
    async fn finish(mut self) {
        if tokio::time::timeout(GRACE, self.collect()).await.is_err() {
            let is_mine = |_, service: &ServiceId| *service == self.worker.service;
            self.worker.board.cut_off(&Reason::Interrupted, is_mine);
            // What does not even hear of its end is left behind; its job is put in order all the same.
            let _ = tokio::time::timeout(CUT_OFF, self.collect()).await;
        }
        let Self { worker, jobs, outcomes, .. } = self;
        let written = turn::finish(&worker.queues, &worker.service, worker.claims, outcomes.clone()).await;
        match written {
            Ok(()) => outcomes.iter().for_each(|(job, outcome)| worker.tell(&jobs, *job, outcome)),
            Err(error) => {
                tracing::error!(service = %worker.service, %error, "the last outcomes are lost; the next start puts their jobs in order");
            }
        }
        jobs.keys().for_each(|job| worker.board.end(*job));
    }

    async fn collect(&mut self) {
        while let Some(ended) = self.attempts.join_next().await {
            self.note(ended);
        }
    }

    /// Asks for the next turn.
    fn ask(&mut self) -> Asked {
        self.may_claim = false;
        self.outcomes_asked = self.outcomes.len();
        let claims = if self.worker.is_off() { Claims::Nothing } else { self.worker.claims };
        let ServiceWorker { queues, board, silence, service, .. } = &self.worker;
        let outcomes = self.outcomes.as_slice().into();
        Box::pin(turn::take(queues.clone(), Arc::clone(board), silence.clone(), service.clone(), claims, outcomes))
    }

    /// Tells what the turn made true and starts what it claimed; a turn that failed is taken again.
    fn take_in(&mut self, done: Result<Done, QueueError>) {
        match done {
            Ok(done) => {
                let written: Vec<_> = self.outcomes.drain(..self.outcomes_asked).collect();
                for (job, outcome) in written {
                    self.worker.tell(&self.jobs, job, &outcome);
                    self.worker.board.end(job);
                    self.jobs.remove(&job);
                }
                done.claimed.into_iter().for_each(|job| self.start(job));
                self.jobs_wait = done.jobs_wait;
                self.show();
            }
            Err(error) => {
                self.may_claim = true;
                self.worker.complain(&error.to_string());
            }
        }
        self.outcomes_asked = 0;
    }

    fn start(&mut self, job: Arc<ClaimedJob>) {
        let happened = if job.interrupted { Happened::StartedAgain } else { Happened::Started };
        self.worker.tools.teller.tell(&job, happened);
        let cut = self.worker.board.cut_of(job.id);
        self.attempts.spawn(attempt::run(Arc::clone(&job), self.worker.tools.clone(), cut));
        self.jobs.insert(job.id, job);
    }

    fn note(&mut self, ended: Result<(JobId, Outcome), JoinError>) {
        match ended {
            Ok(ended) => self.outcomes.push(ended),
            Err(error) => tracing::error!(service = %self.worker.service, %error, "an attempt broke off"),
        }
    }

    fn show(&self) {
        let sync = self.jobs.values().any(|job| job.mode == Mode::Sync);
        let running = Running { sync, count: u32::try_from(self.jobs.len()).unwrap_or(u32::MAX) };
        let state = match running.count {
            0 if self.worker.is_off() => ServiceState::Off,
            // With nothing running, only a pause or silence keeps a ready job from starting.
            0 if self.jobs_wait => ServiceState::Paused,
            0 => ServiceState::Idle,
            _ => ServiceState::Running(running),
        };
        self.worker.status.set(state, self.jobs_wait);
    }
}

/// The answer, once there is one; never where nothing was asked.
async fn answer(asked: &mut Option<Asked>) -> Result<Done, QueueError> {
    match asked {
        Some(asked) => asked.await,
        None => std::future::pending().await,
    }
}
