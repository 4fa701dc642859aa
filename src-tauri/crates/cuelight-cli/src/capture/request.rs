//! What is to be captured: from the arguments, and by asking for what is missing.

use cuelight_core::handle::Handle;
use cuelight_runtime::source::EventSource;
use cuelight_runtime::source::spec::SourceSpec;
use cuelight_runtime::store::{Settings, Store};

use super::CaptureArgs;
use crate::console::TextTo;
use crate::failure::Failure;
use crate::opened_source::{no_user, open_source, with_password};
use crate::prompt;

/// How long a capture takes when nobody says otherwise, in seconds.
const DEFAULT_DURATION_SECONDS: u64 = 60;

/// The longest duration that can be asked for: a week, longer than any live.
const LONGEST_SECONDS: u64 = 7 * 24 * 60 * 60;

/// What is to be captured.
#[derive(Debug)]
pub(super) struct Request {
    user: Option<Handle>,
    spec: SourceSpec,
    /// 0 = until stopped.
    pub(super) duration_seconds: u64,
}

impl Request {
    /// Takes the arguments and asks for what they lack, where somebody is there to answer.
    pub(super) fn of(args: &CaptureArgs, settings: &Settings, text: TextTo) -> Result<Self, Failure> {
        let needs_user = args.source.needs_user();
        let asks = needs_user && prompt::can_ask();
        let user = match &args.user {
            Some(user) => Some(user.clone()),
            None if asks => Some(ask_user(settings, text)?),
            None if needs_user => return Err(no_user("cuelight capture")),
            None => None,
        };
        let user = user.map(|user| Handle::parse(&user)).transpose().map_err(Failure::wrong_use)?;
        let duration_seconds = match args.duration {
            Some(seconds) => seconds,
            None if asks && !args.enqueue => ask_duration(text)?,
            None => 0,
        };
        Ok(Self { user, spec: with_password(&args.source)?, duration_seconds })
    }

    /// Opens the source.
    pub(super) fn source(&self, store: &Store) -> Result<Box<dyn EventSource>, Failure> {
        open_source(&self.spec, self.user.as_ref(), store)
    }
}

/// Reads a duration, with a sentence for what is none.
pub(crate) fn duration(text: &str) -> Result<u64, String> {
    text.parse().ok().filter(|seconds| *seconds <= LONGEST_SECONDS).ok_or_else(|| {
        format!("a duration is a whole number of seconds, at most {LONGEST_SECONDS} (a week); 0 means until stopped")
    })
}

fn ask_user(settings: &Settings, text: TextTo) -> Result<String, Failure> {
    match &settings.connection.tiktok_user {
        Some(user) => prompt::ask(text, &format!("Enter TikTok username (without @, Enter for {user}): "), Some(user)),
        None => prompt::ask(text, "Enter TikTok username (without @): ", None),
    }
}

fn ask_duration(text: TextTo) -> Result<u64, Failure> {
    let offer = DEFAULT_DURATION_SECONDS.to_string();
    let answer = prompt::ask(text, &format!("Capture duration in seconds (default {offer}): "), Some(&offer))?;
    let seconds = duration(&answer).map_err(Failure::wrong_use)?;
    text.line("");
    Ok(seconds)
}
