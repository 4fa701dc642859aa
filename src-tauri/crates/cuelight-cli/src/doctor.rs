//! `cuelight doctor`: checks this machine, or the ways into one live, and says what to do about each finding.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use cuelight_core::handle::Handle;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::doctor::{Finding, Told, Verdict, examine, examine_connection};
use cuelight_runtime::equipped::Equipment;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::report::story::Language;
use cuelight_runtime::secrets::Secrets;
use tokio_util::sync::CancellationToken;

use crate::console::print_line;
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::open;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cuelight doctor
  cuelight doctor --connection luna.plays")]
pub(crate) struct DoctorArgs {
    /// Looks that streamer's live up and tries every way into it that is switched on, one after the other.
    #[arg(long, value_name = "USER")]
    connection: Option<String>,
}

pub(crate) fn run(args: &DoctorArgs, data_dir: Option<PathBuf>, language: Language) -> Result<ExitCode, Failure> {
    let is_fine = match &args.connection {
        Some(user) => {
            let user = Handle::parse(user).map_err(Failure::wrong_use)?;
            connection(&user, data_dir, language)?
        }
        None => machine(data_dir, language)?,
    };
    Ok(if is_fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// True where nothing is so bad that it keeps Cuelight from working.
fn machine(data_dir: Option<PathBuf>, language: Language) -> Result<bool, Failure> {
    let folder = DataFolder::find(data_dir).map_err(Failure::failed)?;
    let bases = open::tiktok_bases()?;
    let findings: Vec<Finding> = open::block_on(examine(&folder, &bases, &Secrets::of_this_user(), language))?;
    findings.iter().for_each(|finding| print(finding, ""));
    Ok(findings.iter().all(|it| it.verdict != Verdict::Bad))
}

/// True where a way leads in, or the streamer is just not live. Ctrl+C ends it after what is being tried.
fn connection(user: &Handle, data_dir: Option<PathBuf>, language: Language) -> Result<bool, Failure> {
    let store = open::store(data_dir)?;
    let equipment = Equipment::of_this_machine(store, Secrets::of_this_user(), open::tiktok_bases()?);
    let seed = Clock::system().now_ms().unsigned_abs();
    open::block_on(async {
        let mut interrupts = Interrupts::listen(language)?;
        let cancel = CancellationToken::new();
        let mut tell = |told: Told| match told {
            Told::Step(finding) => print(&finding, "   "),
            Told::Outcome(finding) => print(&finding, ""),
        };
        let mut examining = std::pin::pin!(examine_connection(&equipment, user, seed, language, &mut tell, &cancel));
        loop {
            tokio::select! {
                is_sound = &mut examining => return Ok(is_sound),
                () = interrupts.next() => {
                    interrupts.say_stopping();
                    cancel.cancel();
                }
            }
        }
    })?
}

fn print(finding: &Finding, indent: &str) {
    let icon = match finding.verdict {
        Verdict::Good => "✅",
        Verdict::Notable => "⚠️",
        Verdict::Bad => "❌",
    };
    print_line(&format!("{indent}{icon} {}: {}", finding.what, finding.found));
    if let Some(what_to_do) = &finding.what_to_do {
        print_line(&format!("{indent}   {what_to_do}"));
    }
}
