//! Any bytes as an unpacked batch: equal to prost's reading, and each message equal as well.
#![no_main]

use libfuzzer_sys::fuzz_target;
use webcast_proto::{
    Batch,
    oracle::{self, Verdict},
};

fuzz_target!(|bytes: &[u8]| {
    if let Verdict::Different(text) = oracle::compare("FetchResult", bytes) {
        panic!("{text}");
    }
    for (envelope, _) in Batch::from_fetch_result(bytes).messages() {
        let name = envelope.method.to_str();
        if let Verdict::Different(text) = oracle::compare(name.trim_start_matches("Webcast"), envelope.payload) {
            panic!("{text}");
        }
    }
});
