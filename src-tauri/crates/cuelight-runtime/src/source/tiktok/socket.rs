//! One visit to a room over its WebSocket: frames in order to the journal, heartbeats and acks back.

use std::future::pending;
use std::pin::{Pin, pin};
use std::time::Duration;

use cuelight_core::clean::clean_to;
use futures_util::{SinkExt, StreamExt};
use tokio::time::{Sleep, sleep, timeout};
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_util::sync::CancellationToken;
use webcast_proto::outgoing;

use super::answer::TIKTOK_WORDS_CHARACTERS;
use super::attendance::{Attendance, Interruption, Parting, ends_the_live};
use super::duties::{Duties, Duty};
use super::frame::{Frame, FrameDecoder, FrameKind};
use super::upgrade::{Opening, WebSocket};
use crate::source::pace::Pace;
use crate::source::{Batch, Closed};

/// An open connection to a room.
pub(super) struct Visit<'a> {
    attendance: Attendance<'a>,
    cancel: &'a CancellationToken,
    pace: &'a Pace,
    websocket: WebSocket,
    decoder: FrameDecoder,
    duties: Duties,
    heartbeat_period: Duration,
    /// Until when TikTok has to say that we are in; gone once we are.
    entry: Option<Pin<Box<Sleep>>>,
    /// TikTok takes nothing from us any more.
    is_mute: bool,
    /// Heartbeats due since the last byte came.
    silent_heartbeats: u32,
}

impl<'a> Visit<'a> {
    /// Takes over a connection that was just opened.
    pub(super) fn new(
        opening: Opening,
        attendance: Attendance<'a>,
        cancel: &'a CancellationToken,
        pace: &'a Pace,
    ) -> Self {
        let Opening { websocket, ping_interval, .. } = opening;
        // Heard from too often is no fault; a longer silence than usual would be noticed later.
        let heartbeat_period = ping_interval.unwrap_or(pace.heartbeat_period).min(pace.heartbeat_period);
        let duties = Duties::new(attendance.room.number, heartbeat_period);
        let entry = Some(Box::pin(sleep(pace.entry_patience)));
        let decoder = FrameDecoder::new();
        let (is_mute, silent_heartbeats) = (false, 0);
        Self {
            attendance,
            cancel,
            pace,
            websocket,
            decoder,
            duties,
            heartbeat_period,
            entry,
            is_mute,
            silent_heartbeats,
        }
    }

    /// Enters the room and stays until the live ends, the connection breaks or we are told to stop. `first` is what came
    /// before any frame: the FetchResult of a sign server.
    ///
    /// # Errors
    /// [`Closed`] when the journal takes nothing more.
    pub(super) async fn stay(mut self, first: Option<&[u8]>) -> Result<Parting, Closed> {
        let parting = match self.read_on(first).await {
            Interruption::Parting(parting) => parting,
            Interruption::Closed(closed) => return Err(closed),
        };
        self.take_leave(&parting).await?;
        Ok(parting)
    }

    async fn read_on(&mut self, first: Option<&[u8]>) -> Interruption {
        let heartbeat = self.duties.next_heartbeat();
        self.say([heartbeat, outgoing::enter_room(self.attendance.room.number)]).await;
        if let Some(first) = first {
            let received_ms = self.now_ms();
            let frame = self.decoder.read_result(first, received_ms);
            if let Err(interruption) = self.take(Frame { ack: None, ..frame }, received_ms).await {
                return interruption;
            }
        }
        loop {
            if let Err(interruption) = self.do_next().await {
                return interruption;
            }
        }
    }

    async fn do_next(&mut self) -> Result<(), Interruption> {
        let may_read = !self.duties.is_full();
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => return Err(Interruption::Parting(Parting::Stopped)),
            duty = self.duties.next() => self.perform(duty?).await,
            () = patience(&mut self.entry) => self.announce(self.now_ms()).await?,
            message = self.websocket.next(), if may_read => self.hear(message).await?,
        }
        // Counted in heartbeats: a machine that slept or was too busy to send any has not heard TikTok's silence.
        if may_read && self.silent_heartbeats >= self.pace.silent_heartbeats(self.heartbeat_period) {
            let silence = self.pace.silence;
            return Err(Interruption::broken(format!("TikTok was silent for {silence:?}")));
        }
        Ok(())
    }

    async fn hear(&mut self, message: Option<Result<Message, tungstenite::Error>>) -> Result<(), Interruption> {
        match message {
            Some(Ok(Message::Binary(frame))) => {
                let received_ms = self.now_ms();
                self.attendance.out.contact().hear(received_ms);
                let frame = self.decoder.read(&frame, received_ms);
                self.take(frame, received_ms).await?;
            }
            Some(Ok(Message::Close(close))) => {
                let cause = match close {
                    Some(close) if !close.reason.is_empty() => {
                        format!("{} ({})", clean_to(&close.reason, TIKTOK_WORDS_CHARACTERS), close.code)
                    }
                    Some(close) => format!("code {}", close.code),
                    None => "no reason given".to_owned(),
                };
                let cause = format!("TikTok closed the connection: {cause}");
                return Err(Interruption::Parting(Parting::Broken { cause, in_order: true }));
            }
            // The library answers pings; text means nothing here.
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Text(_) | Message::Frame(_))) => {}
            Some(Err(error)) => return Err(Interruption::broken(format!("the connection broke: {error}"))),
            None => return Err(Interruption::broken("the connection broke without a word".to_owned())),
        }
        // Only now: while the journal held us up, nothing could be heard.
        self.silent_heartbeats = 0;
        Ok(())
    }

    async fn take(&mut self, frame: Frame, received_ms: i64) -> Result<(), Interruption> {
        if !self.attendance.presence.is_in && matches!(frame.kind, FrameKind::Messages | FrameKind::RoomEntered) {
            self.announce(received_ms).await?;
        }
        let mut batch = frame.batch;
        self.attendance.note(&mut batch, received_ms);
        if batch.is_empty() && frame.ack.is_none() {
            return Ok(());
        }
        let ends = ends_the_live(&batch);
        self.hand_on(batch, frame.ack).await?;
        if ends { Err(Interruption::Parting(Parting::LiveEnded)) } else { Ok(()) }
    }

    /// Tells everybody that we are in.
    async fn announce(&mut self, now_ms: i64) -> Result<(), Interruption> {
        self.hand_on(self.attendance.arrival(now_ms), None).await?;
        self.attendance.has_arrived(now_ms);
        self.entry = None;
        Ok(())
    }

    fn now_ms(&self) -> i64 {
        self.attendance.out.clock().now_ms()
    }

    /// Gives a batch to the journal. While that is full, heartbeats and acks go on, and reading does not.
    async fn hand_on(&mut self, batch: Batch, ack: Option<Vec<u8>>) -> Result<(), Interruption> {
        let out = self.attendance.out;
        let mut sending = pin!(out.send(batch));
        let receipt = loop {
            tokio::select! {
                biased;
                receipt = &mut sending => break receipt?,
                () = self.cancel.cancelled() => return Err(Interruption::Parting(Parting::Stopped)),
                duty = self.duties.next() => self.perform(duty?).await,
            }
        };
        self.duties.expect(receipt, ack);
        Ok(())
    }

    async fn perform(&mut self, duty: Duty) {
        match duty {
            Duty::Heartbeat(heartbeat) => {
                self.silent_heartbeats += 1;
                self.say([heartbeat]).await;
            }
            Duty::Acknowledge(acks) if acks.is_empty() => {}
            Duty::Acknowledge(acks) => self.say(acks).await,
        }
    }

    /// Sends frames. Where that fails we fall mute and read on: what TikTok sent before is still to be had, and reading
    /// finds out by itself that the connection is broken.
    async fn say(&mut self, frames: impl IntoIterator<Item = Vec<u8>>) {
        if self.is_mute {
            return;
        }
        let websocket = &mut self.websocket;
        let write = async {
            for frame in frames {
                websocket.feed(Message::Binary(frame.into())).await?;
            }
            websocket.flush().await
        };
        match timeout(self.pace.answer_timeout, write).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::debug!(%error, "TikTok could not be written to");
                self.is_mute = true;
            }
            Err(_) => {
                tracing::debug!("TikTok took nothing from us for {:?}", self.pace.answer_timeout);
                self.is_mute = true;
            }
        }
    }

    /// Ends the connection in order where there still is one.
    async fn take_leave(&mut self, parting: &Parting) -> Result<(), Closed> {
        match parting {
            Parting::Broken { in_order: false, .. } | Parting::Vain(_) => return Ok(()),
            Parting::Broken { in_order: true, .. } => {}
            Parting::LiveEnded => self.cancel.run_until_cancelled(self.settle()).await.unwrap_or(Ok(()))?,
            Parting::Stopped => {
                if timeout(self.pace.farewell_timeout, self.settle()).await.is_err() {
                    tracing::debug!("the journal was not waited for any longer");
                }
            }
        }
        if let Ok(Err(error)) = timeout(self.pace.farewell_timeout, self.websocket.close(None)).await {
            tracing::debug!(%error, "the connection could not be closed in order");
        }
        Ok(())
    }

    /// Waits until everything handed on is safe, and acknowledges it.
    async fn settle(&mut self) -> Result<(), Closed> {
        while !self.duties.is_settled() {
            let duty = self.duties.next().await?;
            self.perform(duty).await;
        }
        Ok(())
    }
}

async fn patience(entry: &mut Option<Pin<Box<Sleep>>>) {
    match entry {
        Some(entry) => entry.await,
        None => pending().await,
    }
}
