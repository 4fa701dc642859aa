//! Writing of protobuf fields around bytes that are encoded already, and frames as the socket delivers them.

use std::borrow::Cow;

use libdeflater::{CompressionLvl, Compressor};
use prost::Message;
use prost::encoding::{WireType, encode_key, encode_varint};
use webcast_proto::owned::{Envelope, FetchResult, PushFrame, PushHeader};

use super::dice::Dice;

/// Level at which frames are compressed; part of what makes the bytes of a seed, so it never changes within a version.
const GZIP_LEVEL: i32 = 6;

/// The fields of one message, written one after the other.
///
/// It splices viewers and gifts that were encoded once, and adds the fields that our schema leaves out because nobody
/// reads them, so that messages are as big as TikTok's.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(Vec<u8>);

impl Fields {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Writes all fields that are set in `message`.
    pub(super) fn fields_of(mut self, message: &impl Message) -> Self {
        message.encode(&mut self.0).expect("a Vec grows as far as needed");
        self
    }

    pub(super) fn number(mut self, field: u32, value: u64) -> Self {
        encode_key(field, WireType::Varint, &mut self.0);
        encode_varint(value, &mut self.0);
        self
    }

    pub(super) fn bytes(mut self, field: u32, value: &[u8]) -> Self {
        encode_key(field, WireType::LengthDelimited, &mut self.0);
        encode_varint(value.len() as u64, &mut self.0);
        self.0.extend_from_slice(value);
        self
    }

    pub(super) fn text(self, field: u32, value: &str) -> Self {
        self.bytes(field, value.as_bytes())
    }

    pub(super) fn message(self, field: u32, value: &Self) -> Self {
        self.bytes(field, &value.0)
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// A message as it lies in a frame.
#[derive(Debug, Clone)]
pub(super) struct WireMessage {
    /// TikTok's name of the message.
    pub(super) method: Cow<'static, str>,
    /// Its number; 0 for none.
    pub(super) msg_id: i64,
    /// The encoded message.
    pub(super) payload: Vec<u8>,
    /// Replayed on connecting.
    pub(super) history: bool,
}

/// Puts messages into frames, numbered as one connection after the other would.
pub(super) struct FrameMaker {
    compressor: Compressor,
    seq_id: u64,
    first_of_connection: bool,
}

impl FrameMaker {
    pub(super) fn new() -> Self {
        let level = CompressionLvl::new(GZIP_LEVEL).expect("6 is one of libdeflate's levels");
        Self { compressor: Compressor::new(level), seq_id: 0, first_of_connection: true }
    }

    /// The next frame is the first of a new connection.
    pub(super) fn reconnect(&mut self) {
        self.seq_id = 0;
        self.first_of_connection = true;
    }

    /// One frame with these messages, sent at `now_ms`.
    pub(super) fn frame(&mut self, messages: Vec<WireMessage>, now_ms: i64, dice: &mut Dice) -> Vec<u8> {
        self.seq_id += 1;
        let log_id = dice.between(7_000_000_000_000_000_000..=7_999_999_999_999_999_999_u64);
        let cursor = format!("{now_ms}_{log_id}_1_1_0_0");
        let result = FetchResult {
            messages: messages.into_iter().map(envelope).collect(),
            cursor: cursor.clone(),
            fetch_interval_ms: 1000,
            now_ms,
            internal_ext: format!(
                "fetch_time:{now_ms}|start_time:0|fetch_id:{log_id}|flag:0|seq:{seq}|next_cursor:{cursor}|wss_info:0-{now_ms}-0-0",
                seq = self.seq_id
            ),
            fetch_type: 1,
            heartbeat_duration_ms: 10_000,
            need_ack: true,
            is_first: std::mem::take(&mut self.first_of_connection),
            ..FetchResult::default()
        };
        PushFrame {
            seq_id: self.seq_id,
            log_id,
            service: 8888,
            method: 8,
            headers: vec![
                header("compress_type", "gzip".to_owned()),
                header("im-cursor", cursor),
                header("im-now", now_ms.to_string()),
            ],
            payload_encoding: "pb".to_owned(),
            payload_type: "msg".to_owned(),
            payload: self.gzip(&result.encode_to_vec()),
        }
        .encode_to_vec()
    }

    fn gzip(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut packed = vec![0; self.compressor.gzip_compress_bound(bytes.len())];
        let size = self.compressor.gzip_compress(bytes, &mut packed).expect("the bound leaves room for any bytes");
        packed.truncate(size);
        packed
    }
}

fn envelope(message: WireMessage) -> Envelope {
    Envelope {
        method: message.method.into_owned(),
        payload: message.payload,
        msg_id: message.msg_id,
        msg_type: 1,
        is_history: message.history,
        ..Envelope::default()
    }
}

fn header(key: &str, value: String) -> PushHeader {
    PushHeader { key: key.to_owned(), value }
}
