//! Time passing over the queues: what becomes due, and what is held from earlier sessions.

use cuelight_core::id::{JobId, RunId, ServiceId, SessionId};
use cuelight_core::world::World;
use rusqlite::params;

use super::{QueueTransaction, Touched, Which};
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

    /// Holds what waits of every session but that one; says how many jobs that were.
    ///
    /// Jobs that were asked for by hand belong to no session and are not held.
    ///
    /// # Errors
    /// The database refused.
    pub fn hold_old(&mut self, except: Option<SessionId>, now_ms: i64) -> Result<(u32, Touched), StoreError> {
        self.deed(|queues| {
            let except = except.map_or(0, |session| session.0);
            queues.connection.execute(
                "UPDATE run SET held_since_ms = ?2 WHERE due_ms IS NOT NULL AND held_since_ms IS NULL AND session <> ?1",
                params![except, now_ms],
            )?;
            let held = queues.connection.execute(
                "UPDATE job SET held_since_ms = ?2 WHERE state = 'pending' AND held_since_ms IS NULL AND session <> ?1",
                params![except, now_ms],
            )?;
            Ok(u32::try_from(held).unwrap_or(u32::MAX))
        })
    }

    /// Lets what is held wait for its turn again; says how many jobs that were.
    ///
    /// For a service only its jobs are released; for a session, [`Which::Held`] and [`Which::All`] runs that wait as well.
    ///
    /// # Errors
    /// The database refused.
    pub fn release_held(&mut self, which: &Which, now_ms: i64) -> Result<(u32, Touched), StoreError> {
        self.deed(|queues| {
            let mut select = queues.connection.prepare_cached(
                "SELECT id, service, session FROM job WHERE state = 'pending' AND held_since_ms IS NOT NULL",
            )?;
            let held = select.query_map([], |row| {
                let service = ServiceId::new(row.get_ref(1)?.as_str()?);
                Ok((JobId(row.get(0)?), service, row.get::<_, Option<u32>>(2)?.map(SessionId)))
            })?;
            let mut released = 0;
            for (job, service, session) in held.collect::<rusqlite::Result<Vec<_>>>()? {
                let is_meant = match which {
                    Which::Job(meant) => *meant == job,
                    Which::Service(meant) => *meant == service,
                    Which::Session(meant) => Some(*meant) == session,
                    Which::Held | Which::All => true,
                    Which::Viewer(_) | Which::Message(_) => false,
                };
                if is_meant {
                    let mut update = queues
                        .connection
                        .prepare_cached("UPDATE job SET held_since_ms = NULL, ready_ms = ?2 WHERE id = ?1")?;
                    update.execute(params![job.0, now_ms])?;
                    queues.touched.service(&service);
                    released += 1;
                }
            }
            queues.release_held_runs(which, now_ms)?;
            Ok(released)
        })
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
            let Some(mut row) = self.load(run)? else { continue };
            let mut jobs = Vec::new();
            row.run.wait_over(&self.now_in(world), &mut jobs);
            self.hand_off(&mut row, jobs, world)?;
            self.save(&row, world.now_ms)?;
        }
        self.settle(world)
    }

    fn release_held_runs(&mut self, which: &Which, now_ms: i64) -> rusqlite::Result<()> {
        let session = match which {
            Which::Session(session) => Some(session.0),
            Which::Held | Which::All => None,
            Which::Job(_) | Which::Service(_) | Which::Viewer(_) | Which::Message(_) => return Ok(()),
        };
        let released = self.connection.execute(
            "UPDATE run SET held_since_ms = NULL WHERE held_since_ms IS NOT NULL AND (?1 IS NULL OR session = ?1)",
            [session],
        )?;
        if released > 0 {
            self.touched.due(Some(now_ms));
        }
        Ok(())
    }
}
