//! What stopped a command: a sentence, what to do about it, and the exit status.

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

use cuelight_app::app::BeginError;
use cuelight_app::dto::{self, FailureCode};
use cuelight_core::clean::clean_to;
use cuelight_core::way::Way;
use cuelight_runtime::locks::LockError;
use cuelight_runtime::runtime::{JournalError, OpenError};
use cuelight_runtime::source::SourceError;
use cuelight_runtime::store::StoreError;

/// The longest sentence that is told; paths and words of servers may stand in it.
const SENTENCE_CHARACTERS: usize = 2_000;

/// A command that did not do what it was asked to.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    what_to_do: Option<String>,
    status: Status,
}

/// The exit statuses that scripts rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// Something went wrong.
    Failed = 1,
    /// The command was used wrongly.
    WrongUse = 2,
    /// The streamer is not live.
    NotLive = 3,
    /// There is no such user.
    NoSuchUser = 4,
    /// TikTok refused or blocked us.
    Refused = 5,
    /// Another engine uses the data folder.
    InUse = 6,
}

impl Failure {
    pub(crate) fn new(status: Status, what: impl Display) -> Self {
        Self { what: what.to_string(), what_to_do: None, status }
    }

    pub(crate) fn failed(what: impl Display) -> Self {
        Self::new(Status::Failed, what)
    }

    pub(crate) fn wrong_use(what: impl Display) -> Self {
        Self::new(Status::WrongUse, what)
    }

    fn in_use(what: impl Display) -> Self {
        Self::new(Status::InUse, what).advising("Stop it first, or choose another folder with --data-dir.")
    }

    fn disk_full(what: impl Display) -> Self {
        Self::failed(what).advising("Free some space, or choose another folder with --data-dir.")
    }

    /// A file that was to be written and cannot be.
    pub(crate) fn unwritable(path: &Path, error: impl Display) -> Self {
        Self::failed(format!("{} cannot be written: {error}", path.display()))
            .advising("Choose another file with --output.")
    }

    pub(crate) fn advising(mut self, what_to_do: impl Into<String>) -> Self {
        self.what_to_do = Some(what_to_do.into());
        self
    }

    /// A failure that was told already: only its status is left.
    pub(crate) fn told(status: Status) -> Self {
        Self::new(status, "")
    }

    /// Tells the sentence on stderr and gives the exit status.
    pub(crate) fn tell(&self) -> ExitCode {
        if !self.what.is_empty() {
            crate::console::tell_error(&format!("❌ {}", sentence(&clean_to(&self.what, SENTENCE_CHARACTERS))));
        }
        if let Some(what_to_do) = &self.what_to_do {
            crate::console::tell_error(&format!("   {what_to_do}"));
        }
        ExitCode::from(self.status as u8)
    }
}

/// Errors are lower case by habit; a sentence begins with a capital, unless it begins with the name of a file.
fn sentence(text: &str) -> String {
    let first_word = text.split(' ').next().unwrap_or_default();
    let is_name = first_word.contains(['.', '/', '\\']);
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if !is_name => first.to_uppercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        let (status, what_to_do) = match &error {
            // The text of the capture says it.
            SourceError::NotLive { .. } => return Self::told(Status::NotLive),
            SourceError::NoSuchUser { .. } => {
                (Status::NoSuchUser, Some("Check the spelling: it is the name behind the @ on the profile page."))
            }
            SourceError::Refused { .. } => (Status::Refused, Some("Wait a few minutes, then try again.")),
            SourceError::Blocked { .. } | SourceError::RateLimited { .. } => {
                (Status::Refused, Some("Wait a minute or two, then try again; another network may help, too."))
            }
            SourceError::NotPublic { .. } => {
                (Status::Refused, Some("Look whether you can watch it in a browser on this network."))
            }
            SourceError::WayClosed { way, .. } => (Status::Refused, Some(way_to_open(*way))),
            SourceError::NoWayLeft { .. } => (
                Status::Refused,
                Some("Wait a few minutes, then try again; a browser such as Chrome or another network may help, too."),
            ),
            SourceError::Captcha { .. } => (
                Status::Refused,
                Some("Open the live in a browser on this network, solve the captcha there, then try again."),
            ),
            SourceError::AgeRestricted { .. } => {
                (Status::Refused, Some("It can be watched in a browser with an account of your own."))
            }
            SourceError::NotUnderstood { .. } => (Status::Failed, Some("Please report this with the code above.")),
            SourceError::Unreachable { .. } => {
                (Status::Failed, Some("Check the internet connection, then try again; what was captured is saved."))
            }
            // The cause says what to change.
            SourceError::Denied { .. } => {
                (Status::Failed, Some("Look at what --source names: its address, its password, whose live it is."))
            }
            SourceError::Unreadable { .. } => {
                (Status::Failed, Some("A recording is a file of events (.jsonl, .json) or of wire bytes (.frames)."))
            }
            SourceError::Closed(_) => (Status::Failed, None),
        };
        let failure = Self::new(status, error);
        match what_to_do {
            Some(what_to_do) => failure.advising(what_to_do),
            None => failure,
        }
    }
}

/// What opens a way that cannot be gone.
fn way_to_open(way: Way) -> &'static str {
    match way {
        Way::Direct => "Try --source tiktok, which finds its own way in.",
        Way::Cookie | Way::Page => "Install Chrome or Chromium, or name one in CUELIGHT_CHROME.",
        Way::Sign => "Keep the key of your account at the sign server: cuelight secrets set sign_key",
        Way::Tikfinity => "Start TikFinity and have it connect to this streamer.",
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Locked(LockError::Taken { .. }) => Self::in_use(error),
            _ if error.is_disk_full() => Self::disk_full(error),
            _ => Self::failed(error),
        }
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        match error {
            JournalError::Store(error) => error.into(),
            error @ (JournalError::Thread(_) | JournalError::BrokeOff) => Self::failed(error),
        }
    }
}

impl From<LockError> for Failure {
    fn from(error: LockError) -> Self {
        match error {
            error @ LockError::Taken { .. } => Self::in_use(error),
            error @ LockError::Refused { .. } => Self::failed(error),
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Lock(error) => error.into(),
            OpenError::Store(error) => error.into(),
        }
    }
}

impl From<dto::Failure> for Failure {
    fn from(failure: dto::Failure) -> Self {
        if failure.code == FailureCode::DiskFull { Self::disk_full(failure) } else { Self::failed(failure) }
    }
}

impl From<BeginError> for Failure {
    fn from(error: BeginError) -> Self {
        match error {
            BeginError::Open(error) => error.into(),
            BeginError::Store(error) => error.into(),
            error @ BeginError::Workers(_) => Self::failed(error),
            BeginError::TikTok(error) => Self::wrong_use(error),
        }
    }
}
