//! The outcome of a job, and in the same transaction what it changed and what its run does next.

use cuelight_core::action::StateChange;
use cuelight_core::id::{JobId, RunId, ServiceId};
use cuelight_core::job::Ending;
use cuelight_core::reason::Reason;
use cuelight_core::service::Mode;
use cuelight_core::world::World;
use rusqlite::{OptionalExtension as _, params};

use super::jobs::{mode, stop_reason};
use super::{QueueTransaction, Touched};
use crate::store::StoreError;
use crate::store::commit::as_json;

impl QueueTransaction<'_> {
    /// Writes how a running job ended, applies what it changed, and hands off what follows it.
    ///
    /// A job that does not run any more is left as it is.
    ///
    /// # Errors
    /// The database refused.
    pub fn end(&mut self, job: JobId, ending: &Ending, world: &World<'_>) -> Result<Touched, StoreError> {
        Ok(self.deed(|queues| queues.end_running(job, ending, world))?.1)
    }

    /// Puts a running job back into its queue until that time, with what stopped it; where its run was stopped meanwhile,
    /// it is discarded for the same reason.
    ///
    /// # Errors
    /// The database refused.
    pub fn retry(
        &mut self,
        job: JobId,
        due_ms: i64,
        reason: &Reason,
        world: &World<'_>,
    ) -> Result<Touched, StoreError> {
        let retried = self.deed(|queues| {
            if let Some(stopped) = queues.why_stopped(job)? {
                return queues.end_running(job, &Ending::Discarded(stopped), world);
            }
            let mut update = queues.connection.prepare_cached(
                "UPDATE job SET state = 'pending', follows = 0, due_ms = ?2, reason = ?3
                 WHERE id = ?1 AND state = 'processing' RETURNING service",
            )?;
            let service = update.query_row(params![job.0, due_ms, as_json(reason)], |row| row.get::<_, String>(0));
            if let Some(service) = service.optional()?.map(ServiceId::new) {
                queues.recount(&service);
                queues.known.queue(&service).running = None;
                queues.touched.due(Some(due_ms));
            }
            Ok(())
        })?;
        Ok(retried.1)
    }

    /// Notes that a running job waits in its place for its next try, so that whoever finds it knows that nothing is under
    /// way. Where its run was stopped meanwhile, nothing is noted and the answer says why.
    ///
    /// # Errors
    /// The database refused.
    pub fn back_off(
        &mut self,
        job: JobId,
        due_ms: i64,
        reason: &Reason,
    ) -> Result<(Option<Reason>, Touched), StoreError> {
        self.deed(|queues| {
            let stopped = queues.why_stopped(job)?;
            if stopped.is_none() {
                let mut update = queues
                    .connection
                    .prepare_cached("UPDATE job SET due_ms = ?2, reason = ?3 WHERE id = ?1 AND state = 'processing'")?;
                update.execute(params![job.0, due_ms, as_json(reason)])?;
            }
            Ok(stopped)
        })
    }

    /// Begins the next try of a job that waits in its place; it may run after the commit. Where its run was stopped
    /// meanwhile, nothing begins and the answer says why.
    ///
    /// # Errors
    /// The database refused.
    pub fn try_again(&mut self, job: JobId) -> Result<(Option<Reason>, Touched), StoreError> {
        self.deed(|queues| {
            let stopped = queues.why_stopped(job)?;
            if stopped.is_none() {
                let mut update = queues.connection.prepare_cached(
                    "UPDATE job SET due_ms = NULL, reason = NULL, attempt = attempt + 1
                     WHERE id = ?1 AND state = 'processing' AND due_ms IS NOT NULL",
                )?;
                update.execute([job.0])?;
            }
            Ok(stopped)
        })
    }

    /// Why the run of that running job was stopped, if it was.
    fn why_stopped(&self, job: JobId) -> rusqlite::Result<Option<Reason>> {
        let mut select = self.connection.prepare_cached(
            "SELECT job.reason FROM job JOIN run ON run.id = job.run
             WHERE job.id = ?1 AND job.state = 'processing' AND run.state = 'stopped'",
        )?;
        select.query_row([job.0], |row| stop_reason(row, 0)).optional()
    }

    fn end_running(&mut self, job: JobId, ending: &Ending, world: &World<'_>) -> rusqlite::Result<()> {
        let Some((run, step)) = self.write_ending(job, ending, world.now_ms)? else { return Ok(()) };
        let Ending::Completed { changes, .. } = ending else { return self.tell_ending(run, step, ending, world) };
        if !changes.is_empty() {
            return self.apply_and_tell(job, (run, step), ending, changes, world);
        }
        // Most runs have one step: when that is done there is nothing to be read, and nothing of them to be written again.
        let mut update = self.connection.prepare_cached(
            "UPDATE run SET state = 'done', ended_ms = ?3 WHERE id = ?1 AND last_step = ?2 AND state = 'open'",
        )?;
        if update.execute(params![run.0, step, world.now_ms])? == 0 {
            self.tell_ending(run, step, ending, world)?;
        }
        Ok(())
    }

    fn apply_and_tell(
        &mut self,
        job: JobId,
        (run, step): (RunId, u32),
        ending: &Ending,
        changes: &[StateChange],
        world: &World<'_>,
    ) -> rusqlite::Result<()> {
        let Some(row) = self.load(run, world.now_ms)? else { return Ok(()) };
        let refused = self.apply(job, changes, &row, world)?.map(Ending::Failed);
        if let Some(refused) = &refused {
            let mut update = self
                .connection
                .prepare_cached("UPDATE job SET state = 'failed', outputs = NULL, reason = ?2 WHERE id = ?1")?;
            update.execute(params![job.0, refused.reason().map(as_json)])?;
        }
        // Read again: a rule that was run may have displaced a job of this run.
        self.tell_ending(run, step, refused.as_ref().unwrap_or(ending), world)
    }

    fn tell_ending(&mut self, run: RunId, step: u32, ending: &Ending, world: &World<'_>) -> rusqlite::Result<()> {
        if let Some(mut row) = self.load(run, world.now_ms)? {
            self.tell(&mut row, step, ending, world)?;
        }
        self.settle(world)
    }

    fn write_ending(&mut self, job: JobId, ending: &Ending, now_ms: i64) -> rusqlite::Result<Option<(RunId, u32)>> {
        let connection = self.connection;
        let mut select = connection
            .prepare_cached("SELECT run, step, service, mode FROM job WHERE id = ?1 AND state = 'processing'")?;
        let found = select.query_row([job.0], |row| {
            Ok((RunId(row.get(0)?), row.get(1)?, ServiceId::new(row.get_ref(2)?.as_str()?), mode(row, 3)?))
        });
        let Some((run, step, service, mode)) = found.optional()? else { return Ok(None) };
        let outputs = match ending {
            Ending::Completed { outputs, .. } if !outputs.is_empty() => Some(as_json(outputs)),
            Ending::Completed { .. } | Ending::Failed(_) | Ending::Discarded(_) => None,
        };
        let mut update = connection.prepare_cached(
            "UPDATE job SET state = ?2, reason = ?3, outputs = ?4, ended_ms = ?5, due_ms = NULL, held_since_ms = NULL
                 WHERE id = ?1",
        )?;
        let (state, reason) = (ending.state().as_str(), ending.reason().map(as_json));
        update.execute(params![job.0, state, reason, outputs, now_ms])?;
        let queue = self.known.queue(&service);
        queue.worked_ms = Some(now_ms);
        // Nothing runs beside a sync job, so what runs without it is asked anew.
        queue.running = queue.running.filter(|_| mode == Mode::Async);
        if let Some(running) = &mut queue.running {
            running.count = running.count.saturating_sub(1);
        }
        self.touched.service(&service);
        Ok(Some((run, step)))
    }
}
