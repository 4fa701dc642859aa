//! A consumer group of a Redis stream: what was delivered and not acknowledged, what is new, and the word that it is safe.

use cuelight_core::event::{Body, Connect};
use cuelight_core::limits::{COMMIT_EVENTS, STREAM_ENTRIES, STREAM_PAGE_ENTRIES};
use redis::aio::MultiplexedConnection;
use redis::{Cmd, ErrorKind, RedisError, RedisResult};

use super::entry::{EntryId, Fields, NoEntryId};
use crate::redis_stream::RedisStream;

/// The group, and the one consumer in it: what it has not acknowledged waits on the server under this name, so it must stay
/// the same from run to run.
const NAME: &str = "cuelight";

/// How long the server holds an answer back while nothing is new, in milliseconds; shorter than an answer may take.
const BLOCK_MS: usize = 2_000;

/// Pages looked through for the newest `connect`: as many as the largest stream has.
const PAGES_BACK: u32 = STREAM_ENTRIES / STREAM_PAGE_ENTRIES + 1;

/// An entry: its id, and what it holds; nothing where the stream has let go of it since it was delivered.
pub(super) type Entry = (EntryId, Option<Fields>);

/// What the server sends of an entry.
type Sent = (String, Option<Vec<Vec<u8>>>);

/// The reading end of a stream, as the one consumer of its group. One command after the other, so one connection is enough.
#[derive(Debug)]
pub(super) struct Group {
    connection: MultiplexedConnection,
    key: String,
    /// Nobody had read the stream in this group before.
    pub(super) is_new: bool,
}

impl Group {
    /// Connects, and makes stream and group where there are none; a new group begins with the oldest entry.
    ///
    /// # Errors
    /// The server cannot be reached, or does not let us.
    pub(super) async fn join(stream: &RedisStream) -> RedisResult<Self> {
        let mut connection = stream.open().await?;
        let key = stream.key();
        let mut create = redis::cmd("XGROUP");
        create.arg("CREATE").arg(&key).arg(NAME).arg("0").arg("MKSTREAM");
        let is_new = match create.exec_async(&mut connection).await {
            Ok(()) => true,
            Err(error) if error.code() == Some("BUSYGROUP") => false,
            Err(error) => return Err(error),
        };
        Ok(Self { connection, key, is_new })
    }

    /// What was delivered to us behind that entry and never acknowledged, oldest first; empty at its end.
    ///
    /// # Errors
    /// The connection broke, or the server refused.
    pub(super) async fn unacknowledged(&mut self, behind: EntryId) -> RedisResult<Vec<Entry>> {
        let mut read = self.read();
        read.arg("STREAMS").arg(&self.key).arg(behind.to_string());
        self.entries(&read).await
    }

    /// What is new, oldest first; empty where nothing came for a while.
    ///
    /// # Errors
    /// The connection broke, or the server refused.
    pub(super) async fn next(&mut self) -> RedisResult<Vec<Entry>> {
        let mut read = self.read();
        read.arg("BLOCK").arg(BLOCK_MS).arg("STREAMS").arg(&self.key).arg(">");
        self.entries(&read).await
    }

    /// Tells the server that these are safe and need not come again.
    ///
    /// # Errors
    /// The connection broke, or the server refused; they will come again.
    pub(super) async fn acknowledge(&mut self, ids: impl Iterator<Item = EntryId>) -> RedisResult<()> {
        let mut acknowledge = redis::cmd("XACK");
        acknowledge.arg(&self.key).arg(NAME);
        ids.for_each(|id| {
            acknowledge.arg(id.to_string());
        });
        acknowledge.exec_async(&mut self.connection).await
    }

    /// Whose live the stream tells of at that entry: the newest `connect` up to there, if there is one.
    ///
    /// # Errors
    /// The connection broke, or the server refused.
    pub(super) async fn connect_at(&mut self, id: EntryId) -> RedisResult<Option<Connect>> {
        let mut end = id;
        for _ in 0..PAGES_BACK {
            let mut read = redis::cmd("XREVRANGE");
            // Inclusive: `(` for "before" is known to Redis only since 6.2.
            read.arg(&self.key).arg(end.to_string()).arg("-").arg("COUNT").arg(STREAM_PAGE_ENTRIES);
            let page: Vec<Sent> = read.query_async(&mut self.connection).await?;
            let page = read_ids(page)?;
            let found = page.iter().find_map(|(id, fields)| match fields.as_ref()?.event(*id).ok()?.body {
                Body::Connect(connect) => Some(connect),
                _ => None,
            });
            match (found, page.last()) {
                (Some(connect), _) => return Ok(Some(connect)),
                (None, Some((oldest, _))) if *oldest != end => end = *oldest,
                (None, _) => return Ok(None),
            }
        }
        Ok(None)
    }

    fn read(&self) -> Cmd {
        let mut read = redis::cmd("XREADGROUP");
        read.arg("GROUP").arg(NAME).arg(NAME).arg("COUNT").arg(COMMIT_EVENTS);
        read
    }

    async fn entries(&mut self, read: &Cmd) -> RedisResult<Vec<Entry>> {
        let streams: Option<Vec<(String, Vec<Sent>)>> = read.query_async(&mut self.connection).await?;
        // It was asked for one stream.
        let entries = streams.into_iter().flatten().next().map(|(_, entries)| entries);
        read_ids(entries.unwrap_or_default())
    }
}

fn read_ids(entries: Vec<Sent>) -> RedisResult<Vec<Entry>> {
    let entries = entries.into_iter().map(|(id, fields)| {
        let id = id.parse().map_err(|error: NoEntryId| {
            RedisError::from((ErrorKind::TypeError, "the server sent no id", error.to_string()))
        })?;
        Ok((id, fields.map(Fields)))
    });
    entries.collect()
}
