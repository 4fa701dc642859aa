//! What the running app asks of the desktop it runs on.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cuelight_app::dto::HotkeyStatus;
use cuelight_app::shell::{Shell, ShellError, ShellFuture};
use cuelight_runtime::source::page::PageHost;
use tauri::{AppHandle, Manager};
use tauri_plugin_autostart::ManagerExt as _;
use tauri_plugin_dialog::DialogExt as _;
use tauri_plugin_opener::OpenerExt as _;
use tokio::sync::oneshot;

use crate::hotkeys;

/// This desktop.
pub(crate) struct DesktopShell {
    app: AppHandle,
    /// What shows TikTok's page; where it is none of ours, a browser does.
    pages: Option<Arc<dyn PageHost>>,
}

impl DesktopShell {
    /// The desktop that this app has its window on.
    pub(crate) fn new(app: AppHandle) -> Self {
        Self { app, pages: pages() }
    }

    async fn ask_for_a_place(&self, file_name: &str) -> Result<Option<PathBuf>, ShellError> {
        let (answer, answered) = oneshot::channel();
        let mut dialog = self.app.dialog().file().set_file_name(file_name);
        if let Some(window) = self.app.get_webview_window(crate::window::MAIN) {
            dialog = dialog.set_parent(&window);
        }
        // Who asked may be gone before people answer.
        dialog.save_file(move |place| drop(answer.send(place)));
        let place = answered.await.map_err(|error| refused("ask for a place", error))?;
        place.map(|place| place.into_path().map_err(|error| refused("use that place", error))).transpose()
    }
}

impl Shell for DesktopShell {
    fn open_folder<'a>(&'a self, folder: &'a Path) -> ShellFuture<'a, ()> {
        let app = self.app.clone();
        let folder = folder.display().to_string();
        Box::pin(away("show the folder", move || app.opener().open_path(folder, None::<&str>)))
    }

    fn save_text<'a>(&'a self, file_name: &'a str, text: &'a str) -> ShellFuture<'a, Option<PathBuf>> {
        Box::pin(async move {
            let Some(place) = self.ask_for_a_place(file_name).await? else {
                return Ok(None);
            };
            let (to, text) = (place.clone(), text.to_owned());
            away("save the file", move || std::fs::write(to, text)).await?;
            Ok(Some(place))
        })
    }

    fn take_hotkeys<'a>(&'a self, keys: &'a [String]) -> ShellFuture<'a, Vec<HotkeyStatus>> {
        let app = self.app.clone();
        let keys = keys.to_vec();
        Box::pin(away("take the hotkeys", move || Ok::<_, std::convert::Infallible>(hotkeys::take(&app, &keys))))
    }

    fn start_with_system(&self, wanted: bool) -> ShellFuture<'_, ()> {
        let app = self.app.clone();
        Box::pin(away("change what starts with the system", move || {
            let starter = app.autolaunch();
            if wanted { starter.enable() } else { starter.disable() }
        }))
    }

    fn pages(&self) -> Option<Arc<dyn PageHost>> {
        self.pages.clone()
    }

    fn restart(&self) -> ShellFuture<'_, ()> {
        self.app.request_restart();
        Box::pin(async { Ok(()) })
    }
}

#[cfg(target_os = "linux")]
fn pages() -> Option<Arc<dyn PageHost>> {
    Some(Arc::new(crate::live_page::Webviews::new()))
}

/// How the webviews of other systems could be listened to was never tried, so a browser is.
#[cfg(not(target_os = "linux"))]
fn pages() -> Option<Arc<dyn PageHost>> {
    None
}

/// Does what may wait for the system on a thread that may wait.
async fn away<T, E>(what: &'static str, deed: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, ShellError>
where
    T: Send + 'static,
    E: std::fmt::Display + Send + 'static,
{
    let done = tokio::task::spawn_blocking(deed).await.map_err(|error| refused(what, error))?;
    done.map_err(|error| refused(what, error))
}

fn refused(what: &'static str, cause: impl std::fmt::Display) -> ShellError {
    ShellError::Refused { what, cause: cause.to_string() }
}
