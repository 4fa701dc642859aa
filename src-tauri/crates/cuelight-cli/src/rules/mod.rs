//! `cuelight rules`: what happens because of what, as lists and as files.

mod check;
mod file;
mod import;
mod list;
mod sentence;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use cuelight_core::rule_set::{RuleFault, RuleSet};
use cuelight_core::rules_file::RulesFile;
use cuelight_core::service::Services;
use cuelight_runtime::report::story::Language;
use cuelight_runtime::report::texts::{Text, tell};
use cuelight_runtime::report::whole_file::WholeFile;
use cuelight_runtime::store::Reader;

use crate::console::{TextTo, tell_error};
use crate::failure::Failure;
use crate::open;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cuelight rules list
  cuelight rules export my-rules.json
  cuelight rules check my-rules.json       what is wrong, and what is perhaps not meant
  cuelight rules import pack.json          beside the rules that are there")]
pub(crate) struct RulesArgs {
    #[command(subcommand)]
    action: RulesAction,
}

#[derive(Debug, Subcommand)]
enum RulesAction {
    /// Lists the rules, and what services do by default.
    List {
        /// Prints one JSON object a rule instead.
        #[arg(long)]
        json: bool,
    },
    /// Says what is wrong with the rules, and what is perhaps not meant.
    Check {
        /// The rules of this file, instead of those in the data folder.
        file: Option<PathBuf>,
    },
    /// Writes the rules as a file.
    Export {
        /// Where they are written; without it, to stdout.
        file: Option<PathBuf>,
    },
    /// Takes the rules of a file in beside those that are there; nothing is overwritten.
    Import {
        /// The file.
        file: PathBuf,
        /// Does not ask.
        #[arg(long)]
        yes: bool,
    },
}

pub(crate) fn run(args: RulesArgs, data_dir: Option<PathBuf>, language: Language) -> Result<ExitCode, Failure> {
    let store = open::equipped_store(data_dir)?;
    let reader = store.reader()?;
    match args.action {
        RulesAction::List { json } => list::run(&reader, json, language)?,
        RulesAction::Check { file: Some(file) } => return check::file(&file, &reader, language),
        RulesAction::Check { file: None } => return check::stored(&reader, language),
        RulesAction::Export { file } => export(&reader, file.as_deref(), language)?,
        RulesAction::Import { file, yes } => import::run(&store, &reader, &file, yes, language)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The rules of a file, ready to decide with; those that cannot work are told and left out.
pub(crate) fn of_file(file: &Path, services: &Services, language: Language) -> Result<RuleSet, Failure> {
    let file = file::read(file, services)?;
    Ok(telling(RuleSet::new(0, file.rules, file.groups, services), language))
}

/// The rules of the data folder, ready to decide with; those that cannot work are told and left out.
pub(crate) fn of_store(reader: &Reader, services: &Services, language: Language) -> Result<RuleSet, Failure> {
    let revision = reader.revisions()?.rules;
    Ok(telling(RuleSet::new(revision, reader.rules()?, reader.groups()?, services), language))
}

/// The rules that work, after the others were told.
fn telling((rules, faults): (RuleSet, Vec<RuleFault>), language: Language) -> RuleSet {
    for fault in faults {
        tell_error(&tell(language, Text::LeftOut, &[("fault", &fault.to_string())]));
    }
    rules
}

fn export(reader: &Reader, file: Option<&Path>, language: Language) -> Result<(), Failure> {
    let there = reader.rules_there()?;
    list::tell_unreadable(&there, language);
    let rules = RulesFile::new(there.groups, there.rules);
    let text = rules.write();
    let Some(path) = file else {
        TextTo::Stdout.part(&text);
        return Ok(());
    };
    let cannot = |error| Failure::failed(format!("{} cannot be written: {error}", path.display()));
    let mut file = WholeFile::create(path).map_err(cannot)?;
    file.write_all(text.as_bytes()).map_err(cannot)?;
    let path = file.finish().map_err(cannot)?;
    tell_error(&format!("💾 {} rules saved to {}", rules.rules.len(), path.display()));
    Ok(())
}
