//! Claiming: the first ready job of a service begins to run, by a commit of its own; and what a crash left running.

use cuelight_core::action::Replay;
use cuelight_core::dispatch::{Running, may_start};
use cuelight_core::event::EventType;
use cuelight_core::id::{ActionKindId, JobId, RunId, ServiceId, SessionId};
use cuelight_core::job::Ending;
use cuelight_core::limits::{MAX_ATTEMPTS, MAX_PARALLEL};
use cuelight_core::priority::Priority;
use cuelight_core::reason::Reason;
use cuelight_core::service::Mode;
use cuelight_core::world::World;
use rusqlite::{OptionalExtension as _, params};
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

/// What became of jobs that a crash or a stop left running.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Wait again.
    pub again: u32,
    /// Failed as interrupted: running them again could do it twice.
    pub failed: u32,
}

pub(in crate::store) const HEAD: &str = "SELECT id, run, step, mode, expires_after_ms, ready_ms FROM job
     WHERE service = ?1 AND state = 'pending' AND due_ms IS NULL AND held_since_ms IS NULL
     ORDER BY follows DESC, priority DESC, position, id LIMIT 1";

struct Head {
    id: JobId,
    run: RunId,
    step: u32,
    mode: Mode,
    expires_after_ms: Option<i64>,
    ready_ms: i64,
}

impl QueueTransaction<'_> {
    /// Claims the first ready job of that service, if it may start beside what runs there; those that it is too late for
    /// are discarded on the way.
    ///
    /// # Errors
    /// The database refused.
    pub fn claim(&mut self, service: &ServiceId, world: &World<'_>) -> Result<(Claim, Touched), StoreError> {
        self.deed(|queues| queues.claim_head(service, world))
    }

    /// Takes up what a crash or a stop left running in that service; call it after its lock was taken.
    ///
    /// # Errors
    /// The database refused.
    pub fn recover(&mut self, service: &ServiceId, world: &World<'_>) -> Result<(Recovered, Touched), StoreError> {
        self.deed(|queues| queues.recover_running(service, world))
    }

    fn claim_head(&mut self, service: &ServiceId, world: &World<'_>) -> rusqlite::Result<Claim> {
        let max_parallel = world.services.get(service).map_or(MAX_PARALLEL, |service| service.max_parallel);
        loop {
            let Some(head) = self.head(service)? else { return Ok(Claim::Empty) };
            if self.is_paused(service)? || !may_start(head.mode, self.running(service)?, max_parallel) {
                return Ok(Claim::Wait);
            }
            let mut expires_ms = None;
            if head.expires_after_ms.is_some() {
                let periods = self.work_periods(service, head.ready_ms)?;
                if let Some(reason) = periods.too_late(head.ready_ms, world.now_ms, head.expires_after_ms) {
                    self.discard_later_told(head.id, &reason, world.now_ms)?;
                    self.settle(world)?;
                    continue;
                }
                expires_ms = periods.expires_ms(head.ready_ms, world.now_ms, head.expires_after_ms);
            }
            return Ok(Claim::Started(Box::new(self.begin(service, &head, expires_ms, world.now_ms)?)));
        }
    }

    fn head(&self, service: &ServiceId) -> rusqlite::Result<Option<Head>> {
        let mut select = self.connection.prepare_cached(HEAD)?;
        let head = select.query_row([service.as_str()], |row| {
            Ok(Head {
                id: JobId(row.get(0)?),
                run: RunId(row.get(1)?),
                step: row.get(2)?,
                mode: mode(row, 3)?,
                expires_after_ms: row.get(4)?,
                ready_ms: row.get(5)?,
            })
        });
        head.optional()
    }

    fn is_paused(&self, service: &ServiceId) -> rusqlite::Result<bool> {
        let mut select = self.connection.prepare_cached("SELECT paused FROM service WHERE id = ?1")?;
        Ok(select.query_row([service.as_str()], |row| row.get(0)).optional()?.unwrap_or(false))
    }

    fn running(&self, service: &ServiceId) -> rusqlite::Result<Running> {
        let mut select = self.connection.prepare_cached(
            "SELECT count(*), coalesce(max(mode = 'sync'), 0) FROM job WHERE service = ?1 AND state = 'processing'",
        )?;
        select.query_row([service.as_str()], |row| Ok(Running { count: row.get(0)?, sync: row.get(1)? }))
    }

    fn begin(
        &mut self,
        service: &ServiceId,
        head: &Head,
        expires_ms: Option<i64>,
        now_ms: i64,
    ) -> rusqlite::Result<ClaimedJob> {
        let mut update = self.connection.prepare_cached(
            "UPDATE job SET state = 'processing', attempt = attempt + 1, started_ms = ?2, reason = NULL WHERE id = ?1
             RETURNING session, event_type, kind, parameters, replay, time_limit_ms, attempt, interrupted, priority",
        )?;
        let claimed = update.query_row(params![head.id.0, now_ms], |row| {
            Ok(ClaimedJob {
                id: head.id,
                run: head.run,
                step: head.step,
                session: row.get::<_, Option<u32>>(0)?.map(SessionId),
                event_type: row.get_ref(1)?.as_str_or_null()?.and_then(EventType::from_name),
                kind: ActionKindId::new(row.get_ref(2)?.as_str()?),
                parameters: serde_json::from_str(row.get_ref(3)?.as_str()?).map_err(|error| unreadable(3, error))?,
                replay: replay(row, 4)?,
                time_limit_ms: row.get::<_, i64>(5)?.unsigned_abs(),
                expires_ms,
                attempt: row.get(6)?,
                interrupted: row.get(7)?,
                priority: priority(row, 8)?,
                mode: head.mode,
            })
        })?;
        self.waiting.retain(|(counted, _)| counted != service);
        self.note_work(service, now_ms)?;
        Ok(claimed)
    }

    fn recover_running(&mut self, service: &ServiceId, world: &World<'_>) -> rusqlite::Result<Recovered> {
        let mut recovered = Recovered::default();
        let mut select = self.connection.prepare_cached(
            "SELECT id, run, step, replay, attempt FROM job WHERE service = ?1 AND state = 'processing' ORDER BY id",
        )?;
        let cut_off = select.query_map([service.as_str()], |row| {
            let may_again = replay(row, 3)? == Replay::Safe && row.get::<_, u32>(4)? < MAX_ATTEMPTS;
            Ok((row.get::<_, i64>(0)?, RunId(row.get(1)?), row.get::<_, u32>(2)?, may_again))
        })?;
        for (id, run, step, may_again) in cut_off.collect::<rusqlite::Result<Vec<_>>>()? {
            if may_again {
                self.connection.execute(
                    "UPDATE job SET state = 'pending', interrupted = 1, ready_ms = ?2 WHERE id = ?1",
                    params![id, world.now_ms],
                )?;
                recovered.again += 1;
            } else {
                self.connection.execute(
                    "UPDATE job SET state = 'failed', interrupted = 1, reason = ?2, ended_ms = ?3 WHERE id = ?1",
                    params![id, as_json(&Reason::Interrupted), world.now_ms],
                )?;
                self.untold.push(Untold { run, step, ending: Ending::Failed(Reason::Interrupted) });
                recovered.failed += 1;
            }
            self.recount(service);
        }
        self.settle(world)?;
        Ok(recovered)
    }
}
