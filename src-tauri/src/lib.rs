//! The window of Cuelight: a thin Tauri shell over the running app.
//!
//! The page asks through `bridge::rpc` and hears through `bridge::push`; what that means is the running app's. Here is what
//! only a desktop has: a window, a tray, global hotkeys, dialogs, starting with the system, and an orderly end.

mod bridge;
mod closing;
mod drawing;
mod hearing;
mod hotkeys;
#[cfg(target_os = "linux")]
mod live_page;
mod pages;
mod shell;
mod standing;
mod start;
mod tray;
mod trouble;
mod window;
mod words;

use std::process::ExitCode;
use std::sync::Arc;

use cuelight_runtime::paths::DataFolder;
use tauri::{AppHandle, Manager, RunEvent};

use self::bridge::Bridge;
use self::shell::DesktopShell;
use self::standing::Standing;
use self::start::{Asked, Start};

/// Runs the app until it is quit.
#[must_use]
pub fn run() -> ExitCode {
    let start = match Start::read(std::env::args_os().skip(1)) {
        Asked::Start(start) => start,
        Asked::Version => {
            start::tell_version();
            return ExitCode::SUCCESS;
        }
    };
    drawing::choose();
    let folder = DataFolder::find(start.data_folder.clone());
    start::keep_log(folder.as_ref().ok());
    match build(start, folder.map_err(trouble::of_folder)) {
        Ok(app) => {
            app.run(|app, event| match event {
                RunEvent::ExitRequested { code, api, .. } => closing::windows_are_gone(app, code, &api),
                RunEvent::Exit => closing::end(app),
                _ => {}
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!(%error, "the window could not be made");
            start::tell(&format!("Cuelight could not open a window: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn build(start: Start, folder: Result<DataFolder, cuelight_app::dto::Failure>) -> tauri::Result<tauri::App> {
    let mut builder = tauri::Builder::default();
    // Who names a data folder wants that one, whatever runs in another; the folder's own lock keeps two engines apart.
    if !start.names_a_folder() {
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, _, _| window::show(app)));
    }
    builder
        .plugin(window::remembers_its_place())
        .plugin(tauri_plugin_global_shortcut::Builder::new().build())
        .plugin(tauri_plugin_autostart::Builder::new().arg(start::BACKGROUND).app_name("Cuelight").build())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build())
        .invoke_handler(tauri::generate_handler![bridge::rpc, bridge::push])
        .register_asynchronous_uri_scheme_protocol(pages::SCHEME, pages::serve)
        .setup(move |app| {
            let handle = app.handle();
            app.manage(Bridge::new(folder, Arc::new(DesktopShell::new(handle.clone()))));
            app.manage(Standing::default());
            app.manage(tray::Tray::default());
            tray::look_for_a_place(handle);
            begin(handle.clone());
            if !start.names_a_folder() {
                keep_autostart(handle.clone());
            }
            closing::end_when_told(handle.clone());
            if start.in_background && tray::is_shown(handle) {
                return Ok(());
            }
            window::open(handle)?;
            Ok(())
        })
        .build(tauri::generate_context!())
}

/// Opens the data folder while the window is being made, and follows what happens from then on.
fn begin(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        // Why it did not begin is told to the window, which asks again.
        let _ = app.state::<Bridge>().door().await;
        let door = app.state::<Bridge>().when_begun().await;
        tokio::join!(standing::follow(&app, door.app()), door.app().keep_hotkeys());
    });
}

/// Tells the system whether to start the app. It starts it without a named data folder, so whoever named one has no say.
fn keep_autostart(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        app.state::<Bridge>().when_begun().await.app().keep_autostart().await;
    });
}
