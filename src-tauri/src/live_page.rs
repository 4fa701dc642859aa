//! TikTok's page in a webview of the app's own: unseen to listen to it, seen where a person has to do something on it.
//!
//! The webview is none of Tauri's: no command, no event and no script of the app's is within the page's reach. All that the
//! page can do is tell its own frames to the hook that runs before its first script. Nothing of it is written to the disk.
//!
//! The hook does not see sockets of workers, which a browser's debugging port does: where a page keeps its socket in one, a
//! browser takes over, unnoticed by whoever listens.

mod page;
mod person;
mod teller;
mod told;
mod view;
mod visit;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use cuelight_runtime::source::chrome::{Chrome, Surroundings};
use cuelight_runtime::source::page::{
    PageCookie, PageFault, PageFuture, PageHost, PageVisit, PageWanted, PersonWanted,
};
use tauri::Url;
use tokio::sync::Notify;

/// Shows pages in webviews.
pub(crate) struct Webviews {
    behind: Behind,
    /// Wakes whoever shows a page to the person: it is wanted in front.
    raised: Notify,
}

/// What listens to pages that a webview cannot be heard in.
#[derive(Clone)]
struct Behind {
    browser: Chrome,
    /// A page was met whose socket is in a worker: the next ones will be no different.
    is_needed: Arc<AtomicBool>,
}

impl Webviews {
    /// Webviews of this desktop, with its browser behind them.
    pub(crate) fn new() -> Self {
        let browser = Chrome::new(Surroundings::of_environment());
        Self { behind: Behind { browser, is_needed: Arc::default() }, raised: Notify::new() }
    }
}

impl PageHost for Webviews {
    fn visit<'a>(&'a self, wanted: PageWanted) -> PageFuture<'a, Result<PageVisit, PageFault>> {
        Box::pin(visit::visit(&self.behind, wanted))
    }

    fn ask_person<'a>(
        &'a self,
        url: Url,
        cookies: Vec<PageCookie>,
        why: PersonWanted,
    ) -> PageFuture<'a, Result<Vec<PageCookie>, PageFault>> {
        Box::pin(person::ask(&self.raised, url, cookies, why))
    }

    /// A webview is shown on the desktop that the app's own window is on.
    fn has_screen(&self) -> bool {
        true
    }

    fn raise(&self) {
        self.raised.notify_one();
    }
}
