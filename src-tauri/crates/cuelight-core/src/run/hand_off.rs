//! How an act becomes a job: prepared from what is known now, with the wishes of its service.

use serde_json::Value;

use crate::action::{Prepared, Replay};
use crate::event::EventType;
use crate::facts::Facts;
use crate::id::ServiceId;
use crate::job::{Ending, NewJob};
use crate::limits::JOB_TIME_LIMIT_MS;
use crate::priority::Priority;
use crate::reason::Reason;
use crate::service::{EventConfig, Mode, Service, ServiceKind};
use crate::step::Act;
use crate::world::World;

/// What the run says of all its jobs.
pub(super) struct JobWishes<'a> {
    pub(super) event_type: Option<EventType>,
    /// The rule's own; it wins over the service's.
    pub(super) priority: Option<Priority>,
    /// What has begun to show is brought to its end.
    pub(super) did_something: bool,
    /// The service on which it goes on without a stranger between.
    pub(super) held: Option<&'a ServiceId>,
}

/// The job of this act, with an ending where it cannot wait in any queue.
pub(super) fn job(step: u32, act: &Act, wishes: &JobWishes<'_>, facts: &Facts, world: &World<'_>) -> NewJob {
    let prepared = world.prepare.prepare(&act.action, facts, world.values, world.services);
    match prepared.and_then(|prepared| Ok((find(world, &prepared.service)?, prepared))) {
        Ok((service, prepared)) => prepared_job(step, act, wishes, service, prepared),
        Err(reason) => unprepared_job(step, act, wishes, reason, world),
    }
}

fn find<'a>(world: &World<'a>, service: &ServiceId) -> Result<&'a Service, Reason> {
    world.services.get(service).ok_or_else(|| Reason::NoSuchService { service: service.to_string() })
}

fn prepared_job(step: u32, act: &Act, wishes: &JobWishes<'_>, service: &Service, prepared: Prepared) -> NewJob {
    let config = service.event(wishes.event_type);
    let follows = config.mode == Mode::Sync && wishes.held == Some(&service.id);
    let discardable = config.discardable && !wishes.did_something;
    // What is paid for is done, however late.
    let expires_after_seconds = config.expires_after_seconds.filter(|_| discardable);
    NewJob {
        step,
        service: prepared.service,
        kind: act.action.kind.clone(),
        parameters: prepared.parameters,
        priority: wishes.priority.unwrap_or(config.priority),
        mode: config.mode,
        discardable,
        expires_after_ms: expires_after_seconds.map(|seconds| i64::from(seconds) * 1_000),
        time_limit_ms: prepared.time_limit_ms,
        replay: prepared.replay,
        follows,
        ended: switched_off(service, config, wishes.event_type).map(Ending::Discarded),
    }
}

fn switched_off(service: &Service, config: &EventConfig, event_type: Option<EventType>) -> Option<Reason> {
    if !service.active {
        Some(Reason::ServiceOff { service: service.id.to_string() })
    } else if !config.enabled {
        let service = service.id.to_string();
        Some(match event_type {
            Some(event_type) => Reason::EventTypeOff { service, event_type: event_type.as_str().to_owned() },
            None => Reason::NoEventOff { service },
        })
    } else {
        None
    }
}

/// A job that only tells why it is none: with its parameters as they were written, in the service that was named.
///
/// Where none was named it is listed with `basics`, because every job belongs to some service.
fn unprepared_job(step: u32, act: &Act, wishes: &JobWishes<'_>, reason: Reason, world: &World<'_>) -> NewJob {
    let basics = || world.services.of_kind(ServiceKind::Basics).map(|service| service.id.clone());
    NewJob {
        step,
        service: act.action.service.clone().or_else(basics).unwrap_or_default(),
        kind: act.action.kind.clone(),
        parameters: Value::Object(act.action.parameters.clone()),
        priority: wishes.priority.unwrap_or(Priority::MIDDLE),
        mode: Mode::Async,
        discardable: false,
        expires_after_ms: None,
        time_limit_ms: JOB_TIME_LIMIT_MS,
        replay: Replay::Safe,
        follows: false,
        ended: Some(Ending::Failed(reason)),
    }
}
