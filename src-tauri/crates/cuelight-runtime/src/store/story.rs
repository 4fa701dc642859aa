//! The story of one event: the runs that it made, with their jobs.

use cuelight_core::decision::Origin;
use cuelight_core::id::{EventId, RunId};

use super::outcomes::{RunOfEvent, runs_of};
use super::{Reader, ShownJob, StoreError};

/// A run of an event with its jobs.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRun {
    /// Its number; where it was merged into another one, that one's.
    pub id: RunId,
    /// What made it.
    pub origin: Origin,
    /// Which firing of the event it is, 1 first.
    pub firing: u32,
    /// It was made in the commit of the event: not by a rule that another one ran, and not by running a job again.
    pub is_first: bool,
    /// When it was made, ms since 1970.
    pub created_ms: i64,
    /// Its jobs, in the order in which they were handed off.
    pub jobs: Vec<ShownJob>,
}

impl Reader {
    /// The runs of an event in the order in which they were made, those of rules that its rules ran included.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn runs_of_event(&self, event: EventId) -> Result<Vec<StoredRun>, StoreError> {
        let mut runs = self.say(runs_of(&self.connection, std::iter::once(event)))?;
        runs.sort_by_key(|run| run.run);
        let ids: Vec<RunId> = runs.iter().map(|run| run.run).collect();
        let jobs = self.shown_jobs(&self.jobs_of_runs(&ids)?)?;
        let story = |run: RunOfEvent| StoredRun {
            id: run.run,
            is_first: run.is_own && run.again_of.is_none(),
            origin: run.origin,
            firing: run.firing,
            created_ms: run.created_ms,
            jobs: jobs.iter().filter(|shown| shown.job.run == run.run).cloned().collect(),
        };
        Ok(runs.into_iter().map(story).collect())
    }
}
