//! From one received frame to its events, for every source that gets wire bytes.

use cuelight_core::event::Event;
use cuelight_core::id::RoomId;
use cuelight_core::limits;
use cuelight_core::reason::Reason;
use cuelight_core::timestamp::Timestamp;
use webcast_proto::{FrameError, FrameReader, Purpose, outgoing};

use super::normalize::{self, Arrival};
use crate::source::{Batch, Fault};

/// Reads the frames of one connection or recording, one after the other; a broken one costs no other.
#[derive(Debug, Default)]
pub struct FrameDecoder {
    reader: FrameReader,
    /// The newest time that a message of a recording has named so far, ms since 1970.
    latest_ms: i64,
}

/// What one frame brought.
#[derive(Debug)]
pub struct Frame {
    /// What it is for.
    pub kind: FrameKind,
    /// TikTok's number of the frame (PushFrame.2).
    pub log_id: u64,
    /// The frame to send back once the batch is safe, where TikTok asks for one (FetchResult.9).
    pub ack: Option<Vec<u8>>,
    /// The first room that a message of the frame names.
    pub room_id: Option<RoomId>,
    /// Its events, and what could not be read whole.
    pub batch: Batch,
}

/// What a frame is for (PushFrame.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameKind {
    /// Messages of the live.
    Messages,
    /// The echo of a heartbeat.
    Heartbeat,
    /// The room was entered.
    RoomEntered,
    /// TikTok is about to close the connection.
    Close,
    /// Something that needs no answer.
    Other,
    /// It could not be opened; the batch holds it as a fault.
    Unreadable,
}

impl FrameDecoder {
    /// Starts without a buffer; it comes with the first packed frame.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a frame that arrived at that moment, ms since 1970.
    #[must_use]
    pub fn read(&mut self, frame: &[u8], received_ms: i64) -> Frame {
        open(self.reader.read(frame), frame, &mut |_| received_ms)
    }

    /// Reads a frame of a recording, where "now" is the newest time that a message has named.
    #[must_use]
    pub fn read_recorded(&mut self, frame: &[u8]) -> Frame {
        let before_ms = self.latest_ms;
        let latest_ms = &mut self.latest_ms;
        let opened = open(self.reader.read(frame), frame, &mut |sent_ms| advance(latest_ms, sent_ms));
        opened.with_first_times(before_ms)
    }

    /// Reads the answer to a fetch (FetchResult without a frame around it) of a recording.
    #[must_use]
    pub fn read_recorded_result(&mut self, body: &[u8]) -> Frame {
        let before_ms = self.latest_ms;
        let latest_ms = &mut self.latest_ms;
        let opened = open(self.reader.read_fetch_result(body), body, &mut |sent_ms| advance(latest_ms, sent_ms));
        opened.with_first_times(before_ms)
    }
}

impl Frame {
    /// At the start of a recording, gives messages without a time the first one that is known.
    fn with_first_times(mut self, before_ms: i64) -> Self {
        if before_ms == 0 {
            let first = Timestamp::from_ms(self.batch.received_ms);
            let timeless = |event: &&mut Event| event.stamp.timestamp == Timestamp::default();
            self.batch.events.iter_mut().filter(timeless).for_each(|event| event.stamp.timestamp = first);
        }
        self
    }

    fn unreadable(bytes: &[u8], error: &FrameError, received_ms: i64) -> Self {
        let reason = Reason::FrameBroken { error: error.to_string() };
        let batch = Batch { faults: vec![Fault::keeping(reason, bytes)], received_ms, ..Batch::default() };
        Self { kind: FrameKind::Unreadable, log_id: 0, ack: None, room_id: None, batch }
    }
}

impl Fault {
    /// Keeps as much of the bytes as a fault may hold.
    #[must_use]
    pub fn keeping(reason: Reason, bytes: &[u8]) -> Self {
        Self { reason, raw: bytes[..bytes.len().min(limits::FAULT_BYTES)].to_vec() }
    }
}

/// Turns an opened frame into events. `now_ms` is told each message's own time and says what time it is.
fn open(
    frame: Result<webcast_proto::Batch<'_>, FrameError>,
    bytes: &[u8],
    now_ms: &mut dyn FnMut(Option<i64>) -> i64,
) -> Frame {
    let frame = match frame {
        Ok(frame) => frame,
        Err(error) => return Frame::unreadable(bytes, &error, now_ms(None)),
    };
    let mut batch = Batch { received_ms: now_ms(None), ..Batch::default() };
    let mut room_id = None;
    for (envelope, faults) in frame.messages() {
        let arrival =
            Arrival { msg_id: envelope.msg_id, is_history: envelope.is_history, received_ms: batch.received_ms };
        let normalized = normalize::message(envelope.method, envelope.payload, arrival, faults);
        batch.received_ms = now_ms(normalized.sent_ms);
        batch.events.push(normalized.event);
        batch.faults.extend(normalized.fault.map(|reason| Fault::keeping(reason, envelope.payload)));
        room_id = room_id.or(normalized.room_id);
    }
    if !frame.faults.is_empty() {
        let reason = Reason::FrameBroken { error: format!("frame {} is cut or garbled", frame.log_id) };
        batch.faults.push(Fault::keeping(reason, bytes));
    }
    Frame {
        kind: FrameKind::of(frame.purpose),
        log_id: frame.log_id,
        ack: frame.result.need_ack.then(|| outgoing::ack(frame.log_id, frame.result.internal_ext)),
        room_id,
        batch,
    }
}

impl FrameKind {
    fn of(purpose: Purpose<'_>) -> Self {
        match purpose {
            Purpose::Messages => Self::Messages,
            Purpose::Heartbeat => Self::Heartbeat,
            Purpose::RoomEntered => Self::RoomEntered,
            Purpose::Close => Self::Close,
            Purpose::Ack | Purpose::Other(_) => Self::Other,
        }
    }
}

fn advance(latest_ms: &mut i64, sent_ms: Option<i64>) -> i64 {
    *latest_ms = (*latest_ms).max(sent_ms.unwrap_or(0));
    *latest_ms
}
