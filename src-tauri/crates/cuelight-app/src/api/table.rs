//! The table of the commands: a line each, from which calling and the window's types are made.

use cuelight_core::action::Action;
use serde_json::Value;

use super::{
    Caller, Command, CommandVisitor, Needs, Nothing, account, backups, bin, diagnosis, feed, gifts, groups, keys, live,
    packs, queue, read, rules, script, server, services, settings, start, trying, undo, values, written,
};
use crate::dto::{
    AreaChange, Backup, BinnedRule, ConnectionStory, DataFolder, Diagnostics, EventLine, EventStory, ExportedRules,
    Failure, FailureCode, Finding, GiftPage, HotkeyStatus, ImportPreview, KeyStatus, KeyTest, LiveStatus, Login,
    MutedViewer, Opened, OverlayToken, Queue, RealEvent, Recording, Rehearsal, RuleVersion, Rulebook, RunningCooldown,
    Saved, SavedText, ServerStatus, Service, Settings, Skipped, Solved, StartedRun, StopPreview, Trial, Undo, Values,
    Variable,
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
    open: Remote, start::open, (Nothing) -> Opened;

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
    connection_story: Full, live::connection_story, (Nothing) -> ConnectionStory;
    older_lines: Remote, feed::older_lines, (feed::OlderLines) -> Vec<EventLine>;
    event_story: Remote, feed::event_story, (feed::EventPlace) -> EventStory;

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
    queue: Remote, queue::queue, (queue::QueueOf) -> Queue;
    pause_service: Remote, queue::pause_service, (queue::OneService) -> Nothing;
    resume_service: Remote, queue::resume_service, (queue::OneService) -> Nothing;
    skip_job: Remote, queue::skip_job, (queue::OneJob) -> Queue;
    move_job_up: Full, queue::move_job_up, (queue::OneJob) -> Queue;
    move_job_down: Full, queue::move_job_down, (queue::OneJob) -> Queue;
    hold_job: Full, queue::hold_job, (queue::OneJob) -> Queue;
    release_job: Full, queue::release_job, (queue::OneJob) -> Queue;
    discard_job: Full, queue::discard_job, (queue::OneJob) -> Queue;
    run_job_again: Full, queue::run_job_again, (queue::OneJob) -> Queue;
    clear_queue: Full, queue::clear_queue, (queue::ClearQueue) -> Queue;

    // Settings, keys, backups and diagnostics.
    save_settings: Full, settings::save, (AreaChange) -> Settings;
    hotkeys: Full, settings::hotkeys, (Nothing) -> Vec<HotkeyStatus>;
    keys: Window, keys::list, (Nothing) -> Vec<KeyStatus>;
    set_key: Window, keys::set, (keys::NewKey) -> Vec<KeyStatus>;
    test_key: Window, keys::test, (keys::NamedKey) -> KeyTest;
    remove_key: Window, keys::remove, (keys::NamedKey) -> Vec<KeyStatus>;
    solve_page: Window, account::solve_page, (Nothing) -> Solved;
    log_in_tiktok: Window, account::log_in, (Nothing) -> Login;
    log_out_tiktok: Window, account::log_out, (Nothing) -> Nothing;
    data_folder: Full, diagnosis::data_folder, (Nothing) -> DataFolder;
    open_folder: Window, diagnosis::open_folder, (diagnosis::NamedFolder) -> Nothing;
    backups: Window, backups::list, (Nothing) -> Vec<Backup>;
    back_up: Window, backups::back_up, (Nothing) -> Vec<Backup>;
    restore_backup: Window, backups::restore, (backups::ChosenBackup) -> Nothing;
    examine: Full, diagnosis::examine, (Nothing) -> Vec<Finding>;
    write_diagnostics: Window, diagnosis::write, (Nothing) -> Diagnostics;
    save_text: Window, diagnosis::save_text, (diagnosis::NewText) -> SavedText;

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
