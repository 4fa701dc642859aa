//! From one received frame to its events, for every source that gets wire bytes.

use cuelight_core::event::Event;
use cuelight_core::id::RoomId;
use cuelight_core::reason::Reason;
use cuelight_core::timestamp::Timestamp;
use webcast_proto::{FrameError, FrameReader, Purpose, outgoing};

use super::normalize::{self, Arrival};
use crate::source::{Batch, Fault};

/// Messages that a frame has room for from the start; TikTok sends 5 to 20.
const MESSAGES: usize = 20;

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

    /// Reads the answer to a fetch (FetchResult without a frame around it) that arrived at that moment, ms since 1970.
    #[must_use]
    pub fn read_result(&mut self, body: &[u8], received_ms: i64) -> Frame {
        open(self.reader.read_fetch_result(body), body, &mut |_| received_ms)
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
    if frame.purpose == Purpose::Messages {
        batch.events.reserve(MESSAGES);
    }
    let mut room = 0;
    for (envelope, faults) in frame.messages() {
        let arrival =
            Arrival { msg_id: envelope.msg_id, is_history: envelope.is_history, received_ms: batch.received_ms };
        let normalized = normalize::message(envelope.method, envelope.payload, arrival, faults);
        batch.received_ms = now_ms(normalized.sent_ms);
        batch.events.push(normalized.event);
        batch.faults.extend(normalized.fault.map(|reason| Fault::keeping(reason, envelope.payload)));
        room = if room == 0 { normalized.room } else { room };
    }
    if !frame.faults.is_empty() {
        let reason = Reason::FrameBroken { error: format!("frame {} is cut or garbled", frame.log_id) };
        batch.faults.push(Fault::keeping(reason, bytes));
    }
    Frame {
        kind: FrameKind::of(frame.purpose),
        log_id: frame.log_id,
        ack: frame.result.need_ack.then(|| outgoing::ack(frame.log_id, frame.result.internal_ext)),
        room_id: RoomId::from_number(room),
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

#[cfg(test)]
mod tests {
    use cuelight_core::event::EventType;
    use prost::Message as _;
    use webcast_proto::owned;

    use super::*;

    fn frame(payload_type: &str, payload: Vec<u8>) -> Vec<u8> {
        let frame = owned::PushFrame { log_id: 77, payload_type: payload_type.into(), payload, ..Default::default() };
        frame.encode_to_vec()
    }

    fn control(action: i32) -> owned::Envelope {
        let payload = owned::ControlMessage { action, ..Default::default() }.encode_to_vec();
        owned::Envelope { method: "WebcastControlMessage".into(), payload, ..Default::default() }
    }

    fn batch(messages: Vec<owned::Envelope>, need_ack: bool) -> owned::FetchResult {
        owned::FetchResult { messages, need_ack, internal_ext: "opaque-7".into(), ..Default::default() }
    }

    #[test]
    fn a_frame_that_wants_an_ack_brings_it_along() {
        let wanted = FrameDecoder::new().read(&frame("msg", batch(vec![control(1)], true).encode_to_vec()), 5);
        let ack = wanted.ack.expect("the batch asked for it");
        let ack = owned::PushFrame::decode(ack.as_slice()).expect("a push frame");
        assert_eq!((ack.log_id, ack.payload.as_slice()), (77, b"opaque-7".as_slice()), "it echoes what TikTok sent");
        let unwanted = FrameDecoder::new().read(&frame("msg", batch(vec![control(1)], false).encode_to_vec()), 5);
        assert_eq!(unwanted.ack, None, "nobody asked");
    }

    #[test]
    fn every_kind_of_frame_is_told_apart() {
        for (payload_type, kind) in [
            ("msg", FrameKind::Messages),
            ("hb", FrameKind::Heartbeat),
            ("im_enter_room_resp", FrameKind::RoomEntered),
            ("close", FrameKind::Close),
            ("something", FrameKind::Other),
        ] {
            let read = FrameDecoder::new().read(&frame(payload_type, Vec::new()), 5);
            assert_eq!((read.kind, read.batch.events.len()), (kind, 0), "{payload_type}");
        }
    }

    #[test]
    fn a_broken_message_costs_no_other_one_of_its_frame() {
        let broken = owned::Envelope { payload: vec![0x12, 0x50, 1], ..control(0) };
        let read = FrameDecoder::new()
            .read(&frame("msg", batch(vec![control(1), broken, control(2)], false).encode_to_vec()), 5);
        let types: Vec<EventType> = read.batch.events.iter().map(Event::event_type).collect();
        assert_eq!(types, [EventType::LivePause, EventType::Unknown, EventType::LiveResume], "in their order");
        assert_eq!(read.batch.received_ms, 5, "a live frame has the time of its arrival");
        let kept: Vec<Vec<u8>> = read.batch.faults.into_iter().map(|fault| fault.into_parts().1).collect();
        assert_eq!(kept, [[0x12, 0x50, 1]], "the broken bytes are kept");
    }

    #[test]
    fn a_frame_that_cannot_be_opened_is_a_fault_and_the_next_one_is_read() {
        let mut decoder = FrameDecoder::new();
        let bad = decoder.read(&frame("msg", b"\x1f\x8b\x08\x00 this is no gzip stream".to_vec()), 5);
        assert_eq!((bad.kind, bad.batch.faults.len()), (FrameKind::Unreadable, 1), "kept as a fault");
        let good = decoder.read(&frame("msg", batch(vec![control(1)], false).encode_to_vec()), 6);
        assert_eq!(good.batch.events.len(), 1, "the connection goes on");
    }
}
