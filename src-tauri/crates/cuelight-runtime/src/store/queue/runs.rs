//! The rows of runs: begun once, however often it is tried, loaded, kept.

use cuelight_core::decision::Firing;
use cuelight_core::event::EventType;
use cuelight_core::id::{JobId, MsgId, RunId, ServiceId, SessionId};
use cuelight_core::reason::Reason;
use cuelight_core::run::{Run, RunState};
use cuelight_core::world::World;
use rusqlite::{OptionalExtension as _, params};

use super::QueueTransaction;
use crate::store::commit::as_json;
use crate::store::error::unreadable;

/// A firing that becomes a run, and its place among everything that happened.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct Start<'a> {
    pub firing: &'a Firing,
    pub session: Option<SessionId>,
    /// What makes it one of a kind together with session, origin and firing: the number of the (first) event, or minus the
    /// number of the job that caused it.
    pub cause: i64,
    /// The number of the event with which it was decided.
    pub event: Option<u32>,
    /// When it was decided, by the clock of the session's events.
    pub event_ms: i64,
    /// Its order of arrival.
    pub position: i64,
    /// Made by *Try*.
    pub test: bool,
}

/// A run as it stands in its row.
#[derive(Debug)]
pub(in crate::store) struct RunRow {
    pub id: RunId,
    pub session: Option<SessionId>,
    pub event_type: Option<EventType>,
    pub position: i64,
    pub msg_id: Option<MsgId>,
    /// The job that it runs again; then nothing follows.
    pub again_of: Option<JobId>,
    /// Since when it is held, and with it what it hands off, ms since 1970.
    pub held_since_ms: Option<i64>,
    /// Made by *Try*: what its actions change is left as it is.
    pub test: bool,
    pub run: Run,
}

impl QueueTransaction<'_> {
    /// Begins a run and hands off its first jobs; `None` where that firing has its row already.
    pub(in crate::store) fn start(&mut self, start: &Start<'_>, world: &World<'_>) -> rusqlite::Result<Option<RunId>> {
        let mut run = Run::of(start.firing, start.session, world.seed);
        let mut jobs = Vec::new();
        run.begin(&self.now_in(world), &mut jobs);
        let Some(id) = self.insert_run(start, &run, None, world.now_ms)? else { return Ok(None) };
        self.touched.due(run.due_ms());
        let mut row = RunRow {
            id,
            session: start.session,
            event_type: start.firing.event_type,
            position: start.position,
            msg_id: start.firing.msg_id.clone(),
            again_of: None,
            held_since_ms: None,
            test: start.test,
            run,
        };
        if self.hand_off(&mut row, jobs, world)? {
            self.save(&row, world.now_ms)?;
        }
        self.settle(world)?;
        Ok(Some(id))
    }

    /// Writes the row of a run, merged into another one or not; `None` where that firing has its row already.
    pub(in crate::store) fn insert_run(
        &self,
        start: &Start<'_>,
        run: &Run,
        folded_into: Option<RunId>,
        now_ms: i64,
    ) -> rusqlite::Result<Option<RunId>> {
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO run (session, origin, cause, firing, event, event_type, state, folded_into, foldable, event_ms,
                              due_ms, position, viewer, msg_id, created_ms, ended_ms, last_step, body, test)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
             ON CONFLICT (session, origin, cause, firing) DO NOTHING",
        )?;
        let firing = start.firing;
        let state = if folded_into.is_some() { "folded" } else { run.state().as_str() };
        let is_open = folded_into.is_none() && run.state() == RunState::Open;
        let viewer = firing.facts.viewer.as_ref().map(|viewer| viewer.user_id.as_str());
        let inserted = insert.execute(params![
            start.session.map(|session| session.0),
            firing.origin.to_string(),
            start.cause,
            firing.firing,
            start.event,
            firing.event_type.map(EventType::as_str),
            state,
            folded_into.map(|run| run.0),
            firing.fold.is_some(),
            start.event_ms,
            run.due_ms().filter(|_| is_open),
            start.position,
            viewer.filter(|viewer| !viewer.is_empty()),
            firing.msg_id.as_ref().map(|msg_id| msg_id.as_str()),
            now_ms,
            (!is_open).then_some(now_ms),
            run.last_step(),
            as_json(run),
            start.test,
        ])?;
        Ok((inserted == 1).then(|| RunId(self.connection.last_insert_rowid())))
    }

    /// The run of that number; one that cannot be read is ended, so that all others go on.
    pub(in crate::store) fn load(&mut self, id: RunId, now_ms: i64) -> rusqlite::Result<Option<RunRow>> {
        match self.read(id) {
            Err(error @ rusqlite::Error::FromSqlConversionFailure(..)) => {
                tracing::error!(run = id.0, %error, "a run cannot be read");
                self.end_unreadable(id, now_ms)?;
                Ok(None)
            }
            read => read,
        }
    }

    fn end_unreadable(&mut self, id: RunId, now_ms: i64) -> rusqlite::Result<()> {
        let mut fail = self.connection.prepare_cached(
            "UPDATE job SET state = 'failed', reason = ?2, ended_ms = ?3, due_ms = NULL, held_since_ms = NULL
             WHERE run = ?1 AND state = 'pending' RETURNING service",
        )?;
        let failed =
            fail.query_map(params![id.0, as_json(&Reason::Unreadable), now_ms], |row| row.get::<_, String>(0))?;
        for service in failed.collect::<rusqlite::Result<Vec<_>>>()? {
            self.recount(&ServiceId::new(service));
        }
        let mut end = self.connection.prepare_cached(
            "UPDATE run SET state = 'stopped', ended_ms = coalesce(ended_ms, ?2), due_ms = NULL WHERE id = ?1",
        )?;
        end.execute(params![id.0, now_ms]).map(drop)
    }

    fn read(&self, id: RunId) -> rusqlite::Result<Option<RunRow>> {
        let mut select = self.connection.prepare_cached(
            "SELECT session, event_type, position, again_of, body, msg_id, state, held_since_ms, test FROM run WHERE id = ?1",
        )?;
        let row = select.query_row([id.0], |row| {
            let again_of = row.get::<_, Option<i64>>(3)?.map(JobId);
            let event_type = row.get_ref(1)?.as_str_or_null()?.and_then(EventType::from_name);
            let mut run: Run = serde_json::from_str(row.get_ref(4)?.as_str()?).map_err(|error| unreadable(4, error))?;
            if again_of.is_none() && row.get_ref(6)?.as_str()? != RunState::Open.as_str() {
                // The body of a run is not written again when its last step completes.
                run.stop();
            }
            Ok(RunRow {
                id,
                session: row.get::<_, Option<u32>>(0)?.map(SessionId),
                event_type,
                position: row.get(2)?,
                msg_id: row.get_ref(5)?.as_str_or_null()?.map(MsgId::new),
                again_of,
                held_since_ms: row.get(7)?,
                test: row.get(8)?,
                run,
            })
        });
        row.optional()
    }

    /// Keeps how far a run is.
    pub(in crate::store) fn save(&mut self, row: &RunRow, now_ms: i64) -> rusqlite::Result<()> {
        let is_open = row.run.state() == RunState::Open;
        let due_ms = row.run.due_ms().filter(|_| is_open);
        let mut update = self.connection.prepare_cached(
            "UPDATE run SET state = ?2, due_ms = ?3, ended_ms = ?4, last_step = ?5, body = ?6 WHERE id = ?1",
        )?;
        let ended_ms = (!is_open).then_some(now_ms);
        update.execute(params![
            row.id.0,
            row.run.state().as_str(),
            due_ms,
            ended_ms,
            row.run.last_step(),
            as_json(&row.run)
        ])?;
        self.touched.due(due_ms);
        Ok(())
    }

    /// Ends a run of a job that was run again: it has no steps of its own.
    pub(super) fn end_again(&self, id: RunId, state: RunState, now_ms: i64) -> rusqlite::Result<()> {
        let mut update = self.connection.prepare_cached("UPDATE run SET state = ?2, ended_ms = ?3 WHERE id = ?1")?;
        update.execute(params![id.0, state.as_str(), now_ms]).map(drop)
    }
}
