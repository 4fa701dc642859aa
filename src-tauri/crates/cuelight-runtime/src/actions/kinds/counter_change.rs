//! Adds to a counter, or sets it.

use cuelight_core::action::{Replay, StateChange};
use cuelight_core::action_kind;
use cuelight_core::service::ServiceKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::actions::change_summary::change_summary;
use crate::actions::parameters::value_name;
use crate::actions::{ActionContext, ActionError, ActionKind, ConfigError, Filling, Output, WholeNumber};

/// The kind `counter_change`.
pub(super) struct CounterChange;

/// Adds to a counter, or sets it; other rules can fire when it reaches a number.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Config {
    /// The counter's name, as in `{counter:name}`; one that was never changed is 0.
    #[schemars(extend("x-input" = "counter"))]
    counter: String,
    /// What happens to it.
    how: How,
    /// How much is added, or the new value.
    number: WholeNumber,
}

/// What happens to a counter.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum How {
    /// The number is added; a negative one is taken away.
    #[default]
    Add,
    /// The number is its new value.
    Set,
}

/// The change with everything filled in.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Job {
    change: StateChange,
}

impl Default for Config {
    fn default() -> Self {
        Self { counter: "counter".into(), how: How::default(), number: WholeNumber::Fixed(1) }
    }
}

impl ActionKind for CounterChange {
    const ID: &'static str = action_kind::COUNTER_CHANGE;
    const TITLE: &'static str = "Change a counter";
    const SERVICE: ServiceKind = ServiceKind::Basics;
    const REPLAY: Replay = Replay::Safe;
    type Config = Config;
    type Job = Job;

    fn prepare(config: Config, filling: &Filling<'_>) -> Result<Job, ConfigError> {
        let name = value_name("counter", &config.counter)?;
        let number = filling.number("number", &config.number)?;
        let change = match config.how {
            How::Add => StateChange::CounterAdd { name, by: number },
            How::Set => StateChange::CounterSet { name, to: number },
        };
        Ok(Job { change })
    }

    fn summary(job: &Job) -> String {
        change_summary(&job.change)
    }

    async fn run(&self, job: Job, _context: &ActionContext) -> Result<Output, ActionError> {
        Ok(Output::change(job.change))
    }
}
