//! What actions change in our own database: counters, variables, rules switched and run, events brought up.

use std::sync::Arc;

use cuelight_core::action::StateChange;
use cuelight_core::decision::{Firing, Origin};
use cuelight_core::facts::Facts;
use cuelight_core::id::{JobId, RuleId, RunId};
use cuelight_core::limits::{RULE_DEPTH, RUNS_PER_FIRING};
use cuelight_core::reason::Reason;
use cuelight_core::world::World;
use rusqlite::params;

use super::runs::RunRow;
use super::{CounterChange, QueueTransaction, Start};
use crate::store::emitted::{self, Emission};
use crate::store::{rules, values};

impl QueueTransaction<'_> {
    /// Applies what a job changed; a reason means that nothing was: rules led to each other too often, or a rule is gone. A
    /// job of a test changes nothing.
    pub(super) fn apply(
        &mut self,
        job: JobId,
        changes: &[StateChange],
        row: &RunRow,
        world: &World<'_>,
    ) -> rusqlite::Result<Option<Reason>> {
        if row.test {
            return Ok(None);
        }
        if let Some(reason) = self.refusal(changes, row)? {
            return Ok(Some(reason));
        }
        for (change, firing) in changes.iter().zip(1_u32..) {
            match change {
                StateChange::CounterAdd { name, by } => self.set_counter(row, name, |from| from.saturating_add(*by))?,
                StateChange::CounterSet { name, to } => self.set_counter(row, name, |_| *to)?,
                StateChange::VariableSet { name, to } => {
                    values::set_variable(self.connection, name, to)?;
                    self.values = Some(values::read(self.connection)?);
                }
                StateChange::RunRule { rule } => self.run_rule(job, firing, rule, row, world)?,
                StateChange::EnableRule { rule, enabled } => {
                    rules::set_enabled(self.connection, rule, *enabled)?;
                    self.touched.rules = true;
                }
                StateChange::EmitEvent { name, fields } => {
                    self.emit(row, &Emission::Event { name: name.clone(), fields: fields.clone() })?;
                }
            }
        }
        Ok(None)
    }

    fn refusal(&self, changes: &[StateChange], row: &RunRow) -> rusqlite::Result<Option<Reason>> {
        let mut led_to = None;
        for change in changes {
            let named = match change {
                StateChange::RunRule { rule } | StateChange::EnableRule { rule, .. } => Some(rule),
                StateChange::EmitEvent { .. } => None,
                StateChange::CounterAdd { .. } | StateChange::CounterSet { .. } | StateChange::VariableSet { .. } => {
                    continue;
                }
            };
            let leads_on = !matches!(change, StateChange::EnableRule { .. });
            if leads_on && row.run.depth() >= RULE_DEPTH {
                return Ok(Some(Reason::TooDeep { limit: RULE_DEPTH }));
            }
            if matches!(change, StateChange::EmitEvent { .. }) && !self.is_awaited(row)? {
                return Ok(Some(Reason::NoSessionOpen));
            }
            if matches!(change, StateChange::RunRule { .. }) {
                let before = match led_to {
                    Some(before) => before,
                    None => self.count_led_from(self.led_from(row)?)?,
                };
                if before >= RUNS_PER_FIRING {
                    return Ok(Some(Reason::TooMany { limit: RUNS_PER_FIRING }));
                }
                led_to = Some(before + 1);
            }
            if let Some(rule) = named
                && rules::one(self.connection, rule)?.is_none()
            {
                let advice = "Choose another rule in that step.".to_owned();
                return Ok(Some(Reason::ActionFailed { error: format!("There is no rule {rule}"), advice }));
            }
        }
        Ok(None)
    }

    /// Whether there is a lane for an event of this run: that of its own session, for a run of none that of any.
    fn is_awaited(&self, row: &RunRow) -> rusqlite::Result<bool> {
        let taker = emitted::taker(self.connection)?;
        Ok(taker.is_some() && (row.session.is_none() || row.session == taker))
    }

    /// Leaves something for the lane, which answers it once; where there is none, nobody would.
    fn emit(&mut self, row: &RunRow, what: &Emission) -> rusqlite::Result<()> {
        if let Some(session) = emitted::taker(self.connection)? {
            emitted::add(self.connection, session, row.run.depth() + 1, what)?;
            self.touched.emitted = true;
        }
        Ok(())
    }

    /// The first of the runs that led to this one by running rules: itself where none did.
    fn led_from(&self, row: &RunRow) -> rusqlite::Result<RunId> {
        let mut select = self.connection.prepare_cached("SELECT coalesce(led_from, id) FROM run WHERE id = ?1")?;
        select.query_row([row.id.0], |row| row.get(0).map(RunId))
    }

    fn count_led_from(&self, first: RunId) -> rusqlite::Result<u32> {
        let mut count = self.connection.prepare_cached("SELECT count(*) FROM run WHERE led_from = ?1")?;
        count.query_row([first.0], |row| row.get(0))
    }

    fn set_counter(&mut self, row: &RunRow, name: &str, change: impl FnOnce(i64) -> i64) -> rusqlite::Result<()> {
        let (from, to) = values::set_counter(self.connection, name, change)?;
        if from != to {
            self.emit(row, &Emission::Counter { name: name.to_owned(), from, to })?;
            self.touched.counters.push(CounterChange { name: name.to_owned(), from, to });
        }
        self.values = Some(values::read(self.connection)?);
        Ok(())
    }

    /// Begins a run of another rule with the same facts; the job and its change make it one of a kind.
    fn run_rule(
        &mut self,
        job: JobId,
        firing: u32,
        rule: &RuleId,
        row: &RunRow,
        world: &World<'_>,
    ) -> rusqlite::Result<()> {
        let Some(rule) = rules::one(self.connection, rule)? else { return Ok(()) };
        let firing = Firing {
            origin: Origin::Rule(rule.id),
            // Only chance depends on it; the row's own cause is the job.
            cause: job.0 as u32,
            firing,
            event_type: row.event_type,
            msg_id: row.msg_id.clone(),
            facts: Facts { outputs: Default::default(), ..row.run.facts().clone() },
            steps: Arc::from(rule.steps),
            priority: rule.priority,
            fold: None,
            combo_open: false,
            depth: row.run.depth() + 1,
        };
        let start = Start {
            firing: &firing,
            session: row.session,
            cause: -job.0,
            event: None,
            event_ms: world.now_ms,
            position: row.position,
            test: false,
        };
        if let Some(started) = self.start(&start, world)? {
            let first = self.led_from(row)?;
            let mut lead = self.connection.prepare_cached("UPDATE run SET led_from = ?2 WHERE id = ?1")?;
            lead.execute(params![started.0, first.0])?;
            if let Some(since_ms) = row.held_since_ms {
                self.hold_run(started, since_ms)?;
            }
        }
        Ok(())
    }
}
