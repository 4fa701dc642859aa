//! Reading the queues: lists of jobs, one job, counts, decisions.

use std::collections::BTreeMap;

use cuelight_core::decision::Origin;
use cuelight_core::event::EventType;
use cuelight_core::id::{ActionKindId, EventId, JobId, RunId, ServiceId, SessionId, UserId};
use cuelight_core::job::JobState;
use cuelight_core::priority::Priority;
use cuelight_core::reason::Reason;
use cuelight_core::service::Mode;
use rusqlite::types::FromSqlError;
use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::Value;

use super::jobs::{mode, priority};
use crate::store::error::unreadable;
use crate::store::sessions::key_range;
use crate::store::{Reader, StoreError};

/// A job as it stands in its row.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredJob {
    /// Its number.
    pub id: JobId,
    /// Its run.
    pub run: RunId,
    /// Which step of the run it is.
    pub step: u32,
    /// What made the run.
    pub origin: Origin,
    /// The session of the run.
    pub session: Option<SessionId>,
    /// The number of the event with which it was decided.
    pub event: Option<u32>,
    /// The type of that event.
    pub event_type: Option<EventType>,
    /// Whose event it was.
    pub viewer: Option<UserId>,
    /// The service whose queue it went through.
    pub service: ServiceId,
    /// What it does.
    pub kind: ActionKindId,
    /// The kind's own form of it.
    pub parameters: Value,
    /// Where it stands.
    pub state: JobState,
    /// Why it failed, was discarded, or is tried again.
    pub reason: Option<Reason>,
    /// What it gave to later steps.
    pub outputs: Vec<(String, String)>,
    /// Its place among waiting jobs.
    pub priority: Priority,
    /// Alone, or beside others.
    pub mode: Mode,
    /// How often it was tried.
    pub attempt: u32,
    /// A crash cut a try off.
    pub interrupted: bool,
    /// When it is tried again, ms since 1970.
    pub due_ms: Option<i64>,
    /// Since when it is held, ms since 1970.
    pub held_since_ms: Option<i64>,
    /// When it was handed off, ms since 1970.
    pub created_ms: i64,
    /// When it was last started, ms since 1970.
    pub started_ms: Option<i64>,
    /// When it ended, ms since 1970.
    pub ended_ms: Option<i64>,
    /// Made by *Try*: counts nowhere.
    pub test: bool,
}

/// Which jobs are listed; what is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// Only in this state.
    pub state: Option<JobState>,
    /// Only of this service.
    pub service: Option<ServiceId>,
    /// Only of this session.
    pub session: Option<SessionId>,
    /// Only of this run.
    pub run: Option<RunId>,
    /// Only older ones than this.
    pub before: Option<JobId>,
}

/// How many jobs a service has in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueueCounts {
    /// Wait: ready, for their time, or held.
    pub pending: u64,
    /// Run.
    pub processing: u64,
    /// Of these, beside others.
    pub async_running: u64,
    /// Done, of the jobs counted.
    pub completed: u64,
    /// Failed, of the jobs counted.
    pub failed: u64,
    /// Discarded, of the jobs counted.
    pub discarded: u64,
}

/// What [`stored_job`] reads, of `job` and `run`.
pub(super) const COLUMNS: &str =
    "job.id, job.run, job.step, run.origin, job.session, run.event, job.event_type, run.viewer, job.service,
    job.kind, job.parameters, job.state, job.reason, job.outputs, job.priority, job.mode, job.attempt, job.interrupted,
    job.due_ms, job.held_since_ms, job.created_ms, job.started_ms, job.ended_ms, run.test";

impl Reader {
    /// Up to `limit` jobs, the newest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn jobs(&self, filter: &JobFilter, limit: u32) -> Result<Vec<StoredJob>, StoreError> {
        let read = || {
            let mut statement = self.connection.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM job JOIN run ON run.id = job.run
                 WHERE (?1 IS NULL OR job.state = ?1) AND (?2 IS NULL OR job.service = ?2)
                    AND (?3 IS NULL OR job.session = ?3) AND (?4 IS NULL OR job.run = ?4) AND (?5 IS NULL OR job.id < ?5)
                 ORDER BY job.id DESC LIMIT ?6"
            ))?;
            let parameters = params![
                filter.state.map(JobState::as_str),
                filter.service.as_ref().map(ServiceId::as_str),
                filter.session.map(|session| session.0),
                filter.run.map(|run| run.0),
                filter.before.map(|job| job.0),
                limit,
            ];
            statement.query_map(parameters, stored_job)?.collect()
        };
        self.say(read())
    }

    /// One job, if there is one of that number.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn job(&self, job: JobId) -> Result<Option<StoredJob>, StoreError> {
        let read = || {
            let mut statement = self
                .connection
                .prepare_cached(&format!("SELECT {COLUMNS} FROM job JOIN run ON run.id = job.run WHERE job.id = ?1"))?;
            statement.query_row([job.0], stored_job).optional()
        };
        self.say(read())
    }

    /// The number of the newest job; 0 before the first one.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn newest_job(&self) -> Result<JobId, StoreError> {
        self.say(self.connection.query_row("SELECT coalesce(max(id), 0) FROM job", [], |row| row.get(0).map(JobId)))
    }

    /// How many jobs of earlier sessions are held, and runs that wait for their time.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn held_jobs(&self) -> Result<u64, StoreError> {
        self.say(self.connection.query_row(
            "SELECT (SELECT count(*) FROM job WHERE state = 'pending' AND held_since_ms IS NOT NULL AND held_by_hand = 0)
                + (SELECT count(*) FROM run WHERE due_ms IS NOT NULL AND held_since_ms IS NOT NULL)",
            [],
            |row| count(row, 0),
        ))
    }

    /// The job up to which every one has ended; `JobId(0)` where even the first has not.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn ended_through(&self) -> Result<JobId, StoreError> {
        let through = self.connection.query_row(
            "SELECT coalesce(
                (SELECT min(oldest) - 1 FROM (SELECT min(id) AS oldest FROM job WHERE state = 'pending'
                    UNION ALL SELECT min(id) FROM job WHERE state = 'processing')),
                (SELECT max(id) FROM job), 0)",
            [],
            |row| row.get(0).map(JobId),
        );
        self.say(through)
    }

    /// What each service has: all that wait or run, and of the jobs after that one those that ended, without tests.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn queue_counts(&self, after: JobId) -> Result<BTreeMap<ServiceId, QueueCounts>, StoreError> {
        let read = || {
            let mut counts = BTreeMap::<ServiceId, QueueCounts>::new();
            let mut pending = self
                .connection
                .prepare_cached("SELECT service, count(*) FROM job WHERE state = 'pending' GROUP BY service")?;
            let mut rows = pending.query([])?;
            while let Some(row) = rows.next()? {
                counts.entry(service(row)?).or_default().pending = count(row, 1)?;
            }
            let mut processing = self.connection.prepare_cached(
                "SELECT service, count(*), sum(mode = 'async') FROM job WHERE state = 'processing' GROUP BY service",
            )?;
            let mut rows = processing.query([])?;
            while let Some(row) = rows.next()? {
                let counts = counts.entry(service(row)?).or_default();
                (counts.processing, counts.async_running) = (count(row, 1)?, count(row, 2)?);
            }
            let mut ended = self.connection.prepare_cached(
                "SELECT service, sum(state = 'completed'), sum(state = 'failed'), sum(state = 'discarded') FROM job
                 WHERE id > ?1 AND run NOT IN (SELECT id FROM run WHERE test = 1) GROUP BY service",
            )?;
            let mut rows = ended.query([after.0])?;
            while let Some(row) = rows.next()? {
                let counts = counts.entry(service(row)?).or_default();
                (counts.completed, counts.failed, counts.discarded) = (count(row, 1)?, count(row, 2)?, count(row, 3)?);
            }
            Ok(counts)
        };
        self.say(read())
    }

    /// Whether these services have no job that waits or runs and no run waits for its time; what is held does not count.
    ///
    /// One statement sees one moment: a job that ends and the one that follows it are never both overlooked.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn is_idle(&self, services: &[ServiceId]) -> Result<bool, StoreError> {
        let services: Vec<&str> = services.iter().map(ServiceId::as_str).collect();
        let read = || {
            let mut statement = self.connection.prepare_cached(concat!(
                "SELECT NOT EXISTS (SELECT 1 FROM run WHERE due_ms IS NOT NULL AND held_since_ms IS NULL)
                    AND NOT EXISTS (SELECT 1 FROM json_each(?1) AS its WHERE
                        EXISTS (SELECT 1 FROM job WHERE state = 'processing' AND service = its.value)
                        OR EXISTS (SELECT 1 FROM job WHERE service = its.value AND ",
                ready!(),
                ")
                        OR EXISTS (SELECT 1 FROM job WHERE state = 'pending' AND due_ms IS NOT NULL
                            AND held_since_ms IS NULL AND service = its.value))"
            ))?;
            statement.query_row([serde_json::json!(services).to_string()], |row| row.get(0))
        };
        self.say(read())
    }

    /// Since when the oldest ready job of each service is ready, ms since 1970.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn oldest_ready(&self) -> Result<BTreeMap<ServiceId, i64>, StoreError> {
        let read = || {
            let mut statement = self.connection.prepare_cached(concat!(
                "SELECT service, min(ready_ms) FROM job WHERE ",
                ready!(),
                " GROUP BY service"
            ))?;
            statement.query_map([], |row| Ok((service(row)?, row.get(1)?)))?.collect()
        };
        self.say(read())
    }

    /// The decisions of a session: the event's number and the JSON, of events with which a trigger matched.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn decisions(&self, session: SessionId) -> Result<Vec<(u32, String)>, StoreError> {
        let read = || {
            let mut statement = self.connection.prepare(
                "SELECT key, decisions FROM event WHERE key BETWEEN ?1 AND ?2 AND decisions IS NOT NULL ORDER BY key",
            )?;
            let decisions = statement
                .query_map(key_range(session), |row| Ok((EventId::from_key(row.get(0)?).number, row.get(1)?)))?;
            decisions.collect()
        };
        self.say(read())
    }
}

pub(super) fn service(row: &Row<'_>) -> rusqlite::Result<ServiceId> {
    Ok(ServiceId::new(row.get_ref(0)?.as_str()?))
}

pub(super) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(column)?.unsigned_abs())
}

pub(super) fn stored_job(row: &Row<'_>) -> rusqlite::Result<StoredJob> {
    let Ok(origin) = row.get_ref(3)?.as_str()?.parse();
    let state = JobState::from_name(row.get_ref(11)?.as_str()?).ok_or(FromSqlError::InvalidType)?;
    Ok(StoredJob {
        id: JobId(row.get(0)?),
        run: RunId(row.get(1)?),
        step: row.get(2)?,
        origin,
        session: row.get::<_, Option<u32>>(4)?.map(SessionId),
        event: row.get(5)?,
        event_type: row.get_ref(6)?.as_str_or_null()?.and_then(EventType::from_name),
        viewer: row.get_ref(7)?.as_str_or_null()?.map(UserId::new),
        service: ServiceId::new(row.get_ref(8)?.as_str()?),
        kind: ActionKindId::new(row.get_ref(9)?.as_str()?),
        parameters: json(row, 10)?.unwrap_or_default(),
        state,
        reason: json(row, 12)?,
        outputs: json(row, 13)?.unwrap_or_default(),
        priority: priority(row, 14)?,
        mode: mode(row, 15)?,
        attempt: row.get(16)?,
        interrupted: row.get(17)?,
        due_ms: row.get(18)?,
        held_since_ms: row.get(19)?,
        created_ms: row.get(20)?,
        started_ms: row.get(21)?,
        ended_ms: row.get(22)?,
        test: row.get(23)?,
    })
}

fn json<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    let text = row.get_ref(column)?.as_str_or_null()?;
    text.map(serde_json::from_str).transpose().map_err(|error| unreadable(column, error))
}
