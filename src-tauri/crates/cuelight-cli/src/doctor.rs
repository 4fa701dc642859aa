//! `cuelight doctor`: checks this machine and says what to do about each finding.

use std::path::PathBuf;
use std::process::ExitCode;

use cuelight_runtime::doctor::{Finding, Verdict, examine};
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::report::story::Language;
use cuelight_runtime::secrets::Secrets;

use crate::console::print_line;
use crate::failure::Failure;
use crate::open;

pub(crate) fn run(data_dir: Option<PathBuf>, language: Language) -> Result<ExitCode, Failure> {
    let folder = DataFolder::find(data_dir).map_err(Failure::failed)?;
    let bases = open::tiktok_bases()?;
    let findings: Vec<Finding> = open::block_on(examine(&folder, &bases, &Secrets::of_this_user(), language))?;
    for finding in &findings {
        let icon = match finding.verdict {
            Verdict::Good => "✅",
            Verdict::Notable => "⚠️",
            Verdict::Bad => "❌",
        };
        print_line(&format!("{icon} {}: {}", finding.what, finding.found));
        if let Some(what_to_do) = &finding.what_to_do {
            print_line(&format!("   {what_to_do}"));
        }
    }
    let is_fine = findings.iter().all(|it| it.verdict != Verdict::Bad);
    Ok(if is_fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
