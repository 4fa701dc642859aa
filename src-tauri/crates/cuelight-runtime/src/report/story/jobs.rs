//! One line for what becomes of a job.

use cuelight_core::clean::{clean, clean_to};
use cuelight_core::event::EventType;
use cuelight_core::id::ActionKindId;
use cuelight_core::job::Ending;
use cuelight_core::priority::Priority;
use cuelight_core::reason::Reason;

use super::Language;
use crate::report::texts::{Text, event_type, tell};
use crate::report::words;

/// The longest reason in a line, in characters; answers of servers may stand in it.
const REASON_CHARACTERS: usize = 300;

/// A job as its line names it.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// What people call its service.
    pub service: &'a str,
    /// The type of the event that caused it, if one did.
    pub event_type: Option<EventType>,
    /// What it does; names a job that no event caused.
    pub kind: &'a ActionKindId,
    /// Its place among waiting jobs.
    pub priority: Priority,
}

/// How the job ended.
#[must_use]
pub fn verdict_line(language: Language, job: &Job<'_>, ending: &Ending) -> String {
    match ending {
        Ending::Completed { .. } => line(language, Text::JobCompleted, job, &[]),
        Ending::Failed(because) => line(language, Text::JobFailed, job, &[("reason", &reason(language, because))]),
        Ending::Discarded(because) => {
            line(language, Text::JobDiscarded, job, &[("reason", &reason(language, because))])
        }
    }
}

/// The job begins.
#[must_use]
pub fn started_line(language: Language, job: &Job<'_>) -> String {
    line(language, Text::JobStarted, job, &[])
}

/// The job failed and is tried again.
#[must_use]
pub fn retry_line(language: Language, job: &Job<'_>, wait_ms: u64, because: &Reason) -> String {
    let seconds = language.tenths(wait_ms as f64 / 1000.0);
    line(language, Text::JobRetried, job, &[("seconds", &seconds), ("reason", &reason(language, because))])
}

/// The job ran when Cuelight ended before its time, and runs a second time.
#[must_use]
pub fn interrupted_line(language: Language, job: &Job<'_>) -> String {
    line(language, Text::JobInterrupted, job, &[])
}

fn line(language: Language, text: Text, job: &Job<'_>, values: &[(&str, &str)]) -> String {
    let service = clean(job.service);
    let kind = clean(job.kind.as_str());
    let what = job.event_type.map_or(&*kind, |it| event_type(language, it));
    let priority = job.priority.to_string();
    let mut all = vec![("service", &*service), ("what", what), ("priority", priority.as_str())];
    all.extend_from_slice(values);
    tell(language, text, &all)
}

/// The sentence without its full stop, for the end of a line.
fn reason(language: Language, reason: &Reason) -> String {
    let sentence = words::reason(language, reason);
    clean_to(&sentence, REASON_CHARACTERS).trim_end_matches('.').to_owned()
}
