//! The frames that everything is measured with.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use cuelight_runtime::source::simulator::{Happening, ROOM_ID, Scenario, Simulation};
use webcast_proto::frames::Recording;

use crate::reference::Reference;

/// A recording that is measured beside the simulator's, a `.frames` file.
pub(crate) const RECORDING_VARIABLE: &str = "CUELIGHT_BENCH_CORPUS";

/// Frames of the simulator's corpus: about 25 000 messages.
const FRAMES: usize = 2_000;

/// When the simulated live begins, ms since 1970; fixed, so that every run has the same bytes.
const START_MS: i64 = 1_790_000_000_000;

/// Frames of one live, in order.
pub(crate) struct Corpus {
    /// What to call it.
    pub(crate) name: String,
    /// The push frames.
    pub(crate) frames: Vec<Vec<u8>>,
    /// Messages in all of them.
    pub(crate) messages: u64,
}

impl Corpus {
    /// The simulator's, and the recording that the environment names.
    pub(crate) fn all() -> Vec<Self> {
        let recording = std::env::var_os(RECORDING_VARIABLE).map(|path| Self::recorded(Path::new(&path)));
        [Self::simulated(FRAMES)].into_iter().chain(recording).collect()
    }

    /// The first frames of a very big live.
    pub(crate) fn simulated(frame_count: usize) -> Self {
        let live = Simulation::new(Scenario::Busy, 1, START_MS, ROOM_ID);
        let frames = live.filter_map(|step| match step.happening {
            Happening::Frame(frame) => Some(frame),
            Happening::Disconnect { .. } | Happening::Reconnect | Happening::Own(_) => None,
        });
        Self::of("simulator:busy".to_owned(), frames.take(frame_count).collect())
    }

    fn recorded(path: &Path) -> Self {
        let file = File::open(path).unwrap_or_else(|error| panic!("could not open {}: {error}", path.display()));
        let mut recording = Recording::new(BufReader::new(file));
        let mut frames = Vec::new();
        while let Some(frame) = recording.next_frame() {
            frames.push(frame.expect("the recording is whole").bytes.to_vec());
        }
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        Self::of(name, frames)
    }

    fn of(name: String, frames: Vec<Vec<u8>>) -> Self {
        let mut reference = Reference::new();
        let messages = frames.iter().map(|frame| reference.read(frame)).sum();
        Self { name, frames, messages }
    }

    /// What this is, in one line.
    pub(crate) fn describe(&self) -> String {
        let wire_bytes: usize = self.frames.iter().map(Vec::len).sum();
        format!(
            "{}: {} frames, {} messages, {:.1} MB on the wire",
            self.name,
            self.frames.len(),
            self.messages,
            wire_bytes as f64 / 1e6
        )
    }
}
