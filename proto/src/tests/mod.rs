//! Tests of the reader: each tolerance by itself, agreement with prost on any bytes, and recorded traffic.

mod agreement;
mod outgoing_frames;
mod received_frames;
mod recordings;
mod tolerance;
mod wire_bytes;
