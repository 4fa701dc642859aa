//! How many jobs each service has: those that wait and run now, and those that ended since a moment.

use std::collections::BTreeMap;

use cuelight_core::id::ServiceId;
use rusqlite::{Params, Row};

use super::lists::{count, service};
use crate::store::{Reader, StoreError};

/// How many jobs a service has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ServiceCounts {
    /// Wait: ready, for their time, or held.
    pub pending: u64,
    /// Of those that wait, the held ones.
    pub held: u64,
    /// Run.
    pub processing: u64,
    /// Were done since that moment.
    pub completed: u64,
    /// Failed since that moment.
    pub failed: u64,
    /// Were discarded since that moment.
    pub discarded: u64,
}

impl ServiceCounts {
    /// Ended since that moment.
    #[must_use]
    pub fn ended(&self) -> u64 {
        self.completed + self.failed + self.discarded
    }
}

pub(in crate::store) const HELD_COUNTS: &str =
    "SELECT service, count(*) FROM job WHERE state = 'pending' AND held_since_ms IS NOT NULL GROUP BY service";

/// The rows of jobs are not looked at, however many ended.
pub(in crate::store) const ENDED_COUNTS: &str = "SELECT service,
        sum(iif(state = 'completed', jobs, 0)), sum(iif(state = 'failed', jobs, 0)), sum(iif(state = 'discarded', jobs, 0))
     FROM job_tally WHERE quarter >= ?1 / 900000 GROUP BY service";

impl Reader {
    /// What each service has; services that never had a job are left out.
    ///
    /// What ended is counted from the quarter of an hour on in which `since_ms` lies, ms since 1970.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn service_counts(&self, since_ms: i64) -> Result<BTreeMap<ServiceId, ServiceCounts>, StoreError> {
        let mut counts = BTreeMap::<ServiceId, ServiceCounts>::new();
        self.each_service(
            "SELECT service, count(*) FROM job WHERE state = 'pending' GROUP BY service",
            [],
            |id, row| {
                counts.entry(id).or_default().pending = count(row, 1)?;
                Ok(())
            },
        )?;
        self.each_service(HELD_COUNTS, [], |id, row| {
            counts.entry(id).or_default().held = count(row, 1)?;
            Ok(())
        })?;
        let processing = "SELECT service, count(*) FROM job WHERE state = 'processing' GROUP BY service";
        self.each_service(processing, [], |id, row| {
            counts.entry(id).or_default().processing = count(row, 1)?;
            Ok(())
        })?;
        self.each_service(ENDED_COUNTS, [since_ms], |id, row| {
            let counts = counts.entry(id).or_default();
            (counts.completed, counts.failed, counts.discarded) = (count(row, 1)?, count(row, 2)?, count(row, 3)?);
            Ok(())
        })?;
        Ok(counts)
    }

    fn each_service(
        &self,
        sql: &str,
        parameters: impl Params,
        mut see: impl FnMut(ServiceId, &Row<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), StoreError> {
        let read = || {
            let mut statement = self.connection.prepare_cached(sql)?;
            let mut rows = statement.query(parameters)?;
            while let Some(row) = rows.next()? {
                see(service(row)?, row)?;
            }
            Ok(())
        };
        self.say(read())
    }
}
