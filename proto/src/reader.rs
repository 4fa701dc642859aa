//! From a received frame to its messages: push frame, unpacking, batch.

use crate::{
    inflate::{InflateError, Inflater},
    read::{Envelope, FetchResult, PushFrame},
    text::Str,
    wire::Faults,
};

/// Why a frame yields no messages at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// The bytes are no push frame.
    #[error("{size_bytes} bytes were received that are no push frame")]
    NotAFrame {
        /// Size of what was received.
        size_bytes: usize,
    },
    /// The payload cannot be unpacked.
    #[error("payload of frame {log_id} cannot be unpacked: {source}")]
    Payload {
        /// Id of the frame.
        log_id: u64,
        /// What is wrong with it.
        source: InflateError,
    },
}

/// What a frame is for (PushFrame field 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose<'a> {
    /// `msg`: carries messages.
    Messages,
    /// `hb`: the echo of a heartbeat.
    Heartbeat,
    /// `im_enter_room_resp`: the room was entered.
    RoomEntered,
    /// `ack`: an acknowledgement.
    Ack,
    /// `close`: the server is about to close the connection.
    Close,
    /// Anything else, as sent.
    Other(Str<'a>),
}

impl<'a> Purpose<'a> {
    /// Tells the purpose from the payload type.
    #[must_use]
    pub fn of(payload_type: Str<'a>) -> Self {
        match payload_type.as_bytes() {
            b"msg" => Self::Messages,
            b"hb" => Self::Heartbeat,
            b"im_enter_room_resp" => Self::RoomEntered,
            b"ack" => Self::Ack,
            b"close" => Self::Close,
            _ => Self::Other(payload_type),
        }
    }
}

/// A received frame, unpacked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch<'a> {
    /// What the frame is for; only [`Purpose::Messages`] has a `result` with something in it.
    pub purpose: Purpose<'a>,
    /// Sequence number of the frame (PushFrame field 1).
    pub seq_id: u64,
    /// Id to echo in an ack (PushFrame field 2).
    pub log_id: u64,
    /// Everything of the batch but its messages: `need_ack`, `internal_ext`, `cursor`, `now_ms` and so on.
    pub result: FetchResult<'a>,
    /// What was wrong with the frame and the batch, the insides of the messages left aside.
    pub faults: Faults,
}

impl<'a> Batch<'a> {
    /// Reads a batch that came without a frame, such as the answer to a signed fetch. `body` must be unpacked.
    #[must_use]
    pub fn from_fetch_result(body: &'a [u8]) -> Self {
        let mut faults = Faults::default();
        let result = FetchResult::read(body, &mut faults);
        Self { purpose: Purpose::Messages, seq_id: 0, log_id: 0, result, faults }
    }

    /// The messages in order, each with what was wrong with its envelope.
    ///
    /// Hand these faults on to the reading of the payload, so that they add up. When they say `broken`, the payload may
    /// be missing.
    pub fn messages(&self) -> impl Iterator<Item = (Envelope<'a>, Faults)> + use<'a> {
        self.result.messages()
    }
}

/// Reads the frames of one connection, keeping one buffer for unpacking.
#[derive(Debug, Default)]
pub struct FrameReader {
    inflater: Inflater,
}

impl FrameReader {
    /// Starts without a buffer; it comes with the first packed frame.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads one binary WebSocket message.
    ///
    /// # Errors
    /// When it is no push frame, or its payload cannot be unpacked. The next frame is not affected.
    pub fn read<'a>(&'a mut self, frame: &'a [u8]) -> Result<Batch<'a>, FrameError> {
        let mut faults = Faults::default();
        let PushFrame { seq_id, log_id, payload_type, payload, .. } = PushFrame::read(frame, &mut faults);
        if payload_type.is_empty() {
            return Err(FrameError::NotAFrame { size_bytes: frame.len() });
        }
        let purpose = Purpose::of(payload_type);
        let mut result = FetchResult::default();
        if purpose == Purpose::Messages {
            let body = self.inflater.inflate(payload).map_err(|source| FrameError::Payload { log_id, source })?;
            result.merge(body, &mut faults);
        }
        Ok(Batch { purpose, seq_id, log_id, result, faults })
    }

    /// Reads a batch that came without a frame and may be packed, such as the answer to a signed fetch.
    ///
    /// # Errors
    /// When it is packed and cannot be unpacked.
    pub fn read_fetch_result<'a>(&'a mut self, body: &'a [u8]) -> Result<Batch<'a>, FrameError> {
        let body = self.inflater.inflate(body).map_err(|source| FrameError::Payload { log_id: 0, source })?;
        Ok(Batch::from_fetch_result(body))
    }
}
