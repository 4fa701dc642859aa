//! Checks JSON against the schema of rules files, so that every fault is told at once and in its place.
//!
//! It understands what our schema is made of: references, objects, lists, numbers with bounds, choices by name, and
//! choices between objects by a tag or by the field that only one of them has. It is no general validator.

mod one_of;

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::fault::Faults;
use super::schema::rules_file_schema;
use crate::id::RuleId;

/// The form of rules files.
pub(super) struct Form {
    schema: Value,
}

impl Form {
    /// The form that this version writes.
    pub(super) fn of_rules_files() -> Self {
        Self { schema: rules_file_schema() }
    }

    /// Checks a whole file.
    pub(super) fn check(&self, file: &Value, faults: &mut Faults) {
        self.at(String::new(), None, faults).check(&self.schema, file);
    }

    /// Checks one item of one of the file's lists; says whether it has the right form.
    pub(super) fn check_item(
        &self,
        list: &str,
        number: usize,
        item: &Value,
        rule: Option<&RuleId>,
        faults: &mut Faults,
    ) -> bool {
        let before = faults.found();
        let schema = &self.schema["properties"][list]["items"];
        self.at(format!("{list}[{number}]"), rule, faults).check(schema, item);
        faults.found() == before
    }

    fn at<'a>(&'a self, place: String, rule: Option<&'a RuleId>, faults: &'a mut Faults) -> Check<'a> {
        Check { form: self, place, rule, faults }
    }
}

/// A check that has come to a place in the file.
struct Check<'a> {
    form: &'a Form,
    place: String,
    rule: Option<&'a RuleId>,
    faults: &'a mut Faults,
}

impl<'a> Check<'a> {
    fn check(&mut self, schema: &'a Value, value: &Value) {
        let schema = self.resolve(schema);
        if let Some(branches) = schema.get("oneOf").and_then(Value::as_array) {
            self.check_one_of(branches, value);
            return;
        }
        if let Some(branches) = schema.get("anyOf").and_then(Value::as_array) {
            self.check_optional(branches, value);
            return;
        }
        if let Some(names) = schema.get("enum").and_then(Value::as_array) {
            self.check_name(&names.iter().filter_map(Value::as_str).collect::<Vec<_>>(), value);
            return;
        }
        if !self.check_type(schema, value) {
            return;
        }
        match value {
            Value::Object(fields) => self.check_fields(schema, fields),
            Value::Array(items) => self.check_items(schema, items),
            Value::Number(_) => self.check_bounds(schema, value),
            Value::Null | Value::Bool(_) | Value::String(_) => {}
        }
    }

    /// Follows references within the schema.
    fn resolve(&self, schema: &'a Value) -> &'a Value {
        let target = schema.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix('#'));
        target.and_then(|pointer| self.form.schema.pointer(pointer)).map_or(schema, |found| self.resolve(found))
    }

    /// What may be left empty: the schema has a branch for `null` and one for the rest.
    fn check_optional(&mut self, branches: &'a [Value], value: &Value) {
        if !value.is_null() {
            let full = branches.iter().find(|branch| branch.get("type").and_then(Value::as_str) != Some("null"));
            self.check(full.expect("an optional value has a form when it is there"), value);
        }
    }

    fn check_type(&mut self, schema: &Value, value: &Value) -> bool {
        let types: Vec<&str> = match schema.get("type") {
            Some(Value::String(only)) => vec![only],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            _ => return true,
        };
        let fits = types.iter().any(|name| has_type(value, name));
        if !fits {
            let wanted: Vec<&str> = types.into_iter().filter(|name| *name != "null").map(in_words).collect();
            self.tell(format!("{} belongs here, not {}", wanted.join(" or "), described(value)));
        }
        fits
    }

    fn check_fields(&mut self, schema: &'a Value, fields: &Map<String, Value>) {
        let Some(known) = schema.get("properties").and_then(Value::as_object) else { return };
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            if !fields.contains_key(name) {
                self.tell(format!("`{name}` is missing"));
            }
        }
        for (name, value) in fields {
            self.inside(name, |check| match known.get(name) {
                Some(schema) => check.check(schema, value),
                None => check
                    .tell(format!("there is no such field here{}", suggestion(name, known.keys().map(String::as_str)))),
            });
        }
    }

    fn check_items(&mut self, schema: &'a Value, items: &[Value]) {
        let Some(schema) = schema.get("items") else { return };
        for (number, item) in items.iter().enumerate() {
            let length = self.place.len();
            let _ = write!(self.place, "[{number}]");
            self.check(schema, item);
            self.place.truncate(length);
        }
    }

    fn check_bounds(&mut self, schema: &Value, value: &Value) {
        let bound = |name| schema.get(name).filter(|bound| bound.is_number());
        let number = value.as_f64().unwrap_or(f64::NAN);
        let (least, most) = (bound("minimum"), bound("maximum"));
        let too_small = least.and_then(Value::as_f64).is_some_and(|least| number < least);
        let too_large = most.and_then(Value::as_f64).is_some_and(|most| number > most);
        if too_small || too_large {
            self.tell(match (least, most) {
                (Some(least), Some(most)) => format!("a number from {least} to {most} belongs here, not {value}"),
                (Some(least), None) => format!("a number from {least} on belongs here, not {value}"),
                (None, _) => format!("{value} is too large"),
            });
        }
    }

    fn check_name(&mut self, names: &[&str], value: &Value) {
        match value.as_str() {
            Some(name) if names.contains(&name) => {}
            Some(name) => {
                self.tell(format!("{} is not known here{}", described(value), suggestion(name, names.iter().copied())));
            }
            None => self.tell(format!("a text belongs here, not {}", described(value))),
        }
    }

    /// Goes into a field and comes back.
    fn inside(&mut self, field: &str, look: impl FnOnce(&mut Self)) {
        let length = self.place.len();
        if length > 0 {
            self.place.push('.');
        }
        self.place.push_str(field);
        look(self);
        self.place.truncate(length);
    }

    fn tell(&mut self, problem: String) {
        self.faults.add(&self.place, self.rule, problem);
    }
}

fn has_type(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

fn in_words(type_name: &str) -> &str {
    match type_name {
        "boolean" => "true or false",
        "integer" => "a whole number",
        "number" => "a number",
        "string" => "a text",
        "array" => "a list [ ]",
        "object" => "an object { }",
        other => other,
    }
}

/// Longest text that is repeated in a fault, in characters.
const REPEATED_CHARACTERS: usize = 40;

/// What stands in the file, short enough for a sentence.
fn described(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) if text.chars().count() > REPEATED_CHARACTERS => {
            format!("{:?}…", text.chars().take(REPEATED_CHARACTERS).collect::<String>())
        }
        Value::String(text) => format!("{text:?}"),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// Names that are shorter than this are listed instead of guessed at.
const LISTED_NAMES: usize = 8;

/// Half of the letters must be right for a guess at what was meant.
const ALIKE: f64 = 0.5;

/// What was meant: the nearest name if one is near, else all of them if they are few.
fn suggestion<'n>(written: &str, names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.collect();
    let written = written.to_lowercase();
    let alike = |name: &&str| strsim::normalized_damerau_levenshtein(&written, name);
    let nearest = names.iter().copied().map(|name| (alike(&name), name)).max_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((alike, name)) if alike >= ALIKE => format!("; did you mean {name:?}?"),
        _ if names.len() <= LISTED_NAMES => format!("; known are {}", names.join(", ")),
        _ => String::new(),
    }
}
