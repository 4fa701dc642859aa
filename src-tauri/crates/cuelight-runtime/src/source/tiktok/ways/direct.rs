//! The direct way: TikTok's socket, opened as a viewer's browser would open it, without an account.

use cuelight_core::attempt::AttemptStep;
use cuelight_core::way::Way;
use rand_chacha::ChaCha8Rng;
use tokio::time::Instant;

use crate::source::SourceError;
use crate::source::tiktok::bases::place_of;
use crate::source::tiktok::identity::{Browser, Identity};
use crate::source::tiktok::room::Room;
use crate::source::tiktok::upgrade::{self, Opening};
use crate::source::tiktok::way_in::{Errand, Opened};

/// The path of the socket on each of its hosts.
const PATH: [&str; 5] = ["webcast", "im", "ws_proxy", "ws_reuse_supplement", ""];

/// What the direct way keeps from one try to the next.
#[derive(Debug)]
pub(super) struct Direct {
    browser: Browser,
    identity: Option<Identity>,
    host: usize,
}

impl Direct {
    /// The way of that browser, which has no cookie yet.
    pub(super) fn new(browser: Browser) -> Self {
        Self { browser, identity: None, host: 0 }
    }

    /// The browser that we are.
    pub(super) fn browser(&self) -> &Browser {
        &self.browser
    }

    /// Opens the socket, with the identity that we have or a new one.
    pub(super) async fn open(&mut self, errand: &Errand<'_>, random: &mut ChaCha8Rng) -> Result<Opened, SourceError> {
        let room = errand.room_for(Way::Direct)?;
        let identity = match self.identity.take() {
            Some(identity) => identity,
            None => Identity::obtain(errand, self.browser.clone()).await?,
        };
        let identity = self.identity.insert(identity);
        let opening = open_as(identity, &mut self.host, room, errand, random).await?;
        Ok(Opened::Socket { opening, room: room.clone(), first: None })
    }

    /// Is another browser from now on, which begins at another host.
    pub(super) fn forget(&mut self, browser: Browser) {
        *self = Self { browser, identity: None, host: self.host + 1 };
    }
}

/// Opens the socket with that identity, at that host or, where the network does not let us through, at the next one.
pub(super) async fn open_as(
    identity: &Identity,
    host: &mut usize,
    room: &Room,
    errand: &Errand<'_>,
    random: &mut ChaCha8Rng,
) -> Result<Opening, SourceError> {
    let addresses = errand.bases.websockets(&PATH);
    let parameters = upgrade::parameters(room, &identity.browser, errand.pace.heartbeat_period, random);
    let began = Instant::now();
    let mut tries = 1;
    loop {
        let mut url = addresses[*host % addresses.len()].clone();
        url.query_pairs_mut().extend_pairs(&parameters);
        let (place, asked) = (place_of(&url), Instant::now());
        let opened = upgrade::open(errand, url, identity.headers(), room).await;
        errand.story.tell(AttemptStep::Upgrade, &place, asked, opened.as_ref().err());
        let failure = match opened {
            Ok(opening) => return Ok(opening),
            Err(error) => error,
        };
        if !matches!(failure, SourceError::Unreachable { .. }) {
            return Err(failure);
        }
        // Also where this try is over: the next one is not to hang at the same host.
        *host += 1;
        // A host that hangs has taken all the time there is; one that hangs up at once leaves some for another.
        if tries == addresses.len() || began.elapsed() >= errand.pace.answer_timeout {
            return Err(failure);
        }
        tracing::debug!(%failure, "another host of the socket is asked");
        tries += 1;
    }
}
