//! Tests of the action kinds: what holds for all of them, and what each promises.

mod contract;
mod files;
mod filled;
mod services;

use std::path::Path;

use cuelight_core::action::{Action, Prepare as _, Prepared};
use cuelight_core::facts::{Facts, Values, ViewerFact};
use cuelight_core::id::{ActionKindId, ServiceId};
use cuelight_core::priority::Priority;
use cuelight_core::reason::Reason;
use cuelight_core::service::{EventConfig, Mode, Service, ServiceKind, Services};
use serde_json::{Map, Value};

use super::{ActionContext, ActionError, Output, Registry};
use crate::clock::Clock;
use crate::paths::DataFolder;

fn service(id: &str, kind: ServiceKind) -> Service {
    Service {
        id: ServiceId::new(id),
        kind,
        name: id.to_owned(),
        active: true,
        max_queue_size: 10,
        max_parallel: 1,
        events: std::collections::BTreeMap::new(),
        others: EventConfig {
            enabled: true,
            priority: Priority::MIDDLE,
            mode: Mode::Async,
            discardable: true,
            expires_after_seconds: None,
            default_action: None,
        },
    }
}

fn services() -> Services {
    Services::new(vec![service("basics", ServiceKind::Basics), service("web", ServiceKind::Web)])
}

/// Mia wrote something that tries to get out of wherever it is put.
fn facts() -> Facts {
    Facts {
        viewer: Some(ViewerFact { unique_id: "mia_stern".into(), nickname: "Mia".into(), ..ViewerFact::default() }),
        text: Some("../../up\r\nsecond \u{1b}[31mline".into()),
        diamonds: Some(40),
        ..Facts::default()
    }
}

fn values() -> Values {
    Values { counters: [("deaths".to_owned(), 7)].into(), ..Values::default() }
}

fn action(kind: &str, parameters: Value) -> Action {
    let Value::Object(parameters) = parameters else { panic!("parameters are an object") };
    Action { kind: ActionKindId::new(kind), service: None, parameters }
}

fn prepare(kind: &str, parameters: Value) -> Result<Prepared, Reason> {
    Registry::built_in().prepare(&action(kind, parameters), &facts(), &values(), &services())
}

/// What the streamer reads of parameters that cannot be used.
fn problem(kind: &str, parameters: Value) -> String {
    match prepare(kind, parameters) {
        Err(Reason::BadParameters { error, .. }) => error,
        other => panic!("{kind} should refuse its parameters, but: {other:?}"),
    }
}

fn context(folder: &Path) -> ActionContext {
    ActionContext::new(DataFolder::new(folder), Clock::manual(0))
}

/// Runs the future to its end, as a worker would.
fn run(kind: &str, parameters: Value, context: &ActionContext) -> Result<Output, ActionError> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a small runtime");
    runtime.block_on(Registry::built_in().run(&ActionKindId::new(kind), parameters, context))
}

/// The kind's default parameters, with something in every text that has to be filled in first.
fn example(defaults: &Map<String, Value>) -> Value {
    let fill = |(name, value): (&String, &Value)| {
        let value = if value == "" { Value::from("example") } else { value.clone() };
        (name.clone(), value)
    };
    Value::Object(defaults.iter().map(fill).collect())
}
