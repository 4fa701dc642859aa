//! A page for the person at the screen: shown until the captcha is solved or the login is done, and forgotten then.

use std::time::Duration;

use reqwest::Url;
use tokio::time::{Instant, interval, timeout};

use super::Surroundings;
use super::devtools::DevToolsFault;
use super::launch::Look;
use super::page::Page;
use crate::source::page::{PageCookie, PageFault, PersonWanted, SocketHosts};

/// How long a person may take; a login may need a telephone that lies in another room.
const PERSON_WITHIN: Duration = Duration::from_secs(600);

/// How often the page is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// How long a page has to be without a captcha: one comes a moment after the page, and a page after one.
const WITHOUT_CAPTCHA: Duration = Duration::from_secs(3);

/// Shows the page and waits; gives the cookies that it then has.
pub(super) async fn ask(
    surroundings: &Surroundings,
    url: Url,
    cookies: Vec<PageCookie>,
    why: PersonWanted,
) -> Result<Vec<PageCookie>, PageFault> {
    let mut page = Page::open(surroundings, &Look::Shown, SocketHosts::default(), &cookies).await?;
    let waiting = timeout(PERSON_WITHIN, page.wait_for_person(&url, why));
    let outcome = waiting.await.unwrap_or(Err(PageFault::TimedOut));
    page.end().await;
    outcome
}

impl Page {
    async fn wait_for_person(&mut self, url: &Url, why: PersonWanted) -> Result<Vec<PageCookie>, PageFault> {
        self.go_to(url).await.map_err(|fault| match fault {
            PageFault::Gone { .. } => PageFault::Closed,
            fault => fault,
        })?;
        let mut looks = interval(LOOK_AGAIN);
        let mut free_since = None;
        loop {
            tokio::select! {
                event = self.line.next() => {
                    let event = event.map_err(closed)?;
                    self.take(event).await.map_err(closed)?;
                }
                _ = looks.tick() => {
                    let is_done = match why {
                        PersonWanted::Captcha => self.is_free(&mut free_since).await.map_err(closed)?,
                        PersonWanted::Login => true,
                    };
                    if !is_done {
                        continue;
                    }
                    let cookies = self.cookies(url).await.map_err(closed)?;
                    if why == PersonWanted::Captcha || cookies.iter().any(|it| it.name == "sessionid") {
                        return Ok(cookies);
                    }
                }
            }
        }
    }

    /// Whether it has been without a captcha for long enough.
    async fn is_free(&mut self, free_since: &mut Option<Instant>) -> Result<bool, DevToolsFault> {
        if !self.is_there || self.shows_captcha().await? {
            *free_since = None;
            return Ok(false);
        }
        Ok(free_since.get_or_insert_with(Instant::now).elapsed() >= WITHOUT_CAPTCHA)
    }
}

/// A page that is gone was closed by the person, as far as anybody can tell.
fn closed(fault: DevToolsFault) -> PageFault {
    tracing::debug!(%fault, "the page for the person ended");
    PageFault::Closed
}
