//! What `run` and `work` show while they run: the heading, events, jobs and statistics.

use std::collections::BTreeMap;
use std::time::Duration;

use cuelight_core::id::{JobId, ServiceId, SessionId};
use cuelight_core::service::Service;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::report::console::Detail;
use cuelight_runtime::report::statistics::{self, ServiceStatistics, SessionStatistics, StatisticsView};
use cuelight_runtime::report::story::{self, Language, ServiceHeading, SessionHeading, Start, WorkerState};
use cuelight_runtime::store::{QueueCounts, Reader, StoreError};
use cuelight_runtime::worker::{Happened, Resting, ServiceState, Statuses, Told, WorkNews};

use crate::console::{print_line, tell_error};

/// How often the statistics are shown.
pub(crate) const STATISTICS_EVERY: Duration = Duration::from_secs(30);

/// The story of one run of the program, told in one language.
pub(crate) struct Story {
    language: Language,
    verbose: bool,
    reader: Reader,
    started_ms: i64,
    /// Jobs up to this one had ended before.
    ended_through: JobId,
    /// What of the later ones had ended before.
    ended_before: BTreeMap<ServiceId, QueueCounts>,
    services: Vec<Service>,
}

impl Story {
    /// Begins now, with these services: what was done before is not counted.
    pub(crate) fn begin(
        language: Language,
        verbose: bool,
        reader: Reader,
        services: Vec<Service>,
    ) -> Result<Self, StoreError> {
        let ended_through = reader.ended_through()?;
        let ended_before = reader.queue_counts(ended_through)?;
        Ok(Self {
            language,
            verbose,
            reader,
            started_ms: Clock::system().now_ms(),
            ended_through,
            ended_before,
            services,
        })
    }

    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// The block at the beginning.
    pub(crate) fn heading(&self, streamer: Option<&str>, session: Option<SessionHeading<'_>>, statuses: &Statuses) {
        let services: Vec<_> = self.services.iter().map(|service| service_heading(service, statuses)).collect();
        let start = Start {
            streamer,
            started_ms: self.started_ms,
            utc_offset_s: Clock::system().utc_offset_s(),
            session,
            services: &services,
        };
        print_line(&story::start(self.language, &start));
    }

    /// Workers that waited for another process, or for their service, and need not any more.
    pub(crate) fn took_over(&self, services: &[ServiceId], statuses: &Statuses) {
        for service in self.services.iter().filter(|service| services.contains(&service.id)) {
            print_line(&story::worker_line(self.language, &service_heading(service, statuses)));
        }
    }

    /// Services that keep jobs nobody does for now, where everything else is done.
    pub(crate) fn resting(&self, services: &[Resting]) {
        for Resting { service_name, is_paused, jobs } in services {
            print_line(&match is_paused {
                true => story::paused_keeps_jobs(self.language, service_name, *jobs),
                false => story::off_keeps_jobs(self.language, service_name, *jobs),
            });
        }
    }

    /// One event that was committed.
    pub(crate) fn event(&self, event: &cuelight_core::event::Event) {
        let detail = if self.verbose { Detail::Steps } else { Detail::Counted };
        if let Some(line) = story::event_line(self.language, event, detail) {
            print_line(&line);
        }
    }

    /// What happened to a job.
    pub(crate) fn news(&self, told: &Told) {
        let news = match told {
            Told::News(news) => news,
            Told::Missed(count) => {
                tell_error(&format!("⚠️ {count} lines about jobs came too fast to be shown; the jobs ran"));
                return;
            }
        };
        if let Some(line) = self.news_line(news) {
            print_line(&line);
        }
    }

    fn news_line(&self, news: &WorkNews) -> Option<String> {
        let job = story::Job {
            service: &news.service_name,
            event_type: news.event_type,
            kind: &news.kind,
            priority: news.priority,
        };
        match &news.happened {
            Happened::Started => self.verbose.then(|| story::started_line(self.language, &job)),
            Happened::StartedAgain => Some(story::interrupted_line(self.language, &job)),
            Happened::Retried { wait_ms, reason } => Some(story::retry_line(self.language, &job, *wait_ms, reason)),
            Happened::Ended(ending) => Some(story::verdict_line(self.language, &job, ending)),
        }
    }

    /// The block that is shown every so often.
    pub(crate) fn statistics(&self, session: Option<(SessionId, u64)>, statuses: &Statuses) -> Result<(), StoreError> {
        print_line(&statistics::text(self.language, &self.view(session, statuses)?));
        Ok(())
    }

    /// The block at the end.
    pub(crate) fn end(&self, session: Option<(SessionId, u64)>, statuses: &Statuses) -> Result<(), StoreError> {
        print_line(&statistics::end(self.language, &self.view(session, statuses)?));
        Ok(())
    }

    fn view(&self, session: Option<(SessionId, u64)>, statuses: &Statuses) -> Result<StatisticsView, StoreError> {
        let counts = self.reader.queue_counts(self.ended_through)?;
        let is_on = |service: &&Service| worker_state(service, statuses) != WorkerState::Off;
        let services = self.services.iter().filter(is_on).map(|service| {
            let counts = counts.get(&service.id).copied().unwrap_or_default();
            let before = self.ended_before.get(&service.id).copied().unwrap_or_default();
            ServiceStatistics {
                name: service.name.clone(),
                worker: worker_state(service, statuses),
                pending: counts.pending,
                processing: counts.processing,
                async_running: runs_several(service).then_some(counts.async_running),
                completed: counts.completed.saturating_sub(before.completed),
                failed: counts.failed.saturating_sub(before.failed),
                discarded: counts.discarded.saturating_sub(before.discarded),
            }
        });
        Ok(StatisticsView {
            up_ms: (Clock::system().now_ms() - self.started_ms).unsigned_abs(),
            session: session.map(|(id, events)| SessionStatistics { id, events }),
            services: services.collect(),
        })
    }
}

/// Whether jobs of the service may run beside each other.
fn runs_several(service: &Service) -> bool {
    use cuelight_core::service::Mode;
    service.events.values().chain([&service.others]).any(|config| config.mode == Mode::Async)
}

fn service_heading<'a>(service: &'a Service, statuses: &Statuses) -> ServiceHeading<'a> {
    let worker = worker_state(service, statuses);
    ServiceHeading { name: &service.name, worker, max_queue_size: service.max_queue_size }
}

fn worker_state(service: &Service, statuses: &Statuses) -> WorkerState {
    match statuses.get(&service.id).map(|status| &status.state) {
        None | Some(ServiceState::Off) => WorkerState::Off,
        Some(ServiceState::WaitingForLock { process }) => WorkerState::Elsewhere { process: *process },
        Some(ServiceState::Starting | ServiceState::Idle | ServiceState::Running(_)) => WorkerState::Active,
        Some(ServiceState::Paused) => WorkerState::Paused,
        Some(ServiceState::Attention(_)) => WorkerState::InTrouble,
    }
}
