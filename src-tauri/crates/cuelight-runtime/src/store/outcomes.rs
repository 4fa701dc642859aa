//! What became of events: what rules decided about them, and how the jobs of their runs stand. Many events are one question.

use std::collections::HashMap;

use cuelight_core::decision::{Decision, Origin};
use cuelight_core::id::{EventId, JobId, RunId};
use cuelight_core::job::JobState;
use cuelight_core::reason::Reason;
use rusqlite::types::FromSqlError;
use rusqlite::{Connection, Row};
use serde::Deserialize;

use super::{Reader, StoreError};

/// The longest time between an event's arrival and its first run that is a delay: beyond it, the event's time is that of a
/// recording, which is not ours.
const ARRIVAL_MS: i64 = 600_000;

/// What became of an event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoredOutcome {
    /// Rules whose trigger matched, then default actions.
    pub decisions: Vec<Decision>,
    /// Why no rule was looked at, where none was.
    pub muted: Option<Reason>,
    /// Jobs of its runs that wait.
    pub pending: u32,
    /// Jobs of its runs that run.
    pub processing: u32,
    /// Jobs of its runs that were done.
    pub completed: u32,
    /// Jobs of its runs that failed.
    pub failed: u32,
    /// Jobs of its runs that were discarded.
    pub discarded: u32,
    /// From its arrival to the end of the last of its jobs, in milliseconds; `None` while something of it goes on.
    pub took_ms: Option<i64>,
    /// Why the first job that did not complete did not.
    pub reason: Option<Reason>,
}

/// A run that an event made: by a rule of its own, or by one that another one ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RunOfEvent {
    pub event: EventId,
    /// The run that does it: another one where this one was merged into it.
    pub run: RunId,
    pub origin: Origin,
    pub firing: u32,
    /// The job that it runs again.
    pub again_of: Option<JobId>,
    /// The event itself made it, rather than a rule that ran it.
    pub is_own: bool,
    pub created_ms: i64,
    /// When it was over, ms since 1970.
    pub ended_ms: Option<i64>,
}

/// The column of decisions as [`super::EventRow::decisions`] fills it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Recorded {
    muted: Option<Reason>,
    decisions: Vec<Decision>,
}

pub(super) const OF_EVENTS: &str =
    "SELECT wanted.value, target.id, run.origin, run.firing, run.again_of, 1, run.created_ms, target.ended_ms
     FROM json_each(?1) AS wanted
     CROSS JOIN run ON run.session = wanted.value >> 32 AND run.event = wanted.value & 4294967295
     CROSS JOIN run AS target ON target.id = coalesce(run.folded_into, run.id)
     UNION ALL
     SELECT wanted.value, led.id, led.origin, led.firing, led.again_of, 0, led.created_ms, led.ended_ms
     FROM json_each(?1) AS wanted
     CROSS JOIN run ON run.session = wanted.value >> 32 AND run.event = wanted.value & 4294967295
     CROSS JOIN run AS led ON led.led_from = coalesce(run.folded_into, run.id)";

const JOBS_OF_RUNS: &str = "SELECT job.run, job.state, job.ended_ms, job.reason
     FROM json_each(?1) AS wanted CROSS JOIN job ON job.run = wanted.value ORDER BY job.id";

impl Reader {
    /// What became of these events, of those that are in the journal.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn outcomes<'a>(
        &self,
        events: impl IntoIterator<Item = &'a EventId>,
    ) -> Result<Vec<(EventId, StoredOutcome)>, StoreError> {
        let keys: Vec<i64> = events.into_iter().map(|event| event.to_key()).collect();
        let read = || {
            let mut statement = self.connection.prepare_cached(
                "SELECT event.key, event.received_ms, event.decisions
                 FROM json_each(?1) AS wanted CROSS JOIN event ON event.key = wanted.value",
            )?;
            let events = statement.query_map([serde_json::json!(keys).to_string()], |row| {
                Ok(Undecided {
                    event: EventId::from_key(row.get(0)?),
                    received_ms: row.get(1)?,
                    decisions: row.get(2)?,
                })
            })?;
            outcomes_of(&self.connection, events.collect::<rusqlite::Result<_>>()?)
        };
        if keys.is_empty() { Ok(Vec::new()) } else { self.say(read()) }
    }
}

/// An event with what its row says; the rest stands with its runs.
pub(super) struct Undecided {
    pub event: EventId,
    pub received_ms: i64,
    pub decisions: Option<String>,
}

/// What became of these events, in their order.
pub(super) fn outcomes_of(
    connection: &Connection,
    events: Vec<Undecided>,
) -> rusqlite::Result<Vec<(EventId, StoredOutcome)>> {
    let runs = runs_of(connection, events.iter().map(|event| event.event))?;
    let jobs = jobs_of(connection, &runs)?;
    let mut runs_by_event = HashMap::<EventId, Vec<RunOfEvent>>::new();
    for run in runs {
        runs_by_event.entry(run.event).or_default().push(run);
    }
    let outcome = |event: Undecided| {
        let runs = runs_by_event.remove(&event.event).unwrap_or_default();
        (event.event, outcome(&event, &runs, &jobs))
    };
    Ok(events.into_iter().map(outcome).collect())
}

/// The runs of these events.
pub(super) fn runs_of(
    connection: &Connection,
    events: impl Iterator<Item = EventId>,
) -> rusqlite::Result<Vec<RunOfEvent>> {
    let keys: Vec<i64> = events.map(EventId::to_key).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare_cached(OF_EVENTS)?;
    statement.query_map([serde_json::json!(keys).to_string()], run_of_event)?.collect()
}

fn run_of_event(row: &Row<'_>) -> rusqlite::Result<RunOfEvent> {
    let Ok(origin) = row.get_ref(2)?.as_str()?.parse();
    Ok(RunOfEvent {
        event: EventId::from_key(row.get(0)?),
        run: RunId(row.get(1)?),
        origin,
        firing: row.get(3)?,
        again_of: row.get::<_, Option<i64>>(4)?.map(JobId),
        is_own: row.get(5)?,
        created_ms: row.get(6)?,
        ended_ms: row.get(7)?,
    })
}

/// How one job stands.
struct Standing {
    state: JobState,
    ended_ms: Option<i64>,
    reason: Option<Reason>,
}

fn jobs_of(connection: &Connection, runs: &[RunOfEvent]) -> rusqlite::Result<HashMap<RunId, Vec<Standing>>> {
    let mut jobs = HashMap::<RunId, Vec<Standing>>::new();
    if runs.is_empty() {
        return Ok(jobs);
    }
    let mut ids: Vec<RunId> = runs.iter().map(|run| run.run).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut statement = connection.prepare_cached(JOBS_OF_RUNS)?;
    let mut rows = statement.query([serde_json::json!(ids).to_string()])?;
    while let Some(row) = rows.next()? {
        let state = JobState::from_name(row.get_ref(1)?.as_str()?).ok_or(FromSqlError::InvalidType)?;
        let reason = row.get_ref(3)?.as_str_or_null()?.map(serde_json::from_str).transpose();
        // A reason that a newer version wrote says nothing to this one.
        let reason = reason.unwrap_or(Some(Reason::Unreadable));
        jobs.entry(RunId(row.get(0)?)).or_default().push(Standing { state, ended_ms: row.get(2)?, reason });
    }
    Ok(jobs)
}

fn outcome(event: &Undecided, runs: &[RunOfEvent], jobs: &HashMap<RunId, Vec<Standing>>) -> StoredOutcome {
    let recorded: Recorded =
        event.decisions.as_deref().and_then(|decisions| serde_json::from_str(decisions).ok()).unwrap_or_default();
    let mut outcome =
        StoredOutcome { decisions: recorded.decisions, muted: recorded.muted, ..StoredOutcome::default() };
    let mut counted: Vec<RunId> = Vec::with_capacity(runs.len());
    let mut last_end_ms = None;
    for run in runs {
        // That a default action fired stands nowhere else.
        if run.is_own && run.again_of.is_none() && matches!(run.origin, Origin::Default(_)) {
            outcome.decisions.push(Decision { rule: run.origin.clone(), fired: 1, because: None });
        }
        if counted.contains(&run.run) {
            continue;
        }
        counted.push(run.run);
        for job in jobs.get(&run.run).map(Vec::as_slice).unwrap_or_default() {
            outcome.count(job);
            last_end_ms = last_end_ms.max(job.ended_ms);
        }
    }
    let is_over = outcome.pending + outcome.processing == 0 && runs.iter().all(|run| run.ended_ms.is_some());
    outcome.took_ms = last_end_ms.filter(|_| is_over).map(|end_ms: i64| {
        let begun_ms = runs.iter().map(|run| run.created_ms).min().unwrap_or(event.received_ms);
        let delay_ms = begun_ms.saturating_sub(event.received_ms);
        let from_ms = if (0..ARRIVAL_MS).contains(&delay_ms) { event.received_ms } else { begun_ms };
        end_ms.saturating_sub(from_ms).max(0)
    });
    outcome
}

impl StoredOutcome {
    fn count(&mut self, job: &Standing) {
        let is_first_reason = self.reason.is_none();
        match job.state {
            JobState::Pending => self.pending += 1,
            JobState::Processing => self.processing += 1,
            JobState::Completed => self.completed += 1,
            JobState::Failed => self.failed += 1,
            JobState::Discarded => self.discarded += 1,
        }
        if is_first_reason && matches!(job.state, JobState::Failed | JobState::Discarded) {
            self.reason.clone_from(&job.reason);
        }
    }
}
