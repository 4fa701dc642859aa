//! The published schema is the one that files are checked against.
#![expect(clippy::disallowed_methods, reason = "the test compares a file of the repository; core itself has no I/O")]

use std::path::Path;

use cuelight_core::defaults::{services, starter_rules};
use cuelight_core::rules_file::{RulesFile, rules_file_schema};
use cuelight_core::service::Services;
use serde_json::Value;

const PUBLISHED: &str = "../../../docs/schemas/rules.schema.json";

/// Set to 1, it writes the published schema anew instead of comparing it.
const UPDATE_VARIABLE: &str = "UPDATE";

#[test]
fn the_published_schema_is_the_one_of_this_version() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PUBLISHED);
    let schema = rules_file_schema();
    if std::env::var(UPDATE_VARIABLE).is_ok_and(|it| it == "1") {
        let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n";
        std::fs::write(&path, text).expect("the repository can be written");
    }
    let published: Value =
        serde_json::from_slice(&std::fs::read(&path).expect("the schema is published")).expect("it is JSON");
    assert!(published == schema, "{PUBLISHED} is stale: run this test once with {UPDATE_VARIABLE}=1");
}

#[test]
fn every_field_of_a_rule_says_what_it_means() {
    let schema = rules_file_schema();
    let fields = schema["$defs"]["Rule"]["properties"].as_object().expect("a rule has fields");
    assert!(fields.len() >= 10, "the schema holds the whole rule");
    for (name, field) in fields {
        assert!(field["description"].is_string(), "editors show nothing for {name}");
    }
}

#[test]
fn the_starter_rules_fit_the_schema() {
    let file = RulesFile::new(Vec::new(), starter_rules());
    let services = Services::new(services());
    let read = RulesFile::read(file.write().as_bytes(), &services);
    assert_eq!(read, Ok(file), "what we write is what the schema allows");
}

#[test]
fn every_example_of_the_guide_is_a_rules_file() {
    let services = Services::new(services());
    let guide = include_str!("../../../../docs/rules.md");
    let examples: Vec<&str> =
        guide.split("```json\n").skip(1).map(|rest| rest.split("```").next().expect("split gives one")).collect();
    assert_eq!(examples.len(), 2, "the guide shows a small file and a large one");
    for example in examples {
        if let Err(faults) = RulesFile::read(example.as_bytes(), &services) {
            panic!("an example of the guide is wrong: {faults}\n{example}");
        }
    }
}
