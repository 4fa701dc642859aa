//! What a run of the whole system captures and does, and how it is begun.

use std::process::ExitCode;

use cuelight_core::rule_set::RuleSet;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::engine::{self, Engine, OldJobs};
use cuelight_runtime::publish::Publication;
use cuelight_runtime::report::story::Language;
use cuelight_runtime::runtime::Runtime;
use cuelight_runtime::source::EventSource;
use cuelight_runtime::store::Settings;

use super::watch::Watch;
use crate::failure::Failure;
use crate::open;
use crate::story::Story;

/// What is to be captured and done.
pub(crate) struct Plan<'a> {
    /// The source, as people call it.
    pub(crate) source_name: String,
    /// Opens the source, as often as it is needed.
    pub(crate) open: &'a dyn Fn() -> Result<Box<dyn EventSource>, Failure>,
    /// Whose live it is, where that is known before.
    pub(crate) streamer: Option<&'a str>,
    /// A name for the session.
    pub(crate) session_name: Option<&'a str>,
    /// Rules in place of those of the data folder.
    pub(crate) rules: Option<RuleSet>,
    /// The settings at the start.
    pub(crate) settings: Settings,
    /// What is published, if anything is.
    pub(crate) publication: Option<Publication>,
    /// 0 = until stopped.
    pub(crate) duration_seconds: u64,
    /// A streamer who is not live is waited for.
    pub(crate) waits: bool,
    /// What becomes of jobs of earlier sessions.
    pub(crate) old_jobs: OldJobs,
    /// The language of the text.
    pub(crate) language: Language,
    /// Steps of gift combos and jobs that begin are shown, too.
    pub(crate) verbose: bool,
}

impl Plan<'_> {
    /// Runs the whole system to its end.
    pub(crate) fn carry_out(&self, runtime: &Runtime) -> Result<ExitCode, Failure> {
        // What cannot be opened is told before anything happens.
        let source = (self.open)()?;
        let clock = Clock::system();
        engine::hold_old_jobs(runtime.store(), &clock)?;
        let reader = runtime.store().reader()?;
        let services = reader.services()?;
        let story = Story::begin(self.language, self.verbose, reader, services.clone())?;
        open::block_on(async {
            let engine = Engine::start(runtime.store(), &services, &clock).map_err(Failure::failed)?;
            Watch { plan: self, runtime, engine, story }.run(source).await
        })?
    }
}
