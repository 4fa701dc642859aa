//! The statistics that `cuelight run` and `cuelight work` show while they run, and the block that ends them.

use cuelight_core::id::SessionId;

use super::story::{FRAME, Language, WorkerState, in_columns};
use super::texts::{Text, tell, tell_count};

const MINUTE_MS: u64 = 60_000;

/// What is known at the moment of the statistics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatisticsView {
    /// How long it has been running, in milliseconds.
    pub up_ms: u64,
    /// The live that is captured, if one is.
    pub session: Option<SessionStatistics>,
    /// The services, in the order in which people see them.
    pub services: Vec<ServiceStatistics>,
}

/// What is captured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionStatistics {
    /// The session.
    pub id: SessionId,
    /// Events of it that count.
    pub events: u64,
}

/// How the queue of a service stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceStatistics {
    /// What people call it.
    pub name: String,
    /// Who works its queue.
    pub worker: WorkerState,
    /// Jobs that wait, whatever for.
    pub pending: u64,
    /// Jobs that run.
    pub processing: u64,
    /// Those of them that run beside others; `None` for a service that never runs two at once.
    pub async_running: Option<u64>,
    /// Jobs that did what they should.
    pub completed: u64,
    /// Jobs that could not.
    pub failed: u64,
    /// Jobs that were not tried.
    pub discarded: u64,
}

/// The block that is shown every so often; an empty line sets it apart from what came before.
#[must_use]
pub fn text(language: Language, view: &StatisticsView) -> String {
    let mut lines = vec![String::new(), FRAME.to_owned(), tell(language, Text::Statistics, &[])];
    lines.extend(body(language, view));
    lines.push(FRAME.to_owned());
    lines.join("\n")
}

/// The block that ends the story.
#[must_use]
pub fn end(language: Language, view: &StatisticsView) -> String {
    let mut lines = vec![String::new(), FRAME.to_owned(), tell(language, Text::End, &[])];
    lines.extend(body(language, view));
    let waiting: u64 = view.services.iter().map(|service| service.pending + service.processing).sum();
    lines.push(match waiting {
        0 => tell(language, Text::NothingWaits, &[]),
        waiting => tell_count(language, Text::JobsWait, waiting, &[]),
    });
    lines.push(FRAME.to_owned());
    lines.join("\n")
}

fn body(language: Language, view: &StatisticsView) -> Vec<String> {
    let minutes = view.up_ms / MINUTE_MS;
    let (hours, minutes) = (language.number(minutes / 60), (minutes % 60).to_string());
    let mut heading = vec![tell(language, Text::Up, &[("hours", &hours), ("minutes", &minutes)])];
    if let Some(session) = view.session {
        heading.push(tell(language, Text::SessionNumber, &[("id", &session.id.to_string())]));
        heading.push(tell(language, Text::Events, &[("count", &language.number(session.events))]));
    }
    let active = view.services.iter().filter(|service| service.worker == WorkerState::Active).count();
    heading.push(tell(language, Text::WorkersActive, &[("count", &language.number(active as u64))]));
    let mut lines = vec![heading.join("   ")];
    let names: Vec<&str> = view.services.iter().map(|service| service.name.as_str()).collect();
    for (service, name) in view.services.iter().zip(in_columns(&names)) {
        lines.push(format!("{} {name}   {}", light(service.worker), counts(language, service)));
    }
    lines
}

/// Green where work goes on here, yellow where it goes on elsewhere or later, red where it does not.
fn light(worker: WorkerState) -> &'static str {
    match worker {
        WorkerState::Active => "🟢",
        WorkerState::Elsewhere { .. } | WorkerState::Paused | WorkerState::InTrouble => "🟡",
        WorkerState::Off => "🔴",
    }
}

fn counts(language: Language, it: &ServiceStatistics) -> String {
    let number = |number| language.number(number);
    let waiting =
        tell(language, Text::Waiting, &[("pending", &number(it.pending)), ("processing", &number(it.processing))]);
    let running = it.async_running.map(|count| tell(language, Text::AsyncRunning, &[("count", &number(count))]));
    let [completed, failed, discarded] = [it.completed, it.failed, it.discarded].map(number);
    let ended = [("completed", completed.as_str()), ("failed", &failed), ("discarded", &discarded)];
    let ended = tell(language, Text::Ended, &ended);
    [Some(waiting), running, Some(ended)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
