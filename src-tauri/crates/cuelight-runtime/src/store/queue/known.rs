//! What a transaction has learned of the queues so far, so that it asks only once.

use cuelight_core::dispatch::Running;
use cuelight_core::id::ServiceId;
use cuelight_core::work_periods::WorkPeriods;
use rusqlite::{OptionalExtension as _, params};

use super::QueueTransaction;

/// All queues that something is known of.
#[derive(Debug, Default)]
pub(super) struct Known {
    queues: Vec<KnownQueue>,
}

/// One queue; `None` is to be asked. Nobody else writes while the transaction lasts, so only its own deeds make it forget.
#[derive(Debug)]
pub(super) struct KnownQueue {
    pub(super) service: ServiceId,
    /// How many jobs wait, exact up to the queue's bound.
    pub(super) waiting: Option<u32>,
    pub(super) running: Option<Running>,
    pub(super) paused: Option<bool>,
    /// When its workers ran, since that time at least, ms since 1970.
    pub(super) periods: Option<(i64, WorkPeriods)>,
    /// When its worker last did something, where that is not written yet, ms since 1970.
    pub(super) worked_ms: Option<i64>,
}

impl Known {
    pub(super) fn queue(&mut self, service: &ServiceId) -> &mut KnownQueue {
        let index = self.queues.iter().position(|queue| queue.service == *service).unwrap_or_else(|| {
            self.queues.push(KnownQueue {
                service: service.clone(),
                waiting: None,
                running: None,
                paused: None,
                periods: None,
                worked_ms: None,
            });
            self.queues.len() - 1
        });
        &mut self.queues[index]
    }

    pub(super) fn queues(&mut self) -> impl Iterator<Item = &mut KnownQueue> {
        self.queues.iter_mut()
    }
}

impl QueueTransaction<'_> {
    pub(super) fn is_paused(&mut self, service: &ServiceId) -> rusqlite::Result<bool> {
        let queue = self.known.queue(service);
        if let Some(paused) = queue.paused {
            return Ok(paused);
        }
        let mut select = self.connection.prepare_cached("SELECT paused FROM service WHERE id = ?1")?;
        let paused = select.query_row([service.as_str()], |row| row.get(0)).optional()?.unwrap_or(false);
        queue.paused = Some(paused);
        Ok(paused)
    }

    /// What runs in that service.
    pub(super) fn running(&mut self, service: &ServiceId) -> rusqlite::Result<Running> {
        let queue = self.known.queue(service);
        if let Some(running) = queue.running {
            return Ok(running);
        }
        let mut select = self.connection.prepare_cached(
            "SELECT count(*), coalesce(max(mode = 'sync'), 0) FROM job WHERE service = ?1 AND state = 'processing'",
        )?;
        let running =
            select.query_row([service.as_str()], |row| Ok(Running { count: row.get(0)?, sync: row.get(1)? }))?;
        queue.running = Some(running);
        Ok(running)
    }

    /// How many jobs wait there, exact up to the bound.
    pub(super) fn count_waiting(&mut self, service: &ServiceId, bound: u32) -> rusqlite::Result<u32> {
        let queue = self.known.queue(service);
        if let Some(waiting) = queue.waiting {
            return Ok(waiting);
        }
        let mut count = self.connection.prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM job WHERE service = ?1 AND state = 'pending' LIMIT ?2)",
        )?;
        let waiting = count.query_row(params![service.as_str(), bound], |row| row.get(0))?;
        queue.waiting = Some(waiting);
        Ok(waiting)
    }
}
