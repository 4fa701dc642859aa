//! The frames a client sends: heartbeat, entering a room, acknowledging a batch.

use prost::Message;

use crate::{
    owned::{EnterRoom, Heartbeat, PushFrame},
    text::Str,
};

/// The `live_id` of TikTok's web page.
const WEB_LIVE_ID: i64 = 12;

/// A `hb` frame; `sequence` counts 1, 2, 3 within a connection. Send one at once and then every ten seconds.
#[must_use]
pub fn heartbeat(room_id: i64, sequence: i64) -> Vec<u8> {
    let payload = Heartbeat { room_id, send_packet_seq_id: sequence };
    frame("hb", 0, payload.encode_to_vec())
}

/// An `im_enter_room` frame, due right after the upgrade: without it the socket stays mute.
#[must_use]
pub fn enter_room(room_id: i64) -> Vec<u8> {
    let payload = EnterRoom {
        room_id,
        live_id: WEB_LIVE_ID,
        identity: "audience".to_owned(),
        filter_welcome_msg: "0".to_owned(),
        ..EnterRoom::default()
    };
    frame("im_enter_room", 0, payload.encode_to_vec())
}

/// An `ack` frame for the frame `log_id`, due when its batch says `need_ack` (FetchResult field 9).
///
/// Echoes the batch's `internal_ext` (FetchResult field 5) byte for byte, or `-` when that is empty.
#[must_use]
pub fn ack(log_id: u64, internal_ext: Str<'_>) -> Vec<u8> {
    let payload = if internal_ext.is_empty() { b"-" } else { internal_ext.as_bytes() };
    frame("ack", log_id, payload.to_vec())
}

fn frame(payload_type: &str, log_id: u64, payload: Vec<u8>) -> Vec<u8> {
    let frame = PushFrame {
        log_id,
        payload_encoding: "pb".to_owned(),
        payload_type: payload_type.to_owned(),
        payload,
        ..PushFrame::default()
    };
    frame.encode_to_vec()
}
