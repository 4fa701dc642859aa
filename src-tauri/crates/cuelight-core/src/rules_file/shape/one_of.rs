//! Choices: which of several forms a value has, and so what is wrong with it.

use serde_json::{Map, Value};

use super::{Check, described, suggestion};

impl<'a> Check<'a> {
    /// Checks a value that has one of several forms.
    pub(super) fn check_one_of(&mut self, branches: &'a [Value], value: &Value) {
        let branches: Vec<&Value> = branches.iter().map(|branch| self.resolve(branch)).collect();
        let names: Vec<&str> = branches.iter().flat_map(|branch| names_of(branch)).collect();
        if !names.is_empty() {
            self.check_name(&names, value);
            return;
        }
        let Value::Object(fields) = value else {
            self.tell(format!("an object {{ }} belongs here, not {}", described(value)));
            return;
        };
        match branches.iter().find_map(|branch| tag_of(branch)) {
            Some((tag, _)) => self.check_tagged(tag, &branches, value, fields),
            None => self.check_keyed(&branches, value, fields),
        }
    }

    /// The forms say which one they are by a field of that name.
    fn check_tagged(&mut self, tag: &str, branches: &[&'a Value], value: &Value, fields: &Map<String, Value>) {
        let forms: Vec<(&str, &'a Value)> =
            branches.iter().filter_map(|branch| tag_of(branch).map(|(_, name)| (name, *branch))).collect();
        let Some(written) = fields.get(tag) else {
            self.tell(format!("`{tag}` is missing"));
            return;
        };
        match forms.iter().find(|(name, _)| written.as_str() == Some(name)) {
            Some((_, form)) => self.check(form, value),
            None => {
                let names: Vec<&str> = forms.into_iter().map(|(name, _)| name).collect();
                self.inside(tag, |check| check.check_name(&names, written));
            }
        }
    }

    /// Each form has a field that it needs and that only it has.
    fn check_keyed(&mut self, branches: &[&'a Value], value: &Value, fields: &Map<String, Value>) {
        let keys: Vec<(&str, &'a Value)> =
            branches.iter().filter_map(|branch| own_key(branch).map(|key| (key, *branch))).collect();
        let there: Vec<_> = keys.iter().filter(|(key, _)| fields.contains_key(*key)).collect();
        match there[..] {
            [(_, form)] => self.check(form, value),
            [] => {
                let names: Vec<&str> = keys.iter().map(|(key, _)| *key).collect();
                let guess = fields.keys().next().map(|field| suggestion(field, names.iter().copied()));
                let listed = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                let guess = guess.filter(|guess| guess.contains('?')).unwrap_or_default();
                self.tell(format!("one of {listed} is needed here{guess}"));
            }
            [(first, _), (second, _), ..] => self.tell(format!("`{first}` and `{second}` cannot stand together")),
        }
    }
}

/// The names of a branch that is a plain name.
fn names_of(branch: &Value) -> Vec<&str> {
    let several = branch.get("enum").and_then(Value::as_array).into_iter().flatten();
    branch.get("const").into_iter().chain(several).filter_map(Value::as_str).collect()
}

/// The tag of a branch, and its name there.
fn tag_of(branch: &Value) -> Option<(&str, &str)> {
    let fields = branch.get("properties")?.as_object()?;
    fields.iter().find_map(|(field, schema)| Some((field.as_str(), schema.get("const")?.as_str()?)))
}

/// The first field that a branch needs.
fn own_key(branch: &Value) -> Option<&str> {
    branch.get("required")?.as_array()?.first()?.as_str()
}
