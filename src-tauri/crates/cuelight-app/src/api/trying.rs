//! Trying rules: what one would do, and doing it as a test.

use std::ops::ControlFlow;
use std::sync::Arc;

use cuelight_core::action::Action;
use cuelight_core::action_kind::LOG_WRITE;
use cuelight_core::decide::SessionFacts;
use cuelight_core::decision::{Firing, Origin};
use cuelight_core::event::Body;
use cuelight_core::facts::Values;
use cuelight_core::id::{ActionKindId, RuleId, RunId, SessionId};
use cuelight_core::job::JobState;
use cuelight_core::limits::TRIED_FIRINGS;
use cuelight_core::reason::Reason;
use cuelight_core::rule::{ComboMode, Cooldown, Rule};
use cuelight_core::rule_set::RuleSet;
use cuelight_core::service::Services;
use cuelight_core::step::{Act, Step};
use cuelight_core::trigger::Trigger;
use cuelight_core::trying::{TriedWith, TryIn};
use cuelight_core::viewer::Standing;
use cuelight_runtime::store::{Happening, JobFilter, Reader, StoreError};
use cuelight_runtime::worker::QueueError;
use serde::Deserialize;
use ts_rs::TS;

use super::Caller;
use crate::dto::{Failure, FailureCode, RealEvent, Trial, TryWith};
use crate::trial::{Shown, Stage, refuse_faulty};

/// Real events offered at once; nobody looks through more.
const REAL_EVENTS: u32 = 100;

/// Jobs of a run that are looked at right after it began; most runs have a few.
const JOBS: u32 = 200;

/// What a rule without a name of its own is called while it is tried.
const UNNAMED: &str = "tried";

/// A rule as it is edited, and with what it is tried.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct TryRule {
    /// The rule, saved or not.
    rule: Rule,
    /// With what.
    try_with: TryWith,
}

/// One action of a rule, the rule's trigger, and with what it is tried.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct TryAction {
    /// The action.
    action: Action,
    /// What the rule answers.
    trigger: Trigger,
    /// With what.
    try_with: TryWith,
}

/// Which events are looked for.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AnsweredBy {
    /// The trigger that answers them.
    trigger: Trigger,
    /// How many at most.
    limit: u32,
}

/// What would happen; nothing does.
pub(super) async fn preview_rule(caller: Caller<'_>, input: TryRule) -> Result<Trial, Failure> {
    Ok(show(caller, input.rule, input.try_with).await?.trial)
}

/// Runs the rule on the same path as a live, marked *test*.
pub(super) async fn try_rule(caller: Caller<'_>, input: TryRule) -> Result<Trial, Failure> {
    let Shown { trial, firings } = show(caller, input.rule, input.try_with).await?;
    run(caller, trial, firings).await
}

/// Runs one action alone, marked *test*.
pub(super) async fn try_action(caller: Caller<'_>, input: TryAction) -> Result<Trial, Failure> {
    let act = Act { action: input.action, at_the_same_time: false, go_on_if_this_fails: false, at_the_end: false };
    let rule = bare_rule(input.trigger, Step::Act(act));
    let Shown { trial, firings } = show(caller, rule, input.try_with).await?;
    let by_hand = |firing| Firing { origin: Origin::Asked, ..firing };
    let trial = Trial { others: Vec::new(), ..trial };
    run(caller, trial, firings.into_iter().take(1).map(by_hand).collect()).await
}

/// The last events that a trigger answers, newest first; a combo is one of them, as it ended.
pub(super) async fn real_events(caller: Caller<'_>, input: AnsweredBy) -> Result<Vec<RealEvent>, Failure> {
    let found = caller.app.read(move |reader| Ok(newest_answered(reader, &input.trigger, input.limit))).await??;
    let real =
        |Happening { id, received_ms, event }| RealEvent { session: id.session, number: id.number, received_ms, event };
    Ok(found.into_iter().map(real).collect())
}

async fn show(caller: Caller<'_>, rule: Rule, with: TryWith) -> Result<Shown, Failure> {
    let (registry, clock_ms) = (Arc::clone(&caller.app.registry), caller.app.clock.now_ms());
    caller
        .app
        .read(move |reader| Ok(Stage::set(reader, rule, &with, clock_ms).map(|stage| stage.show(&registry))))
        .await?
}

/// Begins the runs of these firings and tells what the queues said to their first steps.
async fn run(caller: Caller<'_>, mut trial: Trial, mut firings: Vec<Firing>) -> Result<Trial, Failure> {
    firings.truncate(TRIED_FIRINGS);
    if firings.is_empty() {
        return Ok(trial);
    }
    let runs = caller.app.engine.workers.orders().try_out(firings).await.map_err(not_queued)?;
    let Some(&first) = runs.first() else { return Ok(trial) };
    trial.run = Some(first.to_string());
    let told = caller.app.read(move |reader| refusals(reader, first)).await?;
    for (step, reason) in told {
        if let Some(tried) = usize::try_from(step).ok().and_then(|step| trial.steps.get_mut(step.checked_sub(1)?)) {
            tried.because = Some(reason);
        }
    }
    Ok(trial)
}

/// The steps of a run that ended without being done, with why.
fn refusals(reader: &Reader, run: RunId) -> Result<Vec<(u32, Reason)>, StoreError> {
    let jobs = reader.jobs(&JobFilter { run: Some(run), ..JobFilter::default() }, JOBS)?;
    let refused = jobs.into_iter().filter(|job| matches!(job.state, JobState::Failed | JobState::Discarded));
    Ok(refused.filter_map(|job| Some((job.step, job.reason?))).collect())
}

/// The newest events that this trigger answers, newest first.
pub(super) fn newest_answered(reader: &Reader, trigger: &Trigger, limit: u32) -> Result<Vec<Happening>, Failure> {
    let Some(event_type) = trigger.event_type().filter(|_| limit > 0) else { return Ok(Vec::new()) };
    let rule = bare_rule(trigger.clone(), nothing());
    let (services, values) = (Services::default(), Values::default());
    let id = rule.id.clone();
    let (rules, faults) = RuleSet::new(0, vec![rule], Vec::new(), &services);
    refuse_faulty(&id, faults)?;
    let facts = SessionFacts { id: SessionId(1), creator: Default::default(), started_ms: 0, seed: 0, utc_offset_s: 0 };
    let limit = limit.min(REAL_EVENTS) as usize;
    let mut found = Vec::new();
    reader.newest_happenings(event_type, |happening| {
        let is_step = matches!(&happening.event.body, Body::Gift(gift) if gift.streaking);
        if is_step || happening.event.stamp.history {
            return ControlFlow::Continue(());
        }
        let around = TryIn {
            rules: &rules,
            services: &services,
            values: &values,
            session: &facts,
            rule_state: &[],
            standing: Standing::default(),
            number: happening.id.number,
            now_ms: happening.received_ms,
        };
        if around.decide(&id, &TriedWith::event(happening.event.clone(), trigger)).decision.fired > 0 {
            found.push(happening);
        }
        if found.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok(found)
}

/// A rule that is nothing but its trigger and one step.
pub(super) fn bare_rule(when: Trigger, step: Step) -> Rule {
    Rule {
        id: RuleId::new(UNNAMED),
        name: UNNAMED.to_owned(),
        enabled: true,
        when,
        only_if: Vec::new(),
        steps: vec![step],
        combo: ComboMode::default(),
        cooldown: Cooldown::default(),
        group: None,
        fold: None,
        priority: None,
    }
}

/// A step for rules of which only the trigger matters.
pub(super) fn nothing() -> Step {
    let action = Action { kind: ActionKindId::new(LOG_WRITE), service: None, parameters: serde_json::Map::new() };
    Step::Act(Act { action, at_the_same_time: false, go_on_if_this_fails: false, at_the_end: false })
}

fn not_queued(error: QueueError) -> Failure {
    match error {
        QueueError::Store(error) => error.into(),
        QueueError::Stopped => Failure::new(FailureCode::NotNow, error.to_string()),
    }
}
