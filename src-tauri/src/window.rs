//! The one window: made and seen when it is wanted, gone when it is closed.

use tauri::utils::config::Color;
use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent, Wry};
use tauri_plugin_window_state::StateFlags;

use crate::bridge::Bridge;
use crate::closing;

/// The name that the capabilities know it by.
pub(crate) const MAIN: &str = "main";

/// What is seen before the page is drawn: the dark of its own theme.
const NIGHT: Color = Color(0x0b, 0x0d, 0x12, 0xff);

/// Large enough for the Live screen, small enough for a laptop.
const SIZE: (f64, f64) = (1280.0, 800.0);

/// What every screen is made to fit into.
const SIZE_MIN: (f64, f64) = (720.0, 480.0);

/// Size and place outlive the window. Whether it is seen is decided by how the app was started.
pub(crate) fn remembers_its_place() -> tauri::plugin::TauriPlugin<Wry> {
    let remembered = StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED;
    tauri_plugin_window_state::Builder::new().with_state_flags(remembered).build()
}

/// Brings the window to the front, or makes it.
pub(crate) fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN) {
        bring_to_front(&window);
        return;
    }
    // Made from within an event of the system, a window would wait for that event to end.
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = open(&app) {
            tracing::error!(%error, "the window could not be made");
        }
    });
}

/// Makes the window and shows it: the page is only drawn in a window that is seen.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::App("index.html".into()))
        .title("Cuelight")
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(SIZE_MIN.0, SIZE_MIN.1)
        .center()
        .background_color(NIGHT)
        // Not before it is where it was.
        .visible(false)
        .zoom_hotkeys_enabled(true)
        // Otherwise the window takes what is dragged within the page for files.
        .disable_drag_drop_handler()
        .on_navigation(is_our_own)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .build()?;
    bring_to_front(&window);
    let app = app.clone();
    window.on_window_event(move |event| match event {
        WindowEvent::CloseRequested { api, .. } => closing::requested(&app, api),
        WindowEvent::Destroyed => app.state::<Bridge>().stop_hearing(),
        _ => {}
    });
    Ok(())
}

/// The page never leaves itself: everything it shows is in the program.
fn is_our_own(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // The form that Windows gives the same address.
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        scheme => scheme == "about" && url.path() == "blank",
    }
}

fn bring_to_front(window: &WebviewWindow) {
    for done in [window.show(), window.unminimize(), window.set_focus()] {
        if let Err(error) = done {
            tracing::warn!(%error, "the window could not be brought to the front");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_goes_nowhere_else() {
        for (url, ours) in [
            ("tauri://localhost/", true),
            ("tauri://localhost/index.html#live", true),
            ("http://tauri.localhost/index.html", true),
            ("about:blank", true),
            ("https://www.tiktok.com/@luna.plays", false),
            ("http://tauri.localhost.example/", false),
            ("http://localhost:8620/", false),
            ("file:///etc/passwd", false),
            ("data:text/html,hello", false),
            ("javascript:alert(1)", false),
            ("about:srcdoc", false),
        ] {
            let parsed = Url::parse(url).expect("a test's address");
            assert_eq!(is_our_own(&parsed), ours, "{url}");
        }
    }
}
