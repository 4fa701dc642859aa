//! Jobs as they are shown: one by one, a queue opened, and what runs now and next over all services.

use std::collections::BTreeMap;

use cuelight_core::id::{JobId, ServiceId};
use cuelight_core::job::JobState;
use cuelight_core::limits::MAX_ATTEMPTS;
use cuelight_core::work_periods::WorkPeriods;
use cuelight_runtime::store::{ServiceCounts, ShownCause, ShownJob, StoreError};

use super::View;
use super::midnight::midnight_ms;
use crate::dto::{Job, JobCause, JobViewer, NowAndNext, Queue};

/// Jobs that *Now* and *Next* show at most, each: a glance, not a list.
const AT_A_GLANCE: u32 = 12;

impl View<'_> {
    /// These jobs, in this order.
    ///
    /// # Errors
    /// The database cannot be read.
    pub(crate) fn jobs(&self, jobs: &[JobId]) -> Result<Vec<Job>, StoreError> {
        self.shown(self.reader.shown_jobs(jobs)?)
    }

    /// One service's queue, of each list at most `limit`; `None` where there is no such service.
    ///
    /// # Errors
    /// The database cannot be read.
    pub(crate) fn queue(&self, service: &ServiceId, limit: u32) -> Result<Option<Queue>, StoreError> {
        if !self.names.services.contains_key(service) {
            return Ok(None);
        }
        let today_ms = midnight_ms(self.now_ms);
        let counts = self.reader.service_counts(today_ms)?.get(service).copied().unwrap_or_default();
        let running = self.reader.shown_jobs(&self.reader.running_jobs()?)?;
        let running = running.into_iter().filter(|shown| shown.job.service == *service).collect();
        let waiting = self.jobs(&self.reader.waiting_jobs(service, limit)?)?;
        let ended = self.jobs(&self.reader.ended_jobs(service, today_ms, limit)?)?;
        let ServiceCounts { pending, .. } = counts;
        Ok(Some(Queue {
            service: service.clone(),
            running: self.shown(running)?,
            more_waiting: pending.saturating_sub(waiting.len() as u64),
            more_ended: counts.ended().saturating_sub(ended.len() as u64),
            waiting,
            ended,
        }))
    }

    /// What runs and what comes next, the most urgent first. Services that start nothing have nothing that comes next.
    ///
    /// # Errors
    /// The database cannot be read.
    pub(crate) fn now_and_next(&self) -> Result<NowAndNext, StoreError> {
        let mut now = self.jobs(&self.reader.running_jobs()?)?;
        now.sort_by_key(|job| std::cmp::Reverse(job.priority));
        now.truncate(AT_A_GLANCE as usize);
        let services = self.reader.stored_services()?;
        let starting = services.iter().filter(|stored| stored.service.active && !stored.paused);
        let next = self.reader.next_jobs(starting.map(|stored| &stored.service.id), AT_A_GLANCE)?;
        Ok(NowAndNext { now, next: self.jobs(&next)? })
    }

    pub(super) fn shown(&self, jobs: Vec<ShownJob>) -> Result<Vec<Job>, StoreError> {
        let periods = self.periods(&jobs)?;
        Ok(jobs.into_iter().map(|shown| self.job(shown, &periods)).collect())
    }

    /// When workers ran of the services in which one of the jobs can grow too late.
    fn periods(&self, jobs: &[ShownJob]) -> Result<BTreeMap<ServiceId, WorkPeriods>, StoreError> {
        let mut ready_ms = BTreeMap::<&ServiceId, i64>::new();
        for shown in jobs.iter().filter(|shown| can_grow_late(shown)) {
            let oldest_ms = ready_ms.entry(&shown.job.service).or_insert(shown.ready_ms);
            *oldest_ms = shown.ready_ms.min(*oldest_ms);
        }
        let read = |(service, since_ms): (&ServiceId, i64)| {
            Ok((service.clone(), self.reader.work_periods(service, since_ms)?))
        };
        ready_ms.into_iter().map(read).collect()
    }

    fn job(&self, shown: ShownJob, periods: &BTreeMap<ServiceId, WorkPeriods>) -> Job {
        let expires_ms = periods.get(&shown.job.service).filter(|_| can_grow_late(&shown));
        let expires_ms =
            expires_ms.and_then(|periods| periods.expires_ms(shown.ready_ms, self.now_ms, shown.expires_after_ms));
        let ShownJob { job, discardable, cause, .. } = shown;
        Job {
            id: job.id.0,
            run: job.run.0,
            summary: self.registry.summary(&job.kind, &job.parameters),
            service: job.service,
            kind: job.kind,
            state: job.state,
            priority: job.priority,
            mode: job.mode,
            discardable,
            origin_name: self.names.of(&job.origin),
            origin: job.origin.to_string(),
            cause: cause.map(JobCause::from),
            test: job.test,
            attempt: job.attempt,
            max_attempts: MAX_ATTEMPTS,
            interrupted: job.interrupted,
            queued_ms: job.created_ms,
            due_ms: job.due_ms,
            held_since_ms: job.held_since_ms,
            expires_ms,
            started_ms: job.started_ms,
            ended_ms: job.ended_ms,
            progress: None,
            reason: job.reason,
        }
    }
}

/// Only what is ready grows late.
fn can_grow_late(shown: &ShownJob) -> bool {
    let job = &shown.job;
    let is_ready = job.state == JobState::Pending && job.due_ms.is_none() && job.held_since_ms.is_none();
    is_ready && shown.expires_after_ms.is_some()
}

impl From<ShownCause> for JobCause {
    fn from(cause: ShownCause) -> Self {
        let viewer = cause.viewer.map(|(user_id, nickname)| JobViewer { user_id, nickname });
        Self { session: cause.event.session, number: cause.event.number, event_type: cause.event_type, viewer }
    }
}
