//! Writes a line to Cuelight's log; runs in any service, so that every queue can be tried out.

use cuelight_core::action::Replay;
use cuelight_core::action_kind;
use cuelight_core::clean::clean;
use cuelight_core::service::ServiceKind;
use cuelight_core::template::Target;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::actions::{ActionContext, ActionError, ActionKind, ConfigError, Filling, Output};

/// The kind `log_write`.
pub(super) struct LogWrite;

/// Writes a line to Cuelight's log.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Config {
    /// What the line says; placeholders are filled.
    #[schemars(extend("x-input" = "multiline"))]
    text: String,
    /// How important it is.
    level: Level,
}

/// How important a line of the log is.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum Level {
    /// Something is wrong.
    Error,
    /// Something may be wrong.
    Warn,
    /// Good to know.
    #[default]
    Info,
    /// For a closer look only.
    Debug,
}

/// A line with everything filled in.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Job {
    text: String,
    level: Level,
}

impl Default for Config {
    fn default() -> Self {
        Self { text: "{nickname}: {event}".into(), level: Level::default() }
    }
}

impl ActionKind for LogWrite {
    const ID: &'static str = action_kind::LOG_WRITE;
    const TITLE: &'static str = "Write to the log";
    const SERVICE: ServiceKind = ServiceKind::Basics;
    const RUNS_IN_ANY_SERVICE: bool = true;
    const REPLAY: Replay = Replay::Safe;
    type Config = Config;
    type Job = Job;

    fn prepare(config: Config, filling: &Filling<'_>) -> Result<Job, ConfigError> {
        let text = filling.text(&config.text, Target::Plain);
        Ok(Job { text: clean(&text).into_owned(), level: config.level })
    }

    fn summary(job: &Job) -> String {
        job.text.clone()
    }

    async fn run(&self, job: Job, _context: &ActionContext) -> Result<Output, ActionError> {
        let text = job.text;
        match job.level {
            Level::Error => tracing::error!(target: "cuelight::log_write", "{text}"),
            Level::Warn => tracing::warn!(target: "cuelight::log_write", "{text}"),
            Level::Info => tracing::info!(target: "cuelight::log_write", "{text}"),
            Level::Debug => tracing::debug!(target: "cuelight::log_write", "{text}"),
        }
        Ok(Output::done())
    }
}
