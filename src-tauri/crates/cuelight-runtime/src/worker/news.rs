//! What workers tell of their jobs while they work; whoever reads too slowly loses lines, never jobs.

use std::sync::Arc;

use cuelight_core::event::EventType;
use cuelight_core::id::{ActionKindId, JobId, ServiceId};
use cuelight_core::job::Ending;
use cuelight_core::limits;
use cuelight_core::priority::Priority;
use cuelight_core::reason::Reason;
use tokio::sync::broadcast;

/// Something that happened to a job.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkNews {
    /// The job.
    pub job: JobId,
    /// Its service.
    pub service: ServiceId,
    /// What people call the service.
    pub service_name: Arc<str>,
    /// What it does.
    pub kind: ActionKindId,
    /// The type of the event that caused it, if one did.
    pub event_type: Option<EventType>,
    /// Its place among waiting jobs.
    pub priority: Priority,
    /// What happened.
    pub happened: Happened,
}

/// What happened to a job; each is told after the commit that made it so.
#[derive(Debug, Clone, PartialEq)]
pub enum Happened {
    /// It begins.
    Started,
    /// It begins again: a crash or a stop had cut it off.
    StartedAgain,
    /// It failed and is tried again.
    Retried {
        /// After how long, in milliseconds.
        wait_ms: u64,
        /// What stopped it.
        reason: Reason,
    },
    /// It ended.
    Ended(Ending),
}

/// What a reader of the news gets.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// The next piece of news.
    News(WorkNews),
    /// So many pieces were lost because they were not read in time.
    Missed(u64),
}

/// Reads the news from the moment on at which it was made.
#[derive(Debug)]
pub struct NewsReader {
    news: broadcast::Receiver<WorkNews>,
}

impl NewsReader {
    /// The next piece of news, or how many were lost; `None` when the workers ended.
    ///
    /// Dropped before it is ready, it has taken nothing.
    pub async fn next(&mut self) -> Option<Told> {
        match self.news.recv().await {
            Ok(news) => Some(Told::News(news)),
            Err(broadcast::error::RecvError::Lagged(missed)) => Some(Told::Missed(missed)),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

/// The telling end.
#[derive(Debug, Clone)]
pub(super) struct News {
    news: broadcast::Sender<WorkNews>,
}

impl News {
    pub(super) fn new() -> Self {
        Self { news: broadcast::Sender::new(limits::WORK_NEWS) }
    }

    pub(super) fn tell(&self, news: WorkNews) {
        // Nobody reads: nothing to tell.
        let _ = self.news.send(news);
    }

    pub(super) fn reader(&self) -> NewsReader {
        NewsReader { news: self.news.subscribe() }
    }
}
