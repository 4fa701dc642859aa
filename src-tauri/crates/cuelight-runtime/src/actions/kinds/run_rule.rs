//! Runs the steps of another rule with the same facts.

use cuelight_core::action::{Replay, StateChange};
use cuelight_core::action_kind;
use cuelight_core::service::ServiceKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::actions::change_summary::change_summary;
use crate::actions::parameters::rule_id;
use crate::actions::{ActionContext, ActionError, ActionKind, ConfigError, Filling, Output};

/// The kind `run_rule`.
pub(super) struct RunRule;

/// Runs the steps of another rule with the same facts, whatever its trigger says.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Config {
    /// The id of the rule.
    #[schemars(extend("x-input" = "rule"))]
    rule: String,
}

/// The change with everything filled in.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Job {
    change: StateChange,
}

impl ActionKind for RunRule {
    const ID: &'static str = action_kind::RUN_RULE;
    const TITLE: &'static str = "Run another rule";
    const SERVICE: ServiceKind = ServiceKind::Basics;
    const REPLAY: Replay = Replay::Safe;
    type Config = Config;
    type Job = Job;

    fn prepare(config: Config, _filling: &Filling<'_>) -> Result<Job, ConfigError> {
        let rule = rule_id("rule", &config.rule)?;
        Ok(Job { change: StateChange::RunRule { rule } })
    }

    fn summary(job: &Job) -> String {
        change_summary(&job.change)
    }

    async fn run(&self, job: Job, _context: &ActionContext) -> Result<Output, ActionError> {
        Ok(Output::change(job.change))
    }
}
