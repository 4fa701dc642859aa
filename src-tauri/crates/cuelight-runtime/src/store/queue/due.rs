//! Time passing over the queues: what becomes due.

use cuelight_core::id::{RunId, ServiceId};
use cuelight_core::world::World;
use rusqlite::params;

use super::{QueueTransaction, Touched};
use crate::store::StoreError;

/// Runs whose wait ends in one transaction, so that it stays short; the others follow in the next one.
const RUNS_AT_ONCE: u32 = 256;

pub(in crate::store) const DUE_JOBS: &str = "UPDATE job SET due_ms = NULL
     WHERE state = 'pending' AND due_ms IS NOT NULL AND held_since_ms IS NULL AND due_ms <= ?1 RETURNING service";

pub(in crate::store) const DUE_RUNS: &str = "SELECT id FROM run
     WHERE due_ms IS NOT NULL AND held_since_ms IS NULL AND due_ms <= ?1 ORDER BY due_ms LIMIT ?2";

pub(in crate::store) const NEXT_DUE: &str = "SELECT min(due_ms) FROM (
     SELECT min(due_ms) AS due_ms FROM job
     WHERE state = 'pending' AND due_ms IS NOT NULL AND held_since_ms IS NULL
     UNION ALL SELECT min(due_ms) FROM run WHERE due_ms IS NOT NULL AND held_since_ms IS NULL)";

impl QueueTransaction<'_> {
    /// Readies jobs whose next try is due, lets runs go on whose wait is over, and says when the next one is due, ms since
    /// 1970.
    ///
    /// # Errors
    /// The database refused.
    pub fn release_due(&mut self, world: &World<'_>) -> Result<(Touched, Option<i64>), StoreError> {
        let (next_due_ms, touched) = self.deed(|queues| {
            queues.release_jobs(world.now_ms)?;
            queues.release_runs(world)?;
            queues.connection.prepare_cached(NEXT_DUE)?.query_row([], |row| row.get(0))
        })?;
        Ok((touched, next_due_ms))
    }

    fn release_jobs(&mut self, now_ms: i64) -> rusqlite::Result<()> {
        let mut update = self.connection.prepare_cached(DUE_JOBS)?;
        let services = update.query_map([now_ms], |row| row.get::<_, String>(0))?;
        for service in services.collect::<rusqlite::Result<Vec<_>>>()? {
            self.touched.service(&ServiceId::new(service));
        }
        Ok(())
    }

    fn release_runs(&mut self, world: &World<'_>) -> rusqlite::Result<()> {
        let mut select = self.connection.prepare_cached(DUE_RUNS)?;
        let due = select.query_map(params![world.now_ms, RUNS_AT_ONCE], |row| row.get(0).map(RunId))?;
        for run in due.collect::<rusqlite::Result<Vec<_>>>()? {
            let Some(mut row) = self.load(run, world.now_ms)? else { continue };
            let mut jobs = Vec::new();
            row.run.wait_over(&self.now_in(world), &mut jobs);
            self.hand_off(&mut row, jobs, world)?;
            self.save(&row, world.now_ms)?;
        }
        self.settle(world)
    }
}
