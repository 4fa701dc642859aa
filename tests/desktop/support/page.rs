//! The app's page with a hand on it: what is seen is found by the names that people and screen readers know.

use std::net::{Ipv4Addr, TcpListener};
use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use thirtyfour::extensions::query::ElementQueryable as _;
use thirtyfour::{By, Capabilities, WebDriver, WebElement};

use super::desk::installed;
use super::program::{below, terminate};
use super::{Desk, Program, until};

/// How long something may take to appear, and how often it is looked for.
const PATIENCE: (Duration, Duration) = (Duration::from_secs(20), Duration::from_millis(50));

/// Where pictures of the window are put.
const PICTURES: &str = "target/desktop-pictures";

/// The page of a running app.
pub(crate) struct Page {
    driver: WebDriver,
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
        Self { driver, native }
    }

    /// Ends the app in order, as at the system's shutdown, and with it the page.
    pub(crate) async fn end(self) {
        let app = self.app();
        terminate(app);
        until("the app's end", async || (!below(self.native.id(), "cuelight").contains(&app)).then_some(())).await;
        // The driver finds that its window is gone; that is what was wanted.
        let _ = self.driver.quit().await;
    }

    /// The app's process.
    pub(crate) fn app(&self) -> u32 {
        below(self.native.id(), "cuelight").first().copied().expect("the driver has started the app")
    }

    /// Waits until that text is seen.
    pub(crate) async fn see(&self, text: &str) -> WebElement {
        self.find(text, &format!("//*[not(self::script)][text()[contains(normalize-space(.), {})]]", quoted(text)))
            .await
    }

    /// Presses what has that name.
    pub(crate) async fn press(&self, name: &str) {
        let name = quoted(name);
        let path = format!(
            "//*[{PRESSABLE}][@aria-label={name} or normalize-space(.)={name}] | //*[{PRESSABLE}][.//b[normalize-space(.)={name}]]"
        );
        self.find(&name, &path).await.click().await.expect("what is seen can be pressed");
    }

    /// Presses what has that text in it, within a dialog, a menu or a group.
    pub(crate) async fn press_within(&self, role: &str, text: &str) {
        let path = format!("//*[@role='{role}']//*[{PRESSABLE}][contains(normalize-space(.), {})]", quoted(text));
        self.find(text, &path).await.click().await.expect("what is seen can be pressed");
    }

    /// Types into the field with that label.
    pub(crate) async fn type_into(&self, label: &str, text: &str) {
        let name = quoted(label);
        let path = format!("//input[@aria-label={name} or @id=//label[normalize-space(.)={name}]/@for]");
        self.find(label, &path).await.send_keys(text).await.expect("a field takes keys");
    }

    /// Goes to one of the screens, as Alt and its number do.
    pub(crate) async fn go_to(&self, screen: &str) {
        let name = quoted(screen);
        let path =
            format!("//nav//*[self::a or self::button][contains(normalize-space(.), {name}) or @aria-label={name}]");
        self.find(screen, &path).await.click().await.expect("the navigation is always there");
    }

    /// Keeps a picture of the page for people.
    pub(crate) async fn picture(&self, name: &str) {
        let folder = system_tests::program::repository(PICTURES);
        std::fs::create_dir_all(&folder).expect("a folder for pictures");
        self.driver.screenshot(&folder.join(format!("{name}.png"))).await.expect("the page is painted");
    }

    async fn find(&self, what: &str, path: &str) -> WebElement {
        let (patience, look) = PATIENCE;
        let query = self.driver.query(By::XPath(path)).wait(patience, look).and_displayed();
        match query.first().await {
            Ok(found) => found,
            Err(error) => {
                self.picture("not-found").await;
                panic!("{what} is not on the page ({error}); {PICTURES}/not-found.png shows it");
            }
        }
    }
}

/// What can be pressed.
const PRESSABLE: &str =
    "self::button or self::a or @role='button' or @role='menuitem' or @role='option' or @role='tab' or @role='switch'";

/// A text within a path; none of ours has an apostrophe of the straight kind.
fn quoted(text: &str) -> String {
    format!("'{text}'")
}

/// Two ports that nobody has at the moment.
fn free_ports() -> [u16; 2] {
    let taken = [(); 2].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free loopback port"));
    taken.map(|listener| listener.local_addr().expect("it listens").port())
}
