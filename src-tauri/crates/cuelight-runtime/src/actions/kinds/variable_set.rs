//! Remembers a text under a name.

use cuelight_core::action::{Replay, StateChange};
use cuelight_core::action_kind;
use cuelight_core::clean::clean_to;
use cuelight_core::limits::FILLED_CHARACTERS;
use cuelight_core::service::ServiceKind;
use cuelight_core::template::Target;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::actions::change_summary::change_summary;
use crate::actions::parameters::value_name;
use crate::actions::{ActionContext, ActionError, ActionKind, ConfigError, Filling, Output};

/// The kind `variable_set`.
pub(super) struct VariableSet;

/// Remembers a text under a name, for placeholders and conditions of other rules.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Config {
    /// The variable's name; one that was never set is empty.
    #[schemars(extend("x-input" = "variable"))]
    variable: String,
    /// Its new text, one line; placeholders are filled.
    text: String,
}

/// The change with everything filled in.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Job {
    change: StateChange,
}

impl Default for Config {
    fn default() -> Self {
        Self { variable: "variable".into(), text: String::new() }
    }
}

impl ActionKind for VariableSet {
    const ID: &'static str = action_kind::VARIABLE_SET;
    const TITLE: &'static str = "Set a variable";
    const SERVICE: ServiceKind = ServiceKind::Basics;
    const REPLAY: Replay = Replay::Safe;
    type Config = Config;
    type Job = Job;

    fn prepare(config: Config, filling: &Filling<'_>) -> Result<Job, ConfigError> {
        let name = value_name("variable", &config.variable)?;
        // Placeholders are bounded one by one, their sum is not.
        let to = clean_to(&filling.text(&config.text, Target::Plain), FILLED_CHARACTERS).into_owned();
        Ok(Job { change: StateChange::VariableSet { name, to } })
    }

    fn summary(job: &Job) -> String {
        change_summary(&job.change)
    }

    async fn run(&self, job: Job, _context: &ActionContext) -> Result<Output, ActionError> {
        Ok(Output::change(job.change))
    }
}
