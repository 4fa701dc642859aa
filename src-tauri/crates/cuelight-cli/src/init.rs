//! `cuelight init`: the data folder, as it is on the first day.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::console::print_line;
use crate::failure::Failure;
use crate::open;

pub(crate) fn run(data_dir: Option<PathBuf>) -> Result<ExitCode, Failure> {
    let folder = open::data_folder(data_dir)?;
    let existed = folder.database().exists();
    let store = open::store(Some(folder.path().to_owned()))?;
    let verb = if existed { "is already there; nothing was changed" } else { "was created" };
    print_line(&format!("✅ The data folder {verb}: {}", folder.path().display()));
    let reader = store.reader()?;
    print_line(&format!("   {} gifts known, {} sessions kept", reader.gifts()?.len(), reader.sessions()?.len()));
    Ok(ExitCode::SUCCESS)
}
