//! Global hotkeys: the app says which are wanted, the system says which of them are ours.
//!
//! On Linux they need X11: under Wayland the system lets no program hear keys that are meant for another.

use cuelight_app::dto::{CallerRole, HotkeyStatus};
use serde_json::json;
use tauri::{AppHandle, Manager};
use tauri_plugin_global_shortcut::{GlobalShortcutExt as _, Shortcut, ShortcutState};

use crate::bridge::Bridge;

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
