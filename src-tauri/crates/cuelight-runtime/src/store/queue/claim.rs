//! Claiming: the first ready job of a service begins to run, by a commit of its own.

use cuelight_core::action::Replay;
use cuelight_core::dispatch::{Running, may_start};
use cuelight_core::event::EventType;
use cuelight_core::id::{ActionKindId, JobId, RunId, ServiceId, SessionId};
use cuelight_core::job::Ending;
use cuelight_core::limits::PARALLEL_JOBS_DEFAULT;
use cuelight_core::priority::Priority;
use cuelight_core::reason::Reason;
use cuelight_core::service::Mode;
use cuelight_core::world::World;
use rusqlite::{Row, ToSql, params};
use serde_json::Value;

use super::jobs::{mode, priority, replay};
use super::{QueueTransaction, Touched, Untold};
use crate::store::StoreError;
use crate::store::commit::as_json;
use crate::store::error::unreadable;

/// What came of asking for the next job.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    /// It may begin as soon as the transaction has committed.
    Started(Box<ClaimedJob>),
    /// One is ready and may not start yet: others run, or the service is paused.
    Wait,
    /// None is ready.
    Empty,
}

/// A job with all that its worker needs.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimedJob {
    /// Its number.
    pub id: JobId,
    /// Its run.
    pub run: RunId,
    /// Which step of the run it is.
    pub step: u32,
    /// The session of its run.
    pub session: Option<SessionId>,
    /// The type of the event that caused it, if one did.
    pub event_type: Option<EventType>,
    /// What it does.
    pub kind: ActionKindId,
    /// The kind's own form of it.
    pub parameters: Value,
    /// Whether it may run again after a crash.
    pub replay: Replay,
    /// How long it may run, in milliseconds.
    pub time_limit_ms: u64,
    /// After when it makes no sense any more, ms since 1970; `None`: it always does.
    pub expires_ms: Option<i64>,
    /// Which try it is, 1 first.
    pub attempt: u32,
    /// A crash cut an earlier try off.
    pub interrupted: bool,
    /// Its place among waiting jobs.
    pub priority: Priority,
    /// Alone, or beside others.
    pub mode: Mode,
}

macro_rules! columns {
    () => {
        "mode, expires_after_ms, ready_ms, id, run, step, session, event_type, kind, parameters, replay, time_limit_ms,
         attempt, interrupted, priority"
    };
}

/// A ready job, by its number.
const READY_JOB: &str = concat!("SELECT ", columns!(), " FROM job WHERE id = ?1 AND ", ready!());

pub(in crate::store) const HEAD: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM job WHERE service = ?1 AND ",
    ready!(),
    " ORDER BY follows DESC, priority DESC, position, id LIMIT 1"
);

impl QueueTransaction<'_> {
    /// Claims the first ready job of that service, if it may start beside what runs there; those that it is too late for
    /// are discarded on the way.
    ///
    /// # Errors
    /// The database refused.
    pub fn claim(&mut self, service: &ServiceId, world: &World<'_>) -> Result<(Claim, Touched), StoreError> {
        self.deed(|queues| queues.claim_first(HEAD, &service.as_str(), service, world))
    }

    /// The same for one job of that service, whatever waits before it; all others stay where they are.
    ///
    /// # Errors
    /// The database refused.
    pub fn claim_job(
        &mut self,
        job: JobId,
        service: &ServiceId,
        world: &World<'_>,
    ) -> Result<(Claim, Touched), StoreError> {
        self.deed(|queues| queues.claim_first(READY_JOB, &job.0, service, world))
    }

    /// Whether a job of that service is ready, whoever may start it.
    ///
    /// # Errors
    /// The database refused.
    pub fn has_ready(&mut self, service: &ServiceId) -> Result<bool, StoreError> {
        let has_ready = |queues: &mut Self| {
            let mut select = queues.connection.prepare_cached(HEAD)?;
            select.exists([service.as_str()])
        };
        Ok(self.deed(has_ready)?.0)
    }

    /// Claims the first job that `ready` finds for `of`.
    fn claim_first(
        &mut self,
        ready: &str,
        of: &dyn ToSql,
        service: &ServiceId,
        world: &World<'_>,
    ) -> rusqlite::Result<Claim> {
        let max_parallel = world.services.get(service).map_or(PARALLEL_JOBS_DEFAULT, |service| service.max_parallel);
        let connection = self.connection;
        let mut select = connection.prepare_cached(ready)?;
        loop {
            let mut heads = select.query([of])?;
            let Some(head) = heads.next()? else { return Ok(Claim::Empty) };
            let id = JobId(head.get(3)?);
            let mode = mode(head, 0);
            let as_what = *mode.as_ref().unwrap_or(&Mode::Sync);
            if self.is_paused(service)? || !may_start(as_what, self.running(service)?, max_parallel) {
                return Ok(Claim::Wait);
            }
            let mut expires_ms = None;
            if let Some(expires_after_ms) = head.get(1)? {
                let ready_ms = head.get(2)?;
                let periods = self.work_periods(service, ready_ms)?;
                if let Some(reason) = periods.too_late(ready_ms, world.now_ms, Some(expires_after_ms)) {
                    drop(heads);
                    self.discard_later_told(id, &reason, world.now_ms)?;
                    self.settle(world)?;
                    continue;
                }
                expires_ms = periods.expires_ms(ready_ms, world.now_ms, Some(expires_after_ms));
            }
            let claimed = mode.and_then(|mode| claimed_job(head, mode, expires_ms));
            drop(heads);
            let claimed = match claimed {
                Ok(claimed) => claimed,
                Err(error) => {
                    tracing::error!(job = id.0, %service, %error, "a job cannot be read");
                    self.fail_unreadable(id, service, world)?;
                    continue;
                }
            };
            self.begin(service, &claimed, world.now_ms)?;
            return Ok(Claim::Started(Box::new(claimed)));
        }
    }

    fn begin(&mut self, service: &ServiceId, job: &ClaimedJob, now_ms: i64) -> rusqlite::Result<()> {
        let mut update = self.connection.prepare_cached(
            "UPDATE job SET state = 'processing', attempt = ?2, started_ms = ?3, reason = NULL WHERE id = ?1",
        )?;
        update.execute(params![job.id.0, job.attempt, now_ms])?;
        let queue = self.known.queue(service);
        queue.waiting = None;
        queue.worked_ms = Some(now_ms);
        if let Some(running) = &mut queue.running {
            *running = Running { count: running.count + 1, sync: running.sync || job.mode == Mode::Sync };
        }
        Ok(())
    }

    /// Ends a job whose row cannot be read, so that the others have their turn.
    fn fail_unreadable(&mut self, job: JobId, service: &ServiceId, world: &World<'_>) -> rusqlite::Result<()> {
        let mut update = self.connection.prepare_cached(
            "UPDATE job SET state = 'failed', reason = ?2, ended_ms = ?3 WHERE id = ?1 RETURNING run, step",
        )?;
        let (run, step) = update.query_row(params![job.0, as_json(&Reason::Unreadable), world.now_ms], |row| {
            Ok((RunId(row.get(0)?), row.get(1)?))
        })?;
        self.recount(service);
        self.untold.push(Untold { run, step, ending: Ending::Failed(Reason::Unreadable) });
        self.settle(world)
    }
}

/// The job of a row of [`HEAD`] as it is once it has begun.
fn claimed_job(row: &Row<'_>, mode: Mode, expires_ms: Option<i64>) -> rusqlite::Result<ClaimedJob> {
    Ok(ClaimedJob {
        id: JobId(row.get(3)?),
        run: RunId(row.get(4)?),
        step: row.get(5)?,
        session: row.get::<_, Option<u32>>(6)?.map(SessionId),
        event_type: row.get_ref(7)?.as_str_or_null()?.and_then(EventType::from_name),
        kind: ActionKindId::new(row.get_ref(8)?.as_str()?),
        parameters: serde_json::from_str(row.get_ref(9)?.as_str()?).map_err(|error| unreadable(9, error))?,
        replay: replay(row, 10)?,
        time_limit_ms: row.get::<_, i64>(11)?.unsigned_abs(),
        expires_ms,
        attempt: row.get::<_, u32>(12)? + 1,
        interrupted: row.get(13)?,
        priority: priority(row, 14)?,
        mode,
    })
}
