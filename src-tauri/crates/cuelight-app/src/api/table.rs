//! The table of the commands: a line each, from which calling and the window's types are made.

use serde_json::Value;

use super::{Caller, Command, CommandVisitor, Needs, read, written};
use crate::dto::{Failure, FailureCode};

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

    // Services and their queues.

    // Settings, keys, backups and diagnostics.

    // The local server.
}
