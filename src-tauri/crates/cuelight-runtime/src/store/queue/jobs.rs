//! The rows of jobs: written when they are handed off, and looked at where a queue is full.

use cuelight_core::action::Replay;
use cuelight_core::dispatch::QueueView;
use cuelight_core::event::EventType;
use cuelight_core::id::{JobId, RunId, ServiceId};
use cuelight_core::job::{Ending, JobState, NewJob};
use cuelight_core::priority::Priority;
use cuelight_core::reason::Reason;
use cuelight_core::service::Mode;
use rusqlite::types::FromSqlError;
use rusqlite::{OptionalExtension as _, Row, params};

use super::QueueTransaction;
use super::runs::RunRow;
use crate::store::commit::as_json;

/// What placing a job depends on, read beforehand.
pub(super) struct FullQueue {
    pub waiting: u32,
    pub weakest: Option<(JobId, Priority)>,
}

impl QueueView for FullQueue {
    fn waiting(&self) -> u32 {
        self.waiting
    }

    fn weakest_discardable(&self) -> Option<(JobId, Priority)> {
        self.weakest
    }
}

pub(in crate::store) const WEAKEST: &str = "SELECT id, priority FROM job
     WHERE service = ?1 AND discardable = 1 AND state = 'pending'
     ORDER BY priority, position DESC, id DESC LIMIT 1";

impl QueueTransaction<'_> {
    /// Writes the row of a job that waits, or of one that ended before it began.
    pub(super) fn insert_job(
        &mut self,
        row: &RunRow,
        job: &NewJob,
        ended: Option<&Ending>,
        now_ms: i64,
    ) -> rusqlite::Result<()> {
        let held_since_ms = row.held_since_ms.filter(|_| ended.is_none());
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO job (run, step, session, service, kind, parameters, state, priority, position, mode, discardable,
                              expires_after_ms, time_limit_ms, replay, follows, ready_ms, reason, event_type, created_ms,
                              ended_ms, held_since_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?16, ?19, ?20)",
        )?;
        insert.execute(params![
            row.id.0,
            job.step,
            row.session.map(|session| session.0),
            job.service.as_str(),
            job.kind.as_str(),
            as_json(&job.parameters),
            ended.map_or(JobState::Pending, Ending::state).as_str(),
            job.priority.get(),
            row.position,
            job.mode.as_str(),
            job.discardable,
            job.expires_after_ms,
            i64::try_from(job.time_limit_ms).unwrap_or(i64::MAX),
            job.replay.as_str(),
            job.follows && held_since_ms.is_none(),
            now_ms,
            ended.and_then(Ending::reason).map(as_json),
            row.event_type.map(EventType::as_str),
            ended.map(|_| now_ms),
            held_since_ms,
        ])?;
        self.touched.jobs += 1;
        if ended.is_none() {
            self.touched.service(&job.service);
            if let Some(waiting) = &mut self.known.queue(&job.service).waiting {
                *waiting += 1;
            }
        }
        Ok(())
    }

    /// The waiting job there that goes first when something more important comes.
    pub(super) fn weakest(&self, service: &ServiceId) -> rusqlite::Result<Option<(JobId, Priority)>> {
        let mut select = self.connection.prepare_cached(WEAKEST)?;
        select.query_row([service.as_str()], |row| Ok((JobId(row.get(0)?), priority(row, 1)?))).optional()
    }

    /// Discards a job that waits; its run is to be told. `None` where it does not wait any more.
    pub(super) fn discard_waiting(
        &mut self,
        job: JobId,
        reason: &Reason,
        now_ms: i64,
    ) -> rusqlite::Result<Option<(RunId, u32)>> {
        let mut update = self.connection.prepare_cached(
            "UPDATE job SET state = 'discarded', reason = ?2, ended_ms = ?3, due_ms = NULL, held_since_ms = NULL
             WHERE id = ?1 AND state = 'pending' RETURNING run, step, service",
        )?;
        let found = update.query_row(params![job.0, as_json(reason), now_ms], |row| {
            Ok((RunId(row.get(0)?), row.get(1)?, ServiceId::new(row.get_ref(2)?.as_str()?)))
        });
        let Some((run, step, service)) = found.optional()? else { return Ok(None) };
        self.recount(&service);
        Ok(Some((run, step)))
    }
}

pub(super) fn mode(row: &Row<'_>, column: usize) -> rusqlite::Result<Mode> {
    Mode::from_name(row.get_ref(column)?.as_str()?).ok_or_else(|| FromSqlError::InvalidType.into())
}

/// What is not known to be safe is not run twice.
pub(super) fn replay(row: &Row<'_>, column: usize) -> rusqlite::Result<Replay> {
    Ok(Replay::from_name(row.get_ref(column)?.as_str()?).unwrap_or(Replay::AtMostOnce))
}

/// Why the run of a running job was stopped, which stands in the job's own row until that ends.
pub(super) fn stop_reason(row: &Row<'_>, column: usize) -> rusqlite::Result<Reason> {
    let reason = row.get_ref(column)?.as_str_or_null()?.and_then(|reason| serde_json::from_str(reason).ok());
    Ok(reason.unwrap_or(Reason::StoppedByYou))
}

pub(super) fn priority(row: &Row<'_>, column: usize) -> rusqlite::Result<Priority> {
    Priority::new(row.get(column)?).map_err(|error| FromSqlError::Other(Box::new(error)).into())
}
