//! The kinds of action as data: what menus, forms and `docs/schemas/actions.json` are made from.

use std::fmt;

use cuelight_core::action::Replay;
use cuelight_core::service::ServiceKind;
use schemars::Schema;
use serde::Serialize;
use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};

use super::kind::ActionKind;
use super::registry::Registry;

/// All that people and forms need to know of a kind of action.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KindSchema {
    /// The kind's id.
    pub id: &'static str,
    /// What people call it, in English.
    pub title: &'static str,
    /// The kind of service that runs it.
    pub service: ServiceKind,
    /// Every service that a step names runs it.
    pub runs_in_any_service: bool,
    /// Whether a run that a crash cut off may run again.
    pub replay: Replay,
    /// The names of the parameters in the order of a form.
    pub fields: Vec<String>,
    /// The parameters as a JSON Schema; `x-input` says how a field is best asked for: `multiline`, `number`, `file_name`,
    /// `folder`, `rule`, `counter`, `variable`, `fields`.
    pub parameters: Schema,
}

impl KindSchema {
    /// What there is to know of that kind.
    #[must_use]
    pub fn of<K: ActionKind>() -> Self {
        let mut parameters = schemars::schema_for!(K::Config);
        // The struct's name says nothing to people.
        parameters.insert("title".into(), K::TITLE.into());
        Self {
            id: K::ID,
            title: K::TITLE,
            service: K::SERVICE,
            runs_in_any_service: K::RUNS_IN_ANY_SERVICE,
            replay: K::REPLAY,
            fields: fields_in_order(&K::Config::default()),
            parameters,
        }
    }
}

/// Every kind as one JSON document, in a stable order, for editors and other programs.
#[must_use]
pub fn schemas_json(registry: &Registry) -> String {
    let kinds: Vec<KindSchema> = registry.kinds().collect();
    let mut text = serde_json::to_string_pretty(&kinds).expect("schemas are plain data with text keys");
    text.push('\n');
    text
}

/// The names of the fields as the struct declares them; a schema's own map sorts them.
fn fields_in_order(config: &impl Serialize) -> Vec<String> {
    struct Names;

    impl<'de> Visitor<'de> for Names {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Vec<String>, A::Error> {
            let mut names = Vec::new();
            while let Some((name, IgnoredAny)) = fields.next_entry()? {
                names.push(name);
            }
            Ok(names)
        }
    }

    let text = serde_json::to_string(config).expect("parameters are plain data with text keys");
    serde_json::Deserializer::from_str(&text).deserialize_map(Names).expect("parameters are an object")
}
