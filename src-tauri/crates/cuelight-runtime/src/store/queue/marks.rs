//! From jobs that changed to the events whose lines say otherwise now.

use std::collections::BTreeSet;

use cuelight_core::id::{EventId, JobId};

use crate::store::{Reader, StoreError};

/// A job that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedJob {
    /// The job.
    pub job: JobId,
    /// When, ms since 1970.
    pub ended_ms: i64,
}

/// The own events of runs, those of what was merged into them, and those of the runs that led to them.
pub(in crate::store) const EVENTS_OF_JOBS: &str = "WITH its (id) AS (
        SELECT job.run FROM json_each(?1) AS wanted CROSS JOIN job ON job.id = wanted.value)
     SELECT run.session << 32 | run.event FROM its CROSS JOIN run ON run.id = its.id WHERE run.event IS NOT NULL
     UNION SELECT merged.session << 32 | merged.event FROM its CROSS JOIN run AS merged ON merged.folded_into = its.id
     WHERE merged.event IS NOT NULL
     UNION SELECT first.session << 32 | first.event
     FROM its CROSS JOIN run ON run.id = its.id CROSS JOIN run AS first ON first.id = run.led_from
     WHERE first.event IS NOT NULL";

pub(in crate::store) const ENDED_SINCE: &str = "SELECT job.id, job.ended_ms
     FROM service CROSS JOIN job ON job.service = service.id AND job.ended_ms >= ?1";

impl Reader {
    /// The events whose runs these jobs belong to; jobs that no event caused have none.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn events_of_jobs<'a>(
        &self,
        jobs: impl IntoIterator<Item = &'a JobId>,
    ) -> Result<BTreeSet<EventId>, StoreError> {
        let jobs: Vec<&JobId> = jobs.into_iter().collect();
        let read = || {
            let mut statement = self.connection.prepare_cached(EVENTS_OF_JOBS)?;
            let events =
                statement.query_map([serde_json::json!(jobs).to_string()], |row| row.get(0).map(EventId::from_key))?;
            events.collect()
        };
        if jobs.is_empty() { Ok(BTreeSet::new()) } else { self.say(read()) }
    }

    /// The jobs that ended at that time or later, in no order.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn jobs_ended_since(&self, since_ms: i64) -> Result<Vec<EndedJob>, StoreError> {
        let read = || {
            let mut statement = self.connection.prepare_cached(ENDED_SINCE)?;
            let ended = statement
                .query_map([since_ms], |row| Ok(EndedJob { job: JobId(row.get(0)?), ended_ms: row.get(1)? }))?;
            ended.collect()
        };
        self.say(read())
    }
}
