//! The first text that a job holds, as its struct declares it: what it is about, where its kind says nothing better.

use std::fmt;

use serde::Serialize;
use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

/// The first text among the fields of the job; empty where it has none.
pub(super) fn first_text(job: &impl Serialize) -> String {
    struct FirstText;

    impl<'de> Visitor<'de> for FirstText {
        type Value = Option<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Option<String>, A::Error> {
            let mut first = None;
            while let Some((IgnoredAny, value)) = fields.next_entry()? {
                if let Value::String(text) = value {
                    first.get_or_insert(text);
                }
            }
            Ok(first)
        }
    }

    // As text, because a JSON value sorts its fields.
    let text = serde_json::to_string(job).expect("a job is plain data with text keys");
    serde_json::Deserializer::from_str(&text).deserialize_map(FirstText).ok().flatten().unwrap_or_default()
}
