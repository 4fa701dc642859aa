//! From the start of the program to its first sign of life in a room, with a long session to be continued.

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use system_tests::{FakeTikTok, Frame, Live, Recording, Scenario, Step, viewer};

use crate::corpus::Corpus;
use crate::journal::Journal;
use crate::process::Program;
use crate::rounds::median;
use crate::table::{self, Wanted};

/// Events in the journal before the start.
const EVENTS: u64 = 100_000;

/// Frames that bring a few more than that.
const FRAMES: usize = 8_300;

/// How often the program is started.
const STARTS: usize = 7;

/// After the flood, so long that the viewers' sums are saved with what comes next.
const LULL: Duration = Duration::from_secs(11);

/// What the program prints once it is in the room.
const READY: &str = "CONNECTED to";

pub(crate) fn measure() {
    table::section(&format!("start to ready, {EVENTS} events in the journal, its session continued after a kill"));
    let corpus = Corpus::simulated(FRAMES);
    let recording = Recording::of_frames(corpus.frames).expect("simulated frames have ids of their own");
    let mut live = Live::new();
    let mut hello = || Step::Send(Frame::of([live.chat(viewer::ROSA, "hello?")]));
    let lull = Step::Wait { ms: u64::try_from(LULL.as_millis()).expect("some seconds") };

    let saved = Scenario::flood(recording.clone()).then([lull, hello()]);
    let wanted = Wanted::AtMost { goal: 60.0, floor: 150.0 };
    table::figure("CPU until connected", wanted, cpu_until_ready(saved, 1), "ms");
    let unsaved = Scenario::flood(recording);
    let name = "  killed within a flood, all viewers' sums to be redone";
    table::figure(name, Wanted::Told, cpu_until_ready(unsaved, 0), "ms");
}

/// Fills a journal by `scenario`, of which `after_the_flood` messages come at its end, and kills and starts the program
/// again and again.
fn cpu_until_ready(scenario: Scenario, after_the_flood: u64) -> f64 {
    let place = tempfile::tempdir().expect("a temporary folder");
    fill(place.path(), scenario, after_the_flood);
    let quiet = FakeTikTok::start(Scenario::playing(Vec::new()));
    let starts = (0..STARTS).map(|_| {
        let (program, mut lines) = Program::start_and_listen(capture(&quiet, place.path()));
        let is_ready = lines.any(|line| line.is_ok_and(|line| line.contains(READY)));
        assert!(is_ready, "the program ended before it was connected");
        program.cpu_time().as_secs_f64() * 1000.0
    });
    median(starts.collect())
}

fn fill(folder: &Path, scenario: Scenario, after_the_flood: u64) {
    let tiktok = FakeTikTok::start(scenario);
    let program = Program::start(capture(&tiktok, folder));
    let journal = Journal::of(folder);
    let (_, flooded) = journal.wait_for(EVENTS, || {});
    if after_the_flood > 0 {
        sleep(LULL - Duration::from_secs(2));
        let (_, calm) = journal.wait_for(flooded.journaled, || {});
        journal.wait_for(calm.journaled + after_the_flood, || {});
    }
    drop(program);
}

fn capture(tiktok: &FakeTikTok, data_folder: &Path) -> std::process::Command {
    let mut command = system_tests::program::cuelight();
    command.args(["capture", "sim", "--duration", "0", "--output"]).arg(data_folder.join("events.json"));
    command.env("CUELIGHT_DATA_DIR", data_folder).envs(tiktok.environment());
    command
}
