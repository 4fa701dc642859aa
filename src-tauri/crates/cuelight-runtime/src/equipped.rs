//! TikTok's live with everything that this machine and its user have to get in: switches, keys, a browser, the journal.

mod session;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use cuelight_core::handle::Handle;
use cuelight_core::id::RoomId;
use cuelight_core::way::{Way, WaySwitches};
use tokio_util::sync::CancellationToken;

pub use self::session::{is_session, session_of};
use crate::secrets::{SecretName, Secrets};
use crate::source::chrome::{Chrome, Surroundings};
use crate::source::pace::Pace;
use crate::source::page::visitor::Visitor;
use crate::source::page::{PageCookie, PageHost};
use crate::source::tikfinity::FeedUrl;
use crate::source::tiktok::TiktokSource;
use crate::source::tiktok::bases::TikTokBases;
use crate::source::tiktok::means::{LastSeen, Means, SignKey};
use crate::source::{EventSender, EventSource, SourceFuture};
use crate::store::Store;

/// What a live is captured with, whosever it is.
#[derive(Clone)]
pub struct Equipment {
    /// The journal, which knows the settings and where an earlier run was cut off.
    pub store: Store,
    /// The keys.
    pub secrets: Secrets,
    /// What can show TikTok's page.
    pub page: Arc<dyn PageHost>,
    /// Where TikTok is.
    pub bases: TikTokBases,
    /// What a captcha that somebody solved is worth.
    pub visitor: Visitor,
}

impl Equipment {
    /// The equipment of this machine: its journal, keys and browser.
    #[must_use]
    pub fn of_this_machine(store: Store, secrets: Secrets, bases: TikTokBases) -> Self {
        let page = Arc::new(Chrome::new(Surroundings::of_environment()));
        Self { store, secrets, page, bases, visitor: Visitor::default() }
    }

    /// What there is to get into that live with, at that moment, ms since 1970: by `only`, whatever is switched on, or by
    /// every way that is.
    pub(crate) async fn means(&self, handle: &Handle, only: Option<Way>, now_ms: i64) -> Means {
        let (switches, remembered, last_seen) = self.told_by_the_journal(handle, now_ms).await;
        let switches = only.map_or(switches, WaySwitches::only);
        let sign = if switches.sign { self.secrets.get(SecretName::SignKey).await } else { None };
        let account = if switches.page { self.account().await } else { Vec::new() };
        // An address that cannot be read is told by the source `tikfinity`; here it is one way less.
        let tikfinity = FeedUrl::of_environment().ok();
        Means {
            switches,
            remembered,
            page: Some(Arc::clone(&self.page)),
            sign: sign.map(|key| SignKey::new(key.expose())),
            account,
            visitor: self.visitor.clone(),
            tikfinity,
            last_seen,
        }
    }

    /// What TikTok's page is shown: the cookies of whoever solved a captcha in this run, else those of the account.
    pub async fn cookies(&self) -> Vec<PageCookie> {
        let visitor = self.visitor.cookies();
        if visitor.is_empty() { self.account().await } else { visitor }
    }

    /// The cookies of the account, if somebody logged in.
    async fn account(&self) -> Vec<PageCookie> {
        let session = self.secrets.get(SecretName::TiktokSession).await;
        session.map(|session| session::cookies_of(&session, self.bases.cookie_domain())).unwrap_or_default()
    }

    /// The switches, the way that led in last, and where an earlier run was. A journal that cannot be read costs only
    /// those.
    async fn told_by_the_journal(&self, handle: &Handle, now_ms: i64) -> (WaySwitches, Option<Way>, Option<LastSeen>) {
        let (store, handle) = (self.store.clone(), handle.clone());
        let reading = tokio::task::spawn_blocking(move || {
            let switches = store.settings().map(|settings| settings.connection.ways);
            let earlier = store.reader().and_then(|reader| {
                Ok((reader.last_way_in(handle.as_str(), now_ms)?, reader.cut_off(handle.as_str(), now_ms)?))
            });
            if let Some(error) = switches.as_ref().err().or(earlier.as_ref().err()) {
                tracing::warn!(%error, "the ways in are used as on the first day");
            }
            (switches.unwrap_or_default(), earlier.unwrap_or_default())
        });
        // It fails only where the program ends.
        let (switches, (way, cut_off)) = reading.await.unwrap_or_default();
        let last_seen = cut_off.map(|(room, at_ms)| LastSeen { room_id: RoomId::new(room), at_ms });
        (switches, way, last_seen)
    }
}

/// TikTok's live, entered with whatever is there when it begins.
pub struct EquippedSource {
    handle: Handle,
    equipment: Equipment,
    only: Option<Way>,
    pace: Pace,
    seed: u64,
}

impl EquippedSource {
    /// Prepares to capture the live of `handle` by every way that is switched on.
    #[must_use]
    pub fn new(handle: Handle, equipment: Equipment, seed: u64) -> Self {
        Self { handle, equipment, only: None, pace: Pace::default(), seed }
    }

    /// Goes that way and no other, whatever is switched on.
    #[must_use]
    pub fn only(mut self, way: Way) -> Self {
        self.only = Some(way);
        self
    }

    /// Goes about it at another pace.
    #[must_use]
    pub fn with_pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }
}

impl EventSource for EquippedSource {
    fn run<'a>(&'a mut self, out: &'a EventSender, cancel: &'a CancellationToken) -> SourceFuture<'a> {
        Box::pin(async move {
            let means = self.equipment.means(&self.handle, self.only, out.clock().now_ms()).await;
            let source = TiktokSource::new(self.handle.clone(), self.equipment.bases.clone(), means, self.seed);
            source.with_pace(self.pace.clone()).run(out, cancel).await
        })
    }

    fn is_live(&self) -> bool {
        true
    }
}
