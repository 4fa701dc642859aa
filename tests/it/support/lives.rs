//! Lives to capture: recorded ones and simulated ones.

use std::path::PathBuf;

use cuelight_runtime::source::simulator::{Happening, ROOM_ID, Scenario, Simulation};
use system_tests::Recording;

/// Where a file of `tests/recordings/wire/` lies.
pub(crate) fn wire(name: &str) -> PathBuf {
    system_tests::program::repository("tests/recordings/wire").join(name)
}

/// The frames of a recorded session.
pub(crate) fn session_frames(number: u32) -> PathBuf {
    wire(&format!("session-{number}.frames"))
}

/// A recorded session as `--source` takes it.
pub(crate) fn session_source(number: u32) -> String {
    format!("file:{}", session_frames(number).display())
}

/// The first frames of a busy simulated live; the same for the same seed.
pub(crate) fn simulated(seed: u64, frame_count: usize) -> Recording {
    let simulation = Simulation::new(Scenario::Busy, seed, 1_790_000_000_000, ROOM_ID);
    let frames = simulation.filter_map(|step| match step.happening {
        Happening::Frame(frame) => Some(frame),
        Happening::Disconnect { .. } | Happening::Reconnect | Happening::Own(_) => None,
    });
    Recording::of_frames(frames.take(frame_count)).expect("simulated frames have ids of their own")
}
