//! Turns what a simulation shows into events, with the reader that TikTok's own frames go through.

use compact_str::CompactString;
use cuelight_core::event::{Body, Connect, Disconnect, Event, Gap};
use cuelight_core::id::RoomId;
use cuelight_core::timestamp::Timestamp;

use super::simulation::{Happening, SimulatedStep};
use crate::source::Batch;
use crate::source::tiktok::frame::FrameDecoder;

/// Why a simulated connection breaks.
pub(super) const BREAK: &str = "the simulated connection broke";

/// Somebody who watches a simulated live through a connection.
pub(super) struct Witness {
    streamer: CompactString,
    room_id: RoomId,
    decoder: FrameDecoder,
    last_seen_ms: i64,
    is_in: bool,
}

impl Witness {
    pub(super) fn new(streamer: &str, room_id: u64) -> Self {
        Self {
            streamer: streamer.into(),
            room_id: RoomId::new(room_id.to_string()),
            decoder: FrameDecoder::new(),
            last_seen_ms: 0,
            is_in: false,
        }
    }

    pub(super) fn room_id(&self) -> &RoomId {
        &self.room_id
    }

    /// Being let into the room.
    pub(super) fn enter(&mut self, at_ms: i64) -> Batch {
        self.last_seen_ms = at_ms;
        own([self.connect()], at_ms)
    }

    /// Going away for good, at the time of the last thing seen; nothing while the connection is broken anyway.
    pub(super) fn leave(&mut self, reason: &str) -> Option<Batch> {
        self.is_in.then(|| own([self.disconnect(reason)], self.last_seen_ms))
    }

    /// What a step of the simulation brings.
    pub(super) fn see(&mut self, step: SimulatedStep) -> Batch {
        let at_ms = step.at_ms;
        match step.happening {
            Happening::Frame(frame) => {
                self.last_seen_ms = at_ms;
                self.decoder.read(&frame, at_ms).batch
            }
            Happening::Disconnect { .. } => own([self.disconnect(BREAK)], at_ms),
            Happening::Reconnect => {
                let gap = Gap::between(Timestamp::from_ms(self.last_seen_ms), Timestamp::from_ms(at_ms));
                self.last_seen_ms = at_ms;
                own([Body::Gap(gap), self.connect()], at_ms)
            }
            Happening::Own(body) => own([*body], at_ms),
        }
    }

    fn connect(&mut self) -> Body {
        self.is_in = true;
        Body::Connect(Connect { unique_id: self.streamer.clone(), room_id: self.room_id.clone() })
    }

    fn disconnect(&mut self, reason: &str) -> Body {
        self.is_in = false;
        Body::Disconnect(Disconnect { reason: reason.to_owned() })
    }
}

fn own<const N: usize>(bodies: [Body; N], at_ms: i64) -> Batch {
    let events = bodies.map(|body| Event::own(body, Timestamp::from_ms(at_ms))).into();
    Batch { events, received_ms: at_ms, ..Batch::default() }
}
