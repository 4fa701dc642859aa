//! What people do to the queues: ask for an action, run one again, pause, mute.

use cuelight_core::decision::Firing;
use cuelight_core::id::{JobId, RunId, ServiceId, UserId};
use cuelight_core::reason::Reason;
use cuelight_core::world::World;
use rusqlite::params;

use super::{QueueTransaction, Start, Touched, Which};
use crate::store::{StoreError, values};

impl QueueTransaction<'_> {
    /// Runs steps that somebody asked for, of no session; `firing` says what they know and do.
    ///
    /// # Errors
    /// The database refused.
    pub fn ask(&mut self, firing: &Firing, world: &World<'_>) -> Result<(RunId, Touched), StoreError> {
        self.deed(|queues| queues.begin_by_hand(firing, false, world))
    }

    /// Runs a firing as a test: of no session, and whatever its actions would change in our own database stays as it is.
    ///
    /// # Errors
    /// The database refused.
    pub fn try_out(&mut self, firing: &Firing, world: &World<'_>) -> Result<(RunId, Touched), StoreError> {
        self.deed(|queues| queues.begin_by_hand(firing, true, world))
    }

    /// Runs a job that has ended once more, as a job of a run of its own; `None` where there is none that has ended.
    ///
    /// # Errors
    /// The database refused.
    pub fn run_again(&mut self, job: JobId, now_ms: i64) -> Result<(Option<JobId>, Touched), StoreError> {
        self.deed(|queues| queues.copy(job, now_ms))
    }

    /// Lets the worker of that service start no more jobs; what runs goes on.
    ///
    /// # Errors
    /// The database refused.
    pub fn pause(&mut self, service: &ServiceId) -> Result<Touched, StoreError> {
        Ok(self.deed(|queues| queues.set_paused(service, true))?.1)
    }

    /// Lets the worker of that service start jobs again.
    ///
    /// # Errors
    /// The database refused.
    pub fn resume(&mut self, service: &ServiceId) -> Result<Touched, StoreError> {
        Ok(self.deed(|queues| queues.set_paused(service, false))?.1)
    }

    /// Mutes a viewer and discards what waits of theirs; says how many jobs that were.
    ///
    /// # Errors
    /// The database refused.
    pub fn mute(&mut self, viewer: &UserId, world: &World<'_>) -> Result<(u32, Touched), StoreError> {
        self.deed(|queues| {
            values::set_muted(queues.connection, viewer, true)?;
            queues.discard_runs(&Which::Viewer(viewer.clone()), &Reason::Muted, world)
        })
    }

    /// Lets a viewer speak again.
    ///
    /// # Errors
    /// The database refused.
    pub fn unmute(&mut self, viewer: &UserId) -> Result<Touched, StoreError> {
        Ok(self.deed(|queues| values::set_muted(queues.connection, viewer, false))?.1)
    }

    fn begin_by_hand(&mut self, firing: &Firing, test: bool, world: &World<'_>) -> rusqlite::Result<RunId> {
        let position = self.newest_position()?;
        let event_ms = world.now_ms;
        let start = Start { firing, session: None, cause: 0, event: None, event_ms, position, test };
        // Without a session no firing is the same as another one.
        self.start(&start, world)?.ok_or(rusqlite::Error::QueryReturnedNoRows)
    }

    /// Behind everything that has arrived so far.
    fn newest_position(&self) -> rusqlite::Result<i64> {
        let mut select = self.connection.prepare_cached("SELECT coalesce(max(key), 0) FROM event")?;
        select.query_row([], |row| row.get(0))
    }

    fn copy(&mut self, job: JobId, now_ms: i64) -> rusqlite::Result<Option<JobId>> {
        let position = self.newest_position()?;
        let copied = self.connection.execute(
            "INSERT INTO run (session, origin, cause, firing, event, event_type, state, again_of, foldable, event_ms,
                              position, viewer, msg_id, created_ms, last_step, body, test)
             SELECT session, origin, -?1,
                    1 + (SELECT coalesce(max(firing), 0) FROM run AS other
                         WHERE other.session IS run.session AND other.origin = run.origin AND other.cause = -?1),
                    event, event_type, 'open', ?1, 0, event_ms, ?3, viewer, msg_id, ?2, 1, body, test
             FROM run WHERE id = (SELECT run FROM job WHERE id = ?1 AND ended_ms IS NOT NULL)",
            params![job.0, now_ms, position],
        )?;
        if copied == 0 {
            return Ok(None);
        }
        let run = self.connection.last_insert_rowid();
        // Somebody wants it now: it does not grow late, and nothing takes its place.
        let service: String = self.connection.query_row(
            "INSERT INTO job (run, step, session, service, kind, parameters, state, priority, position, mode, discardable,
                              time_limit_ms, replay, follows, ready_ms, event_type, created_ms)
             SELECT ?3, 1, session, service, kind, parameters, 'pending', priority, ?4, mode, 0, time_limit_ms, replay, 0,
                    ?2, event_type, ?2
             FROM job WHERE id = ?1 RETURNING service",
            params![job.0, now_ms, run, position],
            |row| row.get(0),
        )?;
        let copy = JobId(self.connection.last_insert_rowid());
        self.touched.jobs += 1;
        self.recount(&ServiceId::new(service));
        Ok(Some(copy))
    }

    fn set_paused(&mut self, service: &ServiceId, paused: bool) -> rusqlite::Result<()> {
        self.connection.execute("UPDATE service SET paused = ?2 WHERE id = ?1", params![service.as_str(), paused])?;
        self.known.queue(service).paused = Some(paused);
        self.touched.service(service);
        Ok(())
    }
}
