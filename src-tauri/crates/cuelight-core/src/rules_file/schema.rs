//! The JSON Schema of rules files: published for editors, and what files are checked against.

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use serde_json::Value;

use super::{RULES_FILE_SCHEMA, RulesFile};

/// The JSON Schema (draft 2020-12) of rules files, made from the types and their descriptions.
#[must_use]
pub fn rules_file_schema() -> Value {
    let generator = SchemaSettings::draft2020_12().with_transform(Close).into_generator();
    let mut schema = generator.into_root_schema_for::<RulesFile>();
    schema.insert("$id".to_owned(), RULES_FILE_SCHEMA.into());
    schema.insert("title".to_owned(), "Rules of Cuelight".into());
    schema.to_value()
}

/// Closes every object that names its fields, so that a slip of the pen is told and not taken for nothing.
#[derive(Debug, Clone)]
struct Close;

impl Transform for Close {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        if schema.get("properties").is_some() {
            schema.insert("additionalProperties".to_owned(), false.into());
        }
    }
}
