//! Chrome, or a browser like it, as what shows TikTok's page: of our own, with a folder of its own, gone with the visit.
//!
//! It is spoken to over its debugging port, on loopback only, in the Chrome DevTools Protocol: target by target, so that
//! the sockets of workers are heard, too. Cookies live in a context that is never written to the disk.

mod devtools;
mod event;
mod find;
mod folder;
mod launch;
mod page;
mod person;
mod questions;
mod visit;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use tokio::sync::Notify;

use self::launch::{Look, RunningBrowser};
use super::page::{PageCookie, PageFault, PageFuture, PageHost, PageVisit, PageWanted, PersonWanted};

/// How long a browser may take to open its debugging port; it takes about one second.
const STARTS_WITHIN: Duration = Duration::from_secs(15);

/// Shows pages in a browser that is started for each of them.
#[derive(Debug, Clone)]
pub struct Chrome {
    surroundings: Surroundings,
    /// Wakes whoever shows a page to the person: it is wanted in front.
    raised: Arc<Notify>,
}

/// What a browser of ours needs to know of this machine.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// The browser, where it was named; else it is looked for.
    pub program: Option<PathBuf>,
    /// Where programs are looked for, as in `PATH`.
    pub search_path: Option<OsString>,
    /// More flags for it.
    pub flags: Vec<String>,
    /// Where its folders are made and left ones looked for.
    pub folder: PathBuf,
    /// Whether there is a screen to show it on.
    pub has_screen: bool,
}

/// A browser that starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrowserFound {
    /// The program.
    pub program: PathBuf,
    /// Its name and version, such as `Chrome/156.0.8078.79`.
    pub version: String,
}

impl Surroundings {
    /// The environment variable that names the browser.
    pub const PROGRAM_VARIABLE: &'static str = "CUELIGHT_CHROME";
    /// The environment variable with more flags for it, separated by spaces; for tests and proxies.
    pub const FLAGS_VARIABLE: &'static str = "CUELIGHT_CHROME_FLAGS";

    /// What the environment and the system say.
    #[must_use]
    pub fn of_environment() -> Self {
        let is_set = |name| std::env::var_os(name).is_some_and(|it| !it.is_empty());
        Self {
            program: std::env::var_os(Self::PROGRAM_VARIABLE).filter(|it| !it.is_empty()).map(PathBuf::from),
            search_path: std::env::var_os("PATH"),
            flags: std::env::var(Self::FLAGS_VARIABLE)
                .map(|it| it.split_whitespace().map(str::to_owned).collect())
                .unwrap_or_default(),
            folder: std::env::temp_dir(),
            has_screen: !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY"),
        }
    }
}

impl Chrome {
    /// Takes the machine as it is described; nothing is started.
    #[must_use]
    pub fn new(surroundings: Surroundings) -> Self {
        Self { surroundings, raised: Arc::default() }
    }

    /// Starts the browser once, unseen and with no page, and says which one it is.
    ///
    /// # Errors
    /// [`PageFault::NoBrowser`] or [`PageFault::NotStarted`]: then no page can be shown.
    pub async fn probe(&self) -> Result<BrowserFound, PageFault> {
        let program = find::find(self.surroundings.program.as_deref(), self.surroundings.search_path.as_deref())?;
        let (browser, devtools) =
            RunningBrowser::start(&self.surroundings, &Look::Unseen { hosts: Vec::new() }).await?;
        let version = browser.version.product.clone();
        browser.end(devtools).await;
        Ok(BrowserFound { program, version })
    }
}

impl PageHost for Chrome {
    fn visit<'a>(&'a self, wanted: PageWanted) -> PageFuture<'a, Result<PageVisit, PageFault>> {
        Box::pin(visit::visit(&self.surroundings, wanted))
    }

    fn ask_person<'a>(
        &'a self,
        url: Url,
        cookies: Vec<PageCookie>,
        why: PersonWanted,
    ) -> PageFuture<'a, Result<Vec<PageCookie>, PageFault>> {
        Box::pin(person::ask(&self.surroundings, &self.raised, url, cookies, why))
    }

    fn has_screen(&self) -> bool {
        self.surroundings.has_screen
    }

    fn raise(&self) {
        self.raised.notify_one();
    }
}
