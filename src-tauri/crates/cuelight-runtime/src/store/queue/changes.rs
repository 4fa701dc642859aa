//! What actions change in our own database: counters, variables, rules switched and run, events brought up.

use std::sync::Arc;

use cuelight_core::action::StateChange;
use cuelight_core::decision::{Firing, Origin};
use cuelight_core::facts::Facts;
use cuelight_core::id::{JobId, RuleId};
use cuelight_core::limits::RULE_DEPTH;
use cuelight_core::reason::Reason;
use cuelight_core::world::World;
use rusqlite::params;

use super::runs::RunRow;
use super::{CounterChange, QueueTransaction, Start};
use crate::store::commit::as_json;
use crate::store::revision::{self, Revised};
use crate::store::{rules, values};

impl QueueTransaction<'_> {
    /// Applies what a job changed; a reason means that nothing was: rules led to each other too often, or a rule is gone.
    pub(super) fn apply(
        &mut self,
        job: JobId,
        changes: &[StateChange],
        row: &RunRow,
        world: &World<'_>,
    ) -> rusqlite::Result<Option<Reason>> {
        if let Some(reason) = self.refusal(changes, row)? {
            return Ok(Some(reason));
        }
        for (change, firing) in changes.iter().zip(1_u32..) {
            match change {
                StateChange::CounterAdd { name, by } => self.set_counter(name, |from| from.saturating_add(*by))?,
                StateChange::CounterSet { name, to } => self.set_counter(name, |_| *to)?,
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
                    let mut insert = self
                        .connection
                        .prepare_cached("INSERT INTO emitted (session, depth, name, fields) VALUES (?1, ?2, ?3, ?4)")?;
                    let session = row.session.map(|session| session.0);
                    insert.execute(params![session, row.run.depth() + 1, name, as_json(fields)])?;
                    revision::raise(self.connection, Revised::Emitted)?;
                    self.touched.emitted = true;
                }
            }
        }
        Ok(None)
    }

    fn refusal(&self, changes: &[StateChange], row: &RunRow) -> rusqlite::Result<Option<Reason>> {
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
            if let Some(rule) = named
                && rules::one(self.connection, rule)?.is_none()
            {
                let advice = "Choose another rule in that step.".to_owned();
                return Ok(Some(Reason::ActionFailed { error: format!("There is no rule {rule}"), advice }));
            }
        }
        Ok(None)
    }

    fn set_counter(&mut self, name: &str, change: impl FnOnce(i64) -> i64) -> rusqlite::Result<()> {
        let (from, to) = values::set_counter(self.connection, name, change)?;
        if from != to {
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
        };
        self.start(&start, world).map(drop)
    }
}
