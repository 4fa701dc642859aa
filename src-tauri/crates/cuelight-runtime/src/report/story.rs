//! What `cuelight run` and `cuelight work` tell while they run, in the language of whoever reads it.
//!
//! Names and words of viewers are cleaned.

mod events;
mod jobs;
mod language;

#[cfg(test)]
mod tests;

use cuelight_core::clean::clean;
use cuelight_core::id::SessionId;
use cuelight_core::timestamp::Timestamp;
use cuelight_core::way::Way;

use super::texts::{self, Text, tell, tell_count};

pub use events::event_line;
pub use jobs::{Job, interrupted_line, retry_line, started_line, verdict_line};
pub use language::{Language, NoLanguage};

/// The line above and below a block.
pub const FRAME: &str = "======================================================================";

/// What is known when the work begins.
#[derive(Debug, Clone, Copy)]
pub struct Start<'a> {
    /// The streamer's handle, where a live is captured.
    pub streamer: Option<&'a str>,
    /// When it began, ms since 1970.
    pub started_ms: i64,
    /// How far the reader's clock is ahead of UTC, in seconds.
    pub utc_offset_s: i32,
    /// The session, where a live is captured.
    pub session: Option<SessionHeading<'a>>,
    /// The services, in the order in which people see them.
    pub services: &'a [ServiceHeading<'a>],
}

/// A session as the heading shows it.
#[derive(Debug, Clone, Copy)]
pub struct SessionHeading<'a> {
    /// Its number.
    pub id: SessionId,
    /// Its name, if it has one.
    pub name: Option<&'a str>,
}

/// A service as the heading shows it.
#[derive(Debug, Clone, Copy)]
pub struct ServiceHeading<'a> {
    /// What people call it.
    pub name: &'a str,
    /// Who works its queue.
    pub worker: WorkerState,
    /// Jobs that may wait.
    pub max_queue_size: u32,
}

/// Who works a service's queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkerState {
    /// A worker of this process.
    Active,
    /// Another process; ours waits until that one is gone.
    Elsewhere {
        /// That process, where it could be read.
        process: Option<u32>,
    },
    /// Nobody for now: somebody paused the service.
    Paused,
    /// Nobody: the service is switched off.
    Off,
    /// Nobody for now: the worker cannot go on; it tries again.
    InTrouble,
}

/// The block that begins the story.
#[must_use]
pub fn start(language: Language, start: &Start<'_>) -> String {
    let mut heading = Vec::new();
    if let Some(streamer) = start.streamer {
        heading.push(tell(language, Text::Streamer, &[("user", &clean(streamer))]));
    }
    heading.push(tell(language, Text::Started, &[("time", &moment(start.started_ms, start.utc_offset_s))]));
    if let Some(session) = start.session {
        let name = session.name.map_or_else(|| tell(language, Text::Unnamed, &[]).into(), clean);
        heading.push(tell(language, Text::SessionNamed, &[("id", &session.id.to_string()), ("name", &name)]));
    }
    let mut lines = vec![FRAME.to_owned(), tell(language, Text::Title, &[]), FRAME.to_owned(), heading.join("      ")];
    lines.extend([String::new(), tell(language, Text::Services, &[])]);
    let names: Vec<&str> = start.services.iter().map(|service| service.name).collect();
    for (service, name) in start.services.iter().zip(in_columns(&names)) {
        lines.push(service_line(language, &name, service));
    }
    let started = start.services.iter().filter(|service| service.worker == WorkerState::Active).count();
    lines.extend([tell_count(language, Text::WorkersStarted, started as u64, &[]), String::new()]);
    lines.join("\n")
}

/// Who works the queue of a service from now on.
#[must_use]
pub fn worker_line(language: Language, service: &ServiceHeading<'_>) -> String {
    service_line(language, &clean(service.name), service)
}

fn service_line(language: Language, name: &str, service: &ServiceHeading<'_>) -> String {
    format!("  🔧 {name}  {}", worker(language, service))
}

fn worker(language: Language, service: &ServiceHeading<'_>) -> String {
    let size = language.number(service.max_queue_size.into());
    match service.worker {
        WorkerState::Active => tell(language, Text::WorkerActive, &[("size", &size)]),
        WorkerState::Elsewhere { process: Some(process) } => {
            tell(language, Text::WorkerInProcess, &[("process", &process.to_string())])
        }
        WorkerState::Elsewhere { process: None } => tell(language, Text::WorkerElsewhere, &[]),
        WorkerState::Paused => tell(language, Text::ServicePaused, &[("size", &size)]),
        WorkerState::Off => tell(language, Text::ServiceOff, &[]),
        WorkerState::InTrouble => tell(language, Text::WorkerInTrouble, &[]),
    }
}

/// The first half of the line on getting in, shown before it is known how that goes.
#[must_use]
pub fn connecting(language: Language, streamer: &str) -> String {
    tell(language, Text::Connecting, &[("user", &clean(streamer))])
}

/// The first half of that line where a recording is read.
#[must_use]
pub fn reading(language: Language, source: &str) -> String {
    tell(language, Text::Reading, &[("source", &clean(source))])
}

/// The second half of the line: we are in.
#[must_use]
pub fn capturing(language: Language) -> String {
    format!("   {}", tell(language, Text::Capturing, &[]))
}

/// The second half of the line where nobody is live yet.
#[must_use]
pub fn waiting_for_live(language: Language, streamer: &str) -> String {
    format!("   {}", tell(language, Text::WaitingForLive, &[("user", &clean(streamer))]))
}

/// Nobody is live, and nobody is waited for.
#[must_use]
pub fn not_live(language: Language, streamer: &str) -> String {
    tell(language, Text::NotLive, &[("user", &clean(streamer))])
}

/// The connection was lost and is tried again.
#[must_use]
pub fn reconnecting(language: Language, wait_ms: u64, attempt: u32, cause: &str) -> String {
    let seconds = language.number(wait_ms.div_ceil(1000));
    let attempt = language.number(attempt.into());
    tell(language, Text::Reconnecting, &[("seconds", &seconds), ("attempt", &attempt), ("cause", &clean(cause))])
}

/// One way into the live did not work, and the next one is tried.
#[must_use]
pub fn climbing(language: Language, from: Way, to: Way, cause: &str) -> String {
    let (from, to) = (texts::way(language, from), texts::way(language, to));
    tell(language, Text::Climbing, &[("from", from), ("to", to), ("cause", &clean(cause))])
}

/// A captcha waits for the person at the screen.
#[must_use]
pub fn asking_person(language: Language, user: &str) -> String {
    tell(language, Text::AskingPerson, &[("user", &clean(user))])
}

/// What helps whoever watches, and an empty line before what happens.
#[must_use]
pub fn tips(language: Language, statistics_every_seconds: u64) -> String {
    let stop = tell(language, Text::TipStop, &[]);
    let seconds = language.number(statistics_every_seconds);
    format!("{stop} · {}\n", tell(language, Text::TipStatistics, &[("seconds", &seconds)]))
}

/// Jobs of an earlier live wait until somebody decides about them.
#[must_use]
pub fn old_jobs_held(language: Language, count: u64) -> String {
    tell_count(language, Text::OldJobsHeld, count, &[])
}

/// Jobs of an earlier live run now.
#[must_use]
pub fn old_jobs_run(language: Language, count: u64) -> String {
    tell_count(language, Text::OldJobsRun, count, &[])
}

/// Jobs of an earlier live were discarded.
#[must_use]
pub fn old_jobs_discarded(language: Language, count: u64) -> String {
    tell_count(language, Text::OldJobsDiscarded, count, &[])
}

/// A session that was cut off is taken up again.
#[must_use]
pub fn session_goes_on(language: Language, session: SessionId) -> String {
    tell(language, Text::SessionGoesOn, &[("id", &session.to_string())])
}

/// A paused service keeps jobs that nobody does for now.
#[must_use]
pub fn paused_keeps_jobs(language: Language, service: &str, count: u64) -> String {
    tell_count(language, Text::PausedKeepsJobs, count, &[("service", &clean(service))])
}

/// A service that is switched off keeps jobs that nobody does for now.
#[must_use]
pub fn off_keeps_jobs(language: Language, service: &str, count: u64) -> String {
    tell_count(language, Text::OffKeepsJobs, count, &[("service", &clean(service))])
}

/// Somebody wants it to end.
#[must_use]
pub fn stopping(language: Language) -> String {
    tell(language, Text::Stopping, &[])
}

/// The names, padded so that what follows them stands in one column.
pub(super) fn in_columns(names: &[&str]) -> Vec<String> {
    let cleaned: Vec<_> = names.iter().map(|name| clean(name)).collect();
    let width = cleaned.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    cleaned.iter().map(|name| format!("{name:width$}")).collect()
}

/// A moment to the second on a clock that is that far ahead of UTC.
fn moment(ms: i64, utc_offset_s: i32) -> String {
    let text = Timestamp::from_ms(ms.saturating_add(i64::from(utc_offset_s) * 1000)).to_string();
    text.get(..19).unwrap_or(&text).replace('T', " ")
}
