//! One visit to a room through TikFinity, which is in it and tells other programs what it hears.

use cuelight_core::way::Way;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::attendance::{Attendance, Interruption, Parting, ends_the_live};
use crate::source::pace::Pace;
use crate::source::tikfinity::LOST_LIVE;
use crate::source::tikfinity::event::{self, Frame};
use crate::source::tikfinity::feed::Feed;
use crate::source::{Batch, Closed, SourceError};

/// A feed that is open.
pub(super) struct Listening<'a> {
    attendance: Attendance<'a>,
    cancel: &'a CancellationToken,
    pace: &'a Pace,
}

impl<'a> Listening<'a> {
    /// A visit to that room.
    pub(super) fn new(attendance: Attendance<'a>, cancel: &'a CancellationToken, pace: &'a Pace) -> Self {
        Self { attendance, cancel, pace }
    }

    /// Stays until the live ends, the feed breaks or turns to somebody else, or we are told to stop.
    ///
    /// # Errors
    /// [`Closed`] when the journal takes nothing more.
    pub(super) async fn stay(mut self, mut feed: Feed) -> Result<Parting, Closed> {
        let deadline = Instant::now() + self.pace.socket_patience;
        let parting = loop {
            let is_in = self.attendance.presence.is_in;
            let taken = tokio::select! {
                biased;
                () = self.cancel.cancelled() => Err(Interruption::Parting(Parting::Stopped)),
                text = feed.next() => match text {
                    Ok(text) => self.take(event::read(&text, self.attendance.out.clock().now_ms())).await,
                    Err(cause) => Err(Interruption::broken(cause)),
                },
                () = sleep_until(deadline), if !is_in => Err(self.hears_nothing()),
            };
            match taken {
                Ok(()) => {}
                Err(Interruption::Parting(parting)) => break parting,
                Err(Interruption::Closed(closed)) => return Err(closed),
            }
        };
        feed.close(self.pace.farewell_timeout).await;
        Ok(parting)
    }

    /// What it means that TikFinity told of no viewer of this streamer.
    fn hears_nothing(&self) -> Interruption {
        let cause = format!("TikFinity tells nothing of a live of @{}", self.attendance.room.unique_id);
        // It was of this streamer before, and may only have been started again.
        let was_in = self.attendance.presence.way == Some(Way::Tikfinity);
        if was_in { Interruption::broken(cause) } else { vain(cause) }
    }

    async fn take(&mut self, frame: Frame) -> Result<(), Interruption> {
        let Frame { mut batch, streamer, has_viewer, has_lost_live } = frame;
        let received_ms = batch.received_ms;
        self.attendance.out.contact().hear(received_ms);
        let user = &self.attendance.room.unique_id;
        if let Some(other) = streamer.as_ref().filter(|named| !named.eq_ignore_ascii_case(user)) {
            return Err(vain(format!("TikFinity follows @{other}, not @{user}")));
        }
        if has_lost_live && self.attendance.presence.is_in {
            return Err(Interruption::broken(LOST_LIVE.to_owned()));
        }
        if !self.attendance.presence.is_in {
            // What is of no viewer does not say whose live it is of; nor, where nothing else says that this streamer is live,
            // does a viewer.
            let may_be_ours = has_viewer && self.attendance.room.is_known();
            if streamer.is_none() && !may_be_ours {
                return Ok(());
            }
            self.hand_on(self.attendance.arrival(received_ms)).await?;
            self.attendance.has_arrived(received_ms);
        }
        self.attendance.note(&mut batch, received_ms);
        let ends = ends_the_live(&batch);
        if !batch.is_empty() {
            self.hand_on(batch).await?;
        }
        if ends { Err(Interruption::Parting(Parting::LiveEnded)) } else { Ok(()) }
    }

    /// Gives a batch to the journal. TikFinity asks for no word that it is safe.
    async fn hand_on(&self, batch: Batch) -> Result<(), Interruption> {
        match self.cancel.run_until_cancelled(self.attendance.out.send(batch)).await {
            Some(sent) => Ok(sent.map(drop)?),
            None => Err(Interruption::Parting(Parting::Stopped)),
        }
    }
}

fn vain(cause: String) -> Interruption {
    Interruption::Parting(Parting::Vain(SourceError::WayClosed { way: Way::Tikfinity, cause }))
}
