//! `cuelight run`: the whole system: workers, capture, statistics, until it is stopped.

mod plan;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use cuelight_app::dto::LiveSource;
use cuelight_app::live::{self, Publishes, Tries};
use cuelight_app::server::Wish;
use cuelight_core::handle::Handle;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::engine;
use cuelight_runtime::publish::Selection;
use cuelight_runtime::redis_stream::RedisStream;
use cuelight_runtime::report::story::Language;
use cuelight_runtime::runtime::Runtime;
use cuelight_runtime::source::spec::SourceSpec;

pub(crate) use self::plan::Plan;
use crate::capture::request;
use crate::failure::Failure;
use crate::opened_source::{no_user, opening};
use crate::{open, opened_source};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cuelight run luna.plays                       captures, and does what the rules say, until Ctrl+C
  cuelight run --source simulator               with an invented live
  cuelight run --source file:session.frames     with a recording, as fast as possible
  cuelight run --source tikfinity               with what TikFinity on this machine hears
  cuelight run luna.plays --old-jobs discard    forgets what still waits of earlier lives")]
pub(crate) struct RunArgs {
    /// The streamer: a handle, with or without @, or a link to the profile; by default the setting tiktok_user.
    user: Option<String>,

    /// Where events come from: tiktok[:WAY], simulator[:SCENARIO], file:PATH, tikfinity[:URL], redis:URL/WORKSPACE.
    #[arg(long, default_value = "tiktok")]
    source: SourceSpec,

    /// A name for the session.
    #[arg(long, value_name = "NAME")]
    session_name: Option<String>,

    /// Shows steps of gift combos and jobs that begin, too.
    #[arg(long)]
    verbose: bool,

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
    publish: Option<RedisStream>,

    /// Ends with status 3 when the streamer is not live, instead of waiting.
    #[arg(long)]
    no_wait: bool,

    /// What becomes of jobs of earlier lives.
    #[arg(
        long,
        value_enum,
        value_name = "hold|run|discard",
        default_value_t = OldJobs::Hold,
        hide_possible_values = true
    )]
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

pub(crate) fn run(args: &RunArgs, data_dir: Option<PathBuf>, language: Language) -> Result<ExitCode, Failure> {
    let folder = open::data_folder(data_dir)?;
    let runtime = Runtime::open(&folder, Clock::system())?;
    open::tell(&runtime.notes, language);
    open::seed(runtime.store())?;
    let settings = runtime.store().settings()?;
    let of_settings = || settings.connection.tiktok_user.clone().filter(|_| args.source.needs_user());
    let user = args.user.clone().or_else(of_settings);
    if user.is_none() && args.source.needs_user() {
        return Err(no_user("cuelight run"));
    }
    let user = user.map(|user| Handle::parse(&user)).transpose().map_err(Failure::wrong_use)?;
    let publication = opened_source::publication(args.publish.as_ref(), Selection::Counted, &settings, &args.source)?;
    let source = opened_source::with_password(&args.source)?;
    let live = live::Plan {
        source_name: args.source.to_string(),
        source: fed_by(&args.source),
        // What cannot be opened is told before anything happens.
        opening: opening(&source, user.as_ref(), runtime.store())?,
        creator: user,
        session_name: args.session_name.clone(),
        rules: None,
        publishes: publication.map_or(Publishes::Nothing, |publication| Publishes::This(Box::new(publication))),
        tries: if args.source.needs_user() && !args.no_wait { Tries::UntilLive } else { Tries::Once },
        old_jobs: Some(args.old_jobs.into()),
    };
    let plan =
        Plan { live, duration_seconds: args.duration, language, verbose: args.verbose, serving: Some(Wish::AsSet) };
    plan.carry_out(runtime)
}

fn fed_by(source: &SourceSpec) -> LiveSource {
    match source {
        SourceSpec::Tiktok | SourceSpec::TiktokBy(_) => LiveSource::Tiktok,
        SourceSpec::Tikfinity(_) => LiveSource::Tikfinity,
        SourceSpec::Redis(_) => LiveSource::Redis,
        SourceSpec::Simulator(_) => LiveSource::Simulator,
        SourceSpec::File(_) => LiveSource::Recording,
    }
}
