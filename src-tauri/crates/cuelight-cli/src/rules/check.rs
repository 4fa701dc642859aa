//! `cuelight rules check`: faults and warnings in plain words.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use cuelight_core::clean::clean;
use cuelight_core::id::ActionKindId;
use cuelight_core::rule::{Rule, RuleGroup};
use cuelight_core::rule_set;
use cuelight_core::service::Services;
use cuelight_core::settings::HotkeySettings;
use cuelight_core::warning::{About, KnownKind, warnings};
use cuelight_runtime::actions::{KindSchema, Registry};
use cuelight_runtime::report::story::Language;
use cuelight_runtime::report::texts::{Text, tell, tell_count};
use cuelight_runtime::report::words;
use cuelight_runtime::store::Reader;

use super::file;
use crate::console::print_line;
use crate::failure::Failure;

/// Checks the rules of a file, which are not taken in.
pub(super) fn file(path: &Path, reader: &Reader, language: Language) -> Result<ExitCode, Failure> {
    let services = Services::new(reader.services()?);
    let file = file::read(path, &services)?;
    let hotkeys = reader.settings()?.hotkeys;
    let warned = warn(&file.rules, &file.groups, &services, &hotkeys, language);
    let (rules, path) = (counted(file.rules.len(), language), path.display().to_string());
    let what = tell(language, Text::RulesInFile, &[("rules", &rules), ("file", &path)]);
    print_line(&summary(&what, 0, warned, language));
    Ok(ExitCode::SUCCESS)
}

/// Checks the rules of the data folder, with the services that they use.
pub(super) fn stored(reader: &Reader, language: Language) -> Result<ExitCode, Failure> {
    let services = Services::new(reader.services()?);
    let (rules, groups) = (reader.rules()?, reader.groups()?);
    let mut faults = 0;
    for fault in rules.iter().flat_map(|rule| rule_set::check(rule, &groups, &services)) {
        faults += 1;
        print_line(&format!("❌ {fault}"));
    }
    let warned = warn(&rules, &groups, &services, &reader.settings()?.hotkeys, language);
    print_line(&summary(&counted(rules.len(), language), faults, warned, language));
    Ok(if faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Tells what is perhaps not meant, and how often.
pub(super) fn warn(
    rules: &[Rule],
    groups: &[RuleGroup],
    services: &Services,
    hotkeys: &HotkeySettings,
    language: Language,
) -> usize {
    let warnings = warnings(rules, groups, services, &kinds(), hotkeys);
    for warning in &warnings {
        let about = match &warning.about {
            About::Rule(id) => tell(language, Text::AboutRule, &[("id", id.as_str())]),
            About::Service(id) => tell(language, Text::AboutService, &[("id", id.as_str())]),
        };
        let (place, problem) = (clean(&warning.place), words::concern(language, &warning.concern));
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

fn counted(rules: usize, language: Language) -> String {
    tell_count(language, Text::RulesCounted, rules as u64, &[("count", &rules.to_string())])
}

fn summary(what: &str, faults: usize, warned: usize, language: Language) -> String {
    let (said, warnings) = (faults.to_string(), warned.to_string());
    let values = [("what", what), ("faults", said.as_str()), ("warnings", warnings.as_str())];
    let text = match (faults, warned) {
        (0, 0) => Text::CheckFine,
        (0, _) => Text::CheckWarned,
        (_, _) => Text::CheckFaulty,
    };
    tell(language, text, &values)
}
