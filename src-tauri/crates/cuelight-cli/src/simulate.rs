//! `cuelight simulate`: a recording of an invented live.

use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use cuelight_runtime::report::story::Language;
use cuelight_runtime::report::whole_file::WholeFile;
use cuelight_runtime::source::simulator::{RecordingFormat, RecordingPlan, Scenario, Speed, write_recording};
use cuelight_runtime::source::spec;

use crate::console::tell_error;
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::open;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cuelight simulate --output small.frames
  cuelight simulate --scenario raid-of-roses --seed 7 --output raid.jsonl
  cuelight simulate --scenario busy --events 250000 --output busy.frames

The same scenario and seed always give the same bytes.")]
pub(crate) struct SimulateArgs {
    /// What kind of live: small-live, typical, busy, raid-of-roses, battle-finish, missing-ends, reconnect-in-combo
    /// or everything.
    #[arg(long, default_value = "small-live", value_parser = spec::scenario)]
    scenario: Scenario,

    /// Makes the live different from others of its scenario.
    #[arg(long, default_value_t = 1, allow_negative_numbers = true)]
    seed: u64,

    /// Where to stop: after so many messages (.frames) or events (.jsonl).
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    events: Option<u64>,

    /// How fast to write: max, or a number (1 = as it would happen).
    #[arg(long, default_value = "max", value_name = "N|max", allow_negative_numbers = true)]
    speed: Speed,

    /// The recording: .frames for wire bytes, .jsonl for events. An existing file is kept under a numbered name.
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
}

pub(crate) fn run(args: SimulateArgs) -> Result<ExitCode, Failure> {
    let format = format_of(&args.output)?;
    let plan =
        RecordingPlan { scenario: args.scenario, seed: args.seed, length: args.events, speed: args.speed, format };
    let cannot = |error| Failure::unwritable(&args.output, error);
    let mut out = BufWriter::new(WholeFile::create(&args.output).map_err(cannot)?);
    let written = open::block_on(async {
        let mut interrupts = Interrupts::listen(Language::English)?;
        tokio::select! {
            written = write_recording(&plan, &mut out) => written.map(Some).map_err(cannot),
            // What was written so far is a recording too.
            () = interrupts.next() => Ok(None),
        }
    });
    let size = written??;
    out.into_inner().map_err(|error| cannot(error.into_error()))?.finish().map_err(cannot)?;
    match size {
        Some(size) => tell_error(&format!("💾 {} {} saved to {}", size.length, what(format), args.output.display())),
        None => tell_error(&format!("⏹️ Stopped; what came so far is in {}", args.output.display())),
    }
    Ok(ExitCode::SUCCESS)
}

fn format_of(path: &Path) -> Result<RecordingFormat, Failure> {
    match path.extension().and_then(|it| it.to_str()) {
        Some("frames") => Ok(RecordingFormat::Frames),
        Some("jsonl") => Ok(RecordingFormat::Events),
        _ => Err(Failure::wrong_use(format!("{} is neither .frames nor .jsonl", path.display()))
            .advising("Name the file .frames for wire bytes or .jsonl for events.")),
    }
}

fn what(format: RecordingFormat) -> &'static str {
    match format {
        RecordingFormat::Frames => "messages",
        RecordingFormat::Events => "events",
    }
}
