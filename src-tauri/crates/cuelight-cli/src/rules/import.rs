//! `cuelight rules import`: shows what a file can do, asks, and takes it in beside what is there.

use std::path::Path;

use cuelight_core::clean::clean;
use cuelight_core::rules_file::{self, Capability, Import, capabilities};
use cuelight_core::service::Services;
use cuelight_runtime::report::story::Language;
use cuelight_runtime::store::{Reader, Store};

use super::{check, file};
use crate::console::{TextTo, print_line};
use crate::failure::Failure;
use crate::prompt;

pub(super) fn run(store: &Store, reader: &Reader, path: &Path, yes: bool, language: Language) -> Result<(), Failure> {
    let services = Services::new(reader.services()?);
    let file = file::read_to_take_in(path, &services)?;
    let import = rules_file::import(&reader.rules_there()?, &file);
    if import.rules.is_empty() && import.groups.is_empty() {
        print_line(&format!("✅ Nothing new in {}: all of its rules are there", path.display()));
        return Ok(());
    }
    let can_do = capabilities(&file);
    if !can_do.is_empty() {
        print_line(&format!("What the rules of {} can do:", path.display()));
    }
    for capability in &can_do {
        print_line(&format!("  · {}", clean(&capability.in_english())));
    }
    if !yes && !agrees(&can_do, import.rules.len())? {
        print_line("Nothing was taken in.");
        return Ok(());
    }
    // Somebody may have changed the rules while this was asked.
    let import = store.import_rules(&file)?;
    tell(&import);
    check::warn(&import.rules, &reader.groups()?, &services, &reader.settings()?.hotkeys, language);
    Ok(())
}

/// Whether the one at the terminal agrees; without one, only what touches nothing but Cuelight goes in unasked.
fn agrees(can_do: &[Capability], count: usize) -> Result<bool, Failure> {
    if prompt::can_ask() {
        return prompt::agrees(TextTo::Stdout, &format!("Take in {count} rules?"));
    }
    if can_do.iter().all(Capability::is_harmless) {
        return Ok(true);
    }
    Err(Failure::wrong_use("nobody is there to be asked whether these rules may do that")
        .advising("Add --yes if you trust whoever made them."))
}

fn tell(import: &Import) {
    for (from, to) in &import.renamed {
        print_line(&format!("🔀 Rule {from} is called {to} here: another rule has that id"));
    }
    for (from, to) in &import.renamed_groups {
        print_line(&format!("🔀 Group {from} is called {to} here: another group has that name"));
    }
    for rule in &import.rules {
        print_line(&format!("➕ {} · {}", rule.id, clean(&rule.name)));
    }
    if !import.unchanged.is_empty() {
        print_line(&format!("   already there: {}", import.unchanged.len()));
    }
    print_line(&format!("✅ Rules taken in: {}; nothing was overwritten", import.rules.len()));
}
