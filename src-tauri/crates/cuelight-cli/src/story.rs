//! What `run` and `work` show while they run: the heading, events, jobs and statistics.

use std::time::Duration;

use cuelight_core::id::{JobId, SessionId};
use cuelight_core::service::Service;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::report::console::Detail;
use cuelight_runtime::report::statistics::{self, ServiceStatistics, SessionStatistics, StatisticsView};
use cuelight_runtime::report::story::{self, Language, ServiceHeading, SessionHeading, Start, WorkerState};
use cuelight_runtime::store::{Reader, StoreError};
use cuelight_runtime::worker::{Happened, ServiceState, Statuses, Told, WorkNews};

use crate::console::{print_line, tell_error};

/// How often the statistics are shown.
pub(crate) const STATISTICS_EVERY: Duration = Duration::from_secs(30);

/// The story of one run of the program, told in one language.
pub(crate) struct Story {
    language: Language,
    verbose: bool,
    reader: Reader,
    started_ms: i64,
    /// Jobs up to this one are of earlier runs of the program.
    after_job: JobId,
    services: Vec<Service>,
}

impl Story {
    /// Begins now: what was done before is not counted.
    pub(crate) fn begin(language: Language, verbose: bool, reader: Reader) -> Result<Self, StoreError> {
        let (after_job, services) = (reader.newest_job()?, reader.services()?);
        Ok(Self { language, verbose, reader, started_ms: Clock::system().now_ms(), after_job, services })
    }

    /// The services in the order in which people see them.
    pub(crate) fn services(&self) -> &[Service] {
        &self.services
    }

    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// The block at the beginning.
    pub(crate) fn heading(&self, streamer: Option<&str>, session: Option<SessionHeading<'_>>, statuses: &Statuses) {
        let services: Vec<ServiceHeading<'_>> = self
            .services
            .iter()
            .map(|service| ServiceHeading {
                name: &service.name,
                worker: worker_state(service, statuses),
                max_queue_size: service.max_queue_size,
            })
            .collect();
        let start =
            Start { streamer, started_ms: self.started_ms, utc_offset_s: utc_offset_s(), session, services: &services };
        print_line(&story::start(self.language, &start));
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
        let counts = self.reader.queue_counts(self.after_job)?;
        let services = self.services.iter().filter(|service| service.active).map(|service| {
            let counts = counts.get(&service.id).copied().unwrap_or_default();
            ServiceStatistics {
                name: service.name.clone(),
                worker: worker_state(service, statuses),
                pending: counts.pending,
                processing: counts.processing,
                async_running: runs_several(service).then_some(counts.async_running),
                completed: counts.completed,
                failed: counts.failed,
                discarded: counts.discarded,
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

fn worker_state(service: &Service, statuses: &Statuses) -> WorkerState {
    match statuses.get(&service.id).map(|status| &status.state) {
        None => WorkerState::Off,
        Some(ServiceState::WaitingForLock { process }) => WorkerState::Elsewhere { process: *process },
        Some(ServiceState::Starting | ServiceState::Idle | ServiceState::Running(_)) => WorkerState::Active,
        Some(ServiceState::Paused) => WorkerState::Paused,
        Some(ServiceState::Attention(_)) => WorkerState::Broken,
    }
}

/// How far this machine's clock is ahead of UTC, in seconds.
pub(crate) fn utc_offset_s() -> i32 {
    jiff::tz::TimeZone::system().to_offset(jiff::Timestamp::now()).seconds()
}
