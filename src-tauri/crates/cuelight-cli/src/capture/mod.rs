//! `cuelight capture`: watches a live, prints what happens, journals and saves it.

mod announce;
mod filling;
mod output;
mod progress;
pub(crate) mod request;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::publish::Selection;
use cuelight_runtime::redis_stream::RedisStream;
use cuelight_runtime::report::console::Detail;
use cuelight_runtime::report::story::Language;
use cuelight_runtime::runtime::{CaptureRequest, Runtime};
use cuelight_runtime::source::spec::SourceSpec;

use self::filling::Filling;
use self::output::Output;
use self::request::Request;
use crate::console::TextTo;
use crate::failure::Failure;
use crate::{open, opened_source};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cuelight capture                                    asks for the user and the duration
  cuelight capture luna.plays --duration 30           thirty seconds, saved to livestream_events.json
  cuelight capture luna.plays --output live.jsonl     until Ctrl+C, one event a line as they come
  cuelight capture --source file:session.frames --all every event of a recording
  cuelight capture --source tikfinity                 what TikFinity on this machine hears
  cuelight capture --source redis://127.0.0.1/luna    what another Cuelight publishes there
  cuelight capture luna.plays --enqueue               fills the queues; cuelight work empties them
  cuelight capture luna.plays --publish redis://127.0.0.1:6379/luna
                                                      also to the Redis stream tiktok:events:luna")]
pub(crate) struct CaptureArgs {
    /// The streamer: a handle, with or without @, or a link to the profile.
    user: Option<String>,

    /// How long to capture, in seconds; 0 = until stopped.
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true, value_parser = request::duration)]
    duration: Option<u64>,

    /// Where to save the events; .jsonl is written as they come. An existing file is kept under a numbered name.
    #[arg(long, value_name = "FILE", default_value = "livestream_events.json")]
    output: PathBuf,

    /// Where events come from: tiktok[:WAY], simulator[:SCENARIO], file:PATH, tikfinity[:URL], redis:URL/WORKSPACE.
    #[arg(long, default_value = "tiktok")]
    source: SourceSpec,

    /// Shows and saves every event: viewer counts, combo steps, history and unknown messages too.
    #[arg(long)]
    all: bool,

    /// Shows the steps of gift combos too.
    #[arg(long)]
    verbose: bool,

    /// Prints events as JSON lines to stdout, and the text to stderr.
    #[arg(long)]
    json: bool,

    /// Also decides what the rules say, and fills the queues without running the jobs.
    #[arg(long)]
    enqueue: bool,

    /// Publishes the saved events to the Redis stream tiktok:events:WORKSPACE as they come; by default where the
    /// settings redis_url and workspace_id say. The password is the secret redis_password.
    #[arg(long, value_name = "URL/WORKSPACE")]
    publish: Option<RedisStream>,

    /// A name for the session.
    #[arg(long, value_name = "NAME")]
    session_name: Option<String>,
}

impl CaptureArgs {
    fn detail(&self) -> Detail {
        match (self.all, self.verbose) {
            (true, _) => Detail::All,
            (false, true) => Detail::Steps,
            (false, false) => Detail::Counted,
        }
    }
}

pub(crate) fn run(args: CaptureArgs, data_dir: Option<PathBuf>) -> Result<ExitCode, Failure> {
    let folder = open::data_folder(data_dir)?;
    let runtime = Runtime::open(&folder, Clock::system())?;
    open::tell(&runtime.notes, Language::English);
    let settings = runtime.store().settings()?;
    let text = if args.json { TextTo::Stderr } else { TextTo::Stdout };
    announce::title(text);
    let request = Request::of(&args, &settings, text)?;
    let selection = if args.all { Selection::All } else { Selection::Counted };
    let publication = opened_source::publication(args.publish.as_ref(), selection, &settings, &args.source)?;
    let output = Output::prepare(&args, runtime.store().reader()?)?;
    let source = request.source(runtime.store())?;
    if args.enqueue {
        open::seed(runtime.store())?;
    }
    open::block_on(async {
        let filling = if args.enqueue { Some(Filling::start(&runtime)?) } else { None };
        let deciding = filling.as_ref().map(Filling::deciding).transpose()?;
        let capture_request = CaptureRequest {
            source_name: args.source.to_string(),
            session_name: args.session_name.clone(),
            settings,
            publication,
            deciding,
        };
        let capture = runtime.capture(capture_request, source)?;
        let captured = watch::watch(capture, output, &request, text).await;
        if let Some(filling) = filling {
            filling.end(text).await?;
        }
        captured
    })?
}
