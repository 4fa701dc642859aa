//! Jobs as people look at them: with what caused them, what runs, what waits in its order, and what ended.

use cuelight_core::dispatch::ClaimOrder;
use cuelight_core::event::EventType;
use cuelight_core::id::{EventId, JobId, RunId, ServiceId, UserId};
use cuelight_core::work_periods::WorkPeriods;
use rusqlite::{Params, Row, params};

use super::jobs::priority;
use super::lists::{COLUMNS, StoredJob, stored_job};
use super::periods::read_periods;
use crate::store::{Reader, StoreError};

/// A job with all that is shown of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownJob {
    /// The job.
    pub job: StoredJob,
    /// May be dropped when the queue is full.
    pub discardable: bool,
    /// Since when a worker could have taken it, ms since 1970.
    pub ready_ms: i64,
    /// How long it may be ready while a worker runs, in milliseconds.
    pub expires_after_ms: Option<i64>,
    /// The event that caused it, also where rules ran rules on the way.
    pub cause: Option<ShownCause>,
}

/// The event that caused a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownCause {
    /// The event.
    pub event: EventId,
    /// Its type.
    pub event_type: EventType,
    /// Whose event it was, and what they were called then.
    pub viewer: Option<(UserId, String)>,
}

macro_rules! shown {
    () => {
        " FROM json_each(?1) AS wanted CROSS JOIN job ON job.id = wanted.value CROSS JOIN run ON run.id = job.run
         LEFT JOIN run AS first ON first.id = run.led_from
         LEFT JOIN event ON event.key = coalesce(run.session << 32 | run.event, first.session << 32 | first.event)
         ORDER BY wanted.key"
    };
}

/// Where the rows of [`Reader::shown_jobs`] come from.
#[cfg(test)]
pub(in crate::store) const SHOWN: &str = concat!("SELECT job.id, event.data", shown!());

/// The ready ones of a service, the first to be claimed first.
pub(in crate::store) const READY: &str = concat!(
    "SELECT id, follows, priority, position FROM job WHERE service = ?1 AND ",
    ready!(),
    " ORDER BY follows DESC, priority DESC, position, id LIMIT ?2"
);

const DUE: &str = "SELECT id FROM job
     WHERE service = ?1 AND state = 'pending' AND due_ms IS NOT NULL AND held_since_ms IS NULL
     ORDER BY due_ms, id LIMIT ?2";

pub(in crate::store) const HELD: &str = "SELECT id FROM job
     WHERE service = ?1 AND state = 'pending' AND held_since_ms IS NOT NULL ORDER BY held_since_ms, id LIMIT ?2";

pub(in crate::store) const ENDED: &str =
    "SELECT id FROM job WHERE service = ?1 AND ended_ms >= ?2 ORDER BY ended_ms DESC, id DESC LIMIT ?3";

impl Reader {
    /// These jobs, in this order; those that are not there or cannot be read are left out.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn shown_jobs(&self, jobs: &[JobId]) -> Result<Vec<ShownJob>, StoreError> {
        if jobs.is_empty() {
            return Ok(Vec::new());
        }
        let read = || {
            let mut statement = self.connection.prepare_cached(&format!(
                "SELECT {COLUMNS}, job.discardable, job.ready_ms, job.expires_after_ms, event.key AS cause,
                    event.event_type AS cause_type, event.data ->> '$.user.user_id' AS cause_user_id,
                    event.data ->> '$.user.nickname' AS cause_nickname {}",
                shown!()
            ))?;
            let shown = statement.query_map([serde_json::json!(jobs).to_string()], shown_job)?;
            // A row that cannot be read takes nothing from the others; its worker ends it when its turn comes.
            shown.filter(|shown| !matches!(shown, Err(rusqlite::Error::FromSqlConversionFailure(..)))).collect()
        };
        self.say(read())
    }

    /// What runs in all services, the longest running first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn running_jobs(&self) -> Result<Vec<JobId>, StoreError> {
        self.job_ids("SELECT id FROM job WHERE state = 'processing' ORDER BY started_ms, id", [])
    }

    /// Up to `limit` of what waits in a service, in the order in which it will run: what is ready, what waits for its time,
    /// what is held.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn waiting_jobs(&self, service: &ServiceId, limit: u32) -> Result<Vec<JobId>, StoreError> {
        let mut waiting = self.job_ids(READY, params![service.as_str(), limit])?;
        for later in [DUE, HELD] {
            let left = limit.saturating_sub(u32::try_from(waiting.len()).unwrap_or(u32::MAX));
            waiting.extend(self.job_ids(later, params![service.as_str(), left])?);
        }
        Ok(waiting)
    }

    /// Up to `limit` of what ended in a service since that time, ms since 1970, the newest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn ended_jobs(&self, service: &ServiceId, since_ms: i64, limit: u32) -> Result<Vec<JobId>, StoreError> {
        self.job_ids(ENDED, params![service.as_str(), since_ms, limit])
    }

    /// Up to `limit` ready jobs of these services, the most urgent first, whatever their services wait for.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn next_jobs<'a>(
        &self,
        services: impl IntoIterator<Item = &'a ServiceId>,
        limit: u32,
    ) -> Result<Vec<JobId>, StoreError> {
        let read = || {
            let mut statement = self.connection.prepare_cached(READY)?;
            let mut ready = Vec::new();
            for service in services {
                for order in statement.query_map(params![service.as_str(), limit], |row| {
                    let id = JobId(row.get(0)?);
                    Ok(ClaimOrder { follows: row.get(1)?, priority: priority(row, 2)?, position: row.get(3)?, id })
                })? {
                    ready.push(order?);
                }
            }
            ready.sort_unstable();
            ready.truncate(limit as usize);
            Ok(ready.into_iter().map(|order| order.id).collect())
        };
        self.say(read())
    }

    /// When workers of that service ran since then.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn work_periods(&self, service: &ServiceId, since_ms: i64) -> Result<WorkPeriods, StoreError> {
        self.say(read_periods(&self.connection, service, since_ms))
    }

    /// The jobs of these runs, in the order in which they were handed off.
    ///
    /// # Errors
    /// The database cannot be read.
    pub(in crate::store) fn jobs_of_runs(&self, runs: &[RunId]) -> Result<Vec<JobId>, StoreError> {
        self.job_ids(
            "SELECT job.id FROM json_each(?1) AS wanted CROSS JOIN job ON job.run = wanted.value ORDER BY job.id",
            [serde_json::json!(runs).to_string()],
        )
    }

    fn job_ids(&self, sql: &str, parameters: impl Params) -> Result<Vec<JobId>, StoreError> {
        let read = || {
            let mut statement = self.connection.prepare_cached(sql)?;
            statement.query_map(parameters, |row| row.get(0).map(JobId))?.collect()
        };
        self.say(read())
    }
}

/// The columns of the job by their order, those beside it by their names.
fn shown_job(row: &Row<'_>) -> rusqlite::Result<ShownJob> {
    Ok(ShownJob {
        job: stored_job(row)?,
        discardable: row.get("discardable")?,
        ready_ms: row.get("ready_ms")?,
        expires_after_ms: row.get("expires_after_ms")?,
        cause: cause(row)?,
    })
}

fn cause(row: &Row<'_>) -> rusqlite::Result<Option<ShownCause>> {
    let key: Option<i64> = row.get("cause")?;
    let event_type = row.get_ref("cause_type")?.as_str_or_null()?.and_then(EventType::from_name);
    let user_id = row.get_ref("cause_user_id")?.as_str_or_null()?.filter(|user_id| !user_id.is_empty());
    let nickname = row.get::<_, Option<String>>("cause_nickname")?.unwrap_or_default();
    let viewer = user_id.map(|user_id| (UserId::new(user_id), nickname));
    let cause = |(key, event_type)| ShownCause { event: EventId::from_key(key), event_type, viewer };
    Ok(key.zip(event_type).map(cause))
}
