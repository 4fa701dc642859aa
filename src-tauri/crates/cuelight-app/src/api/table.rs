//! The table of the commands: a line each, from which calling and the window's types are made.

use cuelight_core::action::Action;
use serde_json::Value;

use super::{Caller, Command, CommandVisitor, Needs, Nothing, live, read, script, server, written};
use crate::dto::{
    Failure, FailureCode, LiveStatus, MutedViewer, OverlayToken, Recording, Rehearsal, ServerStatus, Skipped,
    StartedRun, StopPreview,
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
    go_live: Full, live::go_live, (live::Creator) -> Nothing;
    wait_until_live: Full, live::wait_until_live, (Nothing) -> Nothing;
    retry_now: Full, live::retry_now, (Nothing) -> Nothing;
    end_live: Full, live::end_live, (Nothing) -> Nothing;
    rehearse: Full, live::rehearse, (Rehearsal) -> Nothing;
    recordings: Full, live::recordings, (Nothing) -> Vec<Recording>;
    pause_all: Remote, live::pause_all, (Nothing) -> Nothing;
    resume_all: Remote, live::resume_all, (Nothing) -> Nothing;
    silence: Remote, live::silence, (Nothing) -> Nothing;
    unsilence: Remote, live::unsilence, (Nothing) -> Nothing;
    stop_everything_preview: Remote, live::stop_everything_preview, (Nothing) -> StopPreview;
    stop_everything: Remote, live::stop_everything, (Nothing) -> Nothing;
    press_button: Full, live::press_button, (live::Button) -> Nothing;
    press_hotkey: Window, live::press_hotkey, (live::Hotkey) -> Nothing;
    resume_old_jobs: Full, live::resume_old_jobs, (Nothing) -> Nothing;
    discard_old_jobs: Full, live::discard_old_jobs, (Nothing) -> Nothing;
    mute_viewer: Full, live::mute_viewer, (live::Viewer) -> Nothing;
    unmute_viewer: Full, live::unmute_viewer, (live::Viewer) -> Nothing;
    muted_viewers: Remote, live::muted_viewers, (Nothing) -> Vec<MutedViewer>;

    // Trying rules, and what rules are made from.

    // Rules.

    // Services and their queues.

    // Settings, keys, backups and diagnostics.

    // The local server, and what scripts do through it.
    server_status: Full, server::status, (Nothing) -> ServerStatus;
    renew_tokens: Full, server::renew_tokens, (Nothing) -> ServerStatus;
    overlay_token: Full, server::overlay_token, (server::OneOverlay) -> OverlayToken;
    live: Remote, script::live, (Nothing) -> LiveStatus;
    run_rule: Full, script::run_rule, (script::OneRule) -> Nothing;
    call_rules: Full, script::call_rules, (script::Named) -> Nothing;
    emit_event: Full, script::emit_event, (script::Named) -> Nothing;
    run_action: Full, script::run_action, (Action) -> StartedRun;
    skip_service: Remote, script::skip_service, (script::OneService) -> Skipped;
}
