//! `cuelight replay`: a recording or a captured session, decided again.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use cuelight_core::clean::clean;
use cuelight_core::id::SessionId;
use cuelight_core::service::Services;
use cuelight_runtime::actions::Registry;
use cuelight_runtime::replay::{CapturedSession, ReplayWith, ReplayedDecision, replay};
use cuelight_runtime::source::EventSource;
use cuelight_runtime::source::recording::Recording;
use cuelight_runtime::source::simulator::Speed;
use cuelight_runtime::store::Store;
use tokio_util::sync::CancellationToken;

use crate::console::{print_line, tell_error};
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::{open, rules};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cuelight replay session.frames                    what today's rules would have done
  cuelight replay 12 --json                         session #12, one JSON object a decision
  cuelight replay session.frames --rules pack.json  with the rules of a file
  cuelight replay session.frames --execute --speed 1
                                                    and do it, as fast as it happened")]
pub(crate) struct ReplayArgs {
    /// A recording (.frames, .jsonl, .json), or the number of a captured session.
    what: String,

    /// Decides with the rules of this file instead of those in the data folder.
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,

    /// How fast: 1 = as it happened, 2 = twice as fast, max = as fast as possible.
    #[arg(long, value_name = "N|max", default_value = "max")]
    speed: Speed,

    /// Does what is decided: journals a session and runs its jobs.
    #[arg(long)]
    execute: bool,

    /// One JSON object a decision.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &ReplayArgs, data_dir: Option<PathBuf>) -> Result<ExitCode, Failure> {
    let store = open::store(data_dir)?;
    open::seed(&store)?;
    let reader = store.reader()?;
    let services = Services::new(reader.services()?);
    let rules = match &args.rules {
        Some(file) => rules::of_file(file, &services)?,
        None => rules::of_store(&reader, &services)?,
    };
    let source = source(&args.what, &store)?;
    let seed = captured(&args.what).map_or(0, |session| u64::from(session.0));
    let registry = Registry::built_in();
    let with = ReplayWith { rules: &rules, services: &services, registry: &registry, seed, utc_offset_s: 0 };
    open::tasks()?.block_on(watch(source, with, args))
}

async fn watch(source: Box<dyn EventSource>, with: ReplayWith<'_>, args: &ReplayArgs) -> Result<ExitCode, Failure> {
    let cancel = CancellationToken::new();
    let mut interrupts = Interrupts::listen()?;
    let mut show = |decision: ReplayedDecision| print_line(&line(&decision, args.json));
    let replaying = replay(source, with, args.speed, &cancel, &mut show);
    tokio::pin!(replaying);
    loop {
        tokio::select! {
            end = &mut replaying => {
                end?;
                return Ok(ExitCode::SUCCESS);
            }
            () = interrupts.next() => {
                if interrupts.count > 1 {
                    std::process::exit(130);
                }
                tell_error("⏹️ Stopping… (Ctrl+C again ends at once)");
                cancel.cancel();
            }
        }
    }
}

/// The session of that number, if it is one and no file has that name.
fn captured(what: &str) -> Option<SessionId> {
    let number = what.trim_start_matches('#').parse().ok()?;
    (!Path::new(what).exists()).then_some(SessionId(number))
}

fn source(what: &str, store: &Store) -> Result<Box<dyn EventSource>, Failure> {
    let Some(session) = captured(what) else {
        return Ok(Box::new(Recording::open(Path::new(what), None)?));
    };
    let reader = store.reader()?;
    if reader.session(session)?.is_none() {
        return Err(Failure::failed(format!("there is no session {session}"))
            .advising("See those there are: cuelight sessions list."));
    }
    Ok(Box::new(CapturedSession::new(reader, session)))
}

fn line(decision: &ReplayedDecision, json: bool) -> String {
    if json {
        return serde_json::to_string(decision).expect("texts, numbers and maps with text keys have a JSON form");
    }
    let mut line = match decision.event_type {
        Some(event_type) => format!("#{} {event_type}", decision.event),
        None => format!("after #{}", decision.event),
    };
    if let Some(viewer) = &decision.viewer {
        line.push_str(&format!(" @{}", clean(viewer)));
    }
    line.push_str(&match decision.fired {
        0 => format!(" · {}: did not fire", decision.rule),
        1 => format!(" · {}: fired", decision.rule),
        times => format!(" · {}: fired {times} times", decision.rule),
    });
    if let Some(reason) = &decision.because {
        line.push_str(&format!(". {}", reason.in_english()));
    }
    for job in &decision.jobs {
        line.push_str(&format!(
            " → [{}] {} (P:{}) {}",
            job.service,
            job.action,
            job.priority,
            clean(&job.parameters.to_string())
        ));
        if let Some(reason) = &job.because {
            line.push_str(&format!(" ✗ {}", reason.in_english()));
        }
    }
    line
}
