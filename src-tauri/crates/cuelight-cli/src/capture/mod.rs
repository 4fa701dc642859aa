//! `cuelight capture`: watches a live, prints what happens, journals and saves it.

mod announce;
mod output;
mod progress;
mod request;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::publish::{Destination, Publishing};
use cuelight_runtime::report::console::Detail;
use cuelight_runtime::report::summary;
use cuelight_runtime::runtime::{Capture, CaptureRequest, Runtime};
use cuelight_runtime::source::SourceStatus;
use cuelight_runtime::source::spec::SourceSpec;
use tokio::time::Instant;

use self::announce::Announcer;
use self::output::Output;
use self::progress::Progress;
use self::request::Request;
use crate::console::{TextTo, tell_error};
use crate::failure::Failure;
use crate::open;

/// How long the end of a capture waits for Redis to take what is left; a restart of the server fits in.
const PUBLISH_PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cuelight capture                                    asks for the user and the duration
  cuelight capture luna.plays --duration 30           thirty seconds, saved to livestream_events.json
  cuelight capture luna.plays --output live.jsonl     until Ctrl+C, one event a line as they come
  cuelight capture --source file:session.frames --all every event of a recording
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

    /// Where events come from: tiktok, tiktok:direct, simulator[:SCENARIO], file:PATH.
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

    /// Publishes the saved events to the Redis stream tiktok:events:WORKSPACE as they come; by default where the
    /// settings redis_url and workspace_id say. The password may come from CUELIGHT_SECRET_REDIS_PASSWORD.
    #[arg(long, value_name = "URL/WORKSPACE")]
    publish: Option<Destination>,

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
    for note in &runtime.notes {
        tell_error(&format!("⚠️ {}", note.in_english()));
    }
    let settings = runtime.store().settings()?;
    let text = if args.json { TextTo::Stderr } else { TextTo::Stdout };
    announce::title(text);
    let request = Request::of(&args, &settings)?;
    let publication = request::publication(&args, &settings)?;
    let output = Output::prepare(&args, runtime.store().reader()?)?;
    let source = request.source()?;
    let tasks = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::failed)?;
    tasks.block_on(async {
        let capture_request = CaptureRequest {
            source_name: args.source.to_string(),
            session_name: args.session_name.clone(),
            settings,
            publication,
        };
        let capture = runtime.capture(capture_request, source)?;
        watch(capture, output, &request, text).await
    })
}

/// Shows and saves what comes until the capture ends by itself, by its duration or by the streamer.
async fn watch(mut capture: Capture, mut output: Output, request: &Request, text: TextTo) -> Result<ExitCode, Failure> {
    let stopper = capture.stopper();
    let mut announcer = Announcer::new(text, request.duration_seconds);
    let mut progress = Progress::new(request.duration_seconds);
    let mut deadline: Option<Instant> = None;
    let mut interrupts = Interrupts::listen()?;
    let mut publishing = capture.publishing.take();
    loop {
        let publish_health = async {
            match &mut publishing {
                Some(publishing) => publishing.health.changed().await,
                None => std::future::pending().await,
            }
        };
        let until_deadline = async {
            match deadline {
                Some(deadline) => tokio::time::sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = interrupts.next() => {
                if interrupts.count > 1 {
                    std::process::exit(130);
                }
                progress.clear();
                tell_error("⏹️ Stopping… (Ctrl+C again ends at once)");
                stopper.stop();
                deadline = None;
            }
            Ok(()) = capture.status.changed() => {
                let status = capture.status.borrow_and_update().clone();
                if deadline.is_none() && matches!(status, SourceStatus::Connected { .. }) && request.duration_seconds > 0 {
                    deadline = Some(Instant::now() + Duration::from_secs(request.duration_seconds));
                    progress.begin();
                }
                progress.clear();
                announcer.status(&status);
            }
            Ok(()) = capture.health.changed() => {
                progress.clear();
                announcer.health(&capture.health.borrow_and_update().clone());
            }
            Ok(()) = publish_health => {
                progress.clear();
                if let Some(publishing) = &mut publishing {
                    announce::publishing(publishing);
                }
            }
            events = capture.feed.next() => {
                let Some(events) = events? else { break };
                progress.clear();
                output.write(&events)?;
                progress.show(output.breakdown());
            }
            () = until_deadline => {
                stopper.stop();
                deadline = None;
            }
            () = progress.due() => progress.show(output.breakdown()),
        }
    }
    progress.clear();
    let end = capture.end().await;
    let nothing_came = output.breakdown().total() == 0;
    if nothing_came && let Err(error) = end.outcome {
        announcer.refused(&error);
        return Err(error.into());
    }
    let saved = output.finish();
    text.line(summary::text(saved.breakdown()).trim_end_matches('\n'));
    text.line("");
    match saved.path() {
        Ok(path) => text.line(&format!("💾 Events saved to {}", path.display())),
        Err(error) => tell_error(&format!("⚠️ {error}\n   The events are in the journal: cuelight sessions export.")),
    }
    if let Some(publishing) = publishing {
        finish(publishing, &mut interrupts, text).await?;
    }
    end.journal?;
    end.outcome?;
    saved.into_status()
}

/// Gives publishing a moment for what is left, and tells what it came to.
async fn finish(publishing: Publishing, interrupts: &mut Interrupts, text: TextTo) -> Result<(), Failure> {
    let destination = publishing.destination.clone();
    let patience = async {
        tokio::select! {
            () = tokio::time::sleep(PUBLISH_PATIENCE) => {}
            () = interrupts.next() => {}
        }
    };
    let published = publishing.finish(patience).await?;
    announce::published(text, &destination, published);
    Ok(())
}

/// Ctrl+C, and what a service manager sends to end a program.
struct Interrupts {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    count: u32,
}

impl Interrupts {
    fn listen() -> Result<Self, Failure> {
        Ok(Self {
            #[cfg(unix)]
            terminate: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
                .map_err(Failure::failed)?,
            count: 0,
        })
    }

    async fn next(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        self.count += 1;
    }
}
