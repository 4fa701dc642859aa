//! Connected while nothing happens: what the program holds and how often it wakes.

use std::thread::sleep;
use std::time::Duration;

use system_tests::{Frame, Live, viewer};
use webcast_proto::frames;

use crate::journal::Journal;
use crate::process::{FakeTikTok, Program};
use crate::table::{self, Wanted};

/// After connecting, until everything has settled.
const SETTLING: Duration = Duration::from_secs(3);

/// How long nothing happens; three heartbeats fall into it.
const QUIET: Duration = Duration::from_secs(30);

pub(crate) fn measure() {
    table::section(&format!("connected and idle, {} s with heartbeats", QUIET.as_secs()));
    let place = tempfile::tempdir().expect("a temporary folder");
    let recording = place.path().join("quiet.frames");
    let mut bytes = Vec::new();
    let hello = Frame::of([Live::new().chat(viewer::ROSA, "hello?")]);
    frames::append(&mut bytes, &hello.bytes(1)).expect("writing to memory works");
    std::fs::write(&recording, bytes).expect("the recording can be written");

    let tiktok = FakeTikTok::playing(&recording);
    let program = Program::start(tiktok.capture(place.path()));
    Journal::of(place.path()).wait_for(2, || {});
    sleep(SETTLING);
    let before = program.cpu_time();
    sleep(QUIET);
    let spent = program.cpu_time() - before;
    let wanted = Wanted::AtMost { goal: 15.0, floor: 25.0 };
    table::figure("resident memory", wanted, program.resident_mb().unwrap_or(f64::NAN), "MB");
    let wanted = Wanted::AtMost { goal: 0.3, floor: 1.0 };
    table::figure("CPU a second", wanted, spent.as_secs_f64() * 1000.0 / QUIET.as_secs_f64(), "ms");
}
