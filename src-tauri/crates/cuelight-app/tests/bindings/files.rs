//! What stands in the generated files: the types in the order of their names, the commands, and the lists of codes.

use std::collections::{BTreeMap, BTreeSet};

use cuelight_app::api::{CommandVisitor, visit_commands};
use cuelight_app::dto::{DeedKind, Failure, FailureCode, HealthId, Phase, PushBatch, Scenario};
use cuelight_core::condition::Condition;
use cuelight_core::event::EventType;
use cuelight_core::reason::Reason;
use cuelight_core::rule::ComboMode;
use cuelight_core::rules_file::Capability;
use cuelight_core::service::ServiceKind;
use cuelight_core::trigger::Trigger;
use cuelight_core::warning::Concern;
use cuelight_runtime::actions::Registry;
use ts_rs::{Config, TS, TypeVisitor};

use super::layout::{WIDTH, comment, declaration};
use super::syntax::{Member, Type, parse};

const HEADER: &str = "// Generated from the Rust types by `make bindings`; do not edit.\n";

/// Every type that crosses the boundary, each under its name.
pub(crate) fn types_file() -> String {
    let mut types = Types::default();
    visit_commands(&mut types);
    types.add::<PushBatch>();
    types.add::<Failure>();
    let mut file = HEADER.to_owned();
    let declarations: String = types.found.values().map(String::as_str).collect();
    if declarations.contains("ActionKind>") {
        file += "import type { ActionKind } from \"./schema\";\n";
    }
    file + &declarations
}

/// Every command with what goes in and what comes out.
pub(crate) fn commands_file() -> String {
    let mut commands = Commands::default();
    visit_commands(&mut commands);
    let named: String = commands.named.iter().map(|name| format!("  {name},\n")).collect();
    let table = declaration("Commands", &Type::Object(commands.found));
    format!(
        "{HEADER}import type {{\n{named}}} from \"./engine\";\n\n/** Every command of the one door, with what goes in and what comes out. */\n{table}"
    )
}

/// Every code of the unions that people are told words for.
pub(crate) fn lists_file() -> String {
    let mut file = HEADER.to_owned();
    file += &list("EVENT_TYPES", &names_of::<EventType>());
    file += &list("PHASES", &tags_of::<Phase>("state"));
    file += &list("HEALTH_IDS", &names_of::<HealthId>());
    file += &list("REASON_CODES", &tags_of::<Reason>("code"));
    file += &list("WARNING_CODES", &tags_of::<Concern>("code"));
    file += &list("CAPABILITY_CODES", &tags_of::<Capability>("code"));
    file += &list("FAILURE_CODES", &names_of::<FailureCode>());
    file += &list("TRIGGERS", &tags_of::<Trigger>("on"));
    file += &list("CONDITIONS", &tags_of::<Condition>("if"));
    file += &list("COMBO_MODES", &tags_of::<ComboMode>("fires"));
    file += &list("SERVICE_KINDS", &names_of::<ServiceKind>());
    file += &list("DEEDS", &names_of::<DeedKind>());
    file += &list("SCENARIOS", &names_of::<Scenario>());
    let kinds: Vec<String> = Registry::built_in().kinds().map(|kind| kind.id.to_string()).collect();
    file + &list("ACTION_KINDS", &kinds)
}

fn config() -> Config {
    Config::new().with_large_int("number")
}

/// The declarations by name.
#[derive(Default)]
struct Types {
    found: BTreeMap<String, String>,
}

impl Types {
    fn add<T: TS + 'static + ?Sized>(&mut self) {
        T::visit_generics(self);
        if T::output_path().is_none() {
            return;
        }
        let name = T::ident(&config());
        let declared = T::decl(&config());
        let (_, definition) = declared.split_once('=').expect("a declaration has a name and a definition");
        let declared = declaration(&name, &parse(definition.trim_end_matches(';')));
        let docs = comment(&T::docs().unwrap_or_default(), 0);
        let declared = format!("\n{docs}{declared}");
        match self.found.get(&name) {
            None => {
                self.found.insert(name, declared);
                T::visit_dependencies(self);
            }
            Some(found) => assert_eq!(*found, declared, "two types are called {name}: one needs #[ts(rename = …)]"),
        }
    }
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        self.add::<T>();
    }
}

impl CommandVisitor for Types {
    fn visit<I: TS + 'static, O: TS + 'static>(&mut self, _: &'static str) {
        if is_object::<I>() {
            I::visit_dependencies(self);
        } else {
            self.add::<I>();
        }
        self.add::<O>();
    }
}

/// The commands in the order of the table, and the types that they name.
#[derive(Default)]
struct Commands {
    found: Vec<Member>,
    named: BTreeSet<String>,
}

impl CommandVisitor for Commands {
    fn visit<I: TS + 'static, O: TS + 'static>(&mut self, name: &'static str) {
        let input = if is_object::<I>() {
            I::visit_dependencies(self);
            parse(&I::inline(&config())).without_docs()
        } else {
            TypeVisitor::visit::<I>(self);
            parse(&I::name(&config()))
        };
        TypeVisitor::visit::<O>(self);
        O::visit_generics(self);
        let output = parse(&O::name(&config()));
        let sides = vec![Member::plain("input", input), Member::plain("output", output)];
        self.found.push(Member::plain(name, Type::Object(sides)));
    }
}

impl TypeVisitor for Commands {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_some() {
            self.named.insert(T::ident(&config()));
        }
    }
}

/// Inputs that are a few fields need no name of their own in the window.
fn is_object<T: TS + 'static>() -> bool {
    T::output_path().is_some() && matches!(parse(&T::inline(&config())), Type::Object(_))
}

/// The names of an enum without fields.
fn names_of<T: TS>() -> Vec<String> {
    let Type::Union(names) = parse(&T::inline(&config())) else { panic!("{} is no union", T::name(&config())) };
    names.iter().map(|name| name.text().trim_matches('"').to_owned()).collect()
}

/// The tags of an enum whose variants are told apart by that member.
fn tags_of<T: TS>(tag: &str) -> Vec<String> {
    let Type::Union(variants) = parse(&T::inline(&config())) else { panic!("{} is no union", T::name(&config())) };
    let tags = variants.iter().map(|variant| {
        let Type::Object(members) = variant else { panic!("{variant:?} is no object") };
        let member: Option<&Member> = members.iter().find(|member| member.name == tag);
        member.unwrap_or_else(|| panic!("{variant:?} has no {tag}")).value.text().trim_matches('"').to_owned()
    });
    tags.collect()
}

fn list(name: &str, values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
    let line = format!("export const {name} = [{}] as const;\n", values.join(", "));
    if line.chars().count() <= WIDTH {
        return format!("\n{line}");
    }
    format!("\nexport const {name} = [\n  {},\n] as const;\n", values.join(",\n  "))
}
