//! What follows from the events of a commit: runs begin, are merged, grow, finish, or are taken back.

use cuelight_core::decision::{Effect, Firing, FoldKey, Origin};
use cuelight_core::facts::Facts;
use cuelight_core::id::{EventId, RuleId, RunId};
use cuelight_core::reason::Reason;
use cuelight_core::run::Run;
use cuelight_core::world::World;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::commit::Commit;
use super::queue::{QueueTransaction, Start, Touched, Which};

/// What is to be done because of the events of a commit, and what handing it off depends on.
#[derive(Clone, Copy)]
pub struct Effects<'a> {
    /// What is to be done, in order.
    pub list: &'a [NumberedEffect],
    /// Services, action kinds, values, chance and time.
    pub world: &'a World<'a>,
}

/// An effect, and the event that it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberedEffect {
    /// The number of the event with which it was decided; where none was, such as for a timer, of the newest one before it.
    /// 0 comes before every event.
    pub number: u32,
    /// What is to be done.
    pub effect: Effect,
}

/// Writes what follows; a firing that has its run already is left as it is.
pub(super) fn write(
    queues: QueueTransaction<'_>,
    commit: &Commit<'_>,
    effects: Effects<'_>,
) -> rusqlite::Result<Touched> {
    let connection = queues.connection();
    let mut writer = Writer { queues, connection, commit, world: effects.world };
    for numbered in effects.list {
        match &numbered.effect {
            Effect::Start(firing) => writer.start(numbered.number, firing)?,
            Effect::Grow { rule, cause, facts } => writer.grow(rule, *cause, facts)?,
            Effect::Finish { rule, cause, facts } => writer.finish(rule, *cause, facts)?,
            Effect::Moderate { msg_ids, user_ids } => {
                let messages = msg_ids.iter().map(|msg_id| Which::Message(msg_id.clone()));
                let viewers = user_ids.iter().map(|user_id| Which::Viewer(user_id.clone()));
                for which in messages.chain(viewers) {
                    writer.queues.discard_runs(&which, &Reason::Moderated, effects.world)?;
                }
            }
        }
    }
    writer.queues.finish()
}

struct Writer<'a> {
    queues: QueueTransaction<'a>,
    connection: &'a Connection,
    commit: &'a Commit<'a>,
    world: &'a World<'a>,
}

impl Writer<'_> {
    fn start(&mut self, number: u32, firing: &Firing) -> rusqlite::Result<()> {
        let rows = self.commit.rows;
        let event = firing.event_type.map(|_| number);
        let row = event.and_then(|number| rows.binary_search_by_key(&number, |row| row.number).ok());
        let session = self.commit.session;
        let start = Start {
            firing,
            session: Some(session),
            cause: firing.cause.into(),
            event,
            event_ms: row.map_or(self.commit.last_event_ms, |row| rows[row].received_ms),
            position: EventId { session, number }.to_key(),
            test: false,
        };
        if let Some(key) = &firing.fold
            && let Some(into) = self.find_foldable(&firing.origin, key)?
        {
            return self.fold(&start, into);
        }
        self.queues.start(&start, self.world).map(drop)
    }

    /// Merges a firing into a run that has not begun; its own row says where it went.
    fn fold(&mut self, start: &Start<'_>, into: RunId) -> rusqlite::Result<()> {
        let own = Run::of(start.firing, start.session, self.world.seed);
        let is_new = self.queues.insert_run(start, &own, Some(into), self.world.now_ms)?.is_some();
        if is_new && let Some(mut row) = self.queues.load(into, self.world.now_ms)? {
            row.run.fold(&start.firing.facts);
            self.queues.prepare_again(&row, self.world)?;
            self.queues.save(&row, self.world.now_ms)?;
        }
        Ok(())
    }

    fn grow(&mut self, rule: &RuleId, cause: u32, facts: &Facts) -> rusqlite::Result<()> {
        let Some(id) = self.find_of_combo(rule, cause)? else { return Ok(()) };
        let Some(mut row) = self.queues.load(id, self.world.now_ms)? else { return Ok(()) };
        row.run.grow(facts);
        self.queues.prepare_again(&row, self.world)?;
        self.queues.save(&row, self.world.now_ms)
    }

    fn finish(&mut self, rule: &RuleId, cause: u32, facts: &Facts) -> rusqlite::Result<()> {
        let Some(id) = self.find_of_combo(rule, cause)? else { return Ok(()) };
        let Some(mut row) = self.queues.load(id, self.world.now_ms)? else { return Ok(()) };
        let mut jobs = Vec::new();
        row.run.finish(facts, self.world, &mut jobs);
        self.queues.prepare_again(&row, self.world)?;
        self.queues.hand_off(&mut row, jobs, self.world)?;
        self.queues.save(&row, self.world.now_ms)?;
        self.queues.settle(self.world)
    }

    /// The run of the same rule that came first and of which nothing has begun.
    fn find_foldable(&self, origin: &Origin, key: &FoldKey) -> rusqlite::Result<Option<RunId>> {
        let mut select = self.connection.prepare_cached(
            "SELECT id FROM run
             WHERE session = ?1 AND origin = ?2 AND event_ms >= ?3 AND state = 'open' AND foldable = 1 AND due_ms IS NULL
                AND (?4 IS NULL OR viewer = ?4)
                AND EXISTS (SELECT 1 FROM job WHERE job.run = run.id AND job.state = 'pending')
                AND NOT EXISTS (SELECT 1 FROM job WHERE job.run = run.id AND job.started_ms IS NOT NULL)
             ORDER BY event_ms, id LIMIT 1",
        )?;
        let viewer = key.viewer.as_ref().map(|viewer| viewer.as_str());
        let found = select
            .query_row(params![self.commit.session.0, origin.to_string(), key.since_ms, viewer], |row| row.get(0));
        Ok(found.optional()?.map(RunId))
    }

    fn find_of_combo(&self, rule: &RuleId, cause: u32) -> rusqlite::Result<Option<RunId>> {
        let mut select = self.connection.prepare_cached(
            "SELECT id FROM run WHERE session = ?1 AND origin = ?2 AND cause = ?3 AND state = 'open'
             ORDER BY firing LIMIT 1",
        )?;
        let found = select.query_row(params![self.commit.session.0, rule.as_str(), cause], |row| row.get(0));
        Ok(found.optional()?.map(RunId))
    }
}
