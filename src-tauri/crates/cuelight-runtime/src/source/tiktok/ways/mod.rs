//! The ways into a live, each in its own file, and what they keep from one try to the next.

mod cookie;
mod direct;
mod page;
mod sign;

use cuelight_core::attempt::AttemptStep;
use cuelight_core::handle::Handle;
use cuelight_core::way::Way;
use rand_chacha::ChaCha8Rng;
use tokio::time::Instant;

use self::cookie::Cookie;
use self::direct::Direct;
use super::bases::TikTokBases;
use super::identity::Browser;
use super::means::Means;
use super::way_in::{Errand, Opened, closed};
use crate::source::SourceError;
use crate::source::page::{PageCookie, PageFault, PersonWanted};
use crate::source::tikfinity::feed::Feed;

/// All ways of one capture.
#[derive(Debug)]
pub(super) struct Ways<'a> {
    means: &'a Means,
    /// What TikTok's page is shown.
    session: Vec<PageCookie>,
    direct: Direct,
    cookie: Cookie,
}

impl<'a> Ways<'a> {
    /// The ways that lead in with these means; the direct one begins as that browser.
    pub(super) fn new(means: &'a Means, browser: Browser) -> Self {
        Self { means, session: means.session.clone(), direct: Direct::new(browser), cookie: Cookie::default() }
    }

    /// Opens that way.
    ///
    /// # Errors
    /// [`SourceError::WayClosed`] when it needs something that is not there, else what TikTok or the network had against it.
    pub(super) async fn open(
        &mut self,
        way: Way,
        errand: &Errand<'_>,
        random: &mut ChaCha8Rng,
    ) -> Result<Opened, SourceError> {
        match way {
            Way::Direct => self.direct.open(errand, random).await,
            Way::Cookie => self.cookie.open(self.means, errand, random).await,
            Way::Page => page::open(self.means, &self.session, errand).await,
            Way::Sign => sign::open(self.means, errand, self.direct.browser(), random).await,
            Way::Tikfinity => feed(self.means, errand).await,
        }
    }

    /// Has the person at the screen solve the captcha before the page of that live; the page is then shown what that gave.
    ///
    /// # Errors
    /// Nobody solved it, or there is no browser.
    pub(super) async fn solve_captcha(&mut self, bases: &TikTokBases, handle: &Handle) -> Result<(), PageFault> {
        let nobody = || PageFault::NoBrowser { looked_for: Vec::new() };
        let host = self.means.page.as_ref().ok_or_else(nobody)?;
        let asked = host.ask_person(bases.live_page(handle), self.session.clone(), PersonWanted::Captcha);
        self.session = asked.await?;
        Ok(())
    }

    /// TikTok did not like who we were on that way: the next try comes as that browser.
    pub(super) fn forget_identity(&mut self, way: Way, browser: &Browser) {
        match way {
            Way::Direct | Way::Sign => self.direct.forget(browser.clone()),
            Way::Cookie => self.cookie.forget(),
            // A page is a new browser each time, and TikFinity has its own connection.
            Way::Page | Way::Tikfinity => {}
        }
    }
}

/// Opens TikFinity's feed, if that program runs.
async fn feed(means: &Means, errand: &Errand<'_>) -> Result<Opened, SourceError> {
    let Some(url) = &means.tikfinity else {
        let cause = "nobody looks for TikFinity".to_owned();
        return Err(errand.without(Way::Tikfinity, AttemptStep::Feed, cause));
    };
    let began = Instant::now();
    let opened = Feed::open(url, errand.pace).await.map_err(|error| closed(Way::Tikfinity, error.to_string()));
    errand.story.tell(AttemptStep::Feed, &url.place(), began, opened.as_ref().err());
    opened.map(Opened::Feed)
}
