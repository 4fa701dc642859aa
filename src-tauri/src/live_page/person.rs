//! A page for the person at the screen: shown until the captcha is solved or the login is done, and forgotten then.

use std::time::Duration;

use cuelight_runtime::source::page::{PageCookie, PageFault, PersonWanted, SocketHosts};
use tauri::Url;
use tokio::time::{Instant, interval, timeout};

use super::page::Page;
use super::view::Look;

/// How long a person may take; a login may need a telephone that lies in another room.
const PERSON_WITHIN: Duration = Duration::from_secs(600);

/// How often the page is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// How long a page has to be without a captcha: one comes a moment after the page, and a page after one.
const WITHOUT_CAPTCHA: Duration = Duration::from_secs(3);

/// Shows the page and waits; gives the cookies that it then has.
pub(super) async fn ask(url: Url, cookies: Vec<PageCookie>, why: PersonWanted) -> Result<Vec<PageCookie>, PageFault> {
    let mut page = Page::open(Look::Shown, SocketHosts::default(), cookies).await?;
    let outcome = timeout(PERSON_WITHIN, page.wait_for_person(&url, why)).await.unwrap_or(Err(PageFault::TimedOut));
    page.view.close().await;
    outcome
}

impl Page {
    async fn wait_for_person(&mut self, url: &Url, why: PersonWanted) -> Result<Vec<PageCookie>, PageFault> {
        self.view.go_to(url).await;
        let mut looks = interval(LOOK_AGAIN);
        let mut free_since = None;
        // Nobody listens to a page that is shown.
        let mut signals = Vec::new();
        loop {
            tokio::select! {
                next = self.next(url, &mut signals) => next?,
                _ = looks.tick() => {
                    let Some(seen) = self.view.look(url).await else { return Err(PageFault::Closed) };
                    let is_done = match why {
                        PersonWanted::Captcha if !self.hearing.is_there || seen.is_captcha => {
                            free_since = None;
                            false
                        }
                        PersonWanted::Captcha => {
                            free_since.get_or_insert_with(Instant::now).elapsed() >= WITHOUT_CAPTCHA
                        }
                        PersonWanted::Login => seen.cookies.iter().any(|it| it.name == "sessionid"),
                    };
                    if is_done {
                        return Ok(seen.cookies);
                    }
                }
            }
        }
    }
}
