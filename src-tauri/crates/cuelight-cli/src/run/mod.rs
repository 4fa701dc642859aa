//! `cuelight run`: the whole system: workers, capture, statistics, until it is stopped.

mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use cuelight_core::handle::Handle;
use cuelight_core::rule_set::RuleSet;
use cuelight_core::service::Service;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::engine::{self, Engine};
use cuelight_runtime::publish::{Destination, Publication, Selection};
use cuelight_runtime::report::story::Language;
use cuelight_runtime::runtime::Runtime;
use cuelight_runtime::source::EventSource;
use cuelight_runtime::source::spec::SourceSpec;
use cuelight_runtime::store::Settings;

use self::watch::Watch;
use crate::capture::request;
use crate::failure::Failure;
use crate::opened_source::{needs_user, no_user, open_source};
use crate::story::Story;
use crate::{open, opened_source};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cuelight run luna.plays                       captures, and does what the rules say, until Ctrl+C
  cuelight run --source simulator               with an invented live
  cuelight run --source file:session.frames     with a recording, as fast as possible
  cuelight run luna.plays --old-jobs discard    forgets what still waits of earlier lives")]
pub(crate) struct RunArgs {
    /// The streamer: a handle, with or without @, or a link to the profile; by default the setting tiktok_user.
    user: Option<String>,

    /// Where events come from: tiktok, tiktok:direct, simulator[:SCENARIO], file:PATH.
    #[arg(long, default_value = "tiktok")]
    source: SourceSpec,

    /// A name for the session.
    #[arg(long, value_name = "NAME")]
    session_name: Option<String>,

    /// Shows steps of gift combos and jobs that begin, too.
    #[arg(long)]
    verbose: bool,

    /// The language of the text: en, es or vi.
    #[arg(long, value_name = "L", default_value = "en")]
    lang: Language,

    /// How long, in seconds; 0 = until stopped.
    #[arg(
        long,
        value_name = "SECONDS",
        default_value = "0",
        allow_negative_numbers = true,
        value_parser = request::duration
    )]
    duration: u64,

    /// Publishes events to the Redis stream tiktok:events:WORKSPACE as they come.
    #[arg(long, value_name = "URL/WORKSPACE")]
    publish: Option<Destination>,

    /// Ends with status 3 when the streamer is not live, instead of waiting.
    #[arg(long)]
    no_wait: bool,

    /// What becomes of jobs that still wait since earlier sessions.
    #[arg(long, value_enum, default_value_t = OldJobs::Hold)]
    old_jobs: OldJobs,
}

/// What becomes of jobs that still wait since earlier sessions.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum OldJobs {
    /// They stay until somebody decides.
    Hold,
    /// They run.
    Run,
    /// They are discarded.
    Discard,
}

impl From<OldJobs> for engine::OldJobs {
    fn from(old_jobs: OldJobs) -> Self {
        match old_jobs {
            OldJobs::Hold => Self::Hold,
            OldJobs::Run => Self::Run,
            OldJobs::Discard => Self::Discard,
        }
    }
}

pub(crate) fn run(args: &RunArgs, data_dir: Option<PathBuf>) -> Result<ExitCode, Failure> {
    let folder = open::data_folder(data_dir)?;
    let runtime = Runtime::open(&folder, Clock::system())?;
    open::tell(&runtime.notes);
    open::seed(runtime.store())?;
    let settings = runtime.store().settings()?;
    let user = args.user.clone().or_else(|| settings.tiktok_user.clone().filter(|_| needs_user(&args.source)));
    if user.is_none() && needs_user(&args.source) {
        return Err(no_user("cuelight run"));
    }
    let user = user.map(|user| Handle::parse(&user)).transpose().map_err(Failure::wrong_use)?;
    let publication = opened_source::publication(args.publish.as_ref(), Selection::Counted, &settings)?;
    let plan = Plan {
        source_name: args.source.to_string(),
        open: &|| open_source(&args.source, user.as_ref()),
        streamer: user.as_ref().map(Handle::as_str),
        session_name: args.session_name.as_deref(),
        rules: None,
        settings,
        publication,
        duration_seconds: args.duration,
        waits: needs_user(&args.source) && !args.no_wait,
        old_jobs: args.old_jobs.into(),
    };
    carry_out(&plan, &runtime, args.lang, args.verbose)
}

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
    pub(crate) old_jobs: engine::OldJobs,
}

/// Runs the whole system to its end.
pub(crate) fn carry_out(
    plan: &Plan<'_>,
    runtime: &Runtime,
    language: Language,
    verbose: bool,
) -> Result<ExitCode, Failure> {
    // What cannot be opened is told before anything happens.
    let source = (plan.open)()?;
    let clock = Clock::system();
    let old_jobs = engine::settle_old_jobs(runtime.store(), plan.old_jobs, &clock)?;
    let reader = runtime.store().reader()?;
    let services = reader.services()?;
    let active: Vec<Service> = services.iter().filter(|service| service.active).cloned().collect();
    let story = Story::begin(language, verbose, reader, services)?;
    open::tasks()?.block_on(async {
        let engine = Engine::start(runtime.store(), &active, &clock).map_err(Failure::failed)?;
        Watch { plan, runtime, engine, story }.run(source, old_jobs).await
    })
}
