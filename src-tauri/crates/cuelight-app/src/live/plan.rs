//! What is followed, how its source is opened, and what is done when that fails.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use cuelight_core::handle::Handle;
use cuelight_core::rule_set::RuleSet;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::engine::OldJobs;
use cuelight_runtime::equipped::{Equipment, EquippedSource};
use cuelight_runtime::publish::Publication;
use cuelight_runtime::replay::Paced;
use cuelight_runtime::source::pace::Pace;
use cuelight_runtime::source::recording;
use cuelight_runtime::source::simulator::{self, SimulatorSource, Speed};
use cuelight_runtime::source::spec::SourceSpec;
use cuelight_runtime::source::{EventSource, SourceError};

use crate::dto::{Failure, FailureCode, LiveSource, Rehearsal, Scenario};

/// What is followed.
#[derive(Debug)]
pub struct Plan {
    /// The source, as people call it.
    pub source_name: String,
    /// What feeds the session.
    pub source: LiveSource,
    /// The way to open the source.
    pub opening: Opening,
    /// Whose live it is, where that is known before.
    pub creator: Option<Handle>,
    /// A name for the session.
    pub session_name: Option<String>,
    /// Rules in place of those of the data folder.
    pub rules: Option<RuleSet>,
    /// What is published beside the journal.
    pub publishes: Publishes,
    /// When it is tried again.
    pub tries: Tries,
    /// What becomes of jobs of earlier sessions, once the first events came or it is known that none will; without it people
    /// decide about them.
    pub old_jobs: Option<OldJobs>,
}

/// What is published of a live.
#[derive(Debug)]
pub enum Publishes {
    /// Nothing: what was invented or is old is nothing for others.
    Nothing,
    /// What the settings say.
    AsSet,
    /// That.
    This(Box<Publication>),
}

/// When a source that failed is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tries {
    /// Never.
    Once,
    /// As long as the creator is not live, until the first event; once that was found, also whatever time can mend.
    UntilLive,
    /// Whenever trying can help, for as long as nobody ends it; who is not live is waited for once somebody asks for that.
    UntilEnded,
}

/// What opens a source once.
type Open = dyn Fn() -> Result<Box<dyn EventSource>, SourceError> + Send + Sync;

/// A way to open a source as often as it is needed.
#[derive(Clone)]
pub struct Opening(Arc<Open>);

impl Opening {
    /// The way that this is.
    pub fn new(open: impl Fn() -> Result<Box<dyn EventSource>, SourceError> + Send + Sync + 'static) -> Self {
        Self(Arc::new(open))
    }

    /// Opens the source.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open(&self) -> Result<Box<dyn EventSource>, SourceError> {
        (self.0)()
    }
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opening")
    }
}

impl Plan {
    /// The live of that creator on TikTok, entered with that equipment; the moment of each try chooses the browser that we are.
    pub(super) fn tiktok(creator: Handle, equipment: Equipment, clock: Clock) -> Self {
        let handle = creator.clone();
        let open = move || {
            // Whoever is at the window sees every try and may end it.
            let pace = Pace { never_gives_up: true, ..Pace::default() };
            let moment = clock.now_ms().unsigned_abs();
            let source = EquippedSource::new(handle.clone(), equipment.clone(), moment).with_pace(pace);
            Ok(Box::new(source) as Box<dyn EventSource>)
        };
        let plan = Self::following(SourceSpec::Tiktok, LiveSource::Tiktok, Opening::new(open));
        Self { creator: Some(creator), publishes: Publishes::AsSet, ..plan }
    }

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
                Self::scenario(simulated(scenario), seed_of(&seed), at(speed)?)
            }
            Rehearsal::Recording { path, speed } => Self::recording(path.into(), at(speed)?),
        })
    }

    fn scenario(scenario: simulator::Scenario, seed: u64, speed: Speed) -> Self {
        let open = move || {
            let source = SimulatorSource::new(scenario, seed).at_speed(speed);
            Ok(Box::new(source) as Box<dyn EventSource>)
        };
        Self::following(SourceSpec::Simulator(scenario), LiveSource::Simulator, Opening::new(open))
    }

    fn recording(path: PathBuf, speed: Speed) -> Self {
        let spec = SourceSpec::File(path.clone());
        let open = move || {
            let recording = recording::Recording::open(&path, None)?;
            Ok(Box::new(Paced::new(Box::new(recording), speed)) as Box<dyn EventSource>)
        };
        Self::following(spec, LiveSource::Recording, Opening::new(open))
    }

    fn following(spec: SourceSpec, source: LiveSource, opening: Opening) -> Self {
        Self {
            source_name: spec.to_string(),
            source,
            opening,
            creator: None,
            session_name: None,
            rules: None,
            publishes: Publishes::Nothing,
            tries: Tries::UntilEnded,
            old_jobs: None,
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
