//! Where events are published: a Redis server and the workspace whose stream it keeps.

use std::fmt;
use std::str::FromStr;

use cuelight_core::settings::{ConnectionSettings, WORKSPACE_ALLOWED, is_workspace_id};
use redis::{ConnectionInfo, IntoConnectionInfo as _};

/// A stream of a Redis server, written `URL/WORKSPACE`.
#[derive(Clone)]
pub struct Destination {
    connection: ConnectionInfo,
    workspace: String,
}

/// Without the password.
impl fmt::Debug for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Destination").field("place", &self.place()).field("key", &self.key()).finish_non_exhaustive()
    }
}

/// Why something does not say where to publish. The text never holds the address: there may be a password in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DestinationError {
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

impl Destination {
    /// The stream of that workspace on the server of that address: `redis://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE]`,
    /// or `rediss://` for TLS.
    ///
    /// # Errors
    /// An address that cannot be one, or a workspace that cannot be called that.
    pub fn new(url: &str, workspace: &str) -> Result<Self, DestinationError> {
        let bad = |cause: &str| DestinationError::BadUrl { cause: cause.to_owned() };
        if !(url.starts_with("redis://") || url.starts_with("rediss://")) {
            return Err(bad("it begins with neither redis:// nor rediss://"));
        }
        if !is_workspace_id(workspace) {
            return Err(DestinationError::BadWorkspace { workspace: workspace.to_owned() });
        }
        let connection = url.into_connection_info().map_err(|error| bad(&error.to_string()))?;
        Ok(Self { connection, workspace: workspace.to_owned() })
    }

    /// Where the settings say, without the password; `None` unless they name both server and workspace.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn of_settings(settings: &ConnectionSettings) -> Result<Option<Self>, DestinationError> {
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

    pub(super) fn connection(&self) -> &ConnectionInfo {
        &self.connection
    }

    pub(super) fn workspace(&self) -> &str {
        &self.workspace
    }
}

/// Reads `URL/WORKSPACE`: what follows the last slash is the workspace.
impl FromStr for Destination {
    type Err = DestinationError;

    fn from_str(text: &str) -> Result<Self, DestinationError> {
        match text.rsplit_once('/') {
            Some((url, workspace)) if !workspace.is_empty() && !url.ends_with('/') => Self::new(url, workspace),
            _ => Err(DestinationError::NoWorkspace),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_follows_the_last_slash() {
        let check = |text: &str, place: &str, key: &str, database: i64| {
            let destination: Destination = text.parse().expect(text);
            assert_eq!((destination.place().as_str(), destination.key().as_str()), (place, key), "{text}");
            assert_eq!(destination.connection().redis.db, database, "{text}: the database");
        };
        check("redis://127.0.0.1:7001/luna-1", "127.0.0.1:7001", "tiktok:events:luna-1", 0);
        check("redis://127.0.0.1/3/luna.plays", "127.0.0.1:6379", "tiktok:events:luna.plays", 3);
        check("rediss://user:secret@redis.example/luna", "redis.example:6379", "tiktok:events:luna", 0);
    }

    #[test]
    fn what_is_no_destination_is_answered_without_its_password() {
        let check = |text: &str, sentence: &str| {
            let error = text.parse::<Destination>().expect_err(text).to_string();
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
            let destination: Destination = text.parse().expect(text);
            let destination = destination.with_password("from-outside");
            assert_eq!(destination.connection().redis.password.as_deref(), Some(expected), "{text}");
            assert!(!format!("{destination:?}").contains(expected), "{destination:?} tells the password");
        };
        check("redis://127.0.0.1/luna", "from-outside");
        check("redis://:its-own@127.0.0.1/luna", "its-own");
    }
}
