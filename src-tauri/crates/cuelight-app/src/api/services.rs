//! Services: what they wish for, and which there are.

use cuelight_core::defaults::{self, another_service, comes_with_the_app};
use cuelight_core::event::EventType;
use cuelight_core::id::ServiceId;
use cuelight_core::limits::SERVICES;
use cuelight_core::service::{Service as CoreService, ServiceKind};
use cuelight_core::service_setting;
use cuelight_runtime::store::{Deed, DeedKind, Edit};
use serde::Deserialize;
use ts_rs::TS;

use super::editing::{edit, edited, tell};
use super::{Caller, Nothing};
use crate::app::App;
use crate::dto::{EventConfigChange, Failure, FailureCode, Rulebook, Service, ServiceChange};

/// A service that is to be changed.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangeService {
    service: ServiceId,
    #[serde(flatten)]
    change: ServiceChange,
}

/// A service event config that is to be changed.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ChangeServiceEvent {
    service: ServiceId,
    /// None: all event types that are not treated apart.
    event_type: Option<EventType>,
    change: EventConfigChange,
}

/// An event type that is to be treated apart, or no longer.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SeparateEventType {
    service: ServiceId,
    event_type: EventType,
    apart: bool,
}

/// A default action that is to be switched.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct EnableDefault {
    service: ServiceId,
    event_type: EventType,
    enabled: bool,
}

/// A service that is to be added.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AddService {
    kind: ServiceKind,
    name: String,
}

/// A service that is to be removed.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RemoveService {
    service: ServiceId,
}

/// Every service with its wishes.
pub(super) async fn services(caller: Caller<'_>, _: Nothing) -> Result<Vec<Service>, Failure> {
    let services = caller.app.read(|reader| reader.services()).await?;
    Ok(services.into_iter().map(Service::from).collect())
}

/// Changes a service; what is left out stays as it is.
pub(super) async fn change_service(caller: Caller<'_>, input: ChangeService) -> Result<Service, Failure> {
    let ChangeService { service, change } = input;
    let ServiceChange { name, active, max_queue_size, max_parallel } = change;
    let settings = [
        ("name", "name", name),
        ("active", "active", active.map(|active| active.to_string())),
        ("maxQueueSize", "max_queue_size", max_queue_size.map(|size| size.to_string())),
        ("maxParallel", "max_parallel", max_parallel.map(|count| count.to_string())),
    ];
    changed(caller.app, service, move |service| {
        settings.into_iter().try_fold(service, |service, (field, key, value)| set(service, field, key, value))
    })
    .await
}

/// Changes what a service wishes for one event type, which then is treated apart, or for all others.
pub(super) async fn change_service_event(caller: Caller<'_>, input: ChangeServiceEvent) -> Result<Service, Failure> {
    let ChangeServiceEvent { service, event_type, change } = input;
    let EventConfigChange { enabled, priority, mode, discardable, expires_after_seconds } = change;
    let expires_after = expires_after_seconds
        .map(|seconds| seconds.map_or_else(|| service_setting::NEVER.to_owned(), |seconds| seconds.to_string()));
    let settings = [
        ("change.enabled", "enabled", enabled.map(|enabled| enabled.to_string())),
        ("change.priority", "priority", priority.map(|priority| priority.to_string())),
        ("change.mode", "mode", mode.map(|mode| mode.to_string())),
        ("change.discardable", "discardable", discardable.map(|discardable| discardable.to_string())),
        ("change.expiresAfterSeconds", "expires_after", expires_after),
    ];
    let event = event_type.map_or(service_setting::OTHERS, EventType::as_str);
    changed(caller.app, service, move |service| {
        settings
            .into_iter()
            .try_fold(service, |service, (field, key, value)| set(service, field, &format!("{event}.{key}"), value))
    })
    .await
}

/// Treats an event type apart that was one of the others, or no longer; one with a default action stays apart, for that
/// would be lost.
pub(super) async fn separate_event_type(caller: Caller<'_>, input: SeparateEventType) -> Result<Service, Failure> {
    let SeparateEventType { service, event_type, apart } = input;
    changed(caller.app, service, move |mut service| {
        if apart {
            let others = service.others.clone();
            service.events.entry(event_type).or_insert(others);
        } else if service.events.get(&event_type).is_some_and(|config| config.default_action.is_some()) {
            let problem = format!("{} does something by default for {event_type}", service.id);
            return Err(Failure::new(FailureCode::NotNow, problem).about("eventType"));
        } else {
            service.events.remove(&event_type);
        }
        Ok(service)
    })
    .await
}

/// Switches what a service does by default for an event type.
pub(super) async fn enable_default(caller: Caller<'_>, input: EnableDefault) -> Result<Rulebook, Failure> {
    let EnableDefault { service, event_type, enabled } = input;
    let id = service.clone();
    let rulebook = edited(caller.app, move |edit| {
        let mut service = edit.service(&service)?;
        let config = service.events.get_mut(&event_type);
        let default = config.and_then(|config| config.default_action.as_mut()).ok_or_else(|| {
            Failure::not_found(format!("default action of {} for {event_type}", service.id)).about("eventType")
        })?;
        default.enabled = enabled;
        edit.put_service(&service)?;
        Ok(Deed::new(DeedKind::ServiceChanged, service.name))
    })
    .await?;
    mark(caller.app, id);
    Ok(rulebook)
}

/// Adds one more service of a kind and lets a worker work for it at once. Programs of the user's own cannot be added here.
pub(super) async fn add_service(caller: Caller<'_>, input: AddService) -> Result<Service, Failure> {
    let AddService { kind, name } = input;
    let Some(first) = defaults::services().into_iter().find(|service| service.kind == kind) else {
        let problem = "a program of one's own needs more than a name";
        return Err(Failure::new(FailureCode::BadInput, problem).about("kind"));
    };
    let added = edit(caller.app, move |edit| {
        let services = edit.services()?;
        if services.iter().count() >= SERVICES {
            return Err(Failure::new(FailureCode::NotNow, format!("there are {SERVICES} services already")));
        }
        let ids = (2_u64..).map(|number| ServiceId::new(format!("{}-{number}", first.id)));
        let id = ids.into_iter().find(|id| services.get(id).is_none()).expect("numbers do not run out");
        let service = set(another_service(kind, id.as_str(), &first.name), "name", "name", Some(name))?;
        edit.add_service(&service)?;
        Ok((Deed::new(DeedKind::ServiceAdded, service.name.clone()), service))
    })
    .await?;
    caller.app.engine.work_for_all().await?;
    mark(caller.app, added.id.clone());
    tell(caller.app).await?;
    Ok(added.into())
}

/// Removes a service that was added, once nothing of it waits and no rule needs it.
pub(super) async fn remove_service(caller: Caller<'_>, input: RemoveService) -> Result<Nothing, Failure> {
    edit(caller.app, move |edit| {
        let service = edit.service(&input.service)?;
        if let Some(problem) = why_it_stays(edit, &service)? {
            return Err(Failure::new(FailureCode::NotNow, problem).about("service"));
        }
        edit.remove_service(&service.id)?;
        Ok((Deed::new(DeedKind::ServiceRemoved, service.name), ()))
    })
    .await?;
    caller.app.engine.work_for_all().await?;
    tell(caller.app).await?;
    Ok(Nothing {})
}

/// Notes that every service may stand otherwise.
pub(super) fn mark_all(app: &App) {
    let ids: Vec<ServiceId> = app.engine.workers.statuses().borrow().keys().cloned().collect();
    app.push.note(|gathered| gathered.services.extend(ids));
}

fn mark(app: &App, service: ServiceId) {
    app.push.note(|gathered| gathered.services.extend([service]));
}

fn why_it_stays(edit: &Edit<'_>, service: &CoreService) -> Result<Option<String>, Failure> {
    let id = &service.id;
    if comes_with_the_app(id) {
        return Ok(Some(format!("{id} comes with the app; it can be switched off")));
    }
    if edit.has_jobs(id)? {
        return Ok(Some(format!("jobs of {id} wait or run")));
    }
    Ok(edit.rule_that_needs(id)?.map(|rule| format!("rule {rule} needs {id}")))
}

/// Changes one service as that says, and tells everybody.
async fn changed(
    app: &App,
    service: ServiceId,
    change: impl FnOnce(CoreService) -> Result<CoreService, Failure> + Send + 'static,
) -> Result<Service, Failure> {
    let changed = edit(app, move |edit| {
        let changed = change(edit.service(&service)?)?;
        edit.put_service(&changed)?;
        Ok((Deed::new(DeedKind::ServiceChanged, changed.name.clone()), changed))
    })
    .await?;
    mark(app, changed.id.clone());
    tell(app).await?;
    Ok(changed.into())
}

/// Sets one thing, with the bounds that the command line knows; `field` is what it is called in the input.
fn set(service: CoreService, field: &str, key: &str, value: Option<String>) -> Result<CoreService, Failure> {
    let Some(value) = value else { return Ok(service) };
    let changed = service_setting::set(&service, &[format!("{key}={value}")]);
    let bad = |error: service_setting::ServiceSettingError| {
        Failure::new(FailureCode::BadInput, error.to_string()).about(field)
    };
    Ok(changed.map_err(bad)?.service)
}

#[cfg(test)]
mod tests;
