//! What a capture of a live may use to get in: the ways that are allowed, and what they need.

use std::fmt;
use std::sync::Arc;

use cuelight_core::id::RoomId;
use cuelight_core::way::WaySwitches;
use zeroize::Zeroizing;

use crate::source::page::{PageCookie, PageHost};
use crate::source::tikfinity::FeedUrl;

/// What there is to get into a live with.
#[derive(Clone, Default)]
pub struct Means {
    /// The ways that may be used.
    pub switches: WaySwitches,
    /// What can show TikTok's page.
    pub page: Option<Arc<dyn PageHost>>,
    /// The streamer's key for a sign server.
    pub sign: Option<SignKey>,
    /// The cookies of the person's TikTok account. Only the page is given them.
    pub session: Vec<PageCookie>,
    /// Where TikFinity's feed would be.
    pub tikfinity: Option<FeedUrl>,
    /// Where an earlier run of ours was, if it was cut off a short time ago.
    pub last_seen: Option<LastSeen>,
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

    /// The key, for the one request that shows it.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SignKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignKey")
    }
}
