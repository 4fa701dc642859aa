//! The source `redis:`: what another Cuelight publishes to a Redis stream, read back by a consumer group.

mod entry;
mod group;

use std::convert::Infallible;
use std::pin::pin;

use compact_str::CompactString;
use cuelight_core::event::{Body, Connect, Event};
use cuelight_core::reason::Reason;
use cuelight_core::timestamp::Timestamp;
use redis::{ErrorKind, RedisError};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use self::entry::EntryId;
use self::group::{Entry, Group};
use super::pace::Pace;
use super::retry::wait_to_retry;
use super::{Batch, Closed, EventSender, EventSource, Fault, SourceEnd, SourceError, SourceFuture, SourceStatus};
use crate::redis_stream::RedisStream;

/// The events of a Redis stream, oldest first, then as they come.
///
/// An entry is acknowledged once its event is committed, so whatever happens in between, it comes again and is recognised.
/// The stream outlives lives: each `connect` in it opens the next session, and the source goes on until it is stopped. While
/// the server is away nothing is lost, so that is no gap.
#[derive(Debug, Clone)]
pub struct RedisSource {
    stream: RedisStream,
    user: Option<CompactString>,
    pace: Pace,
}

impl RedisSource {
    /// Reads that stream. `user` is whose live it is where the stream does not say; without it the workspace is taken.
    #[must_use]
    pub fn new(stream: RedisStream, user: Option<&str>) -> Self {
        Self { stream, user: user.map(CompactString::from), pace: Pace::default() }
    }

    /// Comes back after a break at another pace: only its waits matter here.
    #[must_use]
    pub fn with_pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }
}

impl EventSource for RedisSource {
    fn run<'a>(&'a mut self, out: &'a EventSender, cancel: &'a CancellationToken) -> SourceFuture<'a> {
        let reading = Reading { source: self, out, cancel, live: None, committed: None, was_in: false, failures: 0 };
        Box::pin(reading.run())
    }

    fn is_live(&self) -> bool {
        true
    }
}

/// The source at work.
struct Reading<'a> {
    source: &'a RedisSource,
    out: &'a EventSender,
    cancel: &'a CancellationToken,
    /// Whose live the events are of, once one was handed on.
    live: Option<Connect>,
    /// The last entry that is known to be safe.
    committed: Option<EntryId>,
    /// The server has let us read.
    was_in: bool,
    /// Tries in a row that failed.
    failures: usize,
}

/// Why reading ended.
enum Interruption {
    Stopped,
    Closed(Closed),
    Redis(RedisError),
}

impl From<RedisError> for Interruption {
    fn from(error: RedisError) -> Self {
        Self::Redis(error)
    }
}

impl From<Closed> for Interruption {
    fn from(closed: Closed) -> Self {
        Self::Closed(closed)
    }
}

impl Reading<'_> {
    async fn run(mut self) -> Result<SourceEnd, SourceError> {
        loop {
            let Err(interruption) = self.read_on().await;
            let error = match interruption {
                Interruption::Stopped => return Ok(SourceEnd::Stopped),
                Interruption::Closed(closed) => return Err(closed.into()),
                Interruption::Redis(error) => error,
            };
            if !self.was_in || is_refusal(&error) {
                return Err(self.failure(&error));
            }
            if !self.wait(&error).await {
                return Ok(SourceEnd::Stopped);
            }
        }
    }

    /// Reads for as long as the connection lasts.
    async fn read_on(&mut self) -> Result<Infallible, Interruption> {
        let mut group = self.unless_stopped(Group::join(&self.source.stream)).await??;
        if group.is_new {
            // Entries of a stream that was made anew may have any ids.
            self.committed = None;
        }
        let mut behind = EntryId::BEGINNING;
        loop {
            let page = self.unless_stopped(group.unacknowledged(behind)).await??;
            self.note_success();
            let Some((last, _)) = page.last() else { break };
            behind = *last;
            self.take(&mut group, page).await?;
        }
        loop {
            let page = self.unless_stopped(group.next()).await??;
            self.note_success();
            if !page.is_empty() {
                self.take(&mut group, page).await?;
            }
        }
    }

    async fn unless_stopped<T>(&self, what: impl Future<Output = T>) -> Result<T, Interruption> {
        self.cancel.run_until_cancelled(what).await.ok_or(Interruption::Stopped)
    }

    /// The server answered: what went wrong before is over.
    fn note_success(&mut self) {
        self.was_in = true;
        self.out.contact().hear(self.out.clock().now_ms());
        if std::mem::take(&mut self.failures) > 0
            && let Some(live) = &self.live
        {
            self.report(live);
        }
    }

    /// Hands a page on, waits until it is safe, and acknowledges it.
    async fn take(&mut self, group: &mut Group, page: Vec<Entry>) -> Result<(), Interruption> {
        let ids: Vec<EntryId> = page.iter().map(|(id, _)| *id).collect();
        let batch = self.batch_of(group, page).await?;
        if !batch.is_empty() {
            let receipt = self.unless_stopped(self.out.send(batch)).await??;
            self.with_patience(receipt.committed()).await??;
        }
        self.committed = self.committed.max(ids.last().copied());
        self.with_patience(group.acknowledge(ids.into_iter())).await??;
        Ok(())
    }

    /// Waits for that, once we are told to stop only for a moment more: what is safe and not acknowledged would come again in
    /// another session.
    async fn with_patience<T>(&self, what: impl Future<Output = T>) -> Result<T, Interruption> {
        let mut what = pin!(what);
        tokio::select! {
            biased;
            done = &mut what => return Ok(done),
            () = self.cancel.cancelled() => {}
        }
        timeout(self.source.pace.farewell_timeout, what).await.map_err(|_| Interruption::Stopped)
    }

    /// What a page holds that is not known to be safe, behind a `connect` where no session can be open yet.
    async fn batch_of(&mut self, group: &mut Group, page: Vec<Entry>) -> Result<Batch, Interruption> {
        let now_ms = self.out.clock().now_ms();
        let mut batch = Batch { received_ms: now_ms, ..Batch::default() };
        let first = page.first().map(|(id, _)| *id);
        for (id, fields) in page {
            if self.committed.is_some_and(|committed| id <= committed) {
                continue;
            }
            let event = match &fields {
                Some(fields) => fields.event(id),
                None => Err("the stream let go of it before it was acknowledged".to_owned()),
            };
            match event {
                Ok(event) => batch.events.push(event),
                Err(error) => {
                    tracing::warn!(%id, error, "an entry of the stream could not be read");
                    let place = format!("entry {id} of {}", self.source.stream.key());
                    let raw = fields.map(|fields| fields.joined()).unwrap_or_default();
                    batch.faults.push(Fault::keeping(Reason::RecordingBroken { place, error }, &raw));
                }
            }
        }
        let is_empty = batch.events.is_empty() && batch.faults.is_empty();
        let begins = matches!(batch.events.first(), Some(Event { body: Body::Connect(_), .. }));
        let lacks_connect = self.live.is_none() && !is_empty && !begins;
        if let Some(first) = first.filter(|_| lacks_connect) {
            let connect = self.unless_stopped(group.connect_at(first)).await??.unwrap_or_else(|| self.of_nobody());
            batch.events.insert(0, Event::own(Body::Connect(connect), Timestamp::from_ms(now_ms)));
        }
        for event in &batch.events {
            if let Body::Connect(connect) = &event.body {
                self.report(connect);
                self.live = Some(connect.clone());
            }
        }
        Ok(batch)
    }

    /// The live of a stream that does not say whose it is.
    fn of_nobody(&self) -> Connect {
        let unique_id = self.source.user.clone();
        let unique_id = unique_id.unwrap_or_else(|| CompactString::from(self.source.stream.workspace()));
        Connect { unique_id, ..Connect::default() }
    }

    fn report(&self, live: &Connect) {
        let (user, room_id) = (live.unique_id.clone(), live.room_id.clone());
        self.out.report(SourceStatus::Connected { user, room_id, way: None });
    }

    /// Waits until the next try; false where we were told to stop.
    async fn wait(&mut self, error: &RedisError) -> bool {
        tracing::warn!(%error, "the stream could not be read");
        self.failures += 1;
        let (cause, wait) = (self.failure(error).to_string(), self.source.pace.retry_wait(self.failures));
        wait_to_retry(self.out, self.cancel, cause, wait, self.failures).await
    }

    fn failure(&self, error: &RedisError) -> SourceError {
        let stream = &self.source.stream;
        let (place, cause) = (stream.place(), error.to_string());
        if is_refusal(error) || error.code().is_some() {
            SourceError::Denied { place: format!("the Redis stream {} at {place}", stream.key()), cause }
        } else {
            SourceError::Unreachable { place: format!("Redis at {place}"), cause }
        }
    }
}

/// Whether the server does not let us read, which only the streamer can mend.
fn is_refusal(error: &RedisError) -> bool {
    matches!(error.kind(), ErrorKind::AuthenticationFailed | ErrorKind::InvalidClientConfig)
        || matches!(error.code(), Some("NOAUTH" | "WRONGPASS" | "NOPERM" | "WRONGTYPE"))
}
