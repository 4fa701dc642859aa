//! What a way into a live is given, and what it opens.

use cuelight_core::attempt::{AttemptAnswer, AttemptStep};
use cuelight_core::handle::Handle;
use cuelight_core::way::Way;
use tokio::time::Instant;

use super::bases::{TikTokBases, place_of};
use super::http::Http;
use super::identity::Patience;
use super::room::Room;
use super::story::Story;
use super::upgrade::Opening;
use crate::clock::Clock;
use crate::source::SourceError;
use crate::source::pace::{AFTER_BLOCK, Pace};
use crate::source::page::{PageFault, PageVisit, PageWanted};
use crate::source::tikfinity::feed::Feed;

/// What a way is to open, and with what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Errand<'a> {
    /// Whose live.
    pub(super) handle: &'a Handle,
    /// Its room, where that is known.
    pub(super) room: Option<&'a Room>,
    /// Where TikTok is.
    pub(super) bases: &'a TikTokBases,
    /// How to ask.
    pub(super) http: &'a Http,
    /// How fast.
    pub(super) pace: &'a Pace,
    /// What says until when a host is to be left alone.
    pub(super) clock: &'a Clock,
    /// The way by which we were in last.
    pub(super) last_way: Option<Way>,
    /// How long to look for a cookie.
    pub(super) patience: Patience,
    /// Whom to tell what was tried.
    pub(super) story: Story<'a>,
}

/// What a way opened.
#[derive(Debug)]
pub(super) enum Opened {
    /// TikTok's socket.
    Socket {
        /// The socket.
        opening: Opening,
        /// The room it leads to.
        room: Room,
        /// The FetchResult that came before any frame, where one did.
        first: Option<Vec<u8>>,
    },
    /// TikTok's page, which opens the socket itself.
    Page {
        /// The page.
        visit: PageVisit,
        /// What was wanted of it.
        wanted: PageWanted,
    },
    /// TikFinity's feed.
    Feed(Feed),
}

impl Errand<'_> {
    /// The room.
    ///
    /// # Errors
    /// It is not known, and this way cannot be gone without.
    pub(super) fn room_for(&self, way: Way) -> Result<&Room, SourceError> {
        self.room.ok_or_else(|| closed(way, "TikTok does not tell us the room".to_owned()))
    }

    /// The way cannot be gone, since what it needs for that step is not there.
    pub(super) fn without(&self, way: Way, step: AttemptStep, cause: String) -> SourceError {
        self.story.tell_answer(step, "", Instant::now(), AttemptAnswer::NotThere, &cause);
        closed(way, cause)
    }

    /// The same block, whoever answers it: what came, from where, and when to ask again.
    pub(super) fn blocked(&self, place: String, cause: String) -> SourceError {
        let until_ms = self.clock.now_ms().saturating_add(AFTER_BLOCK.as_millis() as i64);
        SourceError::Blocked { place, cause, until_ms }
    }

    /// What it means that a page could not be had.
    pub(super) fn without_page(&self, way: Way, fault: &PageFault) -> SourceError {
        let place = place_of(&self.bases.web(&[]));
        match fault {
            PageFault::NoBrowser { .. } | PageFault::NotStarted { .. } => closed(way, fault.to_string()),
            PageFault::Blocked { .. } => self.blocked(place, fault.to_string()),
            PageFault::Captcha => SourceError::Captcha { user: self.handle.to_string() },
            PageFault::Unreachable { .. } | PageFault::Closed | PageFault::Gone { .. } | PageFault::TimedOut => {
                SourceError::Unreachable { place, cause: fault.to_string() }
            }
        }
    }
}

/// At which step a page could not be had.
pub(super) fn step_of(fault: &PageFault) -> AttemptStep {
    match fault {
        PageFault::NoBrowser { .. } | PageFault::NotStarted { .. } => AttemptStep::StartBrowser,
        PageFault::Unreachable { .. }
        | PageFault::Blocked { .. }
        | PageFault::Captcha
        | PageFault::Closed
        | PageFault::Gone { .. }
        | PageFault::TimedOut => AttemptStep::OpenPage,
    }
}

/// The way cannot be gone.
pub(super) fn closed(way: Way, cause: String) -> SourceError {
    SourceError::WayClosed { way, cause }
}
