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
    let new = open::seed(&store)?;
    let verb = match (existed, new) {
        (false, _) => "was created",
        (true, 0) => "is already there; nothing was changed",
        (true, _) => "is already there; what was missing was added",
    };
    print_line(&format!("✅ The data folder {verb}: {}", folder.path().display()));
    let reader = store.reader()?;
    let (gifts, sessions) = (reader.gifts()?.len(), reader.sessions()?.len());
    print_line(&format!("   {gifts} gifts known, {sessions} sessions kept"));
    let (services, rules) = (reader.services()?, reader.rules()?);
    let on = rules.iter().filter(|rule| rule.enabled).count();
    print_line(&format!("   {} services, {} rules, {on} of them switched on", services.len(), rules.len()));
    Ok(ExitCode::SUCCESS)
}
