//! Taking jobs out of the queues before they run: one, those of a service, or whole runs.

use cuelight_core::id::{JobId, MsgId, RunId, ServiceId, SessionId, UserId};
use cuelight_core::reason::Reason;
use cuelight_core::run::RunState;
use cuelight_core::world::World;
use rusqlite::{Params, params};

use super::{QueueTransaction, Touched};
use crate::store::StoreError;
use crate::store::commit::as_json;

// Open runs are looked through where somebody takes things back, so that ending a run, which happens all the time, costs
// one entry of an index and no index of strangers in no order.
pub(in crate::store) const OPEN_OF_VIEWER: &str =
    "SELECT id FROM run INDEXED BY run_open WHERE viewer = ?1 AND ended_ms IS NULL";

const OPEN_OF_MESSAGE: &str = "SELECT id FROM run INDEXED BY run_open WHERE msg_id = ?1 AND ended_ms IS NULL";

/// What is taken out of the queues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// One job; its run goes on if its step says so.
    Job(JobId),
    /// Every waiting job of a service; their runs go on where their steps say so.
    Service(ServiceId),
    /// What a viewer caused, runs that wait included.
    Viewer(UserId),
    /// What a message caused, runs that wait included.
    Message(MsgId),
    /// What waits of a session, runs included.
    Session(SessionId),
    /// What is held from earlier sessions, runs included.
    Held,
    /// All that waits, runs included.
    All,
}

impl QueueTransaction<'_> {
    /// Discards what waits: ready, for its time, or held; says how many jobs that were.
    ///
    /// # Errors
    /// The database refused.
    pub fn discard(&mut self, which: &Which, reason: &Reason, world: &World<'_>) -> Result<(u32, Touched), StoreError> {
        self.deed(|queues| match which {
            Which::Job(job) => queues.discard_jobs(&[*job], reason, world),
            Which::Service(service) => {
                let mut select = queues
                    .connection
                    .prepare_cached("SELECT id FROM job WHERE service = ?1 AND state = 'pending' ORDER BY id")?;
                let jobs = select.query_map([service.as_str()], |row| row.get(0).map(JobId))?;
                let jobs = jobs.collect::<rusqlite::Result<Vec<_>>>()?;
                queues.discard_jobs(&jobs, reason, world)
            }
            Which::Viewer(_) | Which::Message(_) | Which::Session(_) | Which::Held | Which::All => {
                queues.discard_runs(which, reason, world)
            }
        })
    }

    /// Stops the runs that are meant and discards what waits of them.
    pub(in crate::store) fn discard_runs(
        &mut self,
        which: &Which,
        reason: &Reason,
        world: &World<'_>,
    ) -> rusqlite::Result<u32> {
        let runs = match which {
            Which::Job(job) => self.runs_of("SELECT run FROM job WHERE id = ?1", [job.0]),
            Which::Service(service) => {
                self.runs_of("SELECT run FROM job WHERE service = ?1 AND state = 'pending'", [service.as_str()])
            }
            Which::Viewer(viewer) => self.runs_of(OPEN_OF_VIEWER, [viewer.as_str()]),
            Which::Message(msg_id) => self.runs_of(OPEN_OF_MESSAGE, [msg_id.as_str()]),
            Which::Session(session) => {
                self.runs_of("SELECT id FROM run WHERE session = ?1 AND ended_ms IS NULL", [session.0])
            }
            Which::Held => self.runs_of(
                "SELECT run FROM job WHERE state = 'pending' AND held_since_ms IS NOT NULL
                 UNION SELECT id FROM run WHERE ended_ms IS NULL AND held_since_ms IS NOT NULL",
                [],
            ),
            Which::All => self.runs_of("SELECT id FROM run WHERE ended_ms IS NULL", []),
        }?;
        let mut discarded = 0;
        for run in runs {
            discarded += self.stop_run(run, reason, world.now_ms)?;
        }
        Ok(discarded)
    }

    fn runs_of(&self, sql: &str, parameters: impl Params) -> rusqlite::Result<Vec<RunId>> {
        let mut select = self.connection.prepare_cached(sql)?;
        select.query_map(parameters, |row| row.get(0).map(RunId))?.collect()
    }

    fn discard_jobs(&mut self, jobs: &[JobId], reason: &Reason, world: &World<'_>) -> rusqlite::Result<u32> {
        let mut discarded = 0;
        for job in jobs {
            discarded += u32::from(self.discard_later_told(*job, reason, world.now_ms)?);
        }
        self.settle(world)?;
        Ok(discarded)
    }

    fn stop_run(&mut self, run: RunId, reason: &Reason, now_ms: i64) -> rusqlite::Result<u32> {
        let mut update = self.connection.prepare_cached(
            "UPDATE job SET state = 'discarded', reason = ?2, ended_ms = ?3, due_ms = NULL, held_since_ms = NULL
             WHERE run = ?1 AND state = 'pending' RETURNING service",
        )?;
        let services = update.query_map(params![run.0, as_json(reason), now_ms], |row| row.get::<_, String>(0))?;
        let services = services.collect::<rusqlite::Result<Vec<_>>>()?;
        services.iter().for_each(|service| self.recount(&ServiceId::new(service)));
        // A run of which a job is running goes on without what follows; a run again has nothing that follows.
        if let Some(mut row) = self.load(run)? {
            if row.again_of.is_none() {
                row.run.stop();
                self.save(&row, now_ms)?;
            } else if !services.is_empty() {
                self.end_again(run, RunState::Stopped, now_ms)?;
            }
        }
        Ok(u32::try_from(services.len()).unwrap_or(u32::MAX))
    }
}
