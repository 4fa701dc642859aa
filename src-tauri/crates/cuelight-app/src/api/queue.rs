//! The queues of the services: looked at, paused, put in another order, and single jobs taken out or run again.

use cuelight_core::id::{JobId, ServiceId, UserId};
use cuelight_runtime::store::Which;
use serde::Deserialize;
use ts_rs::TS;

use super::{Caller, Nothing};
use crate::app::App;
use crate::dto::{Failure, FailureCode, Queue};

/// Jobs of each list that an answer to a deed has; as many as the window asks for.
const JOBS: u32 = 100;

/// Jobs of each list that are given at once.
const MOST_JOBS: u32 = 500;

/// Which queue is asked for.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct QueueOf {
    /// The service.
    service: ServiceId,
    /// Jobs of each list at most.
    limit: u32,
}

/// Which service is meant.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OneService {
    /// The service.
    service: ServiceId,
}

/// Which job is meant.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OneJob {
    /// Its number, as text.
    job: String,
}

/// What of a queue is discarded.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ClearQueue {
    /// The service.
    service: ServiceId,
    /// Only what this viewer caused; without one, all that waits.
    user_id: Option<UserId>,
}

pub(super) async fn queue(caller: Caller<'_>, input: QueueOf) -> Result<Queue, Failure> {
    look(caller.app, input.service, input.limit.min(MOST_JOBS)).await
}

pub(super) async fn pause_service(caller: Caller<'_>, input: OneService) -> Result<Nothing, Failure> {
    let service = known(caller.app, input.service).await?;
    caller.app.engine.workers.orders().pause(&service).await?;
    note_paused(caller.app, service);
    Ok(Nothing {})
}

pub(super) async fn resume_service(caller: Caller<'_>, input: OneService) -> Result<Nothing, Failure> {
    let service = known(caller.app, input.service).await?;
    caller.app.engine.workers.orders().resume(&service).await?;
    note_paused(caller.app, service);
    Ok(Nothing {})
}

pub(super) async fn move_job_up(caller: Caller<'_>, input: OneJob) -> Result<Queue, Failure> {
    let (job, service) = find(caller.app, &input).await?;
    let moved = caller.app.engine.workers.orders().move_up(job).await?;
    answer(caller.app, job, service, moved, "cannot go further ahead").await
}

pub(super) async fn move_job_down(caller: Caller<'_>, input: OneJob) -> Result<Queue, Failure> {
    let (job, service) = find(caller.app, &input).await?;
    let moved = caller.app.engine.workers.orders().move_down(job).await?;
    answer(caller.app, job, service, moved, "cannot go further back").await
}

pub(super) async fn hold_job(caller: Caller<'_>, input: OneJob) -> Result<Queue, Failure> {
    let (job, service) = find(caller.app, &input).await?;
    let held = caller.app.engine.workers.orders().hold(job).await?;
    answer(caller.app, job, service, held, "does not wait, or is held already").await
}

pub(super) async fn release_job(caller: Caller<'_>, input: OneJob) -> Result<Queue, Failure> {
    let (job, service) = find(caller.app, &input).await?;
    let released = caller.app.engine.workers.orders().release(job).await?;
    answer(caller.app, job, service, released, "is not held").await
}

pub(super) async fn skip_job(caller: Caller<'_>, input: OneJob) -> Result<Queue, Failure> {
    let (job, service) = find(caller.app, &input).await?;
    let skipped = caller.app.engine.workers.orders().skip_job(job);
    answer(caller.app, job, service, skipped, "does not run here").await
}

pub(super) async fn discard_job(caller: Caller<'_>, input: OneJob) -> Result<Queue, Failure> {
    let (job, service) = find(caller.app, &input).await?;
    let discarded = caller.app.engine.workers.orders().discard(Which::Job(job)).await?;
    answer(caller.app, job, service, discarded > 0, "does not wait").await
}

pub(super) async fn run_job_again(caller: Caller<'_>, input: OneJob) -> Result<Queue, Failure> {
    let (job, service) = find(caller.app, &input).await?;
    let copy = caller.app.engine.workers.orders().run_again(job).await?;
    answer(caller.app, copy.unwrap_or(job), service, copy.is_some(), "has not ended").await
}

pub(super) async fn clear_queue(caller: Caller<'_>, input: ClearQueue) -> Result<Queue, Failure> {
    let service = known(caller.app, input.service).await?;
    let which = match input.user_id {
        Some(viewer) => Which::ViewerIn(viewer, service.clone()),
        None => Which::Service(service.clone()),
    };
    caller.app.engine.workers.orders().discard(which).await?;
    look(caller.app, service, JOBS).await
}

async fn look(app: &App, service: ServiceId, limit: u32) -> Result<Queue, Failure> {
    let missing = no_service(&service);
    app.view(move |view| view.queue(&service, limit)).await?.ok_or(missing)
}

/// The queue after a deed that was done; else why it could not be.
async fn answer(app: &App, job: JobId, service: ServiceId, is_done: bool, why_not: &str) -> Result<Queue, Failure> {
    if !is_done {
        return Err(Failure::new(FailureCode::NotNow, format!("job {job} {why_not}")));
    }
    app.push.note(|gathered| {
        gathered.job(job);
        gathered.services.insert(service.clone());
        gathered.now_and_next = true;
    });
    look(app, service, JOBS).await
}

/// The job that is meant, and its service.
async fn find(app: &App, input: &OneJob) -> Result<(JobId, ServiceId), Failure> {
    let bad_input = |_| {
        let text = &input.job;
        Failure::new(FailureCode::BadInput, format!("{text:?} is no number of a job")).about("job")
    };
    let job = JobId(input.job.parse().map_err(bad_input)?);
    let found = app.read(move |reader| reader.job(job)).await?;
    found.map(|found| (job, found.service)).ok_or_else(|| Failure::not_found(format_args!("job {job}")))
}

async fn known(app: &App, service: ServiceId) -> Result<ServiceId, Failure> {
    let services = app.read(|reader| reader.services()).await?;
    if services.iter().any(|known| known.id == service) { Ok(service) } else { Err(no_service(&service)) }
}

fn no_service(service: &ServiceId) -> Failure {
    Failure::not_found(format_args!("service {service}"))
}

/// That all services are paused is told at the head of the Live screen, too.
fn note_paused(app: &App, service: ServiceId) {
    app.push.note(|gathered| {
        gathered.live = true;
        gathered.now_and_next = true;
        gathered.services.insert(service);
    });
}

#[cfg(test)]
mod tests;
