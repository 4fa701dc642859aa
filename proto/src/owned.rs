//! What is written: every message as prost's own struct.
//!
//! Generated from `webcast.proto`.

include!(concat!(env!("OUT_DIR"), "/webcast.rs"));
