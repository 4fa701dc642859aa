//! What is followed, and how its source is opened.

use std::path::PathBuf;

use cuelight_core::handle::Handle;
use cuelight_runtime::equipped::{Equipment, EquippedSource};
use cuelight_runtime::replay::Paced;
use cuelight_runtime::source::recording;
use cuelight_runtime::source::simulator::{self, SimulatorSource, Speed};
use cuelight_runtime::source::spec::SourceSpec;
use cuelight_runtime::source::tiktok::pace::Pace;
use cuelight_runtime::source::{EventSource, SourceError};

use crate::dto::{Failure, FailureCode, LiveSource, Rehearsal, Scenario};

/// What is followed.
#[derive(Debug, Clone)]
pub(super) enum Plan {
    /// The live of that creator on TikTok.
    Tiktok(Handle),
    /// An invented live.
    Scenario { scenario: simulator::Scenario, seed: u64, speed: Speed },
    /// A recording.
    Recording { path: PathBuf, speed: Speed },
}

impl Plan {
    /// What a rehearsal asks for.
    ///
    /// # Errors
    /// [`FailureCode::BadInput`] for a speed that is none.
    pub(super) fn of(rehearsal: Rehearsal) -> Result<Self, Failure> {
        let at = |speed| {
            Speed::times(speed).map_err(|error| Failure::new(FailureCode::BadInput, error.to_string()).about("speed"))
        };
        Ok(match rehearsal {
            Rehearsal::Scenario { scenario, speed, seed } => {
                Self::Scenario { scenario: simulated(scenario), seed: seed_of(&seed), speed: at(speed)? }
            }
            Rehearsal::Recording { path, speed } => Self::Recording { path: path.into(), speed: at(speed)? },
        })
    }

    /// What feeds the session.
    pub(super) fn source(&self) -> LiveSource {
        match self {
            Self::Tiktok(_) => LiveSource::Tiktok,
            Self::Scenario { .. } => LiveSource::Simulator,
            Self::Recording { .. } => LiveSource::Recording,
        }
    }

    /// Whose live it is, where that is known before.
    pub(super) fn creator(&self) -> Option<String> {
        match self {
            Self::Tiktok(creator) => Some(creator.as_str().to_owned()),
            Self::Scenario { .. } | Self::Recording { .. } => None,
        }
    }

    /// The source as people call it.
    pub(super) fn source_name(&self) -> String {
        self.spec().to_string()
    }

    /// Opens it; the moment chooses the browser that we are on TikTok.
    ///
    /// # Errors
    /// The recording cannot be read.
    pub(super) fn open(&self, equipment: Equipment, moment: u64) -> Result<Box<dyn EventSource>, Failure> {
        Ok(match self {
            Self::Tiktok(creator) => {
                // Whoever is at the window sees every try and may end it.
                let pace = Pace { never_gives_up: true, ..Pace::default() };
                Box::new(EquippedSource::new(creator.clone(), equipment, moment).with_pace(pace))
            }
            Self::Scenario { scenario, seed, speed } => {
                Box::new(SimulatorSource::new(*scenario, *seed).at_speed(*speed))
            }
            Self::Recording { path, speed } => {
                let recording = recording::Recording::open(path, None).map_err(|error| not_readable(&error))?;
                Box::new(Paced::new(Box::new(recording), *speed))
            }
        })
    }

    fn spec(&self) -> SourceSpec {
        match self {
            Self::Tiktok(_) => SourceSpec::Tiktok,
            Self::Scenario { scenario, .. } => SourceSpec::Simulator(*scenario),
            Self::Recording { path, .. } => SourceSpec::File(path.clone()),
        }
    }
}

/// Why a recording is none.
pub(super) fn not_readable(error: &SourceError) -> Failure {
    Failure::new(FailureCode::BadInput, error.to_string()).about("path")
}

fn simulated(scenario: Scenario) -> simulator::Scenario {
    match scenario {
        Scenario::SmallLive => simulator::Scenario::SmallLive,
        Scenario::Typical => simulator::Scenario::Typical,
        Scenario::Busy => simulator::Scenario::Busy,
        Scenario::RaidOfRoses => simulator::Scenario::RaidOfRoses,
        Scenario::BattleFinish => simulator::Scenario::BattleFinish,
        Scenario::MissingEnds => simulator::Scenario::MissingEnds,
        Scenario::ReconnectInCombo => simulator::Scenario::ReconnectInCombo,
        Scenario::Everything => simulator::Scenario::Everything,
    }
}

/// What chance begins with for that text: a number is itself, any other text the number that it always makes (FNV-1a).
fn seed_of(text: &str) -> u64 {
    let text = text.trim();
    text.parse().unwrap_or_else(|_| {
        text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_its_number_or_the_number_that_its_text_always_makes() {
        assert_eq!(seed_of("42"), 42, "as on the command line");
        assert_eq!(seed_of(" 42 "), 42, "spaces mean nothing");
        assert_eq!(seed_of("a"), 0xaf63_dc4c_8601_ec8c, "the same on every machine and in every version");
        assert_ne!(seed_of("luna"), seed_of("Luna"), "another text, another live");
    }

    #[test]
    fn a_speed_that_stops_time_is_refused() {
        for speed in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let plan = Plan::of(Rehearsal::Recording { path: "a.frames".into(), speed });
            assert_eq!(plan.expect_err("no speed").field.as_deref(), Some("speed"), "{speed} is none");
        }
    }
}
