//! What is to be captured: from the arguments, and by asking for what is missing.

use cuelight_core::handle::Handle;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::publish::{Destination, Publication, Selection};
use cuelight_runtime::source::EventSource;
use cuelight_runtime::source::recording::Recording;
use cuelight_runtime::source::simulator::SimulatorSource;
use cuelight_runtime::source::spec::SourceSpec;
use cuelight_runtime::source::tiktok::direct::DirectSource;
use cuelight_runtime::store::Settings;

use super::CaptureArgs;
use crate::console::TextTo;
use crate::failure::Failure;
use crate::{open, prompt};

/// How long a capture takes when nobody says otherwise, in seconds.
const DEFAULT_DURATION_SECONDS: u64 = 60;

/// The environment variable with the password of Redis: the settings keep none, and arguments are seen by everybody.
const REDIS_PASSWORD_VARIABLE: &str = "CUELIGHT_SECRET_REDIS_PASSWORD";

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
        let needs_user = match &args.source {
            SourceSpec::Tiktok | SourceSpec::TiktokDirect => true,
            SourceSpec::Simulator(_) | SourceSpec::File(_) => false,
        };
        let asks = needs_user && prompt::can_ask();
        let user = match &args.user {
            Some(user) => Some(user.clone()),
            None if asks => Some(ask_user(settings, text)?),
            None if needs_user => return Err(no_user()),
            None => None,
        };
        let user = user.map(|user| Handle::parse(&user)).transpose().map_err(Failure::wrong_use)?;
        let duration_seconds = match args.duration {
            Some(seconds) => seconds,
            None if asks => ask_duration(text)?,
            None => 0,
        };
        Ok(Self { user, spec: args.source.clone(), duration_seconds })
    }

    /// Opens the source; the moment chooses the simulated live and the browser that we are.
    pub(super) fn source(&self) -> Result<Box<dyn EventSource>, Failure> {
        let seed = Clock::system().now_ms().unsigned_abs();
        Ok(match (&self.spec, &self.user) {
            (SourceSpec::Tiktok | SourceSpec::TiktokDirect, Some(user)) => {
                Box::new(DirectSource::new(user.clone(), open::tiktok_bases()?, seed))
            }
            (SourceSpec::Tiktok | SourceSpec::TiktokDirect, None) => return Err(no_user()),
            (SourceSpec::Simulator(scenario), Some(user)) => {
                Box::new(SimulatorSource::new(*scenario, seed).streamed_by(user.as_str()))
            }
            (SourceSpec::Simulator(scenario), None) => Box::new(SimulatorSource::new(*scenario, seed)),
            (SourceSpec::File(path), user) => Box::new(Recording::open(path, user.as_ref().map(Handle::as_str))?),
        })
    }
}

/// Where the events go beside the journal, if anywhere: where the argument says, else where the settings do.
pub(super) fn publication(args: &CaptureArgs, settings: &Settings) -> Result<Option<Publication>, Failure> {
    let destination = match (&args.publish, &settings.redis_url, &settings.workspace_id) {
        (Some(destination), _, _) => destination.clone(),
        (None, Some(url), Some(workspace)) => Destination::new(url, workspace).map_err(|error| {
            Failure::wrong_use(error).advising("Set it anew: cuelight config set redis_url redis://127.0.0.1:6379")
        })?,
        (None, _, _) => return Ok(None),
    };
    let destination = match std::env::var(REDIS_PASSWORD_VARIABLE) {
        Ok(password) => destination.with_password(&password),
        Err(_) => destination,
    };
    let selection = if args.all { Selection::All } else { Selection::Counted };
    Ok(Some(Publication { destination, selection }))
}

fn no_user() -> Failure {
    Failure::wrong_use("no user was given")
        .advising("Name the streamer, as in: cuelight capture luna.plays. Or try --source simulator.")
}

/// Reads a duration, with a sentence for what is none.
pub(super) fn duration(text: &str) -> Result<u64, String> {
    text.parse().ok().filter(|seconds| *seconds <= LONGEST_SECONDS).ok_or_else(|| {
        format!("a duration is a whole number of seconds, at most {LONGEST_SECONDS} (a week); 0 means until stopped")
    })
}

fn ask_user(settings: &Settings, text: TextTo) -> Result<String, Failure> {
    match &settings.tiktok_user {
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
