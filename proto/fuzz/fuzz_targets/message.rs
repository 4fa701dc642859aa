//! Any bytes as any message: the first byte chooses the type, the rest must read as prost reads it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use webcast_proto::oracle::{MESSAGE_TYPES, Verdict};

fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, message)) = bytes.split_first() else { return };
    let kind = MESSAGE_TYPES[usize::from(choice) % MESSAGE_TYPES.len()];
    if let Verdict::Different(text) = (kind.compare)(message) {
        panic!("{}: {text}", kind.name);
    }
});
