//! The table of the commands: a line each, from which calling and the window's types are made.

use cuelight_core::action::Action;
use serde_json::Value;

use super::{Caller, Command, Needs, Nothing, read, server, written};
use crate::dto::{Failure, FailureCode, OverlayToken, ServerStatus, Skipped, StartedRun};

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

    // The local server, and what scripts do through it.
    server_status: Full, server::server_status, (Nothing) -> ServerStatus;
    renew_tokens: Full, server::renew_tokens, (Nothing) -> ServerStatus;
    overlay_token: Full, server::overlay_token, (server::OverlayInput) -> OverlayToken;
    run_action: Full, server::run_action, (Action) -> StartedRun;
    skip_service: Remote, server::skip_service, (server::ServiceInput) -> Skipped;
}
