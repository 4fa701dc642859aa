//! The outcome of a job, and in the same transaction what it changed and what its run does next.

use cuelight_core::id::{JobId, RunId, ServiceId};
use cuelight_core::job::Ending;
use cuelight_core::reason::Reason;
use cuelight_core::world::World;
use rusqlite::{OptionalExtension as _, params};

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

    /// Puts a running job back into its queue until that time, with what stopped it.
    ///
    /// # Errors
    /// The database refused.
    pub fn retry(&mut self, job: JobId, due_ms: i64, reason: &Reason) -> Result<Touched, StoreError> {
        let retried = self.deed(|queues| {
            let mut update = queues.connection.prepare_cached(
                "UPDATE job SET state = 'pending', due_ms = ?2, reason = ?3 WHERE id = ?1 AND state = 'processing'
                 RETURNING service",
            )?;
            let service = update.query_row(params![job.0, due_ms, as_json(reason)], |row| row.get::<_, String>(0));
            if let Some(service) = service.optional()? {
                queues.recount(&ServiceId::new(service));
                queues.touched.due(Some(due_ms));
            }
            Ok(())
        })?;
        Ok(retried.1)
    }

    fn end_running(&mut self, job: JobId, ending: &Ending, world: &World<'_>) -> rusqlite::Result<()> {
        let Some((run, step)) = self.write_ending(job, ending, world.now_ms)? else { return Ok(()) };
        let Some(mut row) = self.load(run)? else { return Ok(()) };
        let mut refused = None;
        if let Ending::Completed { changes, .. } = ending
            && !changes.is_empty()
        {
            refused = self.apply(job, changes, &row, world)?.map(Ending::Failed);
            // A rule that was run may have displaced a job of this run.
            row = self.load(run)?.unwrap_or(row);
        }
        if let Some(refused) = &refused {
            let mut update = self
                .connection
                .prepare_cached("UPDATE job SET state = 'failed', outputs = NULL, reason = ?2 WHERE id = ?1")?;
            update.execute(params![job.0, refused.reason().map(as_json)])?;
        }
        self.tell(&mut row, step, refused.as_ref().unwrap_or(ending), world)?;
        self.settle(world)
    }

    fn write_ending(&mut self, job: JobId, ending: &Ending, now_ms: i64) -> rusqlite::Result<Option<(RunId, u32)>> {
        let outputs = match ending {
            Ending::Completed { outputs, .. } if !outputs.is_empty() => Some(as_json(outputs)),
            Ending::Completed { .. } | Ending::Failed(_) | Ending::Discarded(_) => None,
        };
        let mut update = self.connection.prepare_cached(
            "UPDATE job SET state = ?2, reason = ?3, outputs = ?4, ended_ms = ?5 WHERE id = ?1 AND state = 'processing'
             RETURNING run, step, service",
        )?;
        let (state, reason) = (ending.state().as_str(), ending.reason().map(as_json));
        let found = update.query_row(params![job.0, state, reason, outputs, now_ms], |row| {
            Ok((RunId(row.get(0)?), row.get(1)?, ServiceId::new(row.get_ref(2)?.as_str()?)))
        });
        let Some((run, step, service)) = found.optional()? else { return Ok(None) };
        self.touched.service(&service);
        self.note_work(&service, now_ms)?;
        Ok(Some((run, step)))
    }
}
