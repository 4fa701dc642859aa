//! `cuelight rules list`: one line for each rule and each default action.

use cuelight_core::clean::clean;
use cuelight_core::rule::Rule;
use cuelight_core::rules_file::There;
use cuelight_core::service::Service;
use cuelight_runtime::report::story::Language;
use cuelight_runtime::report::texts::{Text, event_type as event_type_name, tell};
use cuelight_runtime::store::Reader;

use super::sentence;
use crate::console::{print_line, tell_error};
use crate::failure::Failure;

pub(super) fn run(reader: &Reader, json: bool, language: Language) -> Result<(), Failure> {
    let there = reader.rules_there()?;
    for rule in &there.rules {
        print_line(&if json { as_json(rule) } else { line(rule, language) });
    }
    for service in reader.services()? {
        for text in defaults(&service, json, language) {
            print_line(&text);
        }
    }
    tell_unreadable(&there, language);
    Ok(())
}

/// Names what another version wrote and this one cannot read.
pub(super) fn tell_unreadable(there: &There, language: Language) {
    for id in &there.unreadable_rules {
        tell_error(&tell(language, Text::UnreadableRule, &[("id", &clean(id.as_str()))]));
    }
    for name in &there.unreadable_groups {
        tell_error(&tell(language, Text::UnreadableGroup, &[("name", &clean(name))]));
    }
}

fn line(rule: &Rule, language: Language) -> String {
    let (id, name) = (rule.id.as_str(), clean(&rule.name));
    let (when, steps) = (sentence::when(language, &rule.when), sentence::steps(language, &rule.steps));
    format!("{} {id:<24}  {name} · {} → {}", switch(rule.enabled), clean(&when), clean(&steps))
}

fn as_json(rule: &Rule) -> String {
    serde_json::to_string(rule).expect("a rule is plain data with text keys")
}

/// What the service does without any rule.
fn defaults(service: &Service, json: bool, language: Language) -> Vec<String> {
    let treated =
        service.events.iter().filter_map(|(event_type, config)| Some((event_type, config.default_action.as_ref()?)));
    let lines = treated.map(|(event_type, default)| {
        if json {
            let action = &default.action;
            return serde_json::json!({
                "default": service.id, "event": event_type, "enabled": default.enabled, "do": [action],
            })
            .to_string();
        }
        let origin = format!("default:{}", service.id);
        let kind = clean(default.action.kind.as_str()).into_owned();
        let event_type = event_type_name(language, *event_type);
        format!("{} {origin:<24}  {} · {event_type} → {kind}", switch(default.enabled), clean(&service.name))
    });
    lines.collect()
}

fn switch(enabled: bool) -> &'static str {
    if enabled { "✅" } else { "⚪" }
}
