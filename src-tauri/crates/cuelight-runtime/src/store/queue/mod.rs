//! The queues: jobs that wait, run and ended, and everything that is done to them, each deed in one transaction.

/// What a job has to be so that a worker may claim it.
macro_rules! ready {
    () => {
        "state = 'pending' AND due_ms IS NULL AND held_since_ms IS NULL"
    };
}

mod by_hand;
mod changes;
mod claim;
mod discard;
mod due;
mod emit;
mod end;
mod hand_off;
mod hold;
mod jobs;
mod known;
mod lists;
mod marks;
mod merged;
mod moves;
mod periods;
mod recover;
mod runs;
mod shown;
mod tally;
mod touched;
mod unfinished;

use std::path::Path;

use cuelight_core::facts::Values;
use cuelight_core::id::{RunId, ServiceId};
use cuelight_core::job::Ending;
use cuelight_core::world::World;
use rusqlite::Connection;

use super::StoreError;
use super::error::During as _;
use super::revision::{self, Revised};

pub use self::claim::{Claim, ClaimedJob};
pub use self::discard::Which;
use self::known::Known;
pub use self::lists::{JobFilter, QueueCounts, StoredJob};
pub use self::marks::EndedJob;
pub use self::recover::Recovered;
pub(super) use self::runs::Start;
pub use self::shown::{ShownCause, ShownJob};
pub use self::tally::ServiceCounts;
pub use self::touched::{CounterChange, Touched};
pub use self::unfinished::{OldJobs, Unfinished};
#[cfg(test)]
pub(super) use self::{
    claim::HEAD,
    due::{DUE_JOBS, DUE_RUNS, NEXT_DUE},
    jobs::WEAKEST,
    marks::{ENDED_SINCE, EVENTS_OF_JOBS},
    merged::OPEN_OF_VIEWER,
    shown::{ENDED, HELD, READY, SHOWN},
    tally::{ENDED_COUNTS, HELD_COUNTS},
    unfinished::OLD_JOBS,
};

/// The queues within one transaction: all that was done through it becomes durable together, or nothing.
#[derive(Debug)]
pub struct QueueTransaction<'a> {
    connection: &'a Connection,
    /// The database's file, for sentences about it.
    place: &'a Path,
    known: Known,
    /// Endings that the runs of those jobs have not been told yet.
    untold: Vec<Untold>,
    /// The counters and variables, once they were changed here.
    values: Option<Values>,
    touched: Touched,
    /// What the deeds before this one touched.
    touched_before: Touched,
}

/// The ending of a job whose run does not know of it yet.
#[derive(Debug)]
struct Untold {
    run: RunId,
    step: u32,
    ending: Ending,
}

impl<'a> QueueTransaction<'a> {
    pub(super) fn new(connection: &'a Connection, place: &'a Path) -> Self {
        Self {
            connection,
            place,
            known: Known::default(),
            untold: Vec::new(),
            values: None,
            touched: Touched::default(),
            touched_before: Touched::default(),
        }
    }

    pub(super) fn connection(&self) -> &'a Connection {
        self.connection
    }

    /// Ends the work and says what all of it touched.
    pub(super) fn finish(mut self) -> rusqlite::Result<Touched> {
        self.write_work()?;
        self.touched_before.add(std::mem::take(&mut self.touched));
        if !self.touched_before.is_empty() {
            revision::raise(self.connection, Revised::Queues)?;
        }
        Ok(self.touched_before)
    }

    /// Does one deed and says what it touched.
    fn deed<T>(&mut self, deed: impl FnOnce(&mut Self) -> rusqlite::Result<T>) -> Result<(T, Touched), StoreError> {
        let result = deed(self).during("work on the queues in", self.place)?;
        let touched = std::mem::take(&mut self.touched);
        self.touched_before.add(touched.clone());
        Ok((result, touched))
    }

    /// The world with the counters and variables as this transaction left them.
    fn now_in<'w>(&'w self, world: &World<'w>) -> World<'w> {
        World { values: self.values.as_ref().unwrap_or(world.values), ..*world }
    }

    /// Forgets how many jobs wait there, after some of them left.
    fn recount(&mut self, service: &ServiceId) {
        self.known.queue(service).waiting = None;
        self.touched.service(service);
    }
}
