//! What rules are made from beside gifts: what events provide, names that rules share, cooldowns that run.

use std::collections::BTreeMap;

use cuelight_core::cooldown::{CooldownLeft, Waiting};
use cuelight_core::decide::{RuleState, SessionFacts};
use cuelight_core::event::EventType;
use cuelight_core::facts::Facts;
use cuelight_core::id::RuleId;
use cuelight_core::rule::{Rule, RuleGroup};
use cuelight_core::signal::Signal;
use cuelight_core::template::{Placeholder, Target, fill};
use cuelight_core::trigger::Trigger;
use cuelight_runtime::store::Reader;
use serde::Deserialize;
use ts_rs::TS;

use super::trying::{bare_rule, newest_answered, nothing};
use super::{Caller, Nothing};
use crate::dto::{CounterValue, Failure, RunningCooldown, TryWith, Values, Variable, VariableValue};
use crate::trial::{Stage, now_in};

/// A trigger.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OfTrigger {
    /// The trigger.
    trigger: Trigger,
}

/// A rule, or all of them.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OfRule {
    /// The rule; none means all.
    rule: Option<RuleId>,
}

/// What the events of a trigger provide, each with its last real value.
pub(super) async fn variables(caller: Caller<'_>, input: OfTrigger) -> Result<Vec<Variable>, Failure> {
    let clock_ms = caller.app.clock.now_ms();
    caller.app.read(move |reader| Ok(provided(reader, &input.trigger, clock_ms))).await?
}

/// The counters and variables.
pub(super) async fn values(caller: Caller<'_>, _: Nothing) -> Result<Values, Failure> {
    let values = caller.app.read(Reader::values).await?;
    Ok(Values {
        counters: values.counters.into_iter().map(|(name, value)| CounterValue { name, value }).collect(),
        variables: values.variables.into_iter().map(|(name, text)| VariableValue { name, text }).collect(),
    })
}

/// The cooldowns that run in the open session; without one there are none.
pub(super) async fn running_cooldowns(caller: Caller<'_>, _: Nothing) -> Result<Vec<RunningCooldown>, Failure> {
    let clock_ms = caller.app.clock.now_ms();
    caller
        .app
        .read(move |reader| {
            let Some(open) = reader.newest_session()?.filter(|session| session.ended_ms.is_none()) else {
                return Ok(Vec::new());
            };
            let facts = SessionFacts {
                id: open.id,
                creator: open.creator.as_str().into(),
                started_ms: open.started_ms,
                seed: 0,
                utc_offset_s: 0,
            };
            let mut state = RuleState::new(facts);
            state.restore_cooldowns(&reader.rule_state(open.id)?);
            Ok(running(&state.cooldowns(now_in(&open, clock_ms)), &reader.rules()?, &reader.groups()?))
        })
        .await
}

/// Makes a rule ready again, or all of them; without an open session those of keys, buttons and calls.
pub(super) async fn reset_cooldowns(caller: Caller<'_>, input: OfRule) -> Result<Nothing, Failure> {
    caller.app.signal(Signal::CooldownsOver(input.rule)).await?;
    Ok(Nothing {})
}

fn provided(reader: &Reader, trigger: &Trigger, clock_ms: i64) -> Result<Vec<Variable>, Failure> {
    let newest = newest_answered(reader, trigger, 1)?.pop();
    let facts = match newest {
        Some(newest) => {
            let with = TryWith::Real { session: newest.id.session, number: newest.id.number };
            let stage = Stage::set(reader, bare_rule(trigger.clone(), nothing()), &with, clock_ms)?;
            let firing = stage.decide().firings.pop();
            firing.map(|firing| firing.facts).or_else(|| {
                // Whoever did it is muted by now; the event tells all the same.
                stage.event().map(|event| Facts::of_event(event, newest.id.session, ""))
            })
        }
        None => None,
    };
    let values = reader.values()?;
    let last = |name: &str| {
        let text = fill(&format!("{{{name}}}"), facts.as_ref()?, &values, Target::Plain);
        (!text.is_empty()).then_some(text)
    };
    let given = Placeholder::ALL.iter().filter(|it| is_given(**it, trigger.event_type()));
    let mut variables: Vec<Variable> =
        given.map(|it| Variable { name: it.name().to_owned(), last: last(it.name()) }).collect();
    let fields = facts.iter().flat_map(|facts| facts.fields.keys());
    variables.extend(fields.map(|name| Variable { name: name.clone(), last: last(name) }));
    let counters = values.counters.iter().map(|(name, value)| (format!("counter:{name}"), value.to_string()));
    let texts = values.variables.iter().map(|(name, text)| (format!("variable:{name}"), text.clone()));
    variables.extend(counters.chain(texts).map(|(name, last)| Variable { name, last: Some(last) }));
    Ok(variables)
}

/// Whether such events have it; counters and variables are listed by their own names.
fn is_given(placeholder: Placeholder, event_type: Option<EventType>) -> bool {
    if matches!(placeholder, Placeholder::Counter | Placeholder::Variable) {
        return false;
    }
    // A custom event brings fields of its own and no viewer; without any event there is only what is always there.
    let event_type = event_type.filter(|event_type| *event_type != EventType::Custom);
    placeholder.given_by(event_type.unwrap_or(EventType::Connect))
}

/// The cooldowns by rule, in the order of the rules: a rule waits for its own, and for that of its group.
fn running(left: &[CooldownLeft], rules: &[Rule], groups: &[RuleGroup]) -> Vec<RunningCooldown> {
    let mut by_rule: BTreeMap<&RuleId, RunningCooldown> = BTreeMap::new();
    for rule in rules {
        for CooldownLeft { waiting, left_ms } in left {
            // What was made shorter meanwhile is over sooner.
            let length_s = match waiting {
                Waiting::Rule(id) if *id == rule.id => rule.cooldown.seconds,
                Waiting::Viewer(id, _) if *id == rule.id => rule.cooldown.per_viewer_seconds,
                Waiting::Group(name) if rule.group.as_deref() == Some(name.as_str()) => {
                    let group = groups.iter().find(|group| group.name == *name);
                    group.map_or(0.0, |group| group.cooldown_seconds)
                }
                Waiting::Rule(_) | Waiting::Viewer(..) | Waiting::Group(_) => continue,
            };
            let left_ms = (*left_ms).min((length_s * 1000.0).round() as i64);
            if left_ms <= 0 {
                continue;
            }
            let none = || RunningCooldown { rule: rule.id.clone(), left_ms: 0, viewers: 0 };
            let running = by_rule.entry(&rule.id).or_insert_with(none);
            running.left_ms = running.left_ms.max(left_ms);
            running.viewers += u32::from(matches!(waiting, Waiting::Viewer(..)));
        }
    }
    rules.iter().filter_map(|rule| by_rule.remove(&rule.id)).collect()
}
