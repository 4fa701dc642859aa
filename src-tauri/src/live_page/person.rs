//! A page for the person at the screen: shown until the captcha is solved or the login is done, and forgotten then.

use cuelight_runtime::source::page::person::{PERSON_LOOK_AGAIN, PERSON_WITHIN, PageLook, PersonAtWork};
use cuelight_runtime::source::page::{PageCookie, PageFault, PersonWanted, SocketHosts};
use tauri::Url;
use tokio::sync::Notify;
use tokio::time::{Instant, interval, timeout};

use super::page::Page;
use super::view::Look;

/// Shows the page and waits; gives the cookies that it then has. It comes to the front whenever it is `raised`.
pub(super) async fn ask(
    raised: &Notify,
    url: Url,
    cookies: Vec<PageCookie>,
    why: PersonWanted,
) -> Result<Vec<PageCookie>, PageFault> {
    let mut page = Page::open(Look::Shown, SocketHosts::default(), cookies).await?;
    let waiting = timeout(PERSON_WITHIN, page.wait_for_person(&url, raised, why));
    let outcome = waiting.await.unwrap_or(Err(PageFault::TimedOut));
    page.view.close().await;
    outcome
}

impl Page {
    async fn wait_for_person(
        &mut self,
        url: &Url,
        raised: &Notify,
        why: PersonWanted,
    ) -> Result<Vec<PageCookie>, PageFault> {
        self.view.go_to(url).await;
        let mut looks = interval(PERSON_LOOK_AGAIN);
        let mut person = PersonAtWork::begin(why);
        // Nobody listens to a page that is shown.
        let mut signals = Vec::new();
        loop {
            tokio::select! {
                next = self.next(url, &mut signals) => next?,
                () = raised.notified() => self.view.come_to_the_front().await,
                _ = looks.tick() => {
                    let Some(seen) = self.view.look(url).await else { return Err(PageFault::Closed) };
                    let (is_there, is_captcha) = (self.hearing.is_there, seen.is_captcha);
                    let look = PageLook { is_there, is_captcha, cookies: seen.cookies };
                    if person.is_done(&look, Instant::now()) {
                        return Ok(look.cookies);
                    }
                }
            }
        }
    }
}
