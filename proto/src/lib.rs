//! TikTok's webcast wire, read without copying and written with prost.
//!
//! `proto/webcast.proto` declares the messages once. From it come [`owned`], prost's structs, for what is written, and
//! [`read`], structs that borrow from the received bytes, for what is read. The reader gives what prost gives wherever
//! prost accepts the bytes, and goes on where prost gives up: a declared field of another wire type is skipped and
//! counted, broken UTF-8 is kept, and malformed bytes end the message they are in and no other.
//!
//! ```
//! use prost::Message;
//! use webcast_proto::{FrameReader, Faults, owned, read::ChatMessage};
//!
//! let chat = owned::ChatMessage { content: "hello".into(), ..Default::default() };
//! let envelope = owned::Envelope {
//!     method: "WebcastChatMessage".into(),
//!     payload: chat.encode_to_vec(),
//!     ..Default::default()
//! };
//! let batch = owned::FetchResult { messages: vec![envelope], need_ack: true, ..Default::default() };
//! let frame = owned::PushFrame {
//!     payload_type: "msg".into(),
//!     payload: batch.encode_to_vec(),
//!     ..Default::default()
//! };
//! let frame = frame.encode_to_vec();
//!
//! let mut reader = FrameReader::new();
//! let batch = reader.read(&frame)?;
//! assert!(batch.result.need_ack);
//! for (envelope, mut faults) in batch.messages() {
//!     if envelope.method == "WebcastChatMessage" {
//!         let chat = ChatMessage::read(envelope.payload, &mut faults);
//!         assert_eq!(chat.content.to_str(), "hello");
//!         assert!(faults.is_empty());
//!     }
//! }
//! # Ok::<(), webcast_proto::FrameError>(())
//! ```

pub mod frames;
pub mod inflate;
#[cfg(any(test, feature = "oracle"))]
pub mod oracle;
pub mod outgoing;
pub mod owned;
pub mod read;
mod reader;
#[cfg(test)]
mod tests;
mod text;
pub mod wire;

pub use inflate::{InflateError, Inflater};
pub use reader::{Batch, FrameError, FrameReader, Purpose};
pub use text::Str;
pub use wire::Faults;
