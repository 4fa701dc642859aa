//! What a crash or a stop left running: it waits again, or ends.

use cuelight_core::action::Replay;
use cuelight_core::id::{JobId, RunId, ServiceId};
use cuelight_core::job::Ending;
use cuelight_core::limits::MAX_ATTEMPTS;
use cuelight_core::reason::Reason;
use cuelight_core::world::World;
use rusqlite::{Row, params};

use super::jobs::{replay, stop_reason};
use super::{QueueTransaction, Touched, Untold};
use crate::store::StoreError;
use crate::store::commit::as_json;

/// What became of jobs that a crash or a stop left running.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Wait again.
    pub again: u32,
    /// Failed as interrupted: running them again could do it twice.
    pub failed: u32,
    /// Discarded: their runs had been stopped meanwhile.
    pub discarded: u32,
}

/// A job that was running.
struct CutOff {
    job: JobId,
    run: RunId,
    step: u32,
    left: Left,
}

/// What may become of it.
enum Left {
    /// It waited for its next try, and nothing was under way.
    Waiting { due_ms: i64 },
    /// It may be tried once more.
    Safe,
    /// Nobody knows whether it was done.
    Unknown,
    /// Somebody stopped its run.
    Stopped(Reason),
}

impl QueueTransaction<'_> {
    /// Takes up what a crash or a stop left running in that service; call it after its lock was taken.
    ///
    /// What is held stays held.
    ///
    /// # Errors
    /// The database refused.
    pub fn recover(&mut self, service: &ServiceId, world: &World<'_>) -> Result<(Recovered, Touched), StoreError> {
        self.deed(|queues| queues.recover_running(service, world))
    }

    fn recover_running(&mut self, service: &ServiceId, world: &World<'_>) -> rusqlite::Result<Recovered> {
        let mut recovered = Recovered::default();
        let mut select = self.connection.prepare_cached(
            "SELECT job.id, job.run, job.step, job.replay, job.attempt, job.due_ms, job.reason, run.state = 'stopped'
             FROM job JOIN run ON run.id = job.run WHERE job.service = ?1 AND job.state = 'processing' ORDER BY job.id",
        )?;
        let cut_off = select.query_map([service.as_str()], CutOff::from_row)?;
        for CutOff { job, run, step, left } in cut_off.collect::<rusqlite::Result<Vec<_>>>()? {
            match left {
                Left::Waiting { due_ms } => {
                    self.give_back(job, due_ms)?;
                    recovered.again += 1;
                }
                Left::Safe => {
                    self.connection.execute(
                        "UPDATE job SET state = 'pending', interrupted = 1, ready_ms = ?2 WHERE id = ?1",
                        params![job.0, world.now_ms],
                    )?;
                    recovered.again += 1;
                }
                Left::Unknown => {
                    self.end_cut_off(job, &Ending::Failed(Reason::Interrupted), world.now_ms)?;
                    self.untold.push(Untold { run, step, ending: Ending::Failed(Reason::Interrupted) });
                    recovered.failed += 1;
                }
                Left::Stopped(reason) => {
                    self.end_cut_off(job, &Ending::Discarded(reason), world.now_ms)?;
                    recovered.discarded += 1;
                }
            }
            self.recount(service);
        }
        self.known.queue(service).running = None;
        self.settle(world)?;
        Ok(recovered)
    }

    /// A job that waited in its place for its next try waits in the queue; others have gone on by then.
    fn give_back(&mut self, job: JobId, due_ms: i64) -> rusqlite::Result<()> {
        self.connection.execute("UPDATE job SET state = 'pending', follows = 0 WHERE id = ?1", [job.0])?;
        self.touched.due(Some(due_ms));
        Ok(())
    }

    fn end_cut_off(&self, job: JobId, ending: &Ending, now_ms: i64) -> rusqlite::Result<()> {
        let mut update = self.connection.prepare_cached(
            "UPDATE job SET state = ?2, interrupted = 1, reason = ?3, ended_ms = ?4, due_ms = NULL, held_since_ms = NULL
             WHERE id = ?1",
        )?;
        update.execute(params![job.0, ending.state().as_str(), ending.reason().map(as_json), now_ms]).map(drop)
    }
}

impl CutOff {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let due_ms: Option<i64> = row.get(5)?;
        let may_again = replay(row, 3)? == Replay::Safe && row.get::<_, u32>(4)? < MAX_ATTEMPTS;
        let left = match due_ms {
            None if !may_again => Left::Unknown,
            _ if row.get(7)? => Left::Stopped(stop_reason(row, 6)?),
            Some(due_ms) => Left::Waiting { due_ms },
            None => Left::Safe,
        };
        Ok(Self { job: JobId(row.get(0)?), run: RunId(row.get(1)?), step: row.get(2)?, left })
    }
}
