//! The table of the commands: a line each, from which calling and the window's types are made.

use serde_json::Value;

use super::{Caller, Command, Needs, Nothing, backups, diagnosis, keys, read, settings, written};
use crate::dto::{
    AreaChange, Backup, DataFolder, Diagnostics, Failure, FailureCode, Finding, HotkeyStatus, KeyStatus, KeyTest,
    SavedText, Settings,
};

/// Makes the list of commands and the way to each: `name: who may, function(input) -> output;`.
macro_rules! commands {
    ($($name:ident: $needs:ident, $function:path, ($input:ty) -> $output:ty;)*) => {
        /// Every command.
        pub const COMMANDS: &[Command] = &[$(Command { name: stringify!($name), needs: Needs::$needs }),*];

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

    // Services and their queues.

    // Settings, keys, backups and diagnostics.
    save_settings: Full, settings::save, (AreaChange) -> Settings;
    hotkeys: Full, settings::hotkeys, (Nothing) -> Vec<HotkeyStatus>;
    keys: Window, keys::list, (Nothing) -> Vec<KeyStatus>;
    set_key: Window, keys::set, (keys::NewKey) -> Vec<KeyStatus>;
    test_key: Window, keys::test, (keys::NamedKey) -> KeyTest;
    remove_key: Window, keys::remove, (keys::NamedKey) -> Vec<KeyStatus>;
    data_folder: Full, diagnosis::data_folder, (Nothing) -> DataFolder;
    open_folder: Window, diagnosis::open_folder, (diagnosis::NamedFolder) -> Nothing;
    backups: Window, backups::list, (Nothing) -> Vec<Backup>;
    back_up: Window, backups::back_up, (Nothing) -> Vec<Backup>;
    restore_backup: Window, backups::restore, (backups::ChosenBackup) -> Nothing;
    examine: Full, diagnosis::examine, (Nothing) -> Vec<Finding>;
    write_diagnostics: Window, diagnosis::write, (Nothing) -> Diagnostics;
    save_text: Window, diagnosis::save_text, (diagnosis::NewText) -> SavedText;

    // The local server.
}
