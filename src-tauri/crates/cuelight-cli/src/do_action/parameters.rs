//! The parameters of an action as people type them: `KEY=VALUE`, with the kind's own form to go by.

use cuelight_runtime::actions::{KindSchema, Registry};
use serde_json::{Map, Value};

use crate::failure::Failure;

/// The kind of that id.
pub(super) fn kind(registry: &Registry, id: &str) -> Result<KindSchema, Failure> {
    registry.kinds().find(|kind| kind.id == id).ok_or_else(|| {
        let known: Vec<&str> = registry.kinds().map(|kind| kind.id).collect();
        Failure::wrong_use(format!("there is no action {id:?}; there are {}", known.join(", ")))
    })
}

/// Reads each value as what the kind takes there: text stays text, everything else is JSON.
pub(super) fn parse(kind: &KindSchema, assignments: &[String]) -> Result<Map<String, Value>, Failure> {
    let mut parameters = Map::new();
    for assignment in assignments {
        let (name, value) = assignment.split_once('=').ok_or_else(|| {
            Failure::wrong_use(format!("{assignment:?} sets nothing: it takes KEY=VALUE, such as text=hello"))
        })?;
        if !kind.fields.iter().any(|field| field == name) {
            let fields = kind.fields.join(", ");
            return Err(Failure::wrong_use(format!("{} has no parameter {name:?}; there are {fields}", kind.id)));
        }
        let text = || Value::String(value.to_owned());
        let is_text = takes_only_text(&kind.parameters.as_value()["properties"][name]);
        let value = if is_text { text() } else { serde_json::from_str(value).unwrap_or_else(|_| text()) };
        parameters.insert(name.to_owned(), value);
    }
    Ok(parameters)
}

/// Whether a parameter takes a text and nothing else, beside being left out.
fn takes_only_text(schema: &Value) -> bool {
    match &schema["type"] {
        Value::String(only) => only == "string",
        Value::Array(types) => types.iter().all(|it| it == "string" || it == "null"),
        _ => false,
    }
}
