//! `cuelight jobs list`: one line for each job, with why it stands where it does.

use cuelight_core::clean::clean;
use cuelight_core::decision::Origin;
use cuelight_core::id::ServiceId;
use cuelight_core::job::JobState;
use cuelight_core::timestamp::Timestamp;
use cuelight_runtime::store::{JobFilter, Reader, StoredJob};

use crate::console::{print_line, tell_error};
use crate::failure::Failure;
use crate::services;
use crate::sessions::moment;

/// Jobs read at once.
const PAGE_JOBS: u32 = 500;

pub(super) fn run(
    reader: &Reader,
    state: Option<JobState>,
    service: Option<ServiceId>,
    limit: u32,
    json: bool,
) -> Result<(), Failure> {
    if let Some(service) = &service {
        services::find(reader, service)?;
    }
    let mut filter = JobFilter { state, service, ..JobFilter::default() };
    let mut left = limit;
    while left > 0 {
        let page = reader.jobs(&filter, left.min(PAGE_JOBS))?;
        let Some(last) = page.last() else { break };
        filter.before = Some(last.id);
        left = left.saturating_sub(page.len() as u32);
        for job in &page {
            print_line(&if json { as_json(job).to_string() } else { line(job) });
        }
    }
    if json {
        return Ok(());
    }
    if left == limit {
        tell_error("No such jobs.");
    } else if left == 0 && !reader.jobs(&filter, 1)?.is_empty() {
        tell_error("… and older ones; more with --limit");
    }
    Ok(())
}

fn line(job: &StoredJob) -> String {
    let what = job.event_type.map_or_else(|| job.kind.to_string(), |event_type| event_type.to_string());
    let mut line = format!(
        "{:>6}  {}  {} {:<10}  [{}] {what} (P:{}) · {} {}",
        job.id.0,
        moment(job.created_ms),
        icon(job.state),
        job.state.as_str(),
        clean(job.service.as_str()),
        job.priority,
        clean(job.kind.as_str()),
        clean(&cause(&job.origin)),
    );
    if job.test {
        line.push_str(", as a test");
    }
    if let Some(why) = why(job) {
        line.push_str(" · ");
        line.push_str(&clean(&why));
    }
    line
}

/// What made it.
fn cause(origin: &Origin) -> String {
    match origin {
        Origin::Rule(id) => format!("by rule {id}"),
        Origin::Default(_) => "by default".to_owned(),
        Origin::Asked => "by hand".to_owned(),
    }
}

fn icon(state: JobState) -> &'static str {
    match state {
        JobState::Pending => "⏳",
        JobState::Processing => "▶️",
        JobState::Completed => "✅",
        JobState::Failed => "❌",
        JobState::Discarded => "🗑️",
    }
}

/// Why it ended like that, or what it waits for.
fn why(job: &StoredJob) -> Option<String> {
    let reason = job.reason.as_ref().map(|reason| reason.in_english());
    match (job.state, job.held_since_ms, job.due_ms) {
        (JobState::Pending, Some(_), _) => Some("It belongs to an earlier live and is held.".to_owned()),
        (JobState::Pending, None, Some(due_ms)) => {
            let again = format!("It is tried again at {}.", moment(due_ms));
            Some(reason.map_or(again.clone(), |reason| format!("{again} {reason}")))
        }
        (JobState::Pending, None, None) if job.interrupted => {
            Some("It was interrupted and runs again when its turn comes.".to_owned())
        }
        (
            JobState::Pending | JobState::Processing | JobState::Completed | JobState::Failed | JobState::Discarded,
            ..,
        ) => reason,
    }
}

fn as_json(job: &StoredJob) -> serde_json::Value {
    let time = |ms: Option<i64>| ms.map(Timestamp::from_ms);
    let outputs: serde_json::Map<String, serde_json::Value> =
        job.outputs.iter().map(|(name, text)| (name.clone(), text.clone().into())).collect();
    serde_json::json!({
        "id": job.id,
        "run": job.run,
        "step": job.step,
        "origin": job.origin,
        "session": job.session,
        "event": job.event,
        "event_type": job.event_type,
        "viewer": job.viewer,
        "service": job.service,
        "action": job.kind,
        "with": job.parameters,
        "state": job.state,
        "reason": job.reason,
        "why": why(job),
        "outputs": outputs,
        "priority": job.priority,
        "mode": job.mode,
        "attempt": job.attempt,
        "interrupted": job.interrupted,
        "due": time(job.due_ms),
        "held_since": time(job.held_since_ms),
        "created": time(Some(job.created_ms)),
        "started": time(job.started_ms),
        "ended": time(job.ended_ms),
    })
}
