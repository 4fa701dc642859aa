//! `cuelight rules check`: faults and warnings in plain words.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use cuelight_core::clean::clean;
use cuelight_core::id::ActionKindId;
use cuelight_core::rule::{Rule, RuleGroup};
use cuelight_core::rule_set;
use cuelight_core::service::Services;
use cuelight_core::warning::{About, KnownKind, warnings};
use cuelight_runtime::actions::{KindSchema, Registry};
use cuelight_runtime::store::Reader;

use super::file;
use crate::console::print_line;
use crate::failure::Failure;

/// Checks the rules of a file, which are not taken in.
pub(super) fn file(path: &Path, reader: &Reader) -> Result<ExitCode, Failure> {
    let services = Services::new(reader.services()?);
    let file = file::read(path, &services)?;
    let warned = warn(&file.rules, &file.groups, &services);
    print_line(&summary(&format!("{} in {}", counted(file.rules.len()), path.display()), 0, warned));
    Ok(ExitCode::SUCCESS)
}

/// Checks the rules of the data folder, with the services that they use.
pub(super) fn stored(reader: &Reader) -> Result<ExitCode, Failure> {
    let services = Services::new(reader.services()?);
    let (rules, groups) = (reader.rules()?, reader.groups()?);
    let mut faults = 0;
    for fault in rules.iter().flat_map(|rule| rule_set::check(rule, &groups, &services)) {
        faults += 1;
        print_line(&format!("❌ {fault}"));
    }
    let warned = warn(&rules, &groups, &services);
    print_line(&summary(&counted(rules.len()), faults, warned));
    Ok(if faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Tells what is perhaps not meant, and how often.
pub(super) fn warn(rules: &[Rule], groups: &[RuleGroup], services: &Services) -> usize {
    let warnings = warnings(rules, groups, services, &kinds());
    for warning in &warnings {
        let about = match &warning.about {
            About::Rule(id) => format!("rule {id}"),
            About::Service(id) => format!("service {id}"),
        };
        let (place, problem) = (clean(&warning.place), warning.concern.in_english());
        print_line(&format!("⚠️ {about}, {place}: {}", clean(&problem)));
    }
    warnings.len()
}

/// Every kind of action with what there is to know of it.
fn kinds() -> BTreeMap<ActionKindId, KnownKind> {
    let known = |kind: KindSchema| {
        let KindSchema { id, service, runs_in_any_service, fields, .. } = kind;
        (ActionKindId::new(id), KnownKind { service, runs_in_any_service, parameters: fields })
    };
    Registry::built_in().kinds().map(known).collect()
}

fn counted(rules: usize) -> String {
    if rules == 1 { "1 rule".to_owned() } else { format!("{rules} rules") }
}

fn summary(what: &str, faults: usize, warned: usize) -> String {
    match (faults, warned) {
        (0, 0) => format!("✅ {what}: nothing to say"),
        (0, warned) => format!("✅ {what}: no faults; warnings: {warned}"),
        (faults, warned) => format!("❌ {what}: faults: {faults}, warnings: {warned}; faulty rules never fire"),
    }
}
