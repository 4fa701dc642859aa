//! The ways into a live, each in its own file, and what they keep from one try to the next.

mod cookie;
mod direct;
mod page;
mod sign;
mod tikfinity;

use cuelight_core::way::Way;
use rand_chacha::ChaCha8Rng;

use self::cookie::Cookie;
use self::direct::Direct;
use super::identity::Browser;
use super::means::Means;
use super::way_in::{Errand, Opened};
use crate::source::SourceError;

/// All ways of one capture.
#[derive(Debug)]
pub(super) struct Ways<'a> {
    means: &'a Means,
    direct: Direct,
    cookie: Cookie,
}

impl<'a> Ways<'a> {
    /// The ways that lead in with these means; the direct one begins as that browser.
    pub(super) fn new(means: &'a Means, browser: Browser) -> Self {
        Self { means, direct: Direct::new(browser), cookie: Cookie::default() }
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
            Way::Page => page::open(self.means, errand).await,
            Way::Sign => sign::open(self.means, errand, self.direct.browser(), random).await,
            Way::Tikfinity => tikfinity::open(self.means, errand).await,
        }
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
