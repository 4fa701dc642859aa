//! The cookie way: a browser is given the anonymous cookie for TikTok's page, and we go on as that browser.

use cuelight_core::attempt::AttemptStep;
use cuelight_core::way::Way;
use rand_chacha::ChaCha8Rng;
use tokio::time::Instant;

use super::direct::open_as;
use super::page::{NO_BROWSER, visited, wanted};
use crate::source::SourceError;
use crate::source::page::PageWanted;
use crate::source::tiktok::bases::place_of;
use crate::source::tiktok::identity::Identity;
use crate::source::tiktok::means::Means;
use crate::source::tiktok::way_in::{Errand, Opened};

/// What the cookie way keeps from one try to the next.
#[derive(Debug, Default)]
pub(super) struct Cookie {
    identity: Option<Identity>,
    host: usize,
}

impl Cookie {
    /// Opens the socket as the browser of a page.
    pub(super) async fn open(
        &mut self,
        means: &Means,
        errand: &Errand<'_>,
        random: &mut ChaCha8Rng,
    ) -> Result<Opened, SourceError> {
        let room = errand.room_for(Way::Cookie)?;
        let identity = match self.identity.take() {
            Some(identity) => identity,
            None => given_to_a_page(means, errand).await?,
        };
        let identity = self.identity.insert(identity);
        let opening = open_as(identity, &mut self.host, room, errand, random).await?;
        Ok(Opened::Socket { opening, room: room.clone(), first: None })
    }

    /// Asks for another cookie the next time.
    pub(super) fn forget(&mut self) {
        *self = Self { identity: None, host: self.host + 1 };
    }
}

/// The identity of a browser that opens the page, and closes it once it has the cookie.
async fn given_to_a_page(means: &Means, errand: &Errand<'_>) -> Result<Identity, SourceError> {
    let Some(host) = &means.page else {
        return Err(errand.without(Way::Cookie, AttemptStep::StartBrowser, NO_BROWSER.to_owned()));
    };
    // An account's cookies under an address that was not signed for them are refused, so the page has none.
    let wanted = PageWanted { cookies: Vec::new(), wants_frames: false, ..wanted(errand) };
    let visit = visited(Way::Cookie, host.as_ref(), wanted, errand).await?;
    let place = place_of(&errand.bases.web(&[]));
    let began = Instant::now();
    let identity = Identity::of_page(&visit.identity).ok_or_else(|| {
        let cause = "a browser was given the page without the cookie ttwid".to_owned();
        errand.blocked(place.clone(), cause)
    });
    errand.story.tell(AttemptStep::Cookie, &place, began, identity.as_ref().err());
    identity
}
