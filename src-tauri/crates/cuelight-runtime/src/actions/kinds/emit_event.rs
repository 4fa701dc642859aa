//! Brings an event of type `custom` into the session.

use cuelight_core::action::{Replay, StateChange};
use cuelight_core::action_kind;
use cuelight_core::service::ServiceKind;
use cuelight_core::template::Target;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::actions::change_summary::change_summary;
use crate::actions::parameters::value_name;
use crate::actions::{ActionContext, ActionError, ActionKind, ConfigError, Filling, Output};

/// Bytes of all filled fields together: they are kept with the event and handed to every rule and service.
const FIELDS_BYTES: usize = 16 * 1024;

/// The kind `emit_event`.
pub(super) struct EmitEvent;

/// Brings an event of your own into the session, for rules and services that wait for it.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Config {
    /// What the event is called.
    name: String,
    /// Whatever else it says; placeholders in its texts are filled.
    #[schemars(extend("x-input" = "fields"))]
    fields: Map<String, Value>,
}

/// The change with everything filled in.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Job {
    change: StateChange,
}

impl Default for Config {
    fn default() -> Self {
        Self { name: "my_event".into(), fields: Map::new() }
    }
}

impl ActionKind for EmitEvent {
    const ID: &'static str = action_kind::EMIT_EVENT;
    const TITLE: &'static str = "Send an event of your own";
    const SERVICE: ServiceKind = ServiceKind::Basics;
    const REPLAY: Replay = Replay::Safe;
    type Config = Config;
    type Job = Job;

    fn prepare(config: Config, filling: &Filling<'_>) -> Result<Job, ConfigError> {
        let name = value_name("name", &config.name)?;
        let fields: Map<String, Value> =
            config.fields.into_iter().map(|(name, field)| (name, filled(field, filling))).collect();
        let size_bytes = serde_json::to_string(&fields).map_or(usize::MAX, |text| text.len());
        if size_bytes > FIELDS_BYTES {
            let problem = format!("an event has at most {FIELDS_BYTES} bytes of fields, and this one {size_bytes}");
            return Err(ConfigError::new("fields", problem));
        }
        Ok(Job { change: StateChange::EmitEvent { name, fields } })
    }

    fn summary(job: &Job) -> String {
        change_summary(&job.change)
    }

    async fn run(&self, job: Job, _context: &ActionContext) -> Result<Output, ActionError> {
        Ok(Output::change(job.change))
    }
}

/// The same with the placeholders of all texts filled; as plain text, since JSON is written around it later.
fn filled(field: Value, filling: &Filling<'_>) -> Value {
    match field {
        Value::String(text) => Value::String(filling.text(&text, Target::Plain)),
        Value::Array(items) => items.into_iter().map(|item| filled(item, filling)).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, field)| (name, filled(field, filling))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => field,
    }
}
