//! One stream of a Redis server, written to so that a lost answer neither loses nor doubles an event.

use cuelight_core::event::{Event, EventData};
use cuelight_core::limits::{STREAM_ENTRIES, STREAM_PAGE_ENTRIES};
use redis::aio::MultiplexedConnection;
use redis::{RedisError, RedisResult};

use crate::redis_stream::RedisStream;

/// The place before every entry of a stream.
const BEGINNING: &str = "0-0";

/// An event as the stream keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    event_type: &'static str,
    event_data: String,
    msg_id: String,
}

impl Entry {
    pub(super) fn of(event: &Event) -> Self {
        Self {
            event_type: event.event_type().as_str(),
            event_data: serde_json::to_string(&EventData(event)).expect("an event is JSON: its keys are text"),
            msg_id: event.stamp.msg_id.as_ref().map(ToString::to_string).unwrap_or_default(),
        }
    }

    fn fields<'a>(&'a self, workspace: &'a str) -> [(&'static str, &'a str); 4] {
        [
            ("event_type", self.event_type),
            ("event_data", &self.event_data),
            ("workspace_id", workspace),
            ("msg_id", &self.msg_id),
        ]
    }

    fn is(&self, stored: &StoredFields, workspace: &str) -> bool {
        let fields = self.fields(workspace);
        let expected = fields.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]);
        stored.iter().map(Vec::as_slice).eq(expected)
    }
}

/// Names and values in turn, as the server sends them.
type StoredFields = Vec<Vec<u8>>;

/// The writing end of a stream.
///
/// A batch is one transaction, so all of it is in the stream or nothing. When its answer is lost, the next try first looks
/// whether the batch is there, behind the last entry that was there before it.
#[derive(Debug)]
pub(super) struct Stream {
    destination: RedisStream,
    key: String,
    connection: Option<MultiplexedConnection>,
    /// The newest entry when the last batch was known to be there.
    position: Option<String>,
    is_answer_missing: bool,
}

impl Stream {
    pub(super) fn new(destination: RedisStream) -> Self {
        let key = destination.key();
        Self { destination, key, connection: None, position: None, is_answer_missing: false }
    }

    /// Whether there was a connection when last looked; it may be broken.
    pub(super) fn is_open(&self) -> bool {
        self.connection.is_some()
    }

    /// Appends a batch, opening a connection first where there is none; an empty batch only does that.
    ///
    /// After an error the same batch must be given again.
    ///
    /// # Errors
    /// The server cannot be reached, or did not take the batch.
    pub(super) async fn append(&mut self, entries: &[Entry]) -> RedisResult<()> {
        let result = self.append_to_open(entries).await;
        if result.is_err() {
            self.connection = None;
        }
        result
    }

    async fn append_to_open(&mut self, entries: &[Entry]) -> RedisResult<()> {
        let mut connection = self.open().await?;
        let position = match &self.position {
            Some(position) => position.clone(),
            None => self.newest(&mut connection).await?,
        };
        self.position = Some(position.clone());
        let Some(last) = entries.last() else { return Ok(()) };
        if self.is_answer_missing {
            let found = self.find(&mut connection, last, position).await?;
            self.is_answer_missing = false;
            if let Some(id) = found {
                self.position = Some(id);
                return Ok(());
            }
        }
        self.is_answer_missing = true;
        let mut batch = redis::pipe();
        batch.atomic();
        for entry in entries {
            batch.cmd("XADD").arg(&self.key).arg("MAXLEN").arg("~").arg(STREAM_ENTRIES).arg("*");
            batch.arg(&entry.fields(self.destination.workspace()));
        }
        let mut ids: Vec<String> = batch.query_async(&mut connection).await?;
        self.is_answer_missing = false;
        self.position = ids.pop();
        Ok(())
    }

    async fn open(&mut self) -> RedisResult<MultiplexedConnection> {
        if let Some(connection) = &self.connection {
            return Ok(connection.clone());
        }
        let connection = self.destination.open().await?;
        Ok(self.connection.insert(connection).clone())
    }

    async fn newest(&self, connection: &mut MultiplexedConnection) -> RedisResult<String> {
        let mut query = redis::cmd("XREVRANGE");
        query.arg(&self.key).arg("+").arg("-").arg("COUNT").arg(1);
        let found: Vec<(String, StoredFields)> = query.query_async(connection).await?;
        Ok(found.into_iter().next().map_or_else(|| BEGINNING.to_owned(), |(id, _)| id))
    }

    /// Where that entry stands behind a place, if it does. Others may write to the same stream.
    async fn find(
        &self,
        connection: &mut MultiplexedConnection,
        wanted: &Entry,
        mut behind: String,
    ) -> RedisResult<Option<String>> {
        loop {
            let mut query = redis::cmd("XRANGE");
            // Inclusive: `(` for "behind" is known to Redis only since 6.2.
            query.arg(&self.key).arg(&behind).arg("+").arg("COUNT").arg(STREAM_PAGE_ENTRIES);
            let page: Vec<(String, StoredFields)> = query.query_async(connection).await?;
            let workspace = self.destination.workspace();
            let found = page.iter().find(|(id, fields)| *id != behind && wanted.is(fields, workspace));
            if let Some((id, _)) = found {
                return Ok(Some(id.clone()));
            }
            match page.into_iter().next_back() {
                Some((id, _)) if id != behind => behind = id,
                _ => return Ok(None),
            }
        }
    }
}

/// Whether that error is an answer of the server, so that the connection is not what is wrong.
pub(super) fn is_answer(error: &RedisError) -> bool {
    !(error.is_io_error() || error.is_timeout() || error.is_connection_dropped())
}
