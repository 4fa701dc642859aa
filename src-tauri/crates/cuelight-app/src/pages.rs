//! What shows TikTok's page: the desktop's own webviews or a browser, and to the person at the screen one page at a time.

use std::sync::Arc;

use cuelight_runtime::source::chrome::{Chrome, Surroundings};
use cuelight_runtime::source::page::{
    PageCookie, PageFault, PageFuture, PageHost, PageVisit, PageWanted, PersonWanted,
};
use reqwest::Url;
use tokio::sync::Mutex;

use crate::shell::Shell;

/// What shows pages, whoever asks for one: a capture that met a captcha, or people at the window.
pub(crate) struct Pages {
    host: Arc<dyn PageHost>,
    /// Held while the person is shown a page.
    shown: Mutex<()>,
}

impl Pages {
    /// What that desktop has, else a browser.
    pub(crate) fn of(shell: &dyn Shell) -> Self {
        let browser = || Arc::new(Chrome::new(Surroundings::of_environment())) as Arc<dyn PageHost>;
        Self { host: shell.pages().unwrap_or_else(browser), shown: Mutex::default() }
    }

    /// Whether the person is shown a page now.
    pub(crate) fn is_shown(&self) -> bool {
        self.shown.try_lock().is_err()
    }
}

impl PageHost for Pages {
    fn visit<'a>(&'a self, wanted: PageWanted) -> PageFuture<'a, Result<PageVisit, PageFault>> {
        self.host.visit(wanted)
    }

    fn ask_person<'a>(
        &'a self,
        url: Url,
        cookies: Vec<PageCookie>,
        why: PersonWanted,
    ) -> PageFuture<'a, Result<Vec<PageCookie>, PageFault>> {
        Box::pin(async move {
            let Ok(_shown) = self.shown.try_lock() else {
                return Err(PageFault::NotStarted { cause: "another page is shown to the person".to_owned() });
            };
            self.host.ask_person(url, cookies, why).await
        })
    }
}
