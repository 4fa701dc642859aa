//! Publishing: a capture's events in a Redis stream, for programs that read them there.
//!
//! One event is one entry of `tiktok:events:WORKSPACE` with the fields `event_type`, `event_data` (the JSON of `data`),
//! `workspace_id` and `msg_id` (empty where the event has none), in order. Publishing follows the journal and never slows
//! it: while Redis does not answer, the events wait there. Within a run an event is published once, with one exception: a
//! server that was stopped with a batch in its hands, and goes on with it after we looked whether it had done so.

mod stream;

use std::time::Duration;

use cuelight_core::settings::ConnectionSettings;
use cuelight_core::totals::counts;
use redis::RedisError;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use self::stream::{Entry, Stream};
use crate::feed::{Committed, FeedReader};
use crate::redis_stream::{RedisStream, RedisStreamError};
use crate::store::StoreError;

/// Waits between tries double up to this.
const RETRY_WAIT_MAX: Duration = Duration::from_secs(30);

/// The wait between tries when the capture has ended and somebody waits for us.
const LAST_RETRY_WAIT: Duration = Duration::from_millis(500);

/// Connects to the server and reads the end of the stream; nothing is written.
pub async fn check(destination: RedisStream) -> PublishHealth {
    match Stream::new(destination).append(&[]).await {
        Ok(()) => PublishHealth::Publishing,
        Err(error) => trouble(&error),
    }
}

/// What is to be published, and where.
#[derive(Debug, Clone)]
pub struct Publication {
    /// The stream.
    pub destination: RedisStream,
    /// Which events.
    pub selection: Selection,
}

impl Publication {
    /// Those events to that stream, or else to that of the settings, where they name one; with that password, unless the
    /// address brings one along.
    ///
    /// # Errors
    /// The settings name what is no stream.
    pub fn wanted(
        destination: Option<&RedisStream>,
        selection: Selection,
        settings: &ConnectionSettings,
        password: Option<&str>,
    ) -> Result<Option<Self>, RedisStreamError> {
        let destination = match destination {
            Some(destination) => Some(destination.clone()),
            None => RedisStream::of_settings(settings)?,
        };
        let Some(destination) = destination else { return Ok(None) };
        let destination = match password {
            Some(password) => destination.with_password(password),
            None => destination,
        };
        Ok(Some(Self { destination, selection }))
    }
}

/// Which events are published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    /// Those that count: what happened, once.
    Counted,
    /// All that are journaled.
    All,
}

impl Selection {
    fn takes(self, committed: &Committed) -> bool {
        match self {
            Self::Counted => counts(&committed.event),
            Self::All => true,
        }
    }
}

/// How publishing goes, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublishHealth {
    /// Events are published as they come.
    Publishing,
    /// The server does not answer; events wait in the journal.
    Unreachable {
        /// What stopped us.
        cause: String,
    },
    /// The server answers, but does not take events; they wait in the journal.
    Refused {
        /// What it says.
        cause: String,
    },
}

/// How publishing ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// Events that the server has taken.
    pub published: u64,
    /// Events that it has not; they are in the journal.
    pub missing: u64,
}

/// Publishing at work, on a task of its own.
#[derive(Debug)]
pub struct Publishing {
    /// How it goes.
    pub health: watch::Receiver<PublishHealth>,
    /// Where to.
    pub destination: RedisStream,
    is_last_call: CancellationToken,
    give_up: CancellationToken,
    task: JoinHandle<Result<Published, StoreError>>,
}

impl Publishing {
    /// Starts publishing what that reader of the feed yields, from its first event on.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    #[must_use]
    pub fn start(publication: Publication, feed: FeedReader) -> Self {
        let Publication { destination, selection } = publication;
        let (health, health_reader) = watch::channel(PublishHealth::Publishing);
        let is_last_call = CancellationToken::new();
        let give_up = CancellationToken::new();
        let publisher = Publisher {
            feed,
            stream: Stream::new(destination.clone()),
            selection,
            health,
            is_last_call: is_last_call.clone(),
            batch: Vec::new(),
            published: 0,
        };
        let task = tokio::spawn(publisher.run(give_up.clone()));
        Self { health: health_reader, destination, is_last_call, give_up, task }
    }

    /// Waits until everything is published or `patience` is at its end. The capture must have ended.
    ///
    /// # Errors
    /// The journal could not be read to its end, so nobody knows how much is missing.
    ///
    /// # Panics
    /// Only when the task panicked, which is a defect.
    pub async fn finish(mut self, patience: impl Future<Output = ()>) -> Result<Published, StoreError> {
        self.is_last_call.cancel();
        let ended = tokio::select! {
            biased;
            ended = &mut self.task => ended,
            () = patience => {
                self.give_up.cancel();
                self.task.await
            }
        };
        ended.expect("publishing neither panics nor is aborted")
    }
}

/// The task.
#[derive(Debug)]
struct Publisher {
    feed: FeedReader,
    stream: Stream,
    selection: Selection,
    health: watch::Sender<PublishHealth>,
    is_last_call: CancellationToken,
    /// Taken from the feed and not yet taken by the server.
    batch: Vec<Entry>,
    published: u64,
}

impl Publisher {
    async fn run(mut self, give_up: CancellationToken) -> Result<Published, StoreError> {
        let missing = tokio::select! {
            biased;
            result = self.publish_all() => result.map(|()| 0),
            () = give_up.cancelled() => self.count_missing().await,
        };
        Ok(Published { published: self.published, missing: missing? })
    }

    async fn publish_all(&mut self) -> Result<(), StoreError> {
        // Without a first event: who named a server that is not there is told so at once.
        self.publish_batch().await;
        while let Some(committed) = self.feed.next().await? {
            let taken = committed.iter().filter(|it| self.selection.takes(it));
            self.batch = taken.map(|it| Entry::of(&it.event)).collect();
            if !self.batch.is_empty() {
                self.publish_batch().await;
            }
        }
        Ok(())
    }

    /// Tries until the server has taken the batch.
    async fn publish_batch(&mut self) {
        let mut was_open = self.stream.is_open();
        let mut failures = 0;
        loop {
            match self.stream.append(&self.batch).await {
                Ok(()) => break,
                // The server may close a connection that was idle for long: that is nothing to tell.
                Err(_) if was_open => was_open = false,
                Err(error) => {
                    self.tell(&error);
                    wait(failures, &self.is_last_call).await;
                    failures += 1;
                }
            }
        }
        self.published += self.batch.len() as u64;
        self.batch.clear();
        self.health.send_if_modified(|health| {
            let was_waiting = *health != PublishHealth::Publishing;
            *health = PublishHealth::Publishing;
            was_waiting
        });
    }

    /// Told once: a second cause of the same trouble is no news.
    fn tell(&self, error: &RedisError) {
        tracing::warn!(%error, "events could not be published");
        self.health.send_if_modified(|health| {
            let is_news = *health == PublishHealth::Publishing;
            if is_news {
                *health = trouble(error);
            }
            is_news
        });
    }

    async fn count_missing(&mut self) -> Result<u64, StoreError> {
        let mut missing = self.batch.len() as u64;
        while let Some(committed) = self.feed.next().await? {
            missing += committed.iter().filter(|it| self.selection.takes(it)).count() as u64;
        }
        Ok(missing)
    }
}

fn trouble(error: &RedisError) -> PublishHealth {
    let cause = error.to_string();
    if stream::is_answer(error) { PublishHealth::Refused { cause } } else { PublishHealth::Unreachable { cause } }
}

/// Waits until the next try: 1, 2, 4 … 30 s.
async fn wait(failures: u32, last_call: &CancellationToken) {
    if last_call.is_cancelled() {
        return tokio::time::sleep(LAST_RETRY_WAIT).await;
    }
    let wait = Duration::from_secs(1 << failures.min(5)).min(RETRY_WAIT_MAX);
    // The last call ends the wait, and the next try follows at once.
    let _ = tokio::time::timeout(wait, last_call.cancelled()).await;
}
