//! One try of one way: it is opened, and stayed by for as long as it lasts.

use cuelight_core::attempt::{AttemptAnswer, AttemptStep};
use cuelight_core::way::Way;
use tokio::time::Instant;

use super::Pursuit;
use crate::source::tikfinity::FeedUrl;
use crate::source::tiktok::attendance::{Attendance, Parting};
use crate::source::tiktok::bases::place_of;
use crate::source::tiktok::identity::Patience;
use crate::source::tiktok::listening::Listening;
use crate::source::tiktok::room::Room;
use crate::source::tiktok::socket::Visit;
use crate::source::tiktok::story::{Story, answer_of, detail_of};
use crate::source::tiktok::viewing::Viewing;
use crate::source::tiktok::way_in::{Errand, Opened};
use crate::source::{Closed, SourceEnd, SourceError};

/// Why we are not in the room.
pub(super) struct Failure {
    pub(super) error: SourceError,
    /// We were in, and the live was heard for long enough: its end is not held against the way.
    pub(super) has_held: bool,
    /// TikTok does not like us as we are: the next try needs another browser and cookie.
    pub(super) spoils_identity: bool,
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        let spoils_identity = matches!(error, SourceError::Refused { .. });
        Self { error, has_held: false, spoils_identity }
    }
}

impl From<Closed> for Failure {
    fn from(closed: Closed) -> Self {
        SourceError::from(closed).into()
    }
}

impl Pursuit<'_> {
    /// Goes that way once and stays for as long as it lasts, whatever comes of it.
    ///
    /// # Errors
    /// What stood in the way, or broke the connection.
    pub(in crate::source::tiktok) async fn try_once(
        &mut self,
        way: Way,
        room: Option<&Room>,
    ) -> Result<SourceEnd, SourceError> {
        self.be_there(way, room, Patience::Endless).await.map_err(|failure| failure.error)
    }

    /// One try: opens the way and stays for as long as it lasts.
    pub(super) async fn be_there(
        &mut self,
        way: Way,
        room: Option<&Room>,
        patience: Patience,
    ) -> Result<SourceEnd, Failure> {
        let Self { handle, bases, pace, out, cancel, .. } = *self;
        let began = Instant::now();
        let story = Story::of_way(out, handle, way);
        let (http, clock, last_way) = (&self.http, out.clock(), self.presence.way);
        let errand = Errand { handle, room, bases, http, pace, clock, last_way, patience, story };
        let Some(opened) = cancel.run_until_cancelled(self.ways.open(way, &errand, self.random)).await else {
            return Ok(SourceEnd::Stopped);
        };
        let opened = opened?;
        tracing::info!(user = %handle, %way, took_ms = began.elapsed().as_millis(), "a way led to the room");
        let (began, arrivals) = (Instant::now(), self.presence.arrivals);
        let place = match &opened {
            Opened::Socket { opening, .. } => opening.place.clone(),
            Opened::Page { .. } => place_of(&bases.web(&[])),
            Opened::Feed(_) => self.means.tikfinity.as_ref().map(FeedUrl::place).unwrap_or_default(),
        };
        let parting = match opened {
            Opened::Socket { opening, room, first } => {
                let attendance = Attendance::new(room, way, &place, out, &mut self.presence);
                Visit::new(opening, attendance, cancel, pace).stay(first.as_deref()).await?
            }
            Opened::Page { visit, wanted } => {
                // The page says which room it is in.
                let room = room.cloned().unwrap_or_else(|| Room::unknown(handle));
                let attendance = Attendance::new(room, way, &place, out, &mut self.presence);
                Viewing::new(visit.signals, wanted, attendance, cancel, pace).stay().await?
            }
            Opened::Feed(feed) => {
                // TikFinity does not, so it is the one that was looked up, where that was possible.
                let room = room.cloned().unwrap_or_else(|| Room::unknown(handle));
                let attendance = Attendance::new(room, way, &place, out, &mut self.presence);
                Listening::new(attendance, cancel, pace).stay(feed).await?
            }
        };
        let was_in = self.presence.arrivals > arrivals;
        if was_in {
            self.waits = 0;
        }
        let has_held = was_in && self.presence.heard_for >= pace.sound_after;
        let step = if was_in { AttemptStep::Stay } else { AttemptStep::EnterRoom };
        match &parting {
            Parting::LiveEnded => story.tell_answer(step, &place, began, AttemptAnswer::LiveEnded, ""),
            Parting::Broken { cause, .. } if was_in => {
                story.tell_end_of_stay(&place, began, self.presence.heard_for, cause);
            }
            Parting::Broken { cause, .. } => story.tell_answer(step, &place, began, AttemptAnswer::Broken, cause),
            Parting::Vain(error) => {
                story.tell_answer(step, &place, began, answer_of(error), &detail_of(error));
            }
            // We leave; nothing happened on the live.
            Parting::Stopped => {}
        }
        match parting {
            Parting::LiveEnded => {
                self.presence.end(out, "the live ended").await?;
                Ok(SourceEnd::Ended)
            }
            Parting::Stopped => Ok(SourceEnd::Stopped),
            Parting::Broken { cause, in_order } => {
                self.presence.end(out, &cause).await?;
                let spoils_identity = !in_order && !has_held;
                let error = SourceError::Unreachable { place, cause };
                Err(Failure { error, has_held, spoils_identity })
            }
            Parting::Vain(error) => {
                self.presence.end(out, &error.to_string()).await?;
                Err(Failure { has_held, ..error.into() })
            }
        }
    }
}
