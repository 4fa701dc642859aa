//! How the system's web view draws the page, where that has to be said before there is one.

/// What WebKitGTK reads to draw without buffers shared with the graphics card.
#[cfg(target_os = "linux")]
const WITHOUT_SHARED_BUFFERS: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// Has WebKitGTK draw without buffers shared with the graphics card, unless the environment says how to draw.
///
/// With them the window stays empty on many machines with Nvidia drivers (WebKit bug 261874, Tauri issue 9394), every first
/// opening of a screen waits for shaders, and the card is also drawing the game and the stream. Call it before anything
/// else runs: environments are not made for threads.
pub(crate) fn choose() {
    #[cfg(target_os = "linux")]
    gtk::glib::setenv(WITHOUT_SHARED_BUFFERS, "1", false).expect("a name without an equals sign is taken");
}
