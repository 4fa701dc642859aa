//! What shows TikTok's page: the desktop's own webviews or a browser, and to the person at the screen one page at a time.

use std::sync::Arc;

use cuelight_runtime::source::chrome::{Chrome, Surroundings};
use cuelight_runtime::source::pace::FAREWELL;
use cuelight_runtime::source::page::{
    PageCookie, PageFault, PageFuture, PageHost, PageVisit, PageWanted, PersonWanted,
};
use reqwest::Url;
use tokio::sync::Mutex;
use tokio::time::timeout;

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

    /// Waits until the person is shown nothing, but no longer than an end may take.
    pub(crate) async fn are_gone(&self) {
        if timeout(FAREWELL, self.shown.lock()).await.is_err() {
            tracing::warn!("a page that the person is shown does not go away");
        }
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

    fn has_screen(&self) -> bool {
        self.host.has_screen()
    }

    fn raise(&self) {
        self.host.raise();
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    /// A host whose pages nobody ever finishes.
    struct Waiting;

    impl PageHost for Waiting {
        fn visit<'a>(&'a self, _: PageWanted) -> PageFuture<'a, Result<PageVisit, PageFault>> {
            Box::pin(pending())
        }

        fn ask_person<'a>(
            &'a self,
            _: Url,
            _: Vec<PageCookie>,
            _: PersonWanted,
        ) -> PageFuture<'a, Result<Vec<PageCookie>, PageFault>> {
            Box::pin(pending())
        }

        fn has_screen(&self) -> bool {
            true
        }

        fn raise(&self) {}
    }

    #[tokio::test]
    async fn the_person_is_shown_one_page_at_a_time() {
        let pages = Pages { host: Arc::new(Waiting), shown: Mutex::default() };
        let ask = || {
            pages.ask_person("https://www.tiktok.com/".parse().expect("an address"), Vec::new(), PersonWanted::Login)
        };
        let mut first = ask();
        tokio::select! {
            biased;
            outcome = &mut first => panic!("nobody finishes it: {outcome:?}"),
            second = ask() => {
                let fault = second.expect_err("the first one is there yet").to_string();
                assert!(fault.contains("another page"), "{fault} must say why");
            }
        }
        assert!(pages.is_shown(), "the first one stays");
        drop(first);
        pages.are_gone().await;
        assert!(!pages.is_shown(), "it went with whoever asked for it");
    }
}
