//! `cuelight data`: where everything lies, and deleting it all.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::wipe::{Kept, KeptAs, Wipe, WipeError};

use crate::console::{TextTo, print_line};
use crate::failure::Failure;
use crate::prompt;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cuelight data path
  cuelight data wipe           names what goes, and asks")]
pub(crate) struct DataArgs {
    #[command(subcommand)]
    action: DataAction,
}

#[derive(Debug, Subcommand)]
enum DataAction {
    /// Shows the folder in which everything lies.
    Path,
    /// Deletes everything that Cuelight keeps: sessions, rules, services, jobs, settings, logs.
    Wipe {
        /// Does not ask.
        #[arg(long)]
        yes: bool,
    },
}

pub(crate) fn run(args: &DataArgs, data_dir: Option<PathBuf>) -> Result<ExitCode, Failure> {
    let folder = DataFolder::find(data_dir).map_err(Failure::failed)?;
    match args.action {
        DataAction::Path => print_line(&folder.path().display().to_string()),
        DataAction::Wipe { yes } => wipe(&folder, yes)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn wipe(folder: &DataFolder, yes: bool) -> Result<(), Failure> {
    let place = folder.path().display();
    if !folder.path().exists() {
        print_line(&format!("There is nothing to delete: {place} is not there."));
        return Ok(());
    }
    let wipe = Wipe::begin(folder)?;
    let goes = wipe.goes()?;
    print_line(&format!("This goes for good from {place}:"));
    for kept in &goes {
        print_line(&format!("  {:>9}  {} ({})", size(kept.size_bytes), name(kept), meaning(kept.what)));
    }
    if !yes && !agrees()? {
        print_line("Nothing was deleted.");
        return Ok(());
    }
    let folder_went = wipe.finish()?;
    print_line("✅ Everything was deleted");
    if !folder_went {
        print_line(&format!("   What else lies in {place} was left there"));
    }
    Ok(())
}

fn agrees() -> Result<bool, Failure> {
    if !prompt::can_ask() {
        return Err(Failure::wrong_use("nobody is there to be asked whether all of it may be deleted")
            .advising("Add --yes to delete it for good."));
    }
    prompt::agrees(TextTo::Stdout, "Delete all of it for good?")
}

fn name(kept: &Kept) -> String {
    kept.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn meaning(what: KeptAs) -> &'static str {
    match what {
        KeptAs::Database => "sessions, events, rules, services, jobs, settings",
        KeptAs::DamagedDatabase => "a damaged database, kept as it was found",
        KeptAs::SettingsCopy => "the copy of rules, services and settings",
        KeptAs::Backups => "backups, and copies from before updates",
        KeptAs::Diagnostics => "what was written for whoever helps",
        KeptAs::Files => "files that actions wrote",
        KeptAs::Logs => "log files",
        KeptAs::Pictures => "pictures of gifts and viewers",
        KeptAs::ServerTokens => "links to the local server",
        KeptAs::Lock => "a lock",
    }
}

/// A size as people say it.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];
    if bytes < 1_000 {
        return format!("{bytes} bytes");
    }
    let mut size = bytes as f64 / 1_000.0;
    let mut unit = 0;
    while size >= 1_000.0 && unit + 1 < UNITS.len() {
        size /= 1_000.0;
        unit += 1;
    }
    format!("{size:.1} {}", UNITS[unit])
}

impl From<WipeError> for Failure {
    fn from(error: WipeError) -> Self {
        match error {
            WipeError::Locked(error) => error.into(),
            error @ WipeError::Refused { .. } => Self::failed(error),
        }
    }
}
