//! Rules as files: JSON that people can read, compare, pass on and put under version control.
//!
//! A file is taken whole or not at all, and taking it in overwrites nothing. What its rules mean is checked by
//! [`crate::rule_set`]; here is what the text must look like.

mod capability;
mod fault;
mod import;
mod schema;
mod shape;
#[cfg(test)]
mod tests;
mod text;

use std::collections::{BTreeMap, HashMap};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::capability::{Capability, capabilities};
use self::fault::Faults;
pub use self::fault::{RulesFileFault, RulesFileFaults};
pub use self::import::{Import, There, import};
pub use self::schema::rules_file_schema;
use self::shape::Form;
use crate::id::RuleId;
use crate::limits::RULES;
use crate::rule::{Rule, RuleGroup};
use crate::rule_set::check;
use crate::service::Services;

/// The form of rules files that this version writes, and the newest that it reads.
pub const RULES_FILE_FORM: u32 = 1;

/// Where editors find the JSON Schema of rules files.
pub const RULES_FILE_SCHEMA: &str =
    "https://raw.githubusercontent.com/cuelight/cuelight/main/docs/schemas/rules.schema.json";

/// A rules file of Cuelight: groups and rules, as `cuelight rules export` writes them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RulesFile {
    /// Where editors find the JSON Schema of this file; Cuelight itself does not look there.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    schema: Option<String>,
    /// The form of this file: 1.
    #[schemars(range(min = 1, max = 1))]
    cuelight_rules: u32,
    /// The groups that the rules belong to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<RuleGroup>,
    /// The rules, in the order in which people see them.
    pub rules: Vec<Rule>,
}

impl RulesFile {
    /// A file of these groups and rules, in this order.
    #[must_use]
    pub fn new(groups: Vec<RuleGroup>, rules: Vec<Rule>) -> Self {
        Self { schema: Some(RULES_FILE_SCHEMA.to_owned()), cuelight_rules: RULES_FILE_FORM, groups, rules }
    }

    /// Reads a file, whole or not at all; a kind of action that this version does not know is kept as it is.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place: text that is no rules file, fields that the form does not
    /// have, ids that are there twice, and rules that cannot work with these services.
    pub fn read(bytes: &[u8], services: &Services) -> Result<Self, RulesFileFaults> {
        let mut file = text::parse(bytes)?;
        let form = Form::of_rules_files();
        let mut faults = Faults::default();
        let groups = take_items(&mut file, "groups");
        let rules = take_items(&mut file, "rules");
        form.check(&file, &mut faults);
        if rules.len() > RULES {
            faults.add("rules", None, format!("there are {} rules; {RULES} fit in", rules.len()));
        }
        find_twins("groups", "name", &groups, &mut faults);
        find_twins("rules", "id", &rules, &mut faults);
        let groups: Vec<RuleGroup> = read_items(&form, "groups", groups, &mut faults).into_values().collect();
        let rules: BTreeMap<usize, Rule> = read_items(&form, "rules", rules, &mut faults);
        for (number, rule) in &rules {
            for fault in check(rule, &groups, services) {
                faults.add(&format!("rules[{number}].{}", fault.place), Some(&rule.id), fault.problem);
            }
        }
        faults.into_result()?;
        let schema = file.get("$schema").and_then(Value::as_str).map(str::to_owned);
        Ok(Self { schema, cuelight_rules: RULES_FILE_FORM, groups, rules: rules.into_values().collect() })
    }

    /// The file's text: indented, in a fixed order, with a line break at its end.
    #[must_use]
    pub fn write(&self) -> String {
        let mut text =
            serde_json::to_string_pretty(self).expect("rules have text keys only, and no write fails in memory");
        text.push('\n');
        text
    }
}

/// The items of a list of the file, which then is empty; what is no list stays for the check of the form.
fn take_items(file: &mut Value, list: &str) -> Vec<Value> {
    file.get_mut(list).and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default()
}

/// Reads the items that have the right form, by their place in the list.
fn read_items<T: DeserializeOwned>(
    form: &Form,
    list: &str,
    items: Vec<Value>,
    faults: &mut Faults,
) -> BTreeMap<usize, T> {
    let mut read = BTreeMap::new();
    for (number, item) in items.into_iter().enumerate() {
        let id = item.get("id").and_then(Value::as_str).map(RuleId::new);
        if form.check_item(list, number, &item, id.as_ref(), faults) {
            match serde_json::from_value(item) {
                Ok(item) => drop(read.insert(number, item)),
                Err(error) => faults.add(&format!("{list}[{number}]"), id.as_ref(), error.to_string()),
            }
        }
    }
    read
}

/// Tells of items that have the same id or name as an earlier one.
fn find_twins(list: &str, key: &str, items: &[Value], faults: &mut Faults) {
    let mut first = HashMap::new();
    for (number, item) in items.iter().enumerate() {
        let Some(id) = item.get(key).and_then(Value::as_str) else { continue };
        if let Some(earlier) = first.insert(id, number) {
            let problem = format!("{id:?} is there twice; the other one is {list}[{earlier}]");
            faults.add(&format!("{list}[{number}].{key}"), None, problem);
        }
    }
}
