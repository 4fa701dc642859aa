//! The tables as they stand, read past the code that is under test.

use std::path::Path;

use cuelight_core::reason::Reason;
use rusqlite::{Connection, OpenFlags, Params, Row};

pub(super) struct Rows(Connection);

#[derive(Debug, Clone, PartialEq)]
pub(super) struct JobRow {
    pub(super) id: i64,
    pub(super) run: i64,
    pub(super) session: Option<u32>,
    pub(super) step: u32,
    pub(super) service: String,
    pub(super) kind: String,
    /// Which act of which rule; empty for kinds that come with the app.
    pub(super) act: String,
    /// The count that its occasion was about.
    pub(super) count: String,
    pub(super) state: String,
    pub(super) priority: u8,
    pub(super) position: i64,
    pub(super) is_sync: bool,
    pub(super) discardable: bool,
    pub(super) is_once: bool,
    pub(super) follows: bool,
    pub(super) due_ms: Option<i64>,
    pub(super) is_held: bool,
    pub(super) attempt: u32,
    pub(super) interrupted: bool,
    pub(super) reason: Option<Reason>,
    pub(super) created_ms: i64,
    pub(super) ended_ms: Option<i64>,
}

impl JobRow {
    pub(super) fn is_pending(&self) -> bool {
        self.state == "pending"
    }

    pub(super) fn is_running(&self) -> bool {
        self.state == "processing"
    }

    /// Could start if it were its turn.
    pub(super) fn is_ready(&self) -> bool {
        self.is_pending() && self.due_ms.is_none() && !self.is_held
    }

    /// Where it stands: the smaller one goes first.
    pub(super) fn turn(&self) -> (bool, i16, i64, i64) {
        (!self.follows, -i16::from(self.priority), self.position, self.id)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct RunRow {
    pub(super) id: i64,
    pub(super) session: Option<u32>,
    pub(super) origin: String,
    pub(super) cause: i64,
    pub(super) firing: u32,
    pub(super) event: Option<u32>,
    pub(super) event_type: Option<String>,
    pub(super) state: String,
    pub(super) folded_into: Option<i64>,
    pub(super) again_of: Option<i64>,
    pub(super) event_ms: i64,
    pub(super) due_ms: Option<i64>,
    pub(super) viewer: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct EventRow {
    pub(super) number: u32,
    pub(super) event_type: String,
    pub(super) msg_id: Option<i64>,
    pub(super) received_ms: i64,
    pub(super) data: String,
    pub(super) decisions: Option<String>,
}

const JOB: &str = "SELECT id, run, step, service, kind, coalesce(parameters ->> '$.act', ''),
    coalesce(parameters ->> '$.count', ''), state, priority, position, mode = 'sync', discardable,
    replay = 'at_most_once', follows, due_ms, held_since_ms IS NOT NULL, attempt, interrupted, reason, created_ms,
    ended_ms, session FROM job";

impl Rows {
    pub(super) fn open(database: &Path) -> Self {
        let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("it is there");
        connection.busy_timeout(std::time::Duration::from_secs(10)).expect("it can be set");
        Self(connection)
    }

    pub(super) fn jobs(&self) -> Vec<JobRow> {
        self.all(&format!("{JOB} ORDER BY id"), [], job)
    }

    /// The jobs of a service that wait or run.
    pub(super) fn active(&self, service: &str) -> Vec<JobRow> {
        let of_service = format!("{JOB} WHERE service = ?1 AND state IN ('pending', 'processing') ORDER BY id");
        self.all(&of_service, [service], job)
    }

    pub(super) fn job(&self, id: i64) -> Option<JobRow> {
        self.all(&format!("{JOB} WHERE id = ?1"), [id], job).pop()
    }

    /// Jobs after that one.
    pub(super) fn jobs_after(&self, id: i64) -> Vec<JobRow> {
        self.all(&format!("{JOB} WHERE id > ?1 ORDER BY id"), [id], job)
    }

    pub(super) fn runs(&self) -> Vec<RunRow> {
        let runs =
            "SELECT id, session, origin, cause, firing, event, event_type, state, folded_into, again_of, event_ms,
             due_ms, viewer FROM run ORDER BY id";
        self.all(runs, [], |row| {
            Ok(RunRow {
                id: row.get(0)?,
                session: row.get(1)?,
                origin: row.get(2)?,
                cause: row.get(3)?,
                firing: row.get(4)?,
                event: row.get(5)?,
                event_type: row.get(6)?,
                state: row.get(7)?,
                folded_into: row.get(8)?,
                again_of: row.get(9)?,
                event_ms: row.get(10)?,
                due_ms: row.get(11)?,
                viewer: row.get(12)?,
            })
        })
    }

    /// Events of a session after that number.
    pub(super) fn events_after(&self, session: u32, number: u32) -> Vec<EventRow> {
        let key = |number: i64| (i64::from(session) << 32) + number;
        let events = "SELECT key & 0xFFFFFFFF, event_type, msg_id, received_ms, data, decisions FROM event
             WHERE key > ?1 AND key < ?2 ORDER BY key";
        self.all(events, [key(number.into()), key(1 << 32)], |row| {
            Ok(EventRow {
                number: row.get(0)?,
                event_type: row.get(1)?,
                msg_id: row.get(2)?,
                received_ms: row.get(3)?,
                data: row.get(4)?,
                decisions: row.get(5)?,
            })
        })
    }

    pub(super) fn newest_job(&self) -> i64 {
        self.number("SELECT coalesce(max(id), 0) FROM job", [])
    }

    /// Events that rules brought up in that session and that are not in the journal yet.
    pub(super) fn emitted(&self, session: u32) -> i64 {
        self.number("SELECT count(*) FROM emitted WHERE session = ?1", [session])
    }

    pub(super) fn newest_session(&self) -> u32 {
        self.number("SELECT coalesce(max(id), 0) FROM session", []) as u32
    }

    pub(super) fn is_paused(&self, service: &str) -> bool {
        self.number("SELECT paused FROM service WHERE id = ?1", [service]) == 1
    }

    pub(super) fn counter(&self, name: &str) -> i64 {
        self.number("SELECT coalesce(max(value), 0) FROM counter WHERE name = ?1", [name])
    }

    /// When the next job or run that waits for its time is due.
    pub(super) fn next_due_ms(&self) -> Option<i64> {
        let due = "SELECT min(due_ms) FROM (
             SELECT due_ms FROM job WHERE state = 'pending' AND held_since_ms IS NULL
             UNION ALL SELECT due_ms FROM run WHERE held_since_ms IS NULL)";
        self.all(due, [], |row| row.get(0)).pop().flatten()
    }

    fn number(&self, sql: &str, parameters: impl Params) -> i64 {
        self.all(sql, parameters, |row| row.get(0)).pop().unwrap_or(0)
    }

    fn all<T>(&self, sql: &str, parameters: impl Params, read: fn(&Row<'_>) -> rusqlite::Result<T>) -> Vec<T> {
        let mut statement = self.0.prepare_cached(sql).expect("the tables are known");
        let rows = statement.query_map(parameters, read).expect("readable");
        rows.collect::<rusqlite::Result<_>>().expect("readable")
    }
}

fn job(row: &Row<'_>) -> rusqlite::Result<JobRow> {
    let reason: Option<String> = row.get(18)?;
    Ok(JobRow {
        id: row.get(0)?,
        run: row.get(1)?,
        step: row.get(2)?,
        service: row.get(3)?,
        kind: row.get(4)?,
        act: row.get(5)?,
        count: row.get(6)?,
        state: row.get(7)?,
        priority: row.get(8)?,
        position: row.get(9)?,
        is_sync: row.get(10)?,
        discardable: row.get(11)?,
        is_once: row.get(12)?,
        follows: row.get(13)?,
        due_ms: row.get(14)?,
        is_held: row.get(15)?,
        attempt: row.get(16)?,
        interrupted: row.get(17)?,
        reason: reason.map(|reason| serde_json::from_str(&reason).expect("a reason")),
        created_ms: row.get(19)?,
        ended_ms: row.get(20)?,
        session: row.get(21)?,
    })
}
