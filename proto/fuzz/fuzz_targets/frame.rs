//! Any bytes as a received frame: no panic, no endless loop, no memory beyond the limits, and prost's reading of the frame.
#![no_main]

use libfuzzer_sys::fuzz_target;
use webcast_proto::{
    FrameReader,
    frames::Recording,
    inflate::MAX_INFLATED_BYTES,
    oracle::{self, Verdict},
};

fuzz_target!(|bytes: &[u8]| {
    if let Verdict::Different(text) = oracle::compare("PushFrame", bytes) {
        panic!("{text}");
    }
    let mut reader = FrameReader::new();
    if let Ok(batch) = reader.read(bytes) {
        for (envelope, _) in batch.messages() {
            assert!(envelope.payload.len() <= MAX_INFLATED_BYTES);
            let name = envelope.method.to_str();
            if let Verdict::Different(text) = oracle::compare(name.trim_start_matches("Webcast"), envelope.payload) {
                panic!("{text}");
            }
        }
    }
    let mut recording = Recording::new(bytes);
    while let Some(frame) = recording.next_frame() {
        if frame.is_err() {
            break;
        }
    }
    assert!(recording.next_frame().is_none());
});
