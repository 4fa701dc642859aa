//! What is not done yet: for whoever is asked whether to stop it, and of sessions that are over.

use cuelight_core::event::EventType;
use cuelight_core::id::SessionId;
use rusqlite::params;

use super::{QueueTransaction, Touched, Which};
use crate::store::{Reader, StoreError};

/// Jobs that have not ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unfinished {
    /// Those that run.
    pub running: u64,
    /// Those that wait, held ones included.
    pub waiting: u64,
    /// Of both, those that a viewer gave money for.
    pub paid: u64,
}

/// What is held of a session that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OldJobs {
    /// The session.
    pub session: SessionId,
    /// How many jobs, and runs that wait for their time.
    pub count: u64,
}

pub(in crate::store) const OLD_JOBS: &str = "SELECT session, count(*) FROM (
        SELECT session FROM job WHERE state = 'pending' AND held_since_ms IS NOT NULL AND held_by_hand = 0
        UNION ALL SELECT session FROM run WHERE due_ms IS NOT NULL AND held_since_ms IS NOT NULL
     ) WHERE session IS NOT NULL AND session IS NOT ?1 GROUP BY session ORDER BY session DESC";

impl Reader {
    /// What has not ended yet, in all queues.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn unfinished(&self) -> Result<Unfinished, StoreError> {
        let read = || {
            let mut select = self.connection.prepare_cached(
                "SELECT count(*), count(*) FILTER (WHERE event_type IN (?2, ?3) AND run NOT IN (SELECT id FROM run WHERE test = 1))
                 FROM job WHERE state = ?1",
            )?;
            let mut count = |state: &str| {
                let paid = [EventType::Gift, EventType::Subscribe].map(EventType::as_str);
                select.query_row(params![state, paid[0], paid[1]], |row| {
                    Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get::<_, i64>(1)?.unsigned_abs()))
                })
            };
            let ((running, paid_running), (waiting, paid_waiting)) = (count("processing")?, count("pending")?);
            Ok(Unfinished { running, waiting, paid: paid_running + paid_waiting })
        };
        self.say(read())
    }

    /// What is held of sessions other than the open one, the newest session first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn old_jobs(&self, open: Option<SessionId>) -> Result<Vec<OldJobs>, StoreError> {
        let read = || {
            let mut select = self.connection.prepare_cached(OLD_JOBS)?;
            let old = select.query_map([open.map(|session| session.0)], |row| {
                Ok(OldJobs { session: SessionId(row.get(0)?), count: row.get::<_, i64>(1)?.unsigned_abs() })
            })?;
            old.collect()
        };
        self.say(read())
    }
}

impl QueueTransaction<'_> {
    /// Does that with each of these sessions; says how many jobs that were.
    ///
    /// # Errors
    /// The database refused.
    pub fn each_session(
        &mut self,
        sessions: &[SessionId],
        mut deed: impl FnMut(&mut Self, Which) -> Result<(u32, Touched), StoreError>,
    ) -> Result<(u32, Touched), StoreError> {
        let (mut count, mut touched) = (0, Touched::default());
        for session in sessions {
            let (jobs, also) = deed(self, Which::Session(*session))?;
            count += jobs;
            touched.add(also);
        }
        Ok((count, touched))
    }
}
