//! Global hotkeys: those of the settings and those that rules begin with, taken anew whenever either changes.
//!
//! On Linux they need X11: under Wayland the system lets no program hear keys that are meant for another.

use std::collections::BTreeSet;

use cuelight_app::Door;
use cuelight_app::dto::{CallerRole, HotkeySettings, HotkeyStatus, PushBatch, Settings};
use cuelight_core::trigger::Trigger;
use cuelight_runtime::store::Reader;
use serde::Deserialize;
use serde_json::json;
use tauri::{AppHandle, Manager};
use tauri_plugin_global_shortcut::{GlobalShortcutExt as _, Shortcut, ShortcutState};

use crate::bridge::Bridge;

/// The part of the answer to `open` that hotkeys stand in.
#[derive(Deserialize)]
struct Opened {
    settings: Settings,
}

/// Follows settings and rules from the app's beginning to its end.
pub(crate) async fn follow(app: AppHandle) {
    let door = app.state::<Bridge>().when_begun().await;
    let mut batches = door.listen();
    let mut settings = match door.call(CallerRole::Window, "open", json!({})).await.map(serde_json::from_value) {
        Ok(Ok(Opened { settings })) => settings.hotkeys,
        Ok(Err(_)) | Err(_) => HotkeySettings::default(),
    };
    let mut taken = BTreeSet::new();
    renew(&door, &settings, &mut taken).await;
    while let Some(batch) = batches.next().await {
        if let Some(changed) = &batch.settings {
            settings.clone_from(&changed.hotkeys);
        }
        if may_concern(&batch) {
            renew(&door, &settings, &mut taken).await;
        }
    }
}

/// Takes these key combinations and lets go of all others; says which of them are ours now.
///
/// It waits for the window's own thread, so it is called from one that may wait.
pub(crate) fn take(app: &AppHandle, keys: &[String]) -> Vec<HotkeyStatus> {
    let ours = app.global_shortcut();
    if let Err(error) = ours.unregister_all() {
        tracing::warn!(%error, "the hotkeys before could not be let go of");
    }
    keys.iter().map(|keys| HotkeyStatus { keys: keys.clone(), registered: take_one(app, keys) }).collect()
}

fn take_one(app: &AppHandle, keys: &str) -> bool {
    let ours = app.global_shortcut();
    // The same keys twice, such as for two rules, are one combination.
    if ours.is_registered(keys) {
        return true;
    }
    let pressed_keys = keys.to_owned();
    let taken = ours.on_shortcut(keys, move |app, _: &Shortcut, event| {
        if event.state() == ShortcutState::Pressed {
            tauri::async_runtime::spawn(press(app.clone(), pressed_keys.clone()));
        }
    });
    taken.inspect_err(|error| tracing::info!(%error, keys, "the hotkey is not ours")).is_ok()
}

/// Somebody pressed one.
async fn press(app: AppHandle, keys: String) {
    let pressed = match app.state::<Bridge>().door().await {
        Ok(door) => door.call(CallerRole::Window, "press_hotkey", json!({ "keys": keys })).await,
        Err(failure) => Err(failure),
    };
    if let Err(failure) = pressed {
        tracing::warn!(%failure, keys, "the hotkey did nothing");
    }
}

fn may_concern(batch: &PushBatch) -> bool {
    batch.settings.is_some() || batch.rulebook_revision.is_some()
}

/// Takes what is wanted now, unless that is what was taken before.
async fn renew(door: &Door, settings: &HotkeySettings, taken: &mut BTreeSet<String>) {
    let wanted = match door.app().read(rule_hotkeys).await {
        Ok(of_rules) => of_settings(settings).chain(of_rules).collect::<BTreeSet<_>>(),
        Err(failure) => {
            tracing::warn!(%failure, "the hotkeys of rules could not be read");
            return;
        }
    };
    if wanted == *taken {
        return;
    }
    let keys: Vec<_> = wanted.iter().cloned().collect();
    match door.app().shell.take_hotkeys(&keys).await {
        Ok(_) => *taken = wanted,
        Err(error) => tracing::warn!(%error, "the hotkeys could not be taken"),
    }
}

fn of_settings(settings: &HotkeySettings) -> impl Iterator<Item = String> {
    let HotkeySettings { silence, stop_everything, pause_all } = settings.clone();
    [silence, stop_everything, pause_all].into_iter().flatten()
}

fn rule_hotkeys(reader: &Reader) -> Result<Vec<String>, cuelight_runtime::store::StoreError> {
    let rules = reader.rules()?.into_iter().filter(|rule| rule.enabled);
    let keys = rules.filter_map(|rule| match rule.when {
        Trigger::Hotkey { keys } => Some(keys),
        _ => None,
    });
    Ok(keys.collect())
}
