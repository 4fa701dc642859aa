//! When workers of a service ran: the measure of what is too late.

use cuelight_core::id::ServiceId;
use cuelight_core::work_periods::{WorkPeriod, WorkPeriods};
use rusqlite::{Connection, params};

use super::{QueueTransaction, Touched};
use crate::store::StoreError;

impl QueueTransaction<'_> {
    /// A worker of that service begins to run; call it after its lock was taken.
    ///
    /// A period that a crash left open ended with the last thing that its worker did. Periods before the oldest job that
    /// waits are forgotten.
    ///
    /// # Errors
    /// The database refused.
    pub fn begin_work(&mut self, service: &ServiceId, now_ms: i64) -> Result<Touched, StoreError> {
        let begun = self.deed(|queues| {
            queues.write_work()?;
            queues.known.queue(service).periods = None;
            let connection = queues.connection;
            connection.execute(
                "UPDATE work_period SET ended_ms = last_ms WHERE service = ?1 AND ended_ms IS NULL",
                [service.as_str()],
            )?;
            connection.execute(
                "DELETE FROM work_period WHERE service = ?1 AND ended_ms <
                    coalesce((SELECT min(ready_ms) FROM job WHERE service = ?1 AND state = 'pending'), ?2)",
                params![service.as_str(), now_ms],
            )?;
            connection.execute(
                "INSERT INTO work_period (service, began_ms, last_ms) VALUES (?1, ?2, ?2)",
                params![service.as_str(), now_ms],
            )
        })?;
        Ok(begun.1)
    }

    /// The worker of that service ends.
    ///
    /// # Errors
    /// The database refused.
    pub fn end_work(&mut self, service: &ServiceId, now_ms: i64) -> Result<Touched, StoreError> {
        let ended = self.deed(|queues| {
            queues.known.queue(service).periods = None;
            queues.connection.execute(
                "UPDATE work_period SET ended_ms = max(began_ms, ?2) WHERE service = ?1 AND ended_ms IS NULL",
                params![service.as_str(), now_ms],
            )
        })?;
        Ok(ended.1)
    }

    /// Keeps when workers last did something; once for a whole transaction.
    pub(super) fn write_work(&mut self) -> rusqlite::Result<()> {
        for queue in self.known.queues() {
            let Some(worked_ms) = queue.worked_ms.take() else { continue };
            let mut update = self.connection.prepare_cached(
                "UPDATE work_period SET last_ms = max(last_ms, ?2) WHERE service = ?1 AND ended_ms IS NULL",
            )?;
            update.execute(params![queue.service.as_str(), worked_ms])?;
        }
        Ok(())
    }

    /// When workers of that service ran since then, or since some time before.
    pub(super) fn work_periods(&mut self, service: &ServiceId, since_ms: i64) -> rusqlite::Result<&WorkPeriods> {
        let queue = self.known.queue(service);
        let known = queue.periods.take().filter(|(known_since_ms, _)| *known_since_ms <= since_ms);
        let periods = match known {
            Some(known) => known,
            None => (since_ms, read_periods(self.connection, service, since_ms)?),
        };
        Ok(&queue.periods.insert(periods).1)
    }
}

pub(super) fn read_periods(
    connection: &Connection,
    service: &ServiceId,
    since_ms: i64,
) -> rusqlite::Result<WorkPeriods> {
    let mut select = connection.prepare_cached(
        "SELECT began_ms, ended_ms FROM work_period WHERE service = ?1 AND (ended_ms IS NULL OR ended_ms > ?2)",
    )?;
    let periods = select.query_map(params![service.as_str(), since_ms], |row| {
        Ok(WorkPeriod { began_ms: row.get(0)?, ended_ms: row.get(1)? })
    })?;
    Ok(WorkPeriods::new(periods.collect::<rusqlite::Result<_>>()?))
}
