//! The table of the commands: a line each, from which calling and the window's types are made.

use serde_json::Value;

use super::{Caller, Command, Needs, Nothing, gifts, read, trying, values, written};
use crate::dto::{Failure, FailureCode, GiftPage, RealEvent, RunningCooldown, Trial, Values, Variable};

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
    preview_rule: Full, trying::preview_rule, (trying::TryRule) -> Trial;
    try_rule: Full, trying::try_rule, (trying::TryRule) -> Trial;
    try_action: Full, trying::try_action, (trying::TryAction) -> Trial;
    real_events: Full, trying::real_events, (trying::AnsweredBy) -> Vec<RealEvent>;
    variables: Full, values::variables, (values::OfTrigger) -> Vec<Variable>;
    values: Remote, values::values, (Nothing) -> Values;
    running_cooldowns: Full, values::running_cooldowns, (Nothing) -> Vec<RunningCooldown>;
    reset_cooldowns: Full, values::reset_cooldowns, (values::OfRule) -> Nothing;
    gifts: Remote, gifts::gifts, (gifts::WantedGifts) -> GiftPage;
    catch_next_gift: Full, gifts::catch_next_gift, (Nothing) -> Nothing;
    stop_catching: Full, gifts::stop_catching, (Nothing) -> Nothing;

    // Rules.

    // Services and their queues.

    // Settings, keys, backups and diagnostics.

    // The local server.
}
