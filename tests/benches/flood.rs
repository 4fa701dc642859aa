//! A flood over loopback: 20 000 frames as fast as they are taken, from another process to the real program.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use cuelight_core::event::EventType;
use cuelight_core::id::MsgId;
use system_tests::{Frame, Live};
use tempfile::TempDir;
use webcast_proto::frames;

use crate::corpus::Corpus;
use crate::journal::Journal;
use crate::process::{FakeTikTok, Program};
use crate::rounds::median;
use crate::table::{self, Wanted};
use crate::wire;

/// Frames of the flood; the word that the live is over follows them.
const FRAMES: usize = 20_000;

/// How often it is sent.
const FLOODS: usize = 5;

/// A `log_id` that no simulated frame has.
const LAST_LOG_ID: u64 = 1;

/// A number that no simulated message has.
const LAST_MSG_ID: i64 = 1;

pub(crate) fn measure() {
    let sent = Sent::new();
    table::section(&format!("flood over loopback, {}", sent.describe()));
    let floods: Vec<Flood> = (0..FLOODS).map(|_| flood(&sent)).collect();
    let lost: usize = floods.iter().map(|flood| flood.lost).sum();
    table::figure("messages lost or doubled", Wanted::None, lost as f64, "");
    let inversions: usize = floods.iter().map(|flood| flood.inversions).sum();
    table::figure("messages out of order", Wanted::None, inversions as f64, "");
    let of_floods = |value: fn(&Flood) -> f64| median(floods.iter().map(value).collect());
    let wanted = Wanted::AtLeast { goal: 100_000.0, floor: 40_000.0 };
    table::figure("durable messages a second (wall)", wanted, of_floods(|flood| flood.per_second), "/s");
    let best = floods.iter().map(|flood| flood.per_second).fold(0.0, f64::max);
    table::figure("  the best of all floods", Wanted::Told, best, "/s");
    table::figure("  CPU a message, whole program", Wanted::Told, of_floods(|flood| flood.cpu_us), "us");
    let wanted = Wanted::AtMost { goal: 30.0, floor: 60.0 };
    table::figure("peak resident memory", wanted, floods.iter().map(|flood| flood.peak_mb).fold(0.0, f64::max), "MB");
}

struct Flood {
    lost: usize,
    inversions: usize,
    per_second: f64,
    cpu_us: f64,
    peak_mb: f64,
}

/// The flood as it is sent, and what has to come of it.
pub(crate) struct Sent {
    pub(crate) recording: PathBuf,
    /// The messages, in order.
    pub(crate) messages: Vec<(EventType, MsgId)>,
    about: String,
    _place: TempDir,
}

impl Sent {
    pub(crate) fn new() -> Self {
        let mut corpus = Corpus::simulated(FRAMES);
        let about = corpus.describe();
        corpus.frames.push(Frame::of([Live::numbered_from(LAST_MSG_ID).ended()]).bytes(LAST_LOG_ID).to_vec());
        let mut messages = Vec::new();
        wire::happened(&corpus, |event| {
            let event_type = event.event_type();
            messages.extend(event.stamp.msg_id.map(|msg_id| (event_type, msg_id)));
        });
        let place = tempfile::tempdir().expect("a temporary folder");
        let recording = place.path().join("flood.frames");
        write(&corpus, &recording);
        Self { recording, messages, about, _place: place }
    }

    /// What it is, in one line.
    pub(crate) fn describe(&self) -> &str {
        &self.about
    }
}

fn flood(sent: &Sent) -> Flood {
    let expected = &sent.messages;
    let tiktok = FakeTikTok::playing(&sent.recording);
    let place = tempfile::tempdir().expect("a temporary folder");
    let mut program = Program::start(tiktok.capture(place.path()));
    let journal = Journal::of(place.path());
    let mut peak_mb: f64 = 0.0;
    let (first, before) = journal.wait_for(2, || {});
    let (last, after) =
        journal.wait_for(expected.len() as u64 + 1, || peak_mb = peak_mb.max(program.peak_mb().unwrap_or(0.0)));
    let cpu_us = program.cpu_time().as_secs_f64() * 1e6 / after.journaled as f64;
    // The live is over, so it ends by itself, once the file is written.
    program.wait(|program| peak_mb = peak_mb.max(program.peak_mb().unwrap_or(0.0)));
    let messages = journal.messages();
    Flood {
        lost: expected.len().abs_diff(messages.len()),
        inversions: inversions(expected, &messages),
        per_second: (after.journaled - before.journaled) as f64 / (last - first).as_secs_f64(),
        cpu_us,
        peak_mb,
    }
}

/// How many messages stand before one that was sent earlier, or were never sent.
pub(crate) fn inversions(sent: &[(EventType, MsgId)], journaled: &[(EventType, MsgId)]) -> usize {
    let places: HashMap<&(EventType, MsgId), usize> = sent.iter().zip(0..).collect();
    let found: Vec<Option<usize>> = journaled.iter().map(|message| places.get(message).copied()).collect();
    found.windows(2).filter(|pair| pair[0].is_none() || pair[0] >= pair[1]).count()
}

fn write(corpus: &Corpus, recording: &Path) {
    let mut bytes = Vec::new();
    for frame in &corpus.frames {
        frames::append(&mut bytes, frame).expect("writing to memory works");
    }
    std::fs::write(recording, bytes).expect("the recording can be written");
}
