//! `cuelight replay`: a recording or a captured session, decided again.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use cuelight_app::dto::LiveSource;
use cuelight_app::live::{self, Publishes, Tries};
use cuelight_core::clean::clean;
use cuelight_core::id::SessionId;
use cuelight_core::service::Services;
use cuelight_runtime::actions::Registry;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::engine::OldJobs;
use cuelight_runtime::pipeline::seed_of;
use cuelight_runtime::replay::{CapturedSession, Paced, ReplayWith, ReplayedDecision, replay};
use cuelight_runtime::report::story::Language;
use cuelight_runtime::report::texts::{self, Text, tell, tell_count};
use cuelight_runtime::report::words;
use cuelight_runtime::runtime::Runtime;
use cuelight_runtime::source::EventSource;
use cuelight_runtime::source::recording::Recording;
use cuelight_runtime::source::simulator::Speed;
use cuelight_runtime::store::Store;
use tokio_util::sync::CancellationToken;

use crate::console::print_line;
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::opened_source::opened_once;
use crate::run::Plan;
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
    #[arg(long, conflicts_with = "json")]
    execute: bool,

    /// One JSON object a decision.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &ReplayArgs, data_dir: Option<PathBuf>, language: Language) -> Result<ExitCode, Failure> {
    if args.execute { execute(args, data_dir, language) } else { decide(args, data_dir, language) }
}

/// Shows what would be done.
fn decide(args: &ReplayArgs, data_dir: Option<PathBuf>, language: Language) -> Result<ExitCode, Failure> {
    let store = open::equipped_store(data_dir)?;
    let reader = store.reader()?;
    let services = Services::new(reader.services()?);
    let rules = match &args.rules {
        Some(file) => rules::of_file(file, &services, language)?,
        None => rules::of_store(&reader, &services, language)?,
    };
    let source = source(args, &store)?;
    let seed = captured(&args.what).map_or(0, seed_of);
    let registry = Registry::built_in();
    let gifts = reader.gifts()?;
    let with = ReplayWith {
        rules: &rules,
        services: &services,
        registry: &registry,
        gifts: &gifts,
        combo_idle_ms: reader.settings()?.connection.combo_idle_ms(),
        seed,
        utc_offset_s: Clock::system().utc_offset_s(),
    };
    open::block_on(watch(source, with, args, language))?
}

/// Does it, as a session of its own.
fn execute(args: &ReplayArgs, data_dir: Option<PathBuf>, language: Language) -> Result<ExitCode, Failure> {
    let runtime = Runtime::open(&open::data_folder(data_dir)?, Clock::system())?;
    open::tell(&runtime.notes, language);
    let store = runtime.store();
    open::seed(store)?;
    let services = Services::new(store.reader()?.services()?);
    let rules = args.rules.as_ref().map(|file| rules::of_file(file, &services, language)).transpose()?;
    let live = live::Plan {
        source_name: format!("replay:{}", args.what),
        source: LiveSource::Recording,
        opening: opened_once(source(args, store)?),
        creator: None,
        session_name: None,
        rules,
        publishes: Publishes::Nothing,
        tries: Tries::Once,
        old_jobs: Some(OldJobs::Hold),
    };
    let plan = Plan { live, duration_seconds: 0, language, verbose: false, serving: None };
    plan.carry_out(runtime)
}

async fn watch(
    source: Box<dyn EventSource>,
    with: ReplayWith<'_>,
    args: &ReplayArgs,
    language: Language,
) -> Result<ExitCode, Failure> {
    let cancel = CancellationToken::new();
    let mut interrupts = Interrupts::listen(language)?;
    let mut show = |decision: ReplayedDecision| print_line(&line(&decision, args.json, language));
    let replaying = replay(source, with, &cancel, &mut show);
    tokio::pin!(replaying);
    loop {
        tokio::select! {
            end = &mut replaying => {
                end?;
                return Ok(ExitCode::SUCCESS);
            }
            () = interrupts.next() => {
                interrupts.say_stopping();
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

/// What is replayed, at the speed that was asked for.
fn source(args: &ReplayArgs, store: &Store) -> Result<Box<dyn EventSource>, Failure> {
    let recording: Box<dyn EventSource> = match captured(&args.what) {
        None => Box::new(Recording::open(Path::new(&args.what), None)?),
        Some(session) => {
            let reader = store.reader()?;
            if reader.session(session)?.is_none() {
                return Err(Failure::failed(format!("there is no session {session}"))
                    .advising("See those there are: cuelight sessions list."));
            }
            Box::new(CapturedSession::new(reader, session))
        }
    };
    Ok(if args.speed == Speed::MAX { recording } else { Box::new(Paced::new(recording, args.speed)) })
}

fn line(decision: &ReplayedDecision, json: bool, language: Language) -> String {
    if json {
        return serde_json::to_string(decision).expect("texts, numbers and maps with text keys have a JSON form");
    }
    let event = format!("#{}", decision.event);
    let mut line = match decision.event_type {
        Some(event_type) => format!("{event} {}", texts::event_type(language, event_type)),
        None => tell(language, Text::ReplayAfter, &[("event", &event)]),
    };
    if let Some(viewer) = &decision.viewer {
        line.push_str(&format!(" @{}", clean(viewer)));
    }
    let rule = decision.rule.to_string();
    line.push_str(" · ");
    line.push_str(&match decision.fired {
        0 => tell(language, Text::ReplayDidNotFire, &[("rule", &rule)]),
        times => {
            let count = times.to_string();
            tell_count(language, Text::ReplayFired, times.into(), &[("rule", &rule), ("count", &count)])
        }
    });
    if let Some(reason) = &decision.because {
        line.push_str(&format!(". {}", words::reason(language, reason)));
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
            line.push_str(&format!(" ✗ {}", words::reason(language, reason)));
        }
    }
    line
}
