//! Writes a text into a file of one folder, for programs such as OBS that show what a file says.

use std::path::PathBuf;

use cuelight_core::action::Replay;
use cuelight_core::action_kind;
use cuelight_core::service::ServiceKind;
use cuelight_core::template::Target;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::actions::written_file::{Refusal, WrittenFile, check_file_name};
use crate::actions::{ActionContext, ActionError, ActionKind, ConfigError, Filling, Output};

/// The kind `file_write`.
pub(super) struct FileWrite;

/// Writes a text into a file, for programs such as OBS that show what a file says.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Config {
    /// The name of the file, without a folder; placeholders are filled.
    #[schemars(extend("x-input" = "file_name"))]
    file: String,
    /// What is written; placeholders are filled.
    #[schemars(extend("x-input" = "multiline"))]
    text: String,
    /// What becomes of the text that is there.
    how: How,
    /// The folder, with its whole path; without it, the folder `files` beside Cuelight's data.
    #[schemars(extend("x-input" = "folder"))]
    folder: Option<PathBuf>,
}

/// What becomes of the text that a file has.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum How {
    /// It stays, and the new text is a line after it.
    #[default]
    Append,
    /// The new text takes its place.
    Replace,
}

/// What is written, with everything filled in.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Job {
    file: String,
    text: String,
    how: How,
    folder: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self { file: "events.txt".into(), text: "{nickname}".into(), how: How::default(), folder: None }
    }
}

impl ActionKind for FileWrite {
    const ID: &'static str = action_kind::FILE_WRITE;
    const TITLE: &'static str = "Write to a file";
    const SERVICE: ServiceKind = ServiceKind::Basics;
    const REPLAY: Replay = Replay::AtMostOnce;
    type Config = Config;
    type Job = Job;

    fn prepare(config: Config, filling: &Filling<'_>) -> Result<Job, ConfigError> {
        let file = filling.text(&config.file, Target::FileName);
        check_file_name(&file).map_err(|problem| ConfigError::new("file", problem))?;
        let folder = config.folder.filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.as_deref().filter(|folder| !folder.is_absolute()) {
            let problem = format!("{} is no whole path", folder.display());
            return Err(ConfigError::new("folder", problem));
        }
        Ok(Job { file, text: filling.text(&config.text, Target::Plain), how: config.how, folder })
    }

    fn summary(job: &Job) -> String {
        format!("{}: {}", job.file, job.text)
    }

    async fn run(&self, job: Job, context: &ActionContext) -> Result<Output, ActionError> {
        let own_folder = context.folder().files();
        let cancel = context.cancel().clone();
        let name = job.file.clone();
        // A folder on a network can hang, and must not hold up anything else.
        let written = tokio::task::spawn_blocking(move || {
            let file = match &job.folder {
                Some(folder) => WrittenFile::in_folder(folder, &job.file)?,
                None => WrittenFile::in_own_folder(&own_folder, &job.file)?,
            };
            match job.how {
                How::Append => file.append_line(&job.text, &cancel),
                How::Replace => file.replace(&job.text, &cancel),
            }
        });
        match written.await {
            Ok(Ok(())) => Ok(Output::done()),
            Ok(Err(refusal)) => Err(refused(&name, &refusal)),
            Err(broken) => {
                Err(ActionError::refused(format!("could not write {name}: {broken}"), "Please report this."))
            }
        }
    }
}

/// What people are told; nothing here passes by itself within the time of a job.
fn refused(name: &str, refusal: &Refusal) -> ActionError {
    let advice = match refusal {
        Refusal::NoFolder { .. } => "Make the folder, or choose another in the rule.",
        Refusal::Outside { .. } => "Choose another file name in the rule, or take that file away.",
        Refusal::TooLarge { .. } => "Move the file away or empty it, or choose another name in the rule.",
        Refusal::NoPermission { .. } => "Allow Cuelight to write there, or choose another folder in the rule.",
        Refusal::DiskFull { .. } => "Free some space there, then run it again.",
        Refusal::Stopped => "",
        Refusal::Failed { .. } => "Check the folder, then run it again.",
    };
    ActionError::refused(format!("could not write {name}: {refusal}"), advice)
}
