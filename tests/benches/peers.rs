//! The public clients beside us: from the bytes of a frame to the events they hand to their users.

use std::path::Path;
use std::process::Command;

use system_tests::program::repository;
use webcast_proto::frames;

use crate::corpus::{Corpus, RECORDING_VARIABLE};
use crate::rounds::{Rounds, cpu_time, median};
use crate::table::{self, Wanted};
use crate::wire;

/// How often each client is run; each run warms up before it is timed.
const RUNS: usize = 5;

/// Frames that are enough for the slow one.
const FRAMES_FOR_PYTHON: usize = 240;

/// A client, and how many times our time it should take.
struct Peer {
    name: &'static str,
    program: &'static str,
    script: &'static str,
    frames_max: usize,
    wanted: Wanted,
}

const PEERS: [Peer; 2] = [
    Peer {
        name: "TikTokLive 7.0.1 (Python)",
        program: ".setup/peers-python/bin/python",
        script: "tests/peers/python/bench.py",
        frames_max: FRAMES_FOR_PYTHON,
        wanted: Wanted::AtLeast { goal: 440.0, floor: 220.0 },
    },
    Peer {
        name: "tiktok-live-connector 2.5.0 (Node.js)",
        program: "node",
        script: "tests/peers/node/bench.mjs",
        frames_max: usize::MAX,
        wanted: Wanted::AtLeast { goal: 11.0, floor: 5.5 },
    },
];

pub(crate) fn measure() {
    if std::env::var_os(RECORDING_VARIABLE).is_none() {
        println!("{RECORDING_VARIABLE}=FILE.frames adds a corpus, such as one that a peer's own package encoded");
    }
    for corpus in Corpus::all() {
        table::section(&format!("peers, {}", corpus.describe()));
        let mut ours = Vec::new();
        let mut theirs = PEERS.map(|_| Vec::new());
        for _ in 0..RUNS {
            ours.push(Rounds::of(corpus.messages, &mut [&mut || cpu_time(|| wire::decode(&corpus))]).cpu_us(0));
            for (peer, times) in PEERS.iter().zip(&mut theirs) {
                times.push(peer.cpu_us(&corpus));
            }
        }
        let ours = median(ours);
        table::figure("ours, CPU a message", Wanted::Told, ours, "us");
        for (peer, times) in PEERS.iter().zip(theirs) {
            let theirs = median(times);
            table::figure(&format!("{}, CPU a message", peer.name), Wanted::Told, theirs, "us");
            table::figure("  times ours", peer.wanted, theirs / ours, "x");
        }
    }
}

impl Peer {
    /// Runs the client once and gives its time, in microseconds a message.
    fn cpu_us(&self, corpus: &Corpus) -> f64 {
        let place = tempfile::tempdir().expect("a temporary folder");
        let recording = place.path().join("corpus.frames");
        self.write(corpus, &recording);
        // A path with folders is one of the repository, a bare name is looked up by the system.
        let program = if self.program.contains('/') { repository(self.program) } else { self.program.into() };
        let output = Command::new(program).arg(repository(self.script)).arg(&recording).output();
        let output =
            output.unwrap_or_else(|error| panic!("{} cannot be started: {error}; run `make setup`", self.name));
        let said = String::from_utf8_lossy(&output.stdout);
        let number = said.trim().parse();
        number.unwrap_or_else(|_| panic!("{}: {said}{}", self.name, String::from_utf8_lossy(&output.stderr)))
    }

    fn write(&self, corpus: &Corpus, recording: &Path) {
        let mut bytes = Vec::new();
        for frame in corpus.frames.iter().take(self.frames_max) {
            frames::append(&mut bytes, frame).expect("writing to memory works");
        }
        std::fs::write(recording, bytes).expect("the recording can be written");
    }
}
