//! What a capture of a live may use to get in: the ways that are allowed, and what they need.

use std::fmt;
use std::sync::Arc;

use cuelight_core::id::RoomId;
use cuelight_core::way::{Way, WaySwitches};
use reqwest::header::{HeaderName, HeaderValue};
use zeroize::Zeroizing;

use crate::source::page::visitor::Visitor;
use crate::source::page::{PageCookie, PageHost};
use crate::source::tikfinity::FeedUrl;

/// The header that shows a sign server the key.
const KEY: HeaderName = HeaderName::from_static("x-api-key");

/// What there is to get into a live with.
#[derive(Clone, Default)]
pub struct Means {
    /// The ways that may be used.
    pub switches: WaySwitches,
    /// The way that led into a live of this streamer last; it is tried first.
    pub remembered: Option<Way>,
    /// What can show TikTok's page.
    pub page: Option<Arc<dyn PageHost>>,
    /// The streamer's key for a sign server.
    pub sign: Option<SignKey>,
    /// The cookies of the person's TikTok account. Only the page is given them.
    pub account: Vec<PageCookie>,
    /// Who solved a captcha in this run, of whatever capture.
    pub visitor: Visitor,
    /// Where TikFinity's feed would be.
    pub tikfinity: Option<FeedUrl>,
    /// Where an earlier run of ours was, if it was cut off a short time ago.
    pub last_seen: Option<LastSeen>,
}

impl Means {
    /// What TikTok's page is shown: the cookies of whoever solved a captcha, else those of the account.
    pub(super) fn page_cookies(&self) -> Vec<PageCookie> {
        let visitor = self.visitor.cookies();
        if visitor.is_empty() { self.account.clone() } else { visitor }
    }
}

impl fmt::Debug for Means {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Means").field("switches", &self.switches).finish_non_exhaustive()
    }
}

/// When a room was heard last, by whoever was in it before us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastSeen {
    /// The room.
    pub room_id: RoomId,
    /// When its last event came, ms since 1970.
    pub at_ms: i64,
}

/// A key for a sign server. Nothing prints it, and its memory is wiped when it is let go.
#[derive(Clone)]
pub struct SignKey(Zeroizing<String>);

impl SignKey {
    /// Takes the key over.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self(Zeroizing::new(key.to_owned()))
    }

    /// The header that shows it to the sign server, and is never printed; `None` where it has letters that no key has.
    pub(super) fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        let mut value = HeaderValue::from_str(&self.0).ok()?;
        value.set_sensitive(true);
        Some((KEY, value))
    }

    /// That text with `…` wherever the key stood in it, so that people can be told what a sign server says.
    pub(super) fn hidden_in(&self, text: &str) -> String {
        if self.0.is_empty() { text.to_owned() } else { text.replace(self.0.as_str(), "…") }
    }
}

impl fmt::Debug for SignKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignKey")
    }
}
