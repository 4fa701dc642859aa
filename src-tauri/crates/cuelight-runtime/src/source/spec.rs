//! Which source to open, as people write it: `tiktok`, `simulator:busy`, `file:session.frames`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::simulator::Scenario;

/// A source by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceSpec {
    /// TikTok, by whichever way in works.
    Tiktok,
    /// TikTok's socket, opened directly.
    TiktokDirect,
    /// The built-in simulator.
    Simulator(Scenario),
    /// A recording: events (`.jsonl`, `.json`) or wire bytes (`.frames`).
    File(PathBuf),
}

impl SourceSpec {
    /// Whether the source needs to be told whose live it is.
    #[must_use]
    pub fn needs_user(&self) -> bool {
        match self {
            Self::Tiktok | Self::TiktokDirect => true,
            Self::Simulator(_) | Self::File(_) => false,
        }
    }
}

/// A source that there is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownSource {
    /// No source has that name.
    #[error("there is no source {0:?}; choose tiktok, tiktok:direct, simulator[:SCENARIO] or file:PATH")]
    Name(String),
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
            ("tiktok", Some("direct")) => Ok(Self::TiktokDirect),
            ("simulator", None) => Ok(Self::Simulator(Scenario::SmallLive)),
            ("simulator", Some(name)) => scenario(name).map(Self::Simulator),
            ("file", Some(path)) if !path.is_empty() => Ok(Self::File(PathBuf::from(path))),
            ("file", _) => Err(UnknownSource::NoPath),
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
            Self::TiktokDirect => f.write_str("tiktok:direct"),
            Self::Simulator(scenario) => write!(f, "simulator:{}", scenario.name()),
            Self::File(path) => write!(f, "file:{}", path.display()),
        }
    }
}
