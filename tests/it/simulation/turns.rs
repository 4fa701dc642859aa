//! What must hold after each transaction on the queues: who started, who had to wait, and how many there may be.

use std::collections::{BTreeMap, BTreeSet};

use cuelight_core::reason::Reason;
use cuelight_core::service::Service;

use super::rows::{JobRow, Rows};

/// Jobs started in their order, nothing runs beside what must be alone, and nobody waits without need.
pub(super) fn check_turn(service: &Service, is_paused: bool, before: &[JobRow], after: &[JobRow], started: &[i64]) {
    let id = &service.id;
    assert!(!is_paused || started.is_empty(), "{id} is paused and starts jobs");
    let by_id: BTreeMap<i64, &JobRow> = after.iter().map(|job| (job.id, job)).collect();
    let had_to_wait =
        before.iter().filter(|job| job.is_ready() && by_id.get(&job.id).is_some_and(|now| now.is_ready()));
    for waiting in had_to_wait {
        for job in started.iter().filter_map(|job| by_id.get(job)) {
            assert!(job.turn() < waiting.turn(), "{id}: job {job:?} started before {waiting:?}");
        }
    }
    let mut turns: Vec<_> =
        started.iter().filter_map(|job| by_id.get(job)).map(|job| (!job.follows, job.turn())).collect();
    let in_order = turns.clone();
    turns.sort_unstable();
    assert_eq!(in_order, turns, "{id}: what started together started in order");
    check_running(service, after);
    let running: Vec<&JobRow> = after.iter().filter(|job| job.is_running()).collect();
    if let Some(head) = after.iter().filter(|job| job.is_ready()).min_by_key(|job| job.turn())
        && !is_paused
        // What the same transaction readied only after it looked has its turn next.
        && before.iter().any(|job| job.id == head.id && job.is_ready())
    {
        let is_full = running.iter().any(|job| job.is_sync) || running.len() >= service.max_parallel as usize;
        let may_start = if head.is_sync { running.is_empty() } else { !is_full };
        assert!(!may_start, "{id}: {head:?} could start and was left waiting");
    }
}

/// A sync job is alone, and async ones are no more than may be.
pub(super) fn check_running(service: &Service, jobs: &[JobRow]) {
    let running: Vec<&JobRow> = jobs.iter().filter(|job| job.is_running()).collect();
    let is_alone = running.len() <= 1 || running.iter().all(|job| !job.is_sync);
    assert!(is_alone, "{}: something runs beside a sync job: {running:?}", service.id);
    assert!(running.len() <= service.max_parallel as usize, "{}: too many run: {running:?}", service.id);
}

/// How many jobs that may be dropped wait in each queue.
#[derive(Default)]
pub(super) struct Bounds {
    waiting: BTreeMap<String, usize>,
}

impl Bounds {
    /// What may be dropped enters no full queue; only jobs that had their place before and came back after a failure or a
    /// crash, `returned` of them, stand beyond the bound.
    pub(super) fn check(&mut self, services: &[Service], rows: &Rows, returned: usize) {
        for service in services {
            let jobs = rows.active(service.id.as_str());
            let waiting = jobs.iter().filter(|job| job.is_pending() && job.discardable).count();
            let before = self.waiting.insert(service.id.to_string(), waiting).unwrap_or(0);
            let most = (before + returned).max(service.max_queue_size as usize);
            assert!(waiting <= most, "{}: {waiting} discardable jobs wait where {most} may", service.id);
        }
    }
}

/// Queues as a naive model keeps them, to say where each new job of a commit had to go.
pub(super) struct Queues {
    waiting: BTreeMap<String, Vec<JobRow>>,
    newest: i64,
}

impl Queues {
    /// How they stand before the commit.
    pub(super) fn before(services: &[Service], rows: &Rows) -> Self {
        let waiting = services.iter().map(|service| {
            let jobs = rows.active(service.id.as_str()).into_iter().filter(JobRow::is_pending);
            (service.id.to_string(), jobs.collect())
        });
        Self { waiting: waiting.collect(), newest: rows.newest_job() }
    }

    /// Plays the commit's new jobs one by one.
    pub(super) fn check_after(mut self, services: &[Service], rows: &Rows) {
        let (mut refused, mut displaced) = (BTreeSet::new(), BTreeSet::new());
        for job in rows.jobs_after(self.newest) {
            let never_waited = job.ended_ms.is_some()
                && !matches!(job.reason, Some(Reason::QueueFull { .. } | Reason::Displaced { .. }));
            if never_waited {
                continue;
            }
            let service = services.iter().find(|service| service.id.as_str() == job.service).expect("it is known");
            let waiting = self.waiting.entry(job.service.clone()).or_default();
            if waiting.len() >= service.max_queue_size as usize {
                let droppable = waiting.iter().enumerate().filter(|(_, job)| job.discardable);
                let weakest = droppable.min_by_key(|(_, job)| (job.priority, -job.position, -job.id));
                match weakest.map(|(place, job)| (place, job.priority)) {
                    Some((place, priority)) if priority < job.priority => {
                        displaced.insert(waiting.remove(place).id);
                    }
                    _ if job.discardable => {
                        refused.insert(job.id);
                        continue;
                    }
                    _ => {}
                }
            }
            waiting.push(job);
        }
        let reason = |id: &i64| rows.job(*id).and_then(|job| job.reason);
        for id in &refused {
            assert!(matches!(reason(id), Some(Reason::QueueFull { .. })), "job {id} had no place: {:?}", rows.job(*id));
        }
        for id in &displaced {
            assert!(matches!(reason(id), Some(Reason::Displaced { .. })), "job {id} had to go: {:?}", rows.job(*id));
        }
        for job in self.waiting.values().flatten() {
            let now = rows.job(job.id).expect("jobs are not deleted");
            assert!(now.is_pending(), "job {} had a place: {now:?}", job.id);
        }
    }
}
