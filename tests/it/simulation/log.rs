//! What the workers of a simulation really did, beside what the tables say of it.

use std::collections::{BTreeMap, BTreeSet};

use cuelight_core::job::Ending;

use super::actions::{Outcome, Running};

#[derive(Default)]
pub(super) struct WorkLog {
    /// Counts everything that happened.
    moment: usize,
    pub(super) starts: Vec<Start>,
    pub(super) jobs: BTreeMap<i64, JobLog>,
    /// Keys that were pressed, by session.
    pub(super) keys: BTreeMap<u32, u32>,
    /// Jobs that were moved up by hand.
    pub(super) moved: BTreeSet<i64>,
    /// Jobs that lost their place behind the one before: they were held, or given back while they waited for their next try.
    pub(super) parted: BTreeSet<i64>,
    /// Runs were stopped from outside: by hand, by moderators.
    pub(super) stopped_runs: bool,
}

/// A claim that was committed.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) moment: usize,
    pub(super) service: String,
    pub(super) job: i64,
    pub(super) run: i64,
}

#[derive(Debug, Default)]
pub(super) struct JobLog {
    pub(super) claims: u32,
    /// Further tries in their place whose beginning was written.
    pub(super) retries: u32,
    /// Tries that were begun.
    pub(super) tries: u32,
    /// Of these, the ones that the far side may have carried out.
    pub(super) perhaps_done: u32,
    /// How often its completion was written.
    pub(super) completions: u32,
    /// When its ending was written.
    pub(super) ended: Option<usize>,
}

impl WorkLog {
    pub(super) fn start(&mut self, service: &str, running: &Running) {
        self.moment += 1;
        let job = &running.job;
        let start = Start { moment: self.moment, service: service.to_owned(), job: job.id.0, run: job.run.0 };
        self.starts.push(start);
        self.jobs.entry(job.id.0).or_default().claims += 1;
    }

    /// The outcome of a job was committed.
    pub(super) fn end(&mut self, ended: &Running) {
        self.moment += 1;
        self.tried(ended, ended.ends_ms);
        let log = self.jobs.entry(ended.job.id.0).or_default();
        if let Outcome::Ended(ending) = &ended.outcome {
            log.completions += u32::from(matches!(ending, Ending::Completed { .. }));
            log.ended = Some(self.moment);
        }
    }

    /// The next try of a job in its place was committed.
    pub(super) fn try_again(&mut self, running: &Running) {
        self.jobs.entry(running.job.id.0).or_default().retries += 1;
    }

    /// A process died at that time with the job under way, or with its outcome still to be written.
    pub(super) fn cut_off(&mut self, running: &Running, passed_ms: i64) {
        self.tried(running, passed_ms.min(running.ends_ms));
    }

    fn tried(&mut self, running: &Running, passed_ms: i64) {
        let log = self.jobs.entry(running.job.id.0).or_default();
        for one in running.tried.iter().filter(|one| one.began_ms <= passed_ms) {
            log.tries += 1;
            log.perhaps_done += u32::from(one.perhaps_done);
        }
    }
}
