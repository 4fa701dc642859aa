//! `cuelight jobs list`: one line for each job, with why it stands where it does.

use cuelight_core::clean::clean;
use cuelight_core::decision::Origin;
use cuelight_core::id::ServiceId;
use cuelight_core::job::JobState;
use cuelight_core::timestamp::Timestamp;
use cuelight_runtime::report::story::Language;
use cuelight_runtime::report::texts::{self, Text, tell};
use cuelight_runtime::report::words;
use cuelight_runtime::store::{JobFilter, Reader, StoredJob};

use crate::console::{print_line, tell_error};
use crate::failure::Failure;
use crate::services;
use crate::sessions::moment;

/// Jobs read at once.
const PAGE_JOBS: u32 = 500;

/// Which jobs are listed, and how.
pub(super) struct List {
    /// Only jobs in this state.
    pub(super) state: Option<JobState>,
    /// Only jobs of this service.
    pub(super) service: Option<ServiceId>,
    /// At most so many.
    pub(super) limit: u32,
    /// One JSON object a job.
    pub(super) json: bool,
    /// The language of the text.
    pub(super) language: Language,
}

impl List {
    pub(super) fn run(self, reader: &Reader) -> Result<(), Failure> {
        let Self { state, service, limit, json, language } = self;
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
                print_line(&if json { as_json(job).to_string() } else { line(job, language) });
            }
        }
        if json {
            return Ok(());
        }
        if left == limit {
            tell_error(&tell(language, Text::NoSuchJobs, &[]));
        } else if left == 0 && !reader.jobs(&filter, 1)?.is_empty() {
            tell_error(&tell(language, Text::OlderJobs, &[]));
        }
        Ok(())
    }
}

fn line(job: &StoredJob, language: Language) -> String {
    let kind = job.kind.to_string();
    let what = job.event_type.map_or(kind.as_str(), |event_type| texts::event_type(language, event_type));
    let mut line = format!(
        "{:>6}  {}  {} {:<10}  [{}] {what} (P:{}) · {} {}",
        job.id.0,
        moment(job.created_ms),
        icon(job.state),
        job.state.as_str(),
        clean(job.service.as_str()),
        job.priority,
        clean(job.kind.as_str()),
        clean(&cause(&job.origin, language)),
    );
    if job.test {
        line.push_str(", as a test");
    }
    if let Some(why) = why(job, language) {
        line.push_str(" · ");
        line.push_str(&clean(&why));
    }
    line
}

/// What made it.
fn cause(origin: &Origin, language: Language) -> String {
    match origin {
        Origin::Rule(id) => tell(language, Text::JobByRule, &[("id", id.as_str())]),
        Origin::Default(_) => tell(language, Text::JobByDefault, &[]),
        Origin::Asked => tell(language, Text::JobByHand, &[]),
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
fn why(job: &StoredJob, language: Language) -> Option<String> {
    let reason = job.reason.as_ref().map(|reason| words::reason(language, reason));
    match (job.state, job.held_since_ms, job.due_ms) {
        (JobState::Pending, Some(_), _) => Some(tell(language, Text::JobIsHeld, &[])),
        (JobState::Pending, None, Some(due_ms)) => {
            let again = tell(language, Text::JobAgainAt, &[("time", &moment(due_ms))]);
            Some(reason.map_or(again.clone(), |reason| format!("{again} {reason}")))
        }
        (JobState::Pending, None, None) if job.interrupted => Some(tell(language, Text::JobRunsAgain, &[])),
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
        "why": why(job, Language::English),
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
