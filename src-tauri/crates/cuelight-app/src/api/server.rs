//! Commands of the local server, and those that scripts use through it.

use cuelight_core::action::{Action, Prepare as _};
use cuelight_core::decision::Firing;
use cuelight_core::facts::Facts;
use cuelight_core::id::{RunId, ServiceId};
use cuelight_core::service::Services;
use cuelight_runtime::worker::QueueError;
use serde::Deserialize;

use super::{Caller, Nothing};
use crate::dto::{Failure, FailureCode, OverlayToken, ServerStatus, Skipped, StartedRun};
use crate::server::OverlayName;

/// Which service.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ServiceInput {
    service: ServiceId,
}

/// Which overlay.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OverlayInput {
    name: String,
}

pub(super) async fn server_status(caller: Caller<'_>, _: Nothing) -> Result<ServerStatus, Failure> {
    Ok(caller.app.server.status())
}

pub(super) async fn renew_tokens(caller: Caller<'_>, _: Nothing) -> Result<ServerStatus, Failure> {
    caller.app.server.renew_tokens();
    Ok(caller.app.server.status())
}

pub(super) async fn overlay_token(caller: Caller<'_>, input: OverlayInput) -> Result<OverlayToken, Failure> {
    let bad =
        |error: crate::server::BadOverlayName| Failure::new(FailureCode::BadInput, error.to_string()).about("name");
    let name: OverlayName = input.name.parse().map_err(bad)?;
    let token = caller.app.server.overlay_token(&name);
    let too_many = || Failure::new(FailureCode::TooLarge, "there are too many overlays; new tokens forget them");
    Ok(OverlayToken { role: format!("overlay:{name}"), token: token.ok_or_else(too_many)? })
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
pub(super) async fn skip_service(caller: Caller<'_>, input: ServiceInput) -> Result<Skipped, Failure> {
    let id = input.service.clone();
    let services = caller.app.read(|reader| reader.services()).await?;
    if !services.iter().any(|service| service.id == id) {
        return Err(Failure::not_found(format!("service {id}")));
    }
    Ok(Skipped { jobs: caller.app.engine.workers.orders().skip_service(&id) as u32 })
}

fn not_queued(error: QueueError) -> Failure {
    match error {
        QueueError::Store(error) => error.into(),
        error @ QueueError::Stopped => Failure::new(FailureCode::NotNow, error.to_string()),
    }
}
