//! How the live stands at one moment, for everybody who shows it.

use cuelight_core::id::SessionId;
use cuelight_core::reason::Reason;
use cuelight_core::way::Way;
use cuelight_runtime::publish::PublishHealth;

use crate::dto::{Gap, LiveSource, Phase, Totals};

/// How the live stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// How the connection stands.
    pub phase: Phase,
    /// The handle without `@`.
    pub creator: Option<String>,
    /// The open session.
    pub session: Option<SessionId>,
    /// What feeds it, or fed the last one.
    pub source: Option<LiveSource>,
    /// The way by which its events come.
    pub way: Option<Way>,
    /// What it adds up to.
    pub totals: Totals,
    /// The last time that we were away and know it.
    pub last_gap: Option<Gap>,
    /// How far the decisions are behind what TikTok sent, in milliseconds.
    pub behind_ms: i64,
    /// When the far side was heard last, be it by an answer to a heartbeat, ms since 1970.
    pub heard_ms: Option<i64>,
    /// How publishing goes, where something is published.
    pub publishing: Option<PublishHealth>,
    /// Why the journal cannot be written.
    pub disk: Option<Reason>,
}

impl Default for Standing {
    fn default() -> Self {
        Self {
            phase: Phase::Offline,
            creator: None,
            session: None,
            source: None,
            way: None,
            totals: Totals::default(),
            last_gap: None,
            behind_ms: 0,
            heard_ms: None,
            publishing: None,
            disk: None,
        }
    }
}

impl Standing {
    /// Whether people must know of the change at once: anything but numbers that grow while a live goes on.
    pub(super) fn is_news_after(&self, before: &Self) -> bool {
        let both_live = matches!((&self.phase, &before.phase), (Phase::Live { .. }, Phase::Live { .. }));
        (self.phase != before.phase && !both_live)
            || self.session != before.session
            || self.way != before.way
            || self.last_gap != before.last_gap
            || self.disk != before.disk
            || self.publishing != before.publishing
    }
}
