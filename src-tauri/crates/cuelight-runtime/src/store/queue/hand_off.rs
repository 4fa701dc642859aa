//! From a run to the queues: new jobs find their places, and runs are told how their jobs ended.

use std::collections::VecDeque;

use cuelight_core::dispatch::{Placing, place};
use cuelight_core::id::{JobId, RunId};
use cuelight_core::job::{Ending, NewJob};
use cuelight_core::reason::Reason;
use cuelight_core::run::RunState;
use cuelight_core::world::World;
use rusqlite::params;

use super::jobs::FullQueue;
use super::runs::RunRow;
use super::{QueueTransaction, Untold};

impl QueueTransaction<'_> {
    /// Writes the rows of new jobs; true where the run learned something by it and has to be saved.
    pub(in crate::store) fn hand_off(
        &mut self,
        row: &mut RunRow,
        jobs: Vec<NewJob>,
        world: &World<'_>,
    ) -> rusqlite::Result<bool> {
        let mut jobs = VecDeque::from(jobs);
        let mut has_learned = false;
        while let Some(job) = jobs.pop_front() {
            if job.ended.is_some() {
                self.insert_job(row, &job, job.ended.as_ref(), world.now_ms)?;
                continue;
            }
            let bound = world.services.get(&job.service).map_or(u32::MAX, |service| service.max_queue_size);
            let refused = match self.placing(&job, bound)? {
                Placing::Enter => None,
                Placing::InPlaceOf(weakest) => {
                    let reason = Reason::Displaced { service: job.service.to_string(), by: job.priority.get() };
                    let waiting = self.known.queue(&job.service).waiting;
                    self.discard_later_told(weakest, &reason, world.now_ms)?;
                    // One less, until the row that takes its place is written.
                    self.known.queue(&job.service).waiting = waiting.map(|waiting| waiting.saturating_sub(1));
                    None
                }
                Placing::Refused => {
                    Some(Ending::Discarded(Reason::QueueFull { service: job.service.to_string(), size: bound }))
                }
            };
            self.insert_job(row, &job, refused.as_ref(), world.now_ms)?;
            if let Some(ending) = refused {
                let mut next = Vec::new();
                row.run.job_ended(job.step, &ending, &self.now_in(world), &mut next);
                jobs.extend(next);
                has_learned = true;
            }
        }
        Ok(has_learned)
    }

    /// Discards a waiting job and tells its run when [`QueueTransaction::settle`] is called; false where it does not wait.
    pub(super) fn discard_later_told(&mut self, job: JobId, reason: &Reason, now_ms: i64) -> rusqlite::Result<bool> {
        let Some((run, step)) = self.discard_waiting(job, reason, now_ms)? else { return Ok(false) };
        self.untold.push(Untold { run, step, ending: Ending::Discarded(reason.clone()) });
        Ok(true)
    }

    /// Tells runs how their jobs ended until nothing is left to tell: what they hand off then may displace others.
    pub(in crate::store) fn settle(&mut self, world: &World<'_>) -> rusqlite::Result<()> {
        while let Some(Untold { run, step, ending }) = self.untold.pop() {
            let Some(mut row) = self.load(run, world.now_ms)? else { continue };
            self.tell(&mut row, step, &ending, world)?;
        }
        Ok(())
    }

    /// Tells one run how a job of it ended, hands off what follows, and keeps it.
    pub(super) fn tell(
        &mut self,
        row: &mut RunRow,
        step: u32,
        ending: &Ending,
        world: &World<'_>,
    ) -> rusqlite::Result<()> {
        if row.again_of.is_some() {
            let is_done = matches!(ending, Ending::Completed { .. });
            return self.end_again(row.id, if is_done { RunState::Done } else { RunState::Stopped }, world.now_ms);
        }
        if row.run.state() != RunState::Open {
            return Ok(());
        }
        let had_done_something = row.run.has_done_something();
        let mut jobs = Vec::new();
        row.run.job_ended(step, ending, &self.now_in(world), &mut jobs);
        if row.run.has_done_something() && !had_done_something {
            self.bring_to_end(row.id)?;
        }
        self.hand_off(row, jobs, world)?;
        self.save(row, world.now_ms)
    }

    /// What a run has begun is brought to its end: its other jobs are not dropped for want of space or time any more.
    fn bring_to_end(&self, run: RunId) -> rusqlite::Result<()> {
        let mut update = self.connection.prepare_cached(
            "UPDATE job SET discardable = 0, expires_after_ms = NULL
             WHERE run = ?1 AND state IN ('pending', 'processing') AND discardable = 1",
        )?;
        update.execute([run.0]).map(drop)
    }

    /// Prepares the waiting jobs of a run once more, after it learned more about its occasion.
    pub(in crate::store) fn prepare_again(&mut self, row: &RunRow, world: &World<'_>) -> rusqlite::Result<()> {
        let mut waiting =
            self.connection.prepare_cached("SELECT id, step FROM job WHERE run = ?1 AND state = 'pending'")?;
        let mut update = self
            .connection
            .prepare_cached("UPDATE job SET parameters = ?2, time_limit_ms = ?3 WHERE id = ?1 AND service = ?4")?;
        let mut jobs = waiting.query([row.id.0])?;
        while let Some(job) = jobs.next()? {
            let (id, step): (i64, u32) = (job.get(0)?, job.get(1)?);
            // What can not be prepared any more stays as it was handed off.
            if let Some(Ok(prepared)) = row.run.prepare_again(step, &self.now_in(world)) {
                let time_limit_ms = i64::try_from(prepared.time_limit_ms).unwrap_or(i64::MAX);
                update.execute(params![
                    id,
                    prepared.parameters.to_string(),
                    time_limit_ms,
                    prepared.service.as_str()
                ])?;
            }
        }
        Ok(())
    }

    fn placing(&mut self, job: &NewJob, bound: u32) -> rusqlite::Result<Placing> {
        let waiting = self.count_waiting(&job.service, bound)?;
        let weakest = if waiting < bound { None } else { self.weakest(&job.service)? };
        Ok(place(&FullQueue { waiting, weakest }, bound, job))
    }
}
