//! What is held: what earlier sessions left, with what follows from it, until somebody decides; and single jobs by hand.
//!
//! A job that is held by hand (`held_by_hand`) is no old one: old jobs are decided about without it.

use cuelight_core::id::{JobId, RunId, ServiceId, SessionId};
use rusqlite::{OptionalExtension as _, params};

use super::{QueueTransaction, Touched, Which};
use crate::store::StoreError;

impl QueueTransaction<'_> {
    /// Holds the open runs of every session but that one, and with them their jobs: those that wait, and those that a crash
    /// left running, once they wait again. Says how many jobs, and runs that wait for their time, those were.
    ///
    /// Jobs that were asked for by hand belong to no session and are not held.
    ///
    /// # Errors
    /// The database refused.
    pub fn hold_old(&mut self, except: Option<SessionId>, now_ms: i64) -> Result<(u32, Touched), StoreError> {
        self.deed(|queues| {
            let except = except.map_or(0, |session| session.0);
            let connection = queues.connection;
            let waiting: u32 = connection.query_row(
                "SELECT count(*) FROM run WHERE due_ms IS NOT NULL AND held_since_ms IS NULL AND session <> ?1",
                [except],
                |row| row.get(0),
            )?;
            connection.execute(
                "UPDATE run SET held_since_ms = ?2 WHERE ended_ms IS NULL AND held_since_ms IS NULL AND session <> ?1",
                params![except, now_ms],
            )?;
            let mut held = 0;
            for state in ["pending", "processing"] {
                // Others go on meanwhile, so nothing is held together with what came before it. What somebody held by hand
                // is an old job now as well.
                held += connection.execute(
                    &format!(
                        "UPDATE job SET held_since_ms = ?2, held_by_hand = 0, follows = 0
                         WHERE state = '{state}' AND (held_since_ms IS NULL OR held_by_hand = 1) AND session <> ?1"
                    ),
                    params![except, now_ms],
                )?;
            }
            Ok(u32::try_from(held).unwrap_or(u32::MAX).saturating_add(waiting))
        })
    }

    /// Holds one job that waits, until it is released; its run goes on beside it. False where it does not wait, or is held.
    ///
    /// # Errors
    /// The database refused.
    pub fn hold_job(&mut self, job: JobId, now_ms: i64) -> Result<(bool, Touched), StoreError> {
        self.deed(|queues| {
            // Others go on meanwhile, so it is not held together with what came before it.
            let held = queues.connection.query_row(
                "UPDATE job SET held_since_ms = ?2, held_by_hand = 1, follows = 0
                 WHERE id = ?1 AND state = 'pending' AND held_since_ms IS NULL RETURNING service",
                params![job.0, now_ms],
                |row| row.get::<_, String>(0),
            );
            let service = held.optional()?.map(ServiceId::new);
            service.iter().for_each(|service| queues.touched.service(service));
            Ok(service.is_some())
        })
    }

    /// Lets what is held wait for its turn again, and what follows from it not be held any more; says how many jobs, and
    /// runs that wait for their time, those were.
    ///
    /// No service owns the time that a run waits for, so [`Which::Service`] means all of those runs too. What is held by hand
    /// is no old job: [`Which::Session`] and [`Which::Held`] leave it where it is.
    ///
    /// # Errors
    /// The database refused.
    pub fn release_held(&mut self, which: &Which, now_ms: i64) -> Result<(u32, Touched), StoreError> {
        self.deed(|queues| {
            let mut select = queues.connection.prepare_cached(
                "SELECT id, run, service, session, held_by_hand = 0 FROM job
                 WHERE state = 'pending' AND held_since_ms IS NOT NULL
                 UNION ALL
                 SELECT id, run, service, session, held_by_hand = 0 FROM job
                 WHERE state = 'processing' AND held_since_ms IS NOT NULL",
            )?;
            let held = select.query_map([], |row| {
                let service = ServiceId::new(row.get_ref(2)?.as_str()?);
                let session = row.get::<_, Option<u32>>(3)?.map(SessionId);
                Ok((JobId(row.get(0)?), RunId(row.get(1)?), service, session, row.get::<_, bool>(4)?))
            })?;
            let mut released = 0;
            for (job, run, service, session, is_old) in held.collect::<rusqlite::Result<Vec<_>>>()? {
                let is_meant = match which {
                    Which::Job(meant) => *meant == job,
                    Which::Service(meant) => *meant == service,
                    Which::Session(meant) => Some(*meant) == session && is_old,
                    Which::Held => is_old,
                    Which::All => true,
                    Which::Viewer(_) | Which::ViewerIn(..) | Which::Message(_) => false,
                };
                if is_meant {
                    queues.release_job(job, run, now_ms)?;
                    queues.touched.service(&service);
                    released += 1;
                }
            }
            Ok(released + queues.release_held_runs(which, now_ms)?)
        })
    }

    /// Holds a run that has just begun because of one that is held.
    pub(super) fn hold_run(&mut self, run: RunId, since_ms: i64) -> rusqlite::Result<()> {
        for hold in [
            "UPDATE run SET held_since_ms = ?2 WHERE id = ?1 AND ended_ms IS NULL",
            "UPDATE job SET held_since_ms = ?2, follows = 0 WHERE run = ?1 AND state = 'pending'",
        ] {
            self.connection.prepare_cached(hold)?.execute(params![run.0, since_ms])?;
        }
        Ok(())
    }

    fn release_job(&self, job: JobId, run: RunId, now_ms: i64) -> rusqlite::Result<()> {
        let mut update = self
            .connection
            .prepare_cached("UPDATE job SET held_since_ms = NULL, held_by_hand = 0, ready_ms = ?2 WHERE id = ?1")?;
        update.execute(params![job.0, now_ms])?;
        let mut update = self.connection.prepare_cached("UPDATE run SET held_since_ms = NULL WHERE id = ?1")?;
        update.execute([run.0]).map(drop)
    }

    /// Lets runs go on that wait for their time, says how many, and holds nothing any more that follows from what is meant.
    fn release_held_runs(&mut self, which: &Which, now_ms: i64) -> rusqlite::Result<u32> {
        let (session, only_waiting) = match which {
            Which::Session(session) => (Some(session.0), false),
            Which::Held | Which::All => (None, false),
            Which::Service(_) => (None, true),
            Which::Job(_) | Which::Viewer(_) | Which::ViewerIn(..) | Which::Message(_) => return Ok(0),
        };
        let mut update = self.connection.prepare_cached(
            "UPDATE run SET held_since_ms = NULL
             WHERE ended_ms IS NULL AND held_since_ms IS NOT NULL AND (?1 IS NULL OR session = ?1)
                AND (NOT ?2 OR due_ms IS NOT NULL)
             RETURNING due_ms IS NOT NULL",
        )?;
        let released = update.query_map(params![session, only_waiting], |row| row.get(0))?;
        let waiting = released.collect::<rusqlite::Result<Vec<bool>>>()?.into_iter().filter(|waits| *waits).count();
        if waiting > 0 {
            self.touched.due(Some(now_ms));
        }
        Ok(u32::try_from(waiting).unwrap_or(u32::MAX))
    }
}
