//! Writes a simulated live into a recording, for `cuelight simulate`.

use std::io::{self, Write};

use tokio::time::Instant;
use webcast_proto::frames;

use super::scenario::Scenario;
use super::simulation::{Happening, ROOM_ID, STREAMER, Simulation};
use super::speed::Speed;
use super::witness::Witness;
use crate::source::Batch;

/// When every recorded simulation begins: 2026-01-12T09:30:00Z, so that the same seed gives the same bytes.
pub const RECORDING_START_MS: i64 = 1_768_210_200_000;

/// Where a recording of an endless scenario stops when no other number is given.
pub const DEFAULT_LENGTH: u64 = 10_000;

/// The forms of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordingFormat {
    /// Wire bytes: `.frames`.
    Frames,
    /// One event a line, each read for itself: `.jsonl`.
    Events,
}

/// What to record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecordingPlan {
    /// The live.
    pub scenario: Scenario,
    /// Makes the live different from others of its scenario.
    pub seed: u64,
    /// Where to stop: after so many messages (`.frames`) or lines (`.jsonl`). `None`: at the end of the scenario, or
    /// [`DEFAULT_LENGTH`] if it has none.
    pub length: Option<u64>,
    /// How fast to write.
    pub speed: Speed,
    /// In what form.
    pub format: RecordingFormat,
}

/// What was recorded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RecordingSize {
    /// Frames played; in a `.jsonl` the last of them may have been cut.
    pub frames: u64,
    /// Messages (`.frames`) or lines (`.jsonl`) written.
    pub length: u64,
}

impl RecordingPlan {
    fn length_max(&self) -> u64 {
        self.length.unwrap_or(if self.scenario.is_endless() { DEFAULT_LENGTH } else { u64::MAX })
    }

    fn simulation(&self) -> Simulation {
        Simulation::new(self.scenario, self.seed, RECORDING_START_MS, ROOM_ID)
    }
}

/// Writes what `plan` says to `out`; dropping the future stops it between two frames.
///
/// The same plan gives the same bytes as long as the version is the same, whatever the speed.
///
/// # Errors
/// When writing fails.
pub async fn write_recording(plan: &RecordingPlan, out: &mut (dyn Write + Send)) -> io::Result<RecordingSize> {
    match plan.format {
        RecordingFormat::Frames => write_frames(plan, out).await,
        RecordingFormat::Events => write_events(plan, out).await,
    }
}

async fn write_frames(plan: &RecordingPlan, mut out: &mut (dyn Write + Send)) -> io::Result<RecordingSize> {
    let start = Instant::now();
    let mut size = RecordingSize::default();
    let mut simulation = plan.simulation().at_most(plan.length_max());
    for step in simulation.by_ref() {
        plan.speed.reach(step.at_ms - RECORDING_START_MS, start).await;
        match step.happening {
            Happening::Frame(frame) => {
                frames::append(&mut out, &frame)?;
                size.frames += 1;
            }
            // A recording of the wire holds what came over it; a break shows as nothing but time.
            Happening::Disconnect { .. } | Happening::Reconnect | Happening::Own(_) => {}
        }
    }
    out.flush()?;
    Ok(RecordingSize { length: simulation.messages_sent(), ..size })
}

async fn write_events(plan: &RecordingPlan, out: &mut (dyn Write + Send)) -> io::Result<RecordingSize> {
    let start = Instant::now();
    let mut frames = 0;
    let mut witness = Witness::new(STREAMER, ROOM_ID);
    let mut lines = Lines { out, written: 0, wanted: plan.length_max() };
    lines.write(&witness.enter(RECORDING_START_MS))?;
    for step in plan.simulation() {
        if lines.are_enough() {
            break;
        }
        plan.speed.reach(step.at_ms - RECORDING_START_MS, start).await;
        frames += u64::from(matches!(step.happening, Happening::Frame(_)));
        lines.write(&witness.see(step))?;
    }
    if let Some(leaving) = witness.leave("the live ended") {
        lines.write(&leaving)?;
    }
    lines.out.flush()?;
    Ok(RecordingSize { frames, length: lines.written })
}

/// Events on their way into a file, one a line.
struct Lines<'a> {
    out: &'a mut (dyn Write + Send),
    written: u64,
    wanted: u64,
}

impl Lines<'_> {
    fn are_enough(&self) -> bool {
        self.written >= self.wanted
    }

    /// Writes the events of a batch as far as they are wanted.
    fn write(&mut self, batch: &Batch) -> io::Result<()> {
        for event in &batch.events {
            if self.are_enough() {
                break;
            }
            serde_json::to_writer(&mut *self.out, event)?;
            self.out.write_all(b"\n")?;
            self.written += 1;
        }
        Ok(())
    }
}
