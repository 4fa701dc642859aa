//! What closing the window means, and how the app ends in order.
//!
//! | tray | setting *close to tray* | a live runs | closing the window |
//! |---|---|---|---|
//! | yes | on | any | the window goes with its web process, the engine goes on |
//! | yes | off | no | the app ends |
//! | yes | off | yes | people are asked |
//! | no | any | no | the app ends: nobody could open it again |
//! | no | any | yes | people are asked |

use std::time::Duration;

use cuelight_app::App;
use cuelight_app::server::Serving;
use tauri::{AppHandle, CloseRequestApi, ExitRequestApi, Manager};
use tauri_plugin_dialog::{DialogExt as _, MessageDialogButtons, MessageDialogKind};

use crate::bridge::Bridge;
use crate::standing::Standing;
use crate::tray;
use crate::window;
use crate::words::{Word, word};

/// How long an orderly end may take: that of the server, then that of the engine, and a second for the system to come round to
/// them; what runs then is cut off, and the next start finds it interrupted.
const END: Duration = Serving::LONGEST_STOP.saturating_add(App::LONGEST_END).saturating_add(Duration::from_secs(1));

/// Somebody closes the window.
pub(crate) fn requested(app: &AppHandle, api: &CloseRequestApi) {
    tray::look_for_a_place(app);
    let known = app.state::<Standing>().now();
    if goes_on_in_tray(app) || !known.live.would_be_missed() {
        return;
    }
    api.prevent_close();
    let quit = app.clone();
    app.dialog()
        .message(word(Word::QuitQuestion, known.language))
        .title("Cuelight")
        .kind(MessageDialogKind::Warning)
        .buttons(MessageDialogButtons::OkCancelCustom(
            word(Word::Quit, known.language).to_owned(),
            word(Word::Stay, known.language).to_owned(),
        ))
        .show(move |agreed| {
            if agreed {
                quit.exit(0);
            }
        });
}

/// The last window is gone, or somebody asked for the end, which comes with a code.
pub(crate) fn windows_are_gone(app: &AppHandle, code: Option<i32>, api: &ExitRequestApi) {
    if code.is_none() && goes_on_in_tray(app) {
        api.prevent_exit();
    }
}

/// Ends the engine; the window, which would no longer answer, goes first.
pub(crate) fn end(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(window::MAIN) {
        // It is going anyway.
        let _ = window.hide();
    }
    let app = app.clone();
    let ended = tauri::async_runtime::block_on(async move {
        let bridge = app.state::<Bridge>();
        tokio::time::timeout(END, bridge.end()).await
    });
    if ended.is_err() {
        tracing::warn!("the engine did not end in time");
    }
}

/// Ends in order when the system or a terminal asks for the end.
pub(crate) fn end_when_told(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        if told_to_end().await.is_ok() {
            app.exit(0);
        }
    });
}

#[cfg(unix)]
async fn told_to_end() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn told_to_end() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

fn goes_on_in_tray(app: &AppHandle) -> bool {
    tray::is_shown(app) && app.state::<Standing>().now().close_to_tray
}
