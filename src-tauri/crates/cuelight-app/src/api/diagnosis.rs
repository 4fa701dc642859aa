//! Commands about the data folder and what is wrong: sizes, folders, the doctor, the zip for whoever helps.

use cuelight_core::settings::WindowLanguage;
use cuelight_runtime::doctor;
use cuelight_runtime::paths::Occupied;
use cuelight_runtime::report::story::Language;
use serde::Deserialize;
use ts_rs::TS;

use super::{Caller, Nothing};
use crate::app::App;
use crate::diagnostics;
use crate::dto::{DataFolder, Diagnostics, Failure, FailureCode, Finding, FolderName, SavedText, Verdict};
use crate::shell::ShellError;

/// The longest name that a text is saved under, in characters; the dialog lets people choose another.
const FILE_NAME_CHARACTERS: usize = 120;

/// A folder by its name.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NamedFolder {
    folder: FolderName,
}

/// A text to be saved, and the name that is offered for it.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewText {
    file_name: String,
    text: String,
}

pub(super) async fn data_folder(caller: Caller<'_>, _: Nothing) -> Result<DataFolder, Failure> {
    let folder = caller.app.store().folder().clone();
    let path = folder.path().display().to_string();
    let looked = tokio::task::spawn_blocking(move || folder.occupied()).await;
    let occupied = looked.map_err(|error| Failure::new(FailureCode::Defect, error.to_string()))?;
    let Occupied { database_bytes, logs_bytes, backups_bytes, free_bytes } =
        occupied.map_err(|error| Failure::new(FailureCode::NotNow, format!("could not look into {path}: {error}")))?;
    Ok(DataFolder { path, database_bytes, logs_bytes, backups_bytes, free_bytes })
}

pub(super) async fn open_folder(caller: Caller<'_>, input: NamedFolder) -> Result<Nothing, Failure> {
    let folder = caller.app.store().folder();
    let path = match input.folder {
        FolderName::Data => folder.path().to_owned(),
        FolderName::Logs => folder.logs(),
        FolderName::Backups => folder.backups(),
    };
    // One that nothing lies in yet is made: an empty folder says more than an error.
    std::fs::create_dir_all(&path)
        .map_err(|error| Failure::new(FailureCode::NotNow, format!("could not make {}: {error}", path.display())))?;
    caller.app.shell.open_folder(&path).await.map_err(refused)?;
    Ok(Nothing {})
}

pub(super) async fn examine(caller: Caller<'_>, _: Nothing) -> Result<Vec<Finding>, Failure> {
    Ok(caller.app.examine(caller.app.language()).await.into_iter().map(shown).collect())
}

pub(super) async fn write(caller: Caller<'_>, _: Nothing) -> Result<Diagnostics, Failure> {
    diagnostics::write(caller.app).await
}

pub(super) async fn save_text(caller: Caller<'_>, input: NewText) -> Result<SavedText, Failure> {
    let is_plain = |letter: char| !letter.is_control() && !matches!(letter, '/' | '\\' | ':');
    let NewText { file_name, text } = input;
    let fits = (1..=FILE_NAME_CHARACTERS).contains(&file_name.chars().count());
    if !fits || !file_name.chars().all(is_plain) || file_name.starts_with('.') {
        return Err(Failure::new(FailureCode::BadInput, "that is no name of a file").about("fileName"));
    }
    let saved = caller.app.shell.save_text(&file_name, &text).await.map_err(refused)?;
    Ok(SavedText { path: saved.map(|path| path.display().to_string()) })
}

impl App {
    /// Looks at the machine and the data folder.
    pub(crate) async fn examine(&self, language: Language) -> Vec<doctor::Finding> {
        doctor::examine(self.store().folder(), &self.tiktok, &self.secrets, language).await
    }

    /// The language in which the app itself says something: the window's, where that is not left to the system, else the
    /// one of the environment.
    pub(crate) fn language(&self) -> Language {
        match self.settings.borrow().window.language {
            WindowLanguage::En => Language::English,
            WindowLanguage::Es => Language::Spanish,
            WindowLanguage::Vi => Language::Vietnamese,
            WindowLanguage::System => of_environment(),
        }
    }
}

/// The language that the environment names as `es_MX.UTF-8` or the like, else English.
fn of_environment() -> Language {
    let named =
        ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|it| !it.is_empty()));
    let language = named.as_deref().and_then(|name| name.get(..2)).and_then(|code| code.parse().ok());
    language.unwrap_or_default()
}

fn shown(finding: doctor::Finding) -> Finding {
    Finding {
        what: finding.what,
        verdict: match finding.verdict {
            doctor::Verdict::Good => Verdict::Good,
            doctor::Verdict::Notable => Verdict::Notable,
            doctor::Verdict::Bad => Verdict::Bad,
        },
        found: finding.found,
        what_to_do: finding.what_to_do,
    }
}

fn refused(error: ShellError) -> Failure {
    Failure::new(FailureCode::NotNow, error.to_string())
}
