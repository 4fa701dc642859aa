//! Commands about settings: saving an area, and the global hotkeys.

#[cfg(test)]
mod tests;

use cuelight_core::settings::Area;
use cuelight_runtime::store::SettingError;

use super::{Caller, Nothing};
use crate::app::App;
use crate::dto::{AreaChange, Failure, FailureCode, HotkeyStatus, Settings};
use crate::shell::ShellError;

pub(super) async fn save(caller: Caller<'_>, change: AreaChange) -> Result<Settings, Failure> {
    let app = caller.app;
    let turn = app.saving_settings.lock().await;
    let before = app.settings.borrow().clone();
    let mut wanted = before.clone();
    let area = change.put_into(&mut wanted);
    if wanted.window.autostart != before.window.autostart {
        start_with_system(app, wanted.window.autostart).await?;
    }
    let saved = app.change(move |store| store.save_settings(area, &wanted).map_err(refused)).await?;
    let shown = Settings::from(&saved);
    app.settings.send_replace(saved);
    app.push.note(|gathered| gathered.settings = true);
    drop(turn);
    if area == Area::Hotkeys {
        // Which of them are ours is asked by whoever shows them; those that are not are no reason to keep the old ones.
        if let Err(error) = app.take_hotkeys().await {
            tracing::warn!(%error, "the hotkeys are not taken");
        }
    }
    Ok(shown)
}

pub(super) async fn hotkeys(caller: Caller<'_>, _: Nothing) -> Result<Vec<HotkeyStatus>, Failure> {
    caller.app.take_hotkeys().await
}

/// Without a desktop the wish is kept for the next time there is one.
async fn start_with_system(app: &App, wanted: bool) -> Result<(), Failure> {
    match app.shell.start_with_system(wanted).await {
        Ok(()) | Err(ShellError::NoDesktop) => Ok(()),
        Err(error @ ShellError::Refused { .. }) => {
            Err(Failure::new(FailureCode::NotNow, error.to_string()).about("value.autostart"))
        }
    }
}

fn refused(error: SettingError) -> Failure {
    match error {
        SettingError::Store(error) => error.into(),
        SettingError::BadValue { key, .. } => {
            // What was typed may be a password in the wrong place.
            let message = format!("could not set {}: it takes {}", key.name, key.allowed);
            Failure::new(FailureCode::BadInput, message).about(format!("value.{}", key.field))
        }
        error @ SettingError::UnknownKey { .. } => Failure::new(FailureCode::BadInput, error.to_string()),
    }
}
