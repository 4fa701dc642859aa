//! Starting a browser of our own, and ending it: nothing of it outlives the visit, and nothing of it is anybody else's.

use std::ffi::OsString;
use std::io;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use cuelight_core::clean::clean_to;
use reqwest::{Client, Url};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::devtools::DevTools;
use super::find::find;
use super::folder::{BrowserFolder, Leftover};
use super::{STARTS_WITHIN, Surroundings};
use crate::source::page::{PageFault, TIKTOK_HOSTS};
use crate::tls;

/// Between two questions whether the debugging port is open.
const ASK_AGAIN: Duration = Duration::from_millis(50);

/// How long one such question may take.
const ANSWERS_WITHIN: Duration = Duration::from_secs(1);

/// How long the browser may take to end before it is killed.
const ENDS_WITHIN: Duration = Duration::from_secs(2);

/// The largest answer of the debugging port that is read, in bytes; it has below 1 KiB.
const ANSWER_BYTES: usize = 64 * 1024;

/// What is kept of the browser's last words, in characters.
const WORDS_CHARACTERS: usize = 200;

/// What every browser of ours is told. The first lines keep it from asking and storing anything of its own accord, the
/// last ones from making a noise.
const FLAGS: &[&str] = &[
    "--remote-debugging-address=127.0.0.1",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-startup-window",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-features=MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,Translate",
    "--disable-sync",
    // Port 9 is one that browsers refuse to ask; without these two it asks Google for accounts and for parts of itself.
    "--gaia-url=http://127.0.0.1:9",
    "--component-updater=url-source=http://127.0.0.1:9",
    "--no-pings",
    "--password-store=basic",
    "--disable-dev-shm-usage",
    "--force-prefers-reduced-motion",
    "--mute-audio",
];

/// What a browser that nobody sees is told beside those: a page has a screen to fill.
const UNSEEN_FLAGS: &[&str] = &["--headless=new", "--window-size=1920,1080", "--screen-info={1920x1080}"];

/// For whom a browser is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Look {
    /// For us. It reaches TikTok and these hosts, and nobody else.
    Unseen {
        /// Hosts beside TikTok's.
        hosts: Vec<String>,
    },
    /// For the person at the screen, whose captcha and login may come from anywhere.
    Shown,
}

/// A running browser. It is killed and its folder removed when this is dropped; [`RunningBrowser::end`] does it in order.
#[derive(Debug)]
pub(super) struct RunningBrowser {
    child: Child,
    folder: BrowserFolder,
    /// As it names itself.
    pub(super) version: Version,
}

/// What the debugging port says of the browser.
#[derive(Debug, Deserialize)]
pub(super) struct Version {
    /// Its name and version, such as `Chrome/156.0.8078.79`.
    #[serde(rename = "Browser")]
    pub(super) product: String,
    /// `navigator.userAgent`, with `HeadlessChrome` in it where nobody sees it.
    #[serde(rename = "User-Agent")]
    pub(super) user_agent: String,
    #[serde(rename = "webSocketDebuggerUrl", deserialize_with = "address")]
    address: Url,
}

impl RunningBrowser {
    /// Removes what killed processes left, then starts a browser and connects to its debugging port.
    ///
    /// # Errors
    /// [`PageFault::NoBrowser`], or [`PageFault::NotStarted`] with its last words.
    pub(super) async fn start(surroundings: &Surroundings, look: &Look) -> Result<(Self, DevTools), PageFault> {
        let program = find(surroundings.program.as_deref(), surroundings.search_path.as_deref())?;
        if *look == Look::Shown && !surroundings.has_screen {
            return Err(not_started("there is no screen to show it on"));
        }
        let folder = BrowserFolder::create(&surroundings.folder).map_err(|error| not_started(error.to_string()))?;
        end_leftovers(folder.leftovers().await).await;
        let port = free_port().await.map_err(|error| not_started(error.to_string()))?;
        let child = Self::run(&program, surroundings, look, &folder, port)
            .map_err(|error| not_started(format!("{}: {error}", program.display())))?;
        let (child, version) = match listening(child, port).await {
            Ok(listening) => listening,
            Err(cause) => {
                let words = last_words(&folder.said());
                folder.remove().await;
                return Err(not_started(format!("{}: {cause}{words}", program.display())));
            }
        };
        let browser = Self { child, folder, version };
        let connected = async {
            browser.folder.note_address(&browser.version.address).map_err(|error| error.to_string())?;
            let connecting = timeout(STARTS_WITHIN, DevTools::connect(&browser.version.address)).await;
            connecting.map_err(|_| "its debugging port is silent".to_owned())?.map_err(|fault| fault.to_string())
        };
        match connected.await {
            Ok(devtools) => Ok((browser, devtools)),
            Err(cause) => {
                browser.kill().await;
                Err(not_started(cause))
            }
        }
    }

    fn run(
        program: &Path,
        surroundings: &Surroundings,
        look: &Look,
        folder: &BrowserFolder,
        port: u16,
    ) -> io::Result<Child> {
        let said = std::fs::File::create(folder.said())?;
        std::fs::create_dir(folder.crashes())?;
        let mut profile = OsString::from("--user-data-dir=");
        profile.push(folder.profile());
        let mut command = Command::new(program);
        // A port of its own choice would make TikTok's page never enter the room.
        command.arg(format!("--remote-debugging-port={port}")).arg(profile).args(FLAGS);
        // What a crash leaves holds the memory, cookies and all; else it would stay in the user's own folder.
        command.env("BREAKPAD_DUMP_LOCATION", folder.crashes());
        if let Look::Unseen { hosts } = look {
            command.args(UNSEEN_FLAGS).arg(resolver_rules(hosts));
        }
        if is_root(folder) {
            command.arg("--no-sandbox");
        }
        command.args(&surroundings.flags);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(said).kill_on_drop(true).spawn()
    }

    /// Ends it in order, kills it where that takes too long, and removes its folder.
    pub(super) async fn end(mut self, mut devtools: DevTools) {
        let ending = async {
            devtools.end_browser().await;
            self.child.wait().await
        };
        match timeout(ENDS_WITHIN, ending).await {
            Ok(_) => self.folder.remove().await,
            Err(_) => self.kill().await,
        }
    }

    async fn kill(mut self) {
        // It fails only where the browser ended by itself meanwhile.
        let _ = self.child.kill().await;
        self.folder.remove().await;
    }
}

/// Waits until the browser listens on its port.
async fn listening(mut child: Child, port: u16) -> Result<(Child, Version), String> {
    let client = Client::builder().tls_backend_preconfigured(tls::client_config()).no_proxy().build();
    let client = client.expect("this configuration needs nothing from the system");
    let until = Instant::now() + STARTS_WITHIN;
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Err(format!("it ended at once, with {status}"));
        }
        if let Some(version) = version_at(&client, port).await {
            return Ok((child, version));
        }
        if timeout_at(until, sleep(ASK_AGAIN)).await.is_err() {
            // It fails only where the browser ended by itself meanwhile.
            let _ = child.kill().await;
            return Err(format!("it did not open its debugging port within {STARTS_WITHIN:?}"));
        }
    }
}

fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

async fn version_at(client: &Client, port: u16) -> Option<Version> {
    let asking = async {
        let mut answer = client.get(format!("http://127.0.0.1:{port}/json/version")).send().await.ok()?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.ok()? {
            if body.len() + chunk.len() > ANSWER_BYTES {
                return None;
            }
            body.extend_from_slice(&chunk);
        }
        serde_json::from_slice::<Version>(&body).ok()
    };
    let version = timeout(ANSWERS_WITHIN, asking).await.ok().flatten()?;
    // Whoever answers there leads to no other place.
    let address = &version.address;
    (address.host_str() == Some("127.0.0.1") && address.port() == Some(port)).then_some(version)
}

/// Ends browsers that outlived the process that started them, and removes their folders.
async fn end_leftovers(leftovers: Vec<Leftover>) {
    for leftover in leftovers {
        if let Some(address) = &leftover.address {
            end_leftover(address).await;
        }
        leftover.remove().await;
    }
}

async fn end_leftover(address: &Url) {
    let ending = async {
        // Nobody there, or somebody else: then the browser is gone. Its address cannot be guessed nor reused.
        if let Ok(mut devtools) = DevTools::connect(address).await {
            devtools.end_browser().await;
        }
    };
    if timeout(ENDS_WITHIN, ending).await.is_err() {
        tracing::warn!(port = address.port(), "a browser that a killed Cuelight left does not end");
    }
}

async fn free_port() -> io::Result<u16> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?.local_addr().map(|it| it.port())
}

/// Names that are looked up; all others are not found.
fn resolver_rules(hosts: &[String]) -> String {
    let excluded = TIKTOK_HOSTS.iter().copied().chain(hosts.iter().map(String::as_str)).chain(["127.0.0.1"]);
    let excluded: String = excluded.map(|host| format!(", EXCLUDE {host}")).collect();
    format!("--host-resolver-rules=MAP * ~NOTFOUND{excluded}")
}

/// Whether we are root, for whom browsers start only without their sandbox.
#[cfg(unix)]
fn is_root(folder: &BrowserFolder) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    folder.said().metadata().is_ok_and(|it| it.uid() == 0)
}

#[cfg(not(unix))]
fn is_root(_: &BrowserFolder) -> bool {
    false
}

/// The last line that the browser wrote, which is most often why it ended. Its helper, the zygote, complains afterwards.
fn last_words(said: &Path) -> String {
    let said = std::fs::read(said).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    let line = said.lines().rev().map(str::trim).find(|it| !it.is_empty() && !it.contains("zygote"));
    line.map(|it| format!("; it said: {}", clean_to(it, WORDS_CHARACTERS))).unwrap_or_default()
}

fn not_started(cause: impl Into<String>) -> PageFault {
    PageFault::NotStarted { cause: cause.into() }
}
