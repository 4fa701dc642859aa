//! A made-up TikTok: seeded lives as wire bytes, so that whatever is tried with them goes through the real reader.
//!
//! A [`Scenario`] says what kind of live it is, a [`Simulation`] gives its frames one by one, [`SimulatorSource`] plays it
//! as a source, and [`write_recording`] puts it into a file. Everybody in it is invented.
//!
//! How a live comes about: `rates`, `story` and `everything` plan *acts* on an agenda; each act, when its time has
//! come, makes its messages (`chatter`, `occasions`, `battle`, `room`) and counts them in [`SimulatedTotals`].

mod act;
mod battle;
mod chatter;
mod combo;
mod dice;
mod entrance;
mod everything;
mod gifts;
mod names;
mod occasions;
mod people;
mod phrases;
mod rates;
mod recorder;
mod room;
mod scenario;
mod scribe;
mod simulation;
mod source;
mod speed;
mod stage;
mod story;
#[cfg(test)]
mod tests;
mod totals;
mod wire;
mod witness;

pub use recorder::{
    DEFAULT_LENGTH, RECORDING_START_MS, RecordingFormat, RecordingPlan, RecordingSize, write_recording,
};
pub use scenario::Scenario;
pub use simulation::{Happening, ROOM_ID, STREAMER, SimulatedStep, Simulation};
pub use source::SimulatorSource;
pub use speed::{NotASpeed, Speed};
pub use totals::SimulatedTotals;
