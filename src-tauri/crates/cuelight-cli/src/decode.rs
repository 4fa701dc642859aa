//! `cuelight decode`: wire bytes in, one event a line out.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use cuelight_runtime::decode::{self, Format, Options, Undecodable};

use crate::console::tell_error;
use crate::failure::Failure;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cuelight decode session.frames --session --stats
  cuelight decode --format messages --index messages.jsonl")]
pub(crate) struct DecodeArgs {
    /// The files, decoded in this order.
    #[arg(required = true)]
    files: Vec<PathBuf>,

    /// frames: push frames, each behind its length. result: one fetch result. base64: one of either a line.
    /// messages: JSON lines with `type` and `payload_b64`. auto: whichever it looks like.
    #[arg(long, default_value_t = Format::Auto, value_parser = format)]
    format: Format,

    /// Treats the input as one live: duplicates dropped, combos counted, like totals only growing.
    #[arg(long)]
    session: bool,

    /// Adds each message's position in the input, 0 first, as "index".
    #[arg(long)]
    index: bool,

    /// Ends with counts per type and messages per second of processor time, on stderr.
    #[arg(long)]
    stats: bool,
}

pub(crate) fn run(args: DecodeArgs) -> Result<ExitCode, Failure> {
    let options = Options { format: args.format, session: args.session, index: args.index };
    let mut out = BufWriter::new(io::stdout().lock());
    let mut report = |piece: &Undecodable| tell_error(&format!("⚠️ {piece}"));
    let decoded =
        decode::run(&args.files, options, &mut out, &mut report).and_then(|summary| out.flush().map(|()| summary));
    let summary = match decoded {
        Ok(summary) => summary,
        // A reader that left (`| head`) has what it wanted.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
        Err(error) => return Err(Failure::failed(format!("the events could not be written: {error}"))),
    };
    if args.stats {
        for (event_type, count) in &summary.by_type {
            tell_error(&format!("  {event_type}: {count}"));
        }
        tell_error(&format!(
            "{} messages, {} pieces that could not be read, {:.0} messages per CPU second",
            summary.messages,
            summary.undecodable,
            summary.messages_per_cpu_second()
        ));
    }
    if summary.messages == 0 {
        return Err(Failure::failed("nothing could be decoded")
            .advising("Is it wire data? Name its format with --format, or see cuelight decode --help."));
    }
    Ok(ExitCode::SUCCESS)
}

fn format(name: &str) -> Result<Format, String> {
    Format::from_name(name).ok_or_else(|| {
        let known: Vec<&str> = Format::ALL.iter().map(|it| it.name()).collect();
        format!("there is no format {name:?}; choose {}", known.join(", "))
    })
}
