//! The table of the commands: a line each, from which calling and the window's types are made.

use serde_json::Value;

use super::{
    Caller, Command, CommandVisitor, Needs, Nothing, bin, groups, packs, read, rules, services, undo, written,
};
use crate::dto::{
    BinnedRule, ExportedRules, Failure, FailureCode, ImportPreview, RuleVersion, Rulebook, Saved, Service, Undo,
};

/// Makes the list of commands, the way to each, and what shows their types: `name: who may, function(input) -> output;`.
macro_rules! commands {
    ($($name:ident: $needs:ident, $function:path, ($input:ty) -> $output:ty;)*) => {
        /// Every command.
        pub const COMMANDS: &[Command] = &[$(Command { name: stringify!($name), needs: Needs::$needs }),*];

        /// Shows every command with the types of what goes in and what comes out.
        pub fn visit_commands(visitor: &mut impl CommandVisitor) {
            $(visitor.visit::<$input, $output>(stringify!($name));)*
        }

        /// Reads the input, asks, and writes the output.
        pub(super) async fn dispatch(caller: Caller<'_>, command: &str, input: Value) -> Result<Value, Failure> {
            match command {
                $(stringify!($name) => {
                    Needs::$needs.admit(command, caller.role)?;
                    let input: $input = read(input)?;
                    let output: $output = $function(caller, input).await?;
                    written(output)
                })*
                _ => Err(Failure::new(FailureCode::UnknownCommand, format!("there is no command {command:?}"))),
            }
        }
    };
}

commands! {
    // The start.

    // Live.

    // Trying rules, and what rules are made from.

    // Rules.
    rulebook: Remote, rules::rulebook, (Nothing) -> Rulebook;
    add_rule: Full, rules::add_rule, (rules::AddRule) -> Saved;
    save_rule: Full, rules::save_rule, (rules::SaveRule) -> Saved;
    enable_rule: Full, rules::enable_rule, (rules::EnableRule) -> Saved;
    duplicate_rule: Full, rules::duplicate_rule, (rules::OneRule) -> Saved;
    move_rule: Full, rules::move_rule, (rules::MoveRule) -> Rulebook;
    rule_history: Full, rules::rule_history, (rules::OneRule) -> Vec<RuleVersion>;
    restore_rule_version: Full, rules::restore_rule_version, (rules::RestoreVersion) -> Saved;
    bin_rule: Full, bin::bin_rule, (rules::OneRule) -> Rulebook;
    binned_rules: Full, bin::binned_rules, (Nothing) -> Vec<BinnedRule>;
    restore_rule: Full, bin::restore_rule, (rules::OneRule) -> Saved;
    empty_bin: Full, bin::empty_bin, (Nothing) -> Nothing;
    save_group: Full, groups::save_group, (groups::SaveGroup) -> Rulebook;
    undo: Full, undo::undo, (Nothing) -> Undo;
    redo: Full, undo::redo, (Nothing) -> Undo;
    export_rules: Full, packs::export_rules, (packs::ExportRules) -> ExportedRules;
    preview_import: Full, packs::preview_import, (packs::FileText) -> ImportPreview;
    import_rules: Full, packs::import_rules, (packs::FileText) -> Rulebook;

    // Services and their queues.
    services: Remote, services::services, (Nothing) -> Vec<Service>;
    change_service: Full, services::change_service, (services::ChangeService) -> Service;
    change_service_event: Full, services::change_service_event, (services::ChangeServiceEvent) -> Service;
    separate_event_type: Full, services::separate_event_type, (services::SeparateEventType) -> Service;
    enable_default: Full, services::enable_default, (services::EnableDefault) -> Rulebook;
    add_service: Full, services::add_service, (services::AddService) -> Service;
    remove_service: Full, services::remove_service, (services::RemoveService) -> Nothing;

    // Settings, keys, backups and diagnostics.

    // The local server.
}
