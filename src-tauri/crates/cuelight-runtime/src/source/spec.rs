//! Which source to open, as people write it: `tiktok`, `simulator:busy`, `file:session.frames`, `tikfinity`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use cuelight_core::way::{NoWay, Way};

use super::simulator::Scenario;
use super::tikfinity::{FeedUrl, NoFeedUrl};
use crate::redis_stream::{RedisStream, RedisStreamError};

/// A source by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceSpec {
    /// TikTok, by whichever way in works.
    Tiktok,
    /// TikTok, by that way alone.
    TiktokBy(Way),
    /// The built-in simulator.
    Simulator(Scenario),
    /// A recording: events (`.jsonl`, `.json`) or wire bytes (`.frames`).
    File(PathBuf),
    /// TikFinity's feed: at that address, or where it usually is.
    Tikfinity(Option<FeedUrl>),
    /// A Redis stream that another Cuelight publishes to.
    Redis(RedisStream),
}

impl SourceSpec {
    /// Whether the source needs to be told whose live it is.
    #[must_use]
    pub fn needs_user(&self) -> bool {
        match self {
            Self::Tiktok | Self::TiktokBy(_) => true,
            Self::Simulator(_) | Self::File(_) | Self::Tikfinity(_) | Self::Redis(_) => false,
        }
    }
}

/// A source that there is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownSource {
    /// No source has that name.
    #[error(
        "there is no source {0:?}; choose tiktok[:WAY], simulator[:SCENARIO], file:PATH, tikfinity[:URL] or redis:URL/WORKSPACE"
    )]
    Name(String),
    /// TikTok has no such way in.
    #[error(transparent)]
    Way(#[from] NoWay),
    /// The simulator has no such scenario.
    #[error("the simulator has no scenario {name:?}; choose one of {known}")]
    Scenario {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// `file:` without a path.
    #[error("file: needs a path, as in file:session.frames")]
    NoPath,
    /// `tikfinity:` with something else behind it than a feed's address.
    #[error(transparent)]
    Feed(#[from] NoFeedUrl),
    /// `redis:` with something else behind it than a stream.
    #[error(transparent)]
    Redis(#[from] RedisStreamError),
}

impl FromStr for SourceSpec {
    type Err = UnknownSource;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (kind, rest) = match text.split_once(':') {
            Some((kind, rest)) => (kind, Some(rest)),
            None => (text, None),
        };
        match (kind, rest) {
            ("tiktok", None) => Ok(Self::Tiktok),
            ("tiktok", Some(way)) => Ok(Self::TiktokBy(way.parse()?)),
            ("simulator", None) => Ok(Self::Simulator(Scenario::SmallLive)),
            ("simulator", Some(name)) => scenario(name).map(Self::Simulator),
            ("file", Some(path)) if !path.is_empty() => Ok(Self::File(PathBuf::from(path))),
            ("file", _) => Err(UnknownSource::NoPath),
            ("tikfinity", None) => Ok(Self::Tikfinity(None)),
            ("tikfinity", Some(url)) => Ok(Self::Tikfinity(Some(url.parse()?))),
            // An address begins with the name already, so nobody has to write it twice.
            ("redis", Some(rest)) if !rest.starts_with("//") => Ok(Self::Redis(rest.parse()?)),
            ("redis" | "rediss", _) => Ok(Self::Redis(text.parse()?)),
            _ => Err(UnknownSource::Name(text.to_owned())),
        }
    }
}

/// The scenario of that name.
///
/// # Errors
/// [`UnknownSource::Scenario`] names those there are.
pub fn scenario(name: &str) -> Result<Scenario, UnknownSource> {
    Scenario::from_name(name).ok_or_else(|| UnknownSource::Scenario {
        name: name.to_owned(),
        known: Scenario::ALL.iter().map(|it| it.name()).collect::<Vec<_>>().join(", "),
    })
}

impl fmt::Display for SourceSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tiktok => f.write_str("tiktok"),
            Self::TiktokBy(way) => write!(f, "tiktok:{way}"),
            Self::Simulator(scenario) => write!(f, "simulator:{}", scenario.name()),
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Tikfinity(None) => f.write_str("tikfinity"),
            Self::Tikfinity(Some(url)) => write!(f, "tikfinity:{url}"),
            Self::Redis(stream) => stream.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_is_read_and_written_by_its_name() {
        let check = |text: &str, shown: &str| {
            let spec: SourceSpec = text.parse().expect(text);
            assert_eq!(spec.to_string(), shown, "{text}");
            assert_eq!(shown.parse(), Ok(spec), "{shown} is the same source");
        };
        check("tiktok", "tiktok");
        check("tiktok:direct", "tiktok:direct");
        check("simulator:busy", "simulator:busy");
        check("file:a.frames", "file:a.frames");
        check("tikfinity", "tikfinity");
        check("tikfinity:ws://192.168.1.7:21213", "tikfinity:ws://192.168.1.7:21213/");
        check("redis:redis://:secret@127.0.0.1:6379/luna", "redis://127.0.0.1:6379/luna");
        check("redis://127.0.0.1/luna", "redis://127.0.0.1:6379/luna");
        check("redis:rediss://redis.example/2/luna", "rediss://redis.example:6379/2/luna");
    }

    #[test]
    fn what_is_no_source_says_what_there_is() {
        let check = |text: &str, sentence: &str| {
            let error = text.parse::<SourceSpec>().expect_err(text).to_string();
            assert!(error.contains(sentence), "{text}: {error:?} must say {sentence:?}");
        };
        check("twitch", "tikfinity[:URL]");
        check("tiktok:sideways", "sideways");
        check("file:", "needs a path");
        check("tikfinity:http://127.0.0.1:21213", "ws://");
        check("tikfinity:", "ws://");
        check("redis", "no workspace is named");
        check("redis:127.0.0.1:6379/luna", "neither redis:// nor rediss://");
        check("redis://127.0.0.1:6379", "no workspace is named");
    }
}
