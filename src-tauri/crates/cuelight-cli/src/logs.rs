//! `cuelight logs`: the log files, as one text.

use std::io::{self, Write as _};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use cuelight_runtime::logs::LogReader;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::report::story::Language;

use crate::console::tell_error;
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::open;

/// How often a log that is followed is looked at; files tell nobody that they grew.
const LOOK: Duration = Duration::from_millis(250);

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cuelight logs                the last 50 lines
  cuelight logs --lines 500
  cuelight logs --follow       and everything that is written from now on")]
pub(crate) struct LogsArgs {
    /// How many lines back it begins.
    #[arg(long, value_name = "N", default_value_t = 50)]
    lines: usize,
    /// Goes on with what is written, until stopped.
    #[arg(long)]
    follow: bool,
}

pub(crate) fn run(args: &LogsArgs, data_dir: Option<PathBuf>) -> Result<ExitCode, Failure> {
    let folder = DataFolder::find(data_dir).map_err(Failure::failed)?.logs();
    let unreadable =
        |error: io::Error| Failure::failed(format!("could not read the log in {}: {error}", folder.display()));
    let mut log = LogReader::last(&folder, args.lines).map_err(unreadable)?;
    let mut has_lines = false;
    let mut print_all = || loop {
        match log.next_line() {
            Ok(Some(line)) => {
                has_lines = true;
                // A reader that left (`| head`) has what it wanted.
                if writeln!(io::stdout().lock(), "{line}").is_err() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            Ok(None) => return Ok(ControlFlow::Continue(())),
            Err(error) => return Err(unreadable(error)),
        }
    };
    let mut flow = print_all()?;
    if args.follow {
        open::block_on(async {
            let mut interrupts = Interrupts::listen(Language::English)?;
            while flow.is_continue() {
                tokio::select! {
                    () = interrupts.next() => break,
                    () = tokio::time::sleep(LOOK) => flow = print_all()?,
                }
            }
            Ok::<_, Failure>(())
        })??;
    } else if !has_lines {
        tell_error("Nothing was logged yet.");
    }
    Ok(ExitCode::SUCCESS)
}
