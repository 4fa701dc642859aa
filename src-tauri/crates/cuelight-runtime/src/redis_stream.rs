//! A stream of a Redis server, which events are published to and read from: the server's address and the workspace.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use cuelight_core::settings::{ConnectionSettings, WORKSPACE_ALLOWED, is_workspace_id};
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo as _, RedisResult};

/// How long opening a connection may take; a server that is there answers within one.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long an answer may take: a busy server far away needs less for a whole batch.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// A stream of a Redis server, written `URL/WORKSPACE`.
#[derive(Clone)]
pub struct RedisStream {
    connection: ConnectionInfo,
    workspace: String,
}

/// Two are the same stream, whoever logs in there.
impl PartialEq for RedisStream {
    fn eq(&self, other: &Self) -> bool {
        let place = |it: &Self| (it.connection.addr.clone(), it.connection.redis.db);
        place(self) == place(other) && self.workspace == other.workspace
    }
}

impl Eq for RedisStream {}

/// As it is written, without user and password.
impl fmt::Display for RedisStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.connection.addr {
            ConnectionAddr::TcpTls { .. } => "rediss",
            ConnectionAddr::Tcp(..) | ConnectionAddr::Unix(_) => "redis",
        };
        write!(f, "{scheme}://{}", self.place())?;
        match self.connection.redis.db {
            0 => {}
            database => write!(f, "/{database}")?,
        }
        write!(f, "/{}", self.workspace)
    }
}

/// Without the password.
impl fmt::Debug for RedisStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStream").field("place", &self.place()).field("key", &self.key()).finish_non_exhaustive()
    }
}

/// Why something names no stream. The text never holds the address: there may be a password in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RedisStreamError {
    /// There is no workspace behind the address.
    #[error("no workspace is named: it follows the last slash, as in redis://127.0.0.1:6379/my-live")]
    NoWorkspace,
    /// A workspace cannot be called that.
    #[error("a workspace cannot be called {workspace:?}: its name takes {WORKSPACE_ALLOWED}")]
    BadWorkspace {
        /// What it was called.
        workspace: String,
    },
    /// The address is none of a Redis server.
    #[error(
        "the address is none of a Redis server ({cause}); one looks like redis://127.0.0.1:6379, with rediss:// for TLS"
    )]
    BadUrl {
        /// What is wrong with it.
        cause: String,
    },
}

impl RedisStream {
    /// The stream of that workspace on the server of that address: `redis://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE]`,
    /// or `rediss://` for TLS.
    ///
    /// # Errors
    /// An address that cannot be one, or a workspace that cannot be called that.
    pub fn new(url: &str, workspace: &str) -> Result<Self, RedisStreamError> {
        let bad = |cause: &str| RedisStreamError::BadUrl { cause: cause.to_owned() };
        if !(url.starts_with("redis://") || url.starts_with("rediss://")) {
            return Err(bad("it begins with neither redis:// nor rediss://"));
        }
        if !is_workspace_id(workspace) {
            return Err(RedisStreamError::BadWorkspace { workspace: workspace.to_owned() });
        }
        let connection = url.into_connection_info().map_err(|error| bad(&error.to_string()))?;
        Ok(Self { connection, workspace: workspace.to_owned() })
    }

    /// Where the settings say, without the password; `None` unless they name both server and workspace.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn of_settings(settings: &ConnectionSettings) -> Result<Option<Self>, RedisStreamError> {
        match (&settings.redis_url, &settings.workspace_id) {
            (Some(url), Some(workspace)) => Self::new(url, workspace).map(Some),
            (Some(_) | None, _) => Ok(None),
        }
    }

    /// The same with this password, unless the address brought one along.
    #[must_use]
    pub fn with_password(mut self, password: &str) -> Self {
        self.connection.redis.password.get_or_insert_with(|| password.to_owned());
        self
    }

    /// Host and port, for people.
    #[must_use]
    pub fn place(&self) -> String {
        self.connection.addr.to_string()
    }

    /// The key of the stream: `tiktok:events:WORKSPACE`.
    #[must_use]
    pub fn key(&self) -> String {
        format!("tiktok:events:{}", self.workspace)
    }

    /// The last part of the key.
    pub(crate) fn workspace(&self) -> &str {
        &self.workspace
    }

    /// Opens a connection to the server.
    ///
    /// # Errors
    /// It cannot be reached in time, or does not let us in.
    pub(crate) async fn open(&self) -> RedisResult<MultiplexedConnection> {
        let patience =
            AsyncConnectionConfig::new().set_connection_timeout(CONNECT_TIMEOUT).set_response_timeout(ANSWER_TIMEOUT);
        let client = Client::open(self.connection.clone())?;
        client.get_multiplexed_async_connection_with_config(&patience).await
    }
}

/// Reads `URL/WORKSPACE`: what follows the last slash is the workspace.
impl FromStr for RedisStream {
    type Err = RedisStreamError;

    fn from_str(text: &str) -> Result<Self, RedisStreamError> {
        match text.rsplit_once('/') {
            Some((url, workspace)) if !workspace.is_empty() && !url.ends_with('/') => Self::new(url, workspace),
            _ => Err(RedisStreamError::NoWorkspace),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_follows_the_last_slash() {
        let check = |text: &str, place: &str, key: &str, database: i64| {
            let stream: RedisStream = text.parse().expect(text);
            assert_eq!((stream.place().as_str(), stream.key().as_str()), (place, key), "{text}");
            assert_eq!(stream.connection.redis.db, database, "{text}: the database");
        };
        check("redis://127.0.0.1:7001/luna-1", "127.0.0.1:7001", "tiktok:events:luna-1", 0);
        check("redis://127.0.0.1/3/luna.plays", "127.0.0.1:6379", "tiktok:events:luna.plays", 3);
        check("rediss://user:secret@redis.example/luna", "redis.example:6379", "tiktok:events:luna", 0);
    }

    #[test]
    fn it_is_shown_without_whoever_logs_in_and_read_again_as_the_same() {
        let check = |text: &str, shown: &str| {
            let stream: RedisStream = text.parse().expect(text);
            assert_eq!(stream.to_string(), shown, "{text}");
            assert_eq!(shown.parse(), Ok(stream), "{shown} is the same stream");
        };
        check("redis://127.0.0.1/luna", "redis://127.0.0.1:6379/luna");
        check("redis://user:secret@127.0.0.1:7001/3/luna", "redis://127.0.0.1:7001/3/luna");
        check("rediss://:secret@redis.example/luna", "rediss://redis.example:6379/luna");
        let other: RedisStream = "redis://127.0.0.1/mia".parse().expect("a stream");
        assert_ne!("redis://127.0.0.1/luna".parse(), Ok(other), "another workspace is another stream");
    }

    #[test]
    fn what_is_no_stream_is_answered_without_its_password() {
        let check = |text: &str, sentence: &str| {
            let error = text.parse::<RedisStream>().expect_err(text).to_string();
            assert!(error.contains(sentence), "{text}: {error:?} must say {sentence:?}");
            assert!(!error.contains("secret"), "{text}: {error:?} tells the password");
        };
        check("", "no workspace is named");
        check("luna", "no workspace is named");
        check("redis://:secret@127.0.0.1", "no workspace is named");
        check("redis://:secret@127.0.0.1/", "no workspace is named");
        check("redis://127.0.0.1/luna plays", "\"luna plays\"");
        check("http://:secret@127.0.0.1/luna", "neither redis:// nor rediss://");
        check("redis://:secret@127.0.0.1:port/luna", "none of a Redis server");
        check("redis://:secret@127.0.0.1/zero/luna", "database number");
    }

    #[test]
    fn a_password_of_the_address_wins() {
        let check = |text: &str, expected: &str| {
            let stream: RedisStream = text.parse().expect(text);
            let stream = stream.with_password("from-outside");
            assert_eq!(stream.connection.redis.password.as_deref(), Some(expected), "{text}");
            assert!(!format!("{stream:?}").contains(expected), "{stream:?} tells the password");
        };
        check("redis://127.0.0.1/luna", "from-outside");
        check("redis://:its-own@127.0.0.1/luna", "its-own");
    }
}
