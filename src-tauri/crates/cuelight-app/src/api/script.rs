//! Commands of scripts and Stream Decks, which the window does not need.

use cuelight_core::action::{Action, Prepare as _};
use cuelight_core::decision::Firing;
use cuelight_core::facts::Facts;
use cuelight_core::id::{RuleId, RunId, ServiceId};
use cuelight_core::service::Services;
use cuelight_runtime::worker::QueueError;
use serde::Deserialize;
use serde_json::{Map, Value};
use ts_rs::TS;

use super::{Caller, Nothing};
use crate::dto::{Failure, FailureCode, LiveStatus, Skipped, StartedRun};

/// Which rule.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OneRule {
    rule: RuleId,
}

/// Which service.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OneService {
    service: ServiceId,
}

/// A call, or an event of one's own.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Named {
    name: String,
    #[serde(default)]
    #[ts(type = "Record<string, unknown>", optional)]
    fields: Map<String, Value>,
}

pub(super) async fn live(caller: Caller<'_>, _: Nothing) -> Result<LiveStatus, Failure> {
    caller.app.live_status().await
}

pub(super) async fn run_rule(caller: Caller<'_>, input: OneRule) -> Result<Nothing, Failure> {
    caller.app.run_rule(input.rule).await?;
    Ok(Nothing {})
}

pub(super) async fn call_rules(caller: Caller<'_>, input: Named) -> Result<Nothing, Failure> {
    caller.app.call(input.name, input.fields).await?;
    Ok(Nothing {})
}

pub(super) async fn emit_event(caller: Caller<'_>, input: Named) -> Result<Nothing, Failure> {
    caller.app.emit(input.name, input.fields).await?;
    Ok(Nothing {})
}

/// Does one action as if somebody had asked for it by hand; what cannot be prepared leaves no trace in the queues.
pub(super) async fn run_action(caller: Caller<'_>, action: Action) -> Result<StartedRun, Failure> {
    let app = caller.app;
    let (services, values) = app.read(|reader| Ok((Services::new(reader.services()?), reader.values()?))).await?;
    let facts = Facts::default();
    let prepared = app.registry.prepare(&action, &facts, &values, &services);
    prepared.map_err(|reason| Failure::new(FailureCode::BadInput, reason.in_english()))?;
    let RunId(run) = app.engine.workers.orders().ask(Firing::asked(action, None, facts)).await.map_err(not_queued)?;
    Ok(StartedRun { run })
}

/// Stops what runs in a service; its queue goes on.
pub(super) async fn skip_service(caller: Caller<'_>, input: OneService) -> Result<Skipped, Failure> {
    let id = input.service;
    let services = caller.app.read(|reader| reader.services()).await?;
    if !services.iter().any(|service| service.id == id) {
        return Err(Failure::not_found(format!("service {id}")).about("service"));
    }
    Ok(Skipped { jobs: caller.app.engine.workers.orders().skip_service(&id) as u32 })
}

fn not_queued(error: QueueError) -> Failure {
    match error {
        QueueError::Store(error) => error.into(),
        error @ QueueError::Stopped => Failure::new(FailureCode::NotNow, error.to_string()),
    }
}
