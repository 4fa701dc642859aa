//! Rules as files: written out, looked at, and taken in beside those that are there.

use std::collections::BTreeSet;
use std::sync::Arc;

use cuelight_core::id::{ActionKindId, RuleId};
use cuelight_core::limits::RULES_FILE_BYTES;
use cuelight_core::rule::Rule;
use cuelight_core::rules_file::{self, Import, RulesFile, RulesFileFaults, capabilities};
use cuelight_core::service::Services;
use cuelight_core::step::for_each_act;
use cuelight_core::warning::{About, warnings};
use cuelight_runtime::store::{Deed, DeedKind, Reader, StoreError};
use serde::Deserialize;
use ts_rs::TS;

use super::Caller;
use super::editing::edited;
use crate::dto::{Becomes, ExportedRules, Failure, FailureCode, ImportFault, ImportPreview, ImportedRule, Rulebook};
use crate::rulebook::KnownKinds;

/// How a file of several rules is called.
const FILE_NAME: &str = "cuelight-rules.json";

/// The rules that are wanted as a file.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ExportRules {
    /// None: all of them.
    rules: Option<Vec<RuleId>>,
}

/// What stands in a rules file.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct FileText {
    text: String,
}

/// What those rules are as a file, with the groups that they need; all rules and groups without a list.
pub(super) async fn export_rules(caller: Caller<'_>, input: ExportRules) -> Result<ExportedRules, Failure> {
    let (mut rules, mut groups) = caller.app.read(|reader| Ok((reader.rules()?, reader.groups()?))).await?;
    let Some(wanted) = input.rules else {
        return Ok(ExportedRules { file_name: FILE_NAME.into(), text: RulesFile::new(groups, rules).write() });
    };
    if let Some(missing) = wanted.iter().find(|id| rules.iter().all(|rule| rule.id != **id)) {
        return Err(Failure::not_found(format!("rule {missing}")));
    }
    rules.retain(|rule| wanted.contains(&rule.id));
    groups.retain(|group| rules.iter().any(|rule| rule.group.as_ref() == Some(&group.name)));
    let file_name = match &rules[..] {
        [only] => format!("{}.json", only.id),
        _ => FILE_NAME.into(),
    };
    Ok(ExportedRules { file_name, text: RulesFile::new(groups, rules).write() })
}

/// What taking a file in would come to: its rules, what they can do to this computer, and what is wrong with it.
pub(super) async fn preview_import(caller: Caller<'_>, input: FileText) -> Result<ImportPreview, Failure> {
    check_size(&input.text)?;
    let kinds = Arc::clone(&caller.app.known_kinds);
    caller.app.read(move |reader| preview(reader, &input.text, &kinds)).await
}

/// Takes a file in beside what is there, all or nothing; nothing is overwritten.
pub(super) async fn import_rules(caller: Caller<'_>, input: FileText) -> Result<Rulebook, Failure> {
    check_size(&input.text)?;
    edited(caller.app, move |edit| {
        let file = RulesFile::read(input.text.as_bytes(), &edit.services()?).map_err(refused)?;
        let import = edit.import(&file)?;
        let first = import.rules.first().map(|rule| rule.name.clone()).unwrap_or_default();
        Ok(Deed::new(DeedKind::RulesImported, first))
    })
    .await
}

fn preview(reader: &Reader, text: &str, kinds: &KnownKinds) -> Result<ImportPreview, StoreError> {
    let services = Services::new(reader.services()?);
    let file = match RulesFile::read(text.as_bytes(), &services) {
        Ok(file) => file,
        Err(faults) => return Ok(faulty(faults)),
    };
    let import = rules_file::import(&reader.rules_there()?, &file);
    let rules = file.rules.iter().map(|rule| ImportedRule {
        becomes: becomes(&import, &rule.id),
        unknown_actions: unknown_actions(rule, kinds),
        rule: rule.clone(),
    });
    let mut warnings = warnings(&file.rules, &file.groups, &services, kinds, &reader.settings()?.hotkeys);
    warnings.retain(|warning| matches!(warning.about, About::Rule(_)));
    Ok(ImportPreview {
        rules: rules.collect(),
        groups: u32::try_from(file.groups.len()).unwrap_or(u32::MAX),
        capabilities: capabilities(&file),
        warnings,
        faults: Vec::new(),
        more_faults: 0,
    })
}

fn becomes(import: &Import, id: &RuleId) -> Becomes {
    let renamed = import.renamed.iter().find(|(from, _)| from == id).map(|(_, to)| to);
    match renamed {
        _ if import.unchanged.contains(renamed.unwrap_or(id)) => Becomes::Same,
        Some(to) => Becomes::Renamed { id: to.clone() },
        None => Becomes::New,
    }
}

fn unknown_actions(rule: &Rule, kinds: &KnownKinds) -> Vec<ActionKindId> {
    let mut unknown = BTreeSet::new();
    for_each_act(&rule.steps, "do", &mut |act, _| {
        if !kinds.contains_key(&act.action.kind) {
            unknown.insert(act.action.kind.clone());
        }
    });
    unknown.into_iter().collect()
}

fn faulty(faults: RulesFileFaults) -> ImportPreview {
    let RulesFileFaults { faults, more } = faults;
    let fault = |fault: cuelight_core::rules_file::RulesFileFault| ImportFault {
        place: fault.place,
        rule: fault.rule.map(|rule| rule.to_string()),
        problem: fault.problem,
    };
    ImportPreview {
        rules: Vec::new(),
        groups: 0,
        capabilities: Vec::new(),
        warnings: Vec::new(),
        faults: faults.into_iter().map(fault).collect(),
        more_faults: u32::try_from(more).unwrap_or(u32::MAX),
    }
}

fn refused(faults: RulesFileFaults) -> Failure {
    let place = faults.faults.first().map(|fault| fault.place.clone()).unwrap_or_default();
    let failure = Failure::new(FailureCode::BadInput, faults.to_string());
    if place.is_empty() { failure.about("text") } else { failure.about(place) }
}

fn check_size(text: &str) -> Result<(), Failure> {
    if text.len() <= RULES_FILE_BYTES {
        return Ok(());
    }
    let problem = format!("a rules file has at most {RULES_FILE_BYTES} bytes, and this one has {}", text.len());
    Err(Failure::new(FailureCode::TooLarge, problem).about("text"))
}
