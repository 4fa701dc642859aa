//! From bytes to JSON that says of itself that it is a rules file of a form that we read.

use serde_json::error::Category;
use serde_json::{Map, Value};

use super::{RULES_FILE_FORM, RulesFileFaults};
use crate::limits::RULES_FILE_BYTES;

/// How many fields of another program's file are named, so that people see which file they chose.
const NAMED_FIELDS: usize = 4;

/// Longest name of such a field that is told, in characters.
const NAMED_CHARACTERS: usize = 30;

/// Reads the text; the object that it gives has `cuelight_rules` of the right form, and whatever else it has.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, RulesFileFaults> {
    let whole = |problem| Err(RulesFileFaults::one(String::new(), problem));
    if bytes.len() > RULES_FILE_BYTES {
        return whole(format!("the file has {} bytes; a rules file has at most {RULES_FILE_BYTES}", bytes.len()));
    }
    let text = match std::str::from_utf8(bytes) {
        // Editors on Windows like to put a byte order mark in front.
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            return whole(format!(
                "the file is no UTF-8 text from byte {} on; save it as UTF-8",
                error.valid_up_to() + 1
            ));
        }
    };
    if text.trim().is_empty() {
        return whole("the file is empty".to_owned());
    }
    let value: Value = serde_json::from_str(text).map_err(|error| broken(&error))?;
    let Value::Object(fields) = &value else {
        return whole(
            "this is JSON, but not a rules file of Cuelight: that begins with {\"cuelight_rules\": 1".to_owned(),
        );
    };
    match fields.get("cuelight_rules").map(Value::as_u64) {
        Some(Some(form)) if form == u64::from(RULES_FILE_FORM) => Ok(value),
        Some(Some(form)) if form > u64::from(RULES_FILE_FORM) => Err(RulesFileFaults::one(
            "cuelight_rules".to_owned(),
            format!(
                "the file was written by a newer Cuelight (form {form}, this version reads {RULES_FILE_FORM}); update first"
            ),
        )),
        Some(_) => Err(RulesFileFaults::one(
            "cuelight_rules".to_owned(),
            format!("the form of a rules file is {RULES_FILE_FORM}, not {}", fields["cuelight_rules"]),
        )),
        None => whole(format!(
            "this is not a rules file of Cuelight but perhaps another program's: it has no \"cuelight_rules\"{}",
            found_instead(fields)
        )),
    }
}

fn broken(error: &serde_json::Error) -> RulesFileFaults {
    let place = format!("line {}, column {}", error.line(), error.column());
    let problem = match error.classify() {
        Category::Eof => "the file ends in the middle; perhaps only half of it was copied".to_owned(),
        Category::Io | Category::Syntax | Category::Data => {
            let text = error.to_string();
            // serde_json repeats the place behind its sentence.
            let sentence = text.split(" at line ").next().unwrap_or(&text);
            format!("this is no JSON: {sentence}")
        }
    };
    RulesFileFaults::one(place, problem)
}

fn found_instead(fields: &Map<String, Value>) -> String {
    let short = |name: &String| format!("{:?}", name.chars().take(NAMED_CHARACTERS).collect::<String>());
    let names: Vec<_> = fields.keys().take(NAMED_FIELDS).map(short).collect();
    if names.is_empty() { String::new() } else { format!(", but {}", names.join(", ")) }
}
