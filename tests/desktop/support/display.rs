//! A display without a screen: Xvfb, and what can be seen and done on it from outside.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter};
use std::path::Path;
use std::process::{Command, Stdio};

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    AtomEnum, BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ClientMessageEvent, ConfigureWindowAux, ConnectionExt as _,
    EventMask, ImageFormat, MOTION_NOTIFY_EVENT, MapState, StackMode, Window,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

use super::{Program, until};

/// How large it is, with its colour depth.
const SIZE: &str = "1280x800x24";

/// A picture with fewer colours is an empty window.
const COLOURS_MIN: usize = 8;

/// Of so many pixels one is looked at: looking at all takes longer than what is timed by it. Prime, so that no column is
/// left out.
const PIXEL_STEP: usize = 13;

/// A display.
pub(crate) struct Display {
    name: String,
    server: RustConnection,
    root: Window,
    _program: Program,
}

impl Display {
    /// Starts one under a free number.
    pub(crate) fn start() -> Self {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", SIZE, "-nolisten", "tcp"]);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut program = Program::start(command);
        let told = program.child().stdout.take().expect("stdout is a pipe");
        let mut number = String::new();
        BufReader::new(told).read_line(&mut number).expect("Xvfb tells its number");
        let name = format!(":{}", number.trim());
        let (server, screen) = x11rb::connect(Some(&name)).expect("Xvfb has told that it is there");
        let root = server.setup().roots[screen].root;
        Self { name, server, root, _program: program }
    }

    /// What `DISPLAY` is set to.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Waits for a window of that title that has something in it.
    pub(crate) async fn painted(&self, title: &str) -> Window {
        until("a painted window", async || self.window(title).filter(|window| self.is_painted(*window))).await
    }

    /// The window of that title, if one is seen.
    pub(crate) fn window(&self, title: &str) -> Option<Window> {
        let all = self.server.query_tree(self.root).ok()?.reply().ok()?.children;
        all.into_iter().find(|window| self.title(*window).as_deref() == Some(title) && self.is_seen(*window))
    }

    /// Asks a window to close, as its cross does.
    pub(crate) fn close(&self, window: Window) {
        let [protocols, delete] = ["WM_PROTOCOLS", "WM_DELETE_WINDOW"].map(|name| self.atom(name));
        let message = ClientMessageEvent::new(32, window, protocols, [delete, x11rb::CURRENT_TIME, 0, 0, 0]);
        let sent = self.server.send_event(false, window, EventMask::NO_EVENT, message);
        sent.expect("the display takes it").check().expect("the window is there");
    }

    /// Puts a window behind all others.
    pub(crate) fn put_behind(&self, window: Window) {
        let behind = ConfigureWindowAux::new().stack_mode(StackMode::BELOW);
        let done = self.server.configure_window(window, &behind).expect("the display takes it");
        done.check().expect("the window is there");
    }

    /// Whether no window that is seen lies before that one.
    pub(crate) fn is_in_front(&self, window: Window) -> bool {
        let tree = self.server.query_tree(self.root).ok().and_then(|asked| asked.reply().ok());
        let all = tree.map(|tree| tree.children).unwrap_or_default();
        all.into_iter().rfind(|window| self.is_seen(*window)) == Some(window)
    }

    /// Clicks at that place of a window, in pixels from its corner, as a mouse does.
    pub(crate) fn click(&self, window: Window, x: i16, y: i16) {
        let place = self.server.translate_coordinates(window, self.root, x, y).expect("the display takes it");
        let place = place.reply().expect("the window is there");
        for (kind, button) in [(MOTION_NOTIFY_EVENT, 0), (BUTTON_PRESS_EVENT, 1), (BUTTON_RELEASE_EVENT, 1)] {
            let done =
                self.server.xtest_fake_input(kind, button, x11rb::CURRENT_TIME, self.root, place.dst_x, place.dst_y, 0);
            done.expect("the display takes it").check().expect("the display can do it");
        }
    }

    /// Writes what is seen of the window of that title, as PNG.
    pub(crate) fn take_picture(&self, title: &str, path: &Path) {
        let window = self.window(title).expect("the window is seen");
        let picture = self.picture(window).expect("it is still there");
        let file = File::create(path).expect("a place for pictures");
        let mut encoder = png::Encoder::new(BufWriter::new(file), picture.width.into(), picture.height.into());
        encoder.set_color(png::ColorType::Rgb);
        let rgb: Vec<u8> = picture.pixels().flat_map(|&[blue, green, red, _]| [red, green, blue]).collect();
        let mut writer = encoder.write_header().expect("it can be written");
        writer.write_image_data(&rgb).expect("it can be written");
    }

    fn is_painted(&self, window: Window) -> bool {
        self.picture(window)
            .is_some_and(|picture| picture.pixels().step_by(PIXEL_STEP).collect::<HashSet<_>>().len() >= COLOURS_MIN)
    }

    fn picture(&self, window: Window) -> Option<Picture> {
        let size = self.server.get_geometry(window).ok()?.reply().ok()?;
        let image = self.server.get_image(ImageFormat::Z_PIXMAP, window, 0, 0, size.width, size.height, !0);
        Some(Picture { width: size.width, height: size.height, data: image.ok()?.reply().ok()?.data })
    }

    fn is_seen(&self, window: Window) -> bool {
        let attributes = self.server.get_window_attributes(window).ok().and_then(|asked| asked.reply().ok());
        attributes.is_some_and(|it| it.map_state == MapState::VIEWABLE)
    }

    fn title(&self, window: Window) -> Option<String> {
        let asked = self.server.get_property(false, window, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 256).ok()?;
        String::from_utf8(asked.reply().ok()?.value).ok()
    }

    fn atom(&self, name: &str) -> u32 {
        let asked = self.server.intern_atom(false, name.as_bytes()).expect("the display takes it");
        asked.reply().expect("every display has it").atom
    }
}

/// What a window shows: blue, green, red and nothing for each pixel.
struct Picture {
    width: u16,
    height: u16,
    data: Vec<u8>,
}

impl Picture {
    fn pixels(&self) -> impl Iterator<Item = &[u8; 4]> {
        self.data.as_chunks().0.iter()
    }
}
