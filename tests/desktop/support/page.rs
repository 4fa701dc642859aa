//! The app's page with a hand on it: what is seen is found by the names that people and screen readers know.

use std::net::{Ipv4Addr, TcpListener};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use thirtyfour::error::WebDriverResult;
use thirtyfour::{By, Capabilities, WebDriver, WebElement};
use tokio::time::Instant;

use super::desk::installed;
use super::display::Display;
use super::program::{below, terminate};
use super::{Desk, Program, until};

/// How long something may take to appear, and how often it is looked for.
const PATIENCE: (Duration, Duration) = (Duration::from_secs(20), Duration::from_millis(50));

/// Where pictures of the window are put.
const PICTURES: &str = "target/desktop-pictures";

/// The page of a running app.
pub(crate) struct Page {
    driver: WebDriver,
    display: Arc<Display>,
    native: Program,
}

impl Page {
    /// Opens the app on that desk.
    pub(crate) async fn open(desk: &Desk) -> Self {
        let [port, native_port] = free_ports();
        let mut command = desk.command("tauri-driver");
        command.args(["--port", &port.to_string(), "--native-port", &native_port.to_string()]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let native = Program::start(command);
        let mut wanted = Capabilities::new();
        wanted.set("browserName", "wry").expect("a text");
        wanted.set("tauri:options", json!({ "application": installed() })).expect("an object");
        let address = format!("http://127.0.0.1:{port}");
        // The client wants to know how it would encrypt; another test may have told it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let driver = until("the driver", async || WebDriver::new(&address, wanted.clone()).await.ok()).await;
        Self { driver, display: Arc::clone(&desk.display), native }
    }

    /// Ends the app in order, as at the system's shutdown, and with it the page.
    pub(crate) async fn end(self) {
        let app = self.app();
        terminate(app);
        until("the app's end", async || (!below(self.native.id(), "cuelight").contains(&app)).then_some(())).await;
        // The driver finds that its window is gone; that is what was wanted.
        let _ = self.driver.clone().quit().await;
    }

    /// The app's process.
    pub(crate) fn app(&self) -> u32 {
        below(self.native.id(), "cuelight").first().copied().expect("the driver has started the app")
    }

    /// How many living processes of the app are called so.
    pub(crate) fn processes(&self, name: &str) -> usize {
        below(self.app(), name).len()
    }

    /// Waits until that text is seen.
    pub(crate) async fn see(&self, text: &str) {
        let path = format!("//*[not(self::script)][text()[contains(normalize-space(.), {})]]", quoted(text));
        self.with(text, &path, async |_| Ok(())).await;
    }

    /// Presses what has that name.
    pub(crate) async fn press(&self, name: &str) {
        let quoted = quoted(name);
        let path = format!(
            "//*[{PRESSABLE}][@aria-label={quoted} or normalize-space(.)={quoted}] | //*[{PRESSABLE}][.//b[normalize-space(.)={quoted}]]"
        );
        self.click(name, &path).await;
    }

    /// Presses the first thing of that name behind a text.
    pub(crate) async fn press_after(&self, text: &str, name: &str) {
        let path = format!(
            "(//*[normalize-space(text())={}]/following::*[{PRESSABLE}][normalize-space(.)={}])[1]",
            quoted(text),
            quoted(name)
        );
        self.click(name, &path).await;
    }

    /// Presses what has that text in it, within a dialog, a menu or a group.
    pub(crate) async fn press_within(&self, role: &str, text: &str) {
        let path = format!("//*[@role='{role}']//*[{PRESSABLE}][contains(normalize-space(.), {})]", quoted(text));
        self.click(text, &path).await;
    }

    /// Types into the field with that label.
    pub(crate) async fn type_into(&self, label: &str, text: &str) {
        let name = quoted(label);
        let path = format!("//input[@aria-label={name} or @id=//label[normalize-space(.)={name}]/@for]");
        self.with(label, &path, async |field| field.send_keys(text).await).await;
    }

    /// Goes to one of the screens, as Alt and its number do.
    pub(crate) async fn go_to(&self, screen: &str) {
        self.click(screen, &way_to(screen)).await;
    }

    /// Goes to one of the screens, and gives the milliseconds from the press until the second frame after it.
    pub(crate) async fn time_of_going_to(&self, screen: &str) -> f64 {
        let arguments = vec![json!(way_to(screen))];
        let timed = self.driver.execute_async(PRESS_AND_TWO_FRAMES, arguments).await.expect("the screen is drawn");
        timed.convert().expect("a number of milliseconds")
    }

    /// Asks the app as the page itself does.
    pub(crate) async fn ask(&self, command: &str) -> serde_json::Value {
        let asked = self.driver.execute_async(ASK, vec![json!(command)]).await.expect("the page is there");
        asked.json().clone()
    }

    /// All that is in the page now.
    pub(crate) async fn source(&self) -> String {
        self.driver.source().await.expect("the page is there")
    }

    /// Keeps a picture of the window for people.
    pub(crate) async fn picture(&self, name: &str) {
        let folder = system_tests::program::repository(PICTURES);
        std::fs::create_dir_all(&folder).expect("a folder for pictures");
        // What was just drawn is painted two frames later. A page that paints no frames at all is pictured as it is.
        let _ = self.driver.execute_async(TWO_FRAMES, Vec::<serde_json::Value>::new()).await;
        // From the display: the driver's own pictures need the buffers that the app draws without.
        self.display.take_picture("Cuelight", &folder.join(format!("{name}.png")));
    }

    async fn click(&self, what: &str, path: &str) {
        self.with(what, path, async |found| found.click().await).await;
    }

    /// Does that with the first of those that are seen. The page may be drawn anew between finding and doing, so it is tried
    /// until it succeeds.
    async fn with(&self, what: &str, path: &str, deed: impl AsyncFn(WebElement) -> WebDriverResult<()>) {
        let (patience, look) = PATIENCE;
        let end = Instant::now() + patience;
        loop {
            let done = match self.seen(path).await {
                Ok(Some(found)) => deed(found).await.map_err(|error| error.to_string()),
                Ok(None) => Err("nothing is there".to_owned()),
                Err(error) => Err(error.to_string()),
            };
            let Err(problem) = done else { return };
            if Instant::now() >= end {
                self.picture("not-found").await;
                panic!("{what} is not to be had ({problem}); {PICTURES}/not-found.png shows the page");
            }
            tokio::time::sleep(look).await;
        }
    }

    /// The first that takes room on the page. What the driver itself calls displayed leaves out texts that are cut short.
    async fn seen(&self, path: &str) -> WebDriverResult<Option<WebElement>> {
        for found in self.driver.find_all(By::XPath(path)).await? {
            let room = found.rect().await?;
            if room.width > 0.0 && room.height > 0.0 {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // The driver is killed with its window; asking it for an orderly end would wait for minutes where a test broke off.
        // After an end in order there is nothing to leave.
        let _ = self.driver.clone().leak();
    }
}

/// Asks the app for a command without input, and answers with what it gives, or `{ failure }`.
const ASK: &str = "
    const [command, done] = arguments;
    window.__TAURI_INTERNALS__.invoke('rpc', { command, input: {} }).then(done, failure => done({ failure }));";

/// Answers once two frames were painted.
const TWO_FRAMES: &str = "requestAnimationFrame(() => requestAnimationFrame(arguments[0]))";

/// Presses what that path leads to, and answers how long it took until two frames were painted.
const PRESS_AND_TWO_FRAMES: &str = "
    const [path, done] = arguments;
    const screen = document.evaluate(path, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue;
    const before = performance.now();
    screen.click();
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - before)));";

/// What can be pressed.
const PRESSABLE: &str =
    "self::button or self::a or @role='button' or @role='menuitem' or @role='option' or @role='tab' or @role='switch'";

/// The path to a screen's place in the navigation.
fn way_to(screen: &str) -> String {
    let name = quoted(screen);
    format!("//nav//*[self::a or self::button][contains(normalize-space(.), {name}) or @aria-label={name}]")
}

/// A text within a path; none of ours has an apostrophe of the straight kind.
fn quoted(text: &str) -> String {
    format!("'{text}'")
}

/// Two ports that nobody has at the moment.
fn free_ports() -> [u16; 2] {
    let taken = [(); 2].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free loopback port"));
    taken.map(|listener| listener.local_addr().expect("it listens").port())
}
