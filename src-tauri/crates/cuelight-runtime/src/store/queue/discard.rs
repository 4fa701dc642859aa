//! Taking jobs out of the queues before they run: one, those of a service, or whole runs.

use cuelight_core::id::{JobId, MsgId, RunId, ServiceId, SessionId, UserId};
use cuelight_core::reason::Reason;
use cuelight_core::run::RunState;
use cuelight_core::world::World;
use rusqlite::{Params, params};

use super::merged::{OF_MESSAGE, OF_VIEWER};
use super::{QueueTransaction, Touched};
use crate::store::StoreError;
use crate::store::commit::as_json;

/// What is taken out of the queues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// One job; its run goes on if its step says so.
    Job(JobId),
    /// Every waiting job of a service; their runs go on where their steps say so.
    Service(ServiceId),
    /// What a viewer caused, runs that wait included.
    Viewer(UserId),
    /// What waits in a service of what a viewer caused, where nobody else has a part in it; their runs go on where their
    /// steps say so.
    ViewerIn(UserId, ServiceId),
    /// What a message caused, runs that wait included.
    Message(MsgId),
    /// What waits of a session, runs included.
    Session(SessionId),
    /// What is held from earlier sessions, runs included.
    Held,
    /// All that waits, runs included.
    All,
}

const JOBS_OF_VIEWER: &str = "SELECT job.id FROM job JOIN run ON run.id = job.run
     WHERE job.service = ?1 AND job.state = 'pending' AND run.viewer = ?2
        AND NOT EXISTS (SELECT 1 FROM run AS merged
            WHERE merged.folded_into = run.id AND merged.state = 'folded' AND merged.viewer IS NOT run.viewer)
     ORDER BY job.id";

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
            Which::ViewerIn(viewer, service) => {
                let mut select = queues.connection.prepare_cached(JOBS_OF_VIEWER)?;
                let jobs = select.query_map([service.as_str(), viewer.as_str()], |row| row.get(0).map(JobId))?;
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
            Which::ViewerIn(viewer, service) => self.runs_of(
                "SELECT job.run FROM job JOIN run ON run.id = job.run
                 WHERE job.service = ?2 AND job.state = 'pending' AND run.viewer = ?1",
                [viewer.as_str(), service.as_str()],
            ),
            Which::Viewer(viewer) => return self.take_out(&OF_VIEWER, viewer.as_str(), reason, world),
            Which::Message(msg_id) => return self.take_out(&OF_MESSAGE, msg_id.as_str(), reason, world),
            Which::Session(session) => {
                self.runs_of("SELECT id FROM run WHERE session = ?1 AND ended_ms IS NULL", [session.0])
            }
            Which::Held => self.runs_of(
                "SELECT run FROM job WHERE state = 'pending' AND held_since_ms IS NOT NULL AND held_by_hand = 0
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

    pub(super) fn runs_of(&self, sql: &str, parameters: impl Params) -> rusqlite::Result<Vec<RunId>> {
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

    pub(super) fn stop_run(&mut self, run: RunId, reason: &Reason, now_ms: i64) -> rusqlite::Result<u32> {
        let mut update = self.connection.prepare_cached(
            "UPDATE job SET state = 'discarded', reason = ?2, ended_ms = ?3, due_ms = NULL, held_since_ms = NULL
             WHERE run = ?1 AND state = 'pending' RETURNING service",
        )?;
        let services = update.query_map(params![run.0, as_json(reason), now_ms], |row| row.get::<_, String>(0))?;
        let services = services.collect::<rusqlite::Result<Vec<_>>>()?;
        services.iter().for_each(|service| self.recount(&ServiceId::new(service)));
        // What runs goes on to its end; it keeps the reason in case that it asks to be tried again.
        let mut note =
            self.connection.prepare_cached("UPDATE job SET reason = ?2 WHERE run = ?1 AND state = 'processing'")?;
        note.execute(params![run.0, as_json(reason)])?;
        if let Some(mut row) = self.load(run, now_ms)? {
            if row.again_of.is_none() {
                row.run.stop();
                self.save(&row, now_ms)?;
            } else {
                self.end_again(run, RunState::Stopped, now_ms)?;
            }
        }
        Ok(u32::try_from(services.len()).unwrap_or(u32::MAX))
    }
}
