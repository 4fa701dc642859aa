//! A page for the person at the screen: shown until the captcha is solved or the login is done, and forgotten then.

use reqwest::Url;
use tokio::sync::Notify;
use tokio::time::{Instant, interval, timeout};

use super::Surroundings;
use super::devtools::DevToolsFault;
use super::launch::Look;
use super::page::Page;
use crate::source::page::person::{PERSON_LOOK_AGAIN, PERSON_WITHIN, PageLook, PersonAtWork};
use crate::source::page::{PageCookie, PageFault, PersonWanted, SocketHosts};

/// Shows the page and waits; gives the cookies that it then has. It comes to the front whenever it is `raised`.
pub(super) async fn ask(
    surroundings: &Surroundings,
    raised: &Notify,
    url: Url,
    cookies: Vec<PageCookie>,
    why: PersonWanted,
) -> Result<Vec<PageCookie>, PageFault> {
    let mut page = Page::open(surroundings, &Look::Shown, SocketHosts::default(), &cookies).await?;
    let waiting = timeout(PERSON_WITHIN, page.wait_for_person(&url, raised, why));
    let outcome = waiting.await.unwrap_or(Err(PageFault::TimedOut));
    page.end().await;
    outcome
}

impl Page {
    async fn wait_for_person(
        &mut self,
        url: &Url,
        raised: &Notify,
        why: PersonWanted,
    ) -> Result<Vec<PageCookie>, PageFault> {
        self.go_to(url).await.map_err(|fault| match fault {
            PageFault::Gone { .. } => PageFault::Closed,
            fault => fault,
        })?;
        let mut looks = interval(PERSON_LOOK_AGAIN);
        let mut person = PersonAtWork::begin(why);
        loop {
            tokio::select! {
                event = self.line.next() => {
                    let event = event.map_err(closed)?;
                    self.take(event, &mut Vec::new()).await.map_err(closed)?;
                }
                () = raised.notified() => self.come_to_the_front().await.map_err(closed)?,
                _ = looks.tick() => {
                    let cookies = self.cookies(url).await.map_err(closed)?;
                    let is_captcha = self.captcha == Some(true);
                    let look = PageLook { is_there: self.captcha.is_some(), is_captcha, cookies };
                    if person.is_done(&look, Instant::now()) {
                        return Ok(look.cookies);
                    }
                    self.look().await.map_err(closed)?;
                }
            }
        }
    }
}

/// A page that is gone was closed by the person, as far as anybody can tell.
fn closed(fault: DevToolsFault) -> PageFault {
    tracing::debug!(%fault, "the page for the person ended");
    PageFault::Closed
}
