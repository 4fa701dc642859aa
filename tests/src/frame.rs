//! One push frame of a scenario: messages and the way they travel.

use axum::body::Bytes;
use libdeflater::{CompressionLvl, Compressor};
use prost::Message as _;
use webcast_proto::owned;

use crate::live::Message;

/// Messages that travel together in one `msg` frame; gzip and an ack are the rule.
#[derive(Clone, Debug)]
pub struct Frame {
    messages: Vec<Message>,
    is_gzip: bool,
    need_ack: bool,
    internal_ext: &'static str,
    now_ms: i64,
}

impl Frame {
    /// A compressed frame that asks for an ack.
    pub fn of(messages: impl IntoIterator<Item = Message>) -> Frame {
        Frame {
            messages: messages.into_iter().collect(),
            is_gzip: true,
            need_ack: true,
            internal_ext: "fetch_time:1790000000000|start_time:0|flag:0|seq:1",
            now_ms: 1_790_000_000_000,
        }
    }

    /// The same frame at another time by TikTok's clock (`FetchResult`, field 4), in milliseconds since 1970.
    pub fn at(mut self, now_ms: i64) -> Frame {
        self.now_ms = now_ms;
        self
    }

    /// The same frame with its payload as it is.
    pub fn uncompressed(mut self) -> Frame {
        self.is_gzip = false;
        self
    }

    /// The same frame without the wish for an ack.
    pub fn without_ack(mut self) -> Frame {
        self.need_ack = false;
        self
    }

    /// The same frame with nothing in `internal_ext` (`FetchResult`, field 5).
    pub fn without_internal_ext(mut self) -> Frame {
        self.internal_ext = "";
        self
    }

    /// The bytes of the WebSocket message, under the id that an ack echoes.
    pub fn bytes(&self, log_id: u64) -> Bytes {
        let result = owned::FetchResult {
            messages: self.messages.clone(),
            cursor: format!("1790000000000_{log_id}_1_1_0_0"),
            fetch_interval_ms: 1000,
            now_ms: self.now_ms,
            internal_ext: self.internal_ext.into(),
            fetch_type: 1,
            need_ack: self.need_ack,
            ..Default::default()
        };
        let body = result.encode_to_vec();
        let (compress_type, payload) = if self.is_gzip { ("gzip", gzip(&body)) } else { ("none", body) };
        push_frame("msg", log_id, compress_type, payload)
    }
}

/// The answer to an accepted `im_enter_room`.
pub(crate) fn room_entered() -> Bytes {
    push_frame("im_enter_room_resp", 0, "none", Vec::new())
}

fn push_frame(payload_type: &str, log_id: u64, compress_type: &str, payload: Vec<u8>) -> Bytes {
    let frame = owned::PushFrame {
        seq_id: log_id,
        log_id,
        service: 8888,
        method: 8,
        headers: vec![owned::PushHeader { key: "compress_type".into(), value: compress_type.into() }],
        payload_encoding: "pb".into(),
        payload_type: payload_type.into(),
        payload,
    };
    frame.encode_to_vec().into()
}

fn gzip(body: &[u8]) -> Vec<u8> {
    // The level that is called the fastest packs nothing at all.
    let level = CompressionLvl::new(1).expect("libdeflate knows the levels 0 to 12");
    let mut compressor = Compressor::new(level);
    let mut compressed = vec![0; compressor.gzip_compress_bound(body.len())];
    let size_bytes =
        compressor.gzip_compress(body, &mut compressed).expect("the buffer has the size the compressor asked for");
    compressed.truncate(size_bytes);
    compressed
}
