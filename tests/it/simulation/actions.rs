//! Two kinds of action that run in every service, and what becomes of each try: done, late, failed, never.

use cuelight_core::action::Replay;
use cuelight_core::job::Ending;
use cuelight_core::reason::Reason;
use cuelight_core::retry::{Again, Failure, next_try};
use cuelight_core::service::{Mode, ServiceKind};
use cuelight_core::template::Target;
use cuelight_runtime::actions::{ActionContext, ActionError, ActionKind, ConfigError, Filling, Output};
use cuelight_runtime::store::ClaimedJob;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::dice::Dice;

pub(super) const SAFE: &str = "simulated";
pub(super) const ONCE: &str = "simulated_once";

/// How long a simulated action may run, in milliseconds.
const TIME_LIMIT_MS: u64 = 10_000;

/// What a rule says, and what is stored once it is filled.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Said {
    /// Which act of which rule it is.
    act: String,
    /// How many units its occasion was about.
    count: String,
}

macro_rules! simulated {
    ($name:ident, $id:expr, $replay:expr) => {
        pub(super) struct $name;

        impl ActionKind for $name {
            const ID: &'static str = $id;
            const TITLE: &'static str = "Simulated";
            const SERVICE: ServiceKind = ServiceKind::Basics;
            const RUNS_IN_ANY_SERVICE: bool = true;
            const REPLAY: Replay = $replay;
            type Config = Said;
            type Job = Said;

            fn prepare(config: Said, filling: &Filling<'_>) -> Result<Said, ConfigError> {
                Ok(Said { count: filling.text(&config.count, Target::Plain), ..config })
            }

            fn time_limit_ms(_job: &Said) -> u64 {
                TIME_LIMIT_MS
            }

            async fn run(&self, _job: Said, _context: &ActionContext) -> Result<Output, ActionError> {
                Ok(Output::done())
            }
        }
    };
}

simulated!(SimulatedSafe, SAFE, Replay::Safe);
simulated!(SimulatedOnce, ONCE, Replay::AtMostOnce);

/// What is written about a job that ran.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    Ended(Ending),
    Again {
        due_ms: i64,
        reason: Reason,
    },
    /// A sync job keeps its place until its next try.
    BacksOff {
        due_ms: i64,
        reason: Reason,
    },
    /// The pause is over.
    TriesAgain,
}

/// One try of a job: when it began, and whether the other side may have done it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Try {
    pub(super) began_ms: i64,
    pub(super) perhaps_done: bool,
}

/// A claimed job from one of its transactions to the next, by the time that passes for everybody.
pub(super) struct Running {
    pub(super) job: ClaimedJob,
    /// The try that is under way, if one is.
    pub(super) tried: Option<Try>,
    pub(super) ends_ms: i64,
    pub(super) outcome: Outcome,
    attempt: u32,
    /// When its time limit is over.
    deadline_ms: i64,
    /// When it makes no sense any more, by the clock on the wall.
    expires_ms: Option<i64>,
}

impl Running {
    /// Foretells its first try, as a worker would live it.
    ///
    /// `passed_ms` is the time that never jumps, `clock_ms` what the clock on the wall says.
    pub(super) fn begin(job: ClaimedJob, seed: u64, passed_ms: i64, clock_ms: i64) -> Self {
        let limit_ms = i64::try_from(job.time_limit_ms).unwrap_or(i64::MAX);
        let over_ms = clock_ms + limit_ms;
        let expires_ms = match job.mode {
            Mode::Sync => Some(job.expires_ms.map_or(over_ms, |expires_ms| expires_ms.min(over_ms))),
            Mode::Async => job.expires_ms,
        };
        let (attempt, deadline_ms) = (job.attempt, passed_ms + limit_ms);
        let outcome = Outcome::TriesAgain;
        let running = Self { job, tried: None, ends_ms: passed_ms, outcome, attempt, deadline_ms, expires_ms };
        running.try_once(seed, passed_ms, clock_ms)
    }

    /// The pause after a try, of which the row knows by now.
    pub(super) fn wait(self, due_ms: i64, passed_ms: i64, clock_ms: i64) -> Self {
        let ends_ms = passed_ms + (due_ms - clock_ms).max(0);
        Self { tried: None, ends_ms, outcome: Outcome::TriesAgain, attempt: self.attempt + 1, ..self }
    }

    /// Its run was stopped, so that no try follows.
    pub(super) fn give_up(self, stopped: Reason, passed_ms: i64) -> Self {
        Self { tried: None, ends_ms: passed_ms, outcome: Outcome::Ended(Ending::Discarded(stopped)), ..self }
    }

    /// Foretells one try: how it ends, or the time limit.
    pub(super) fn try_once(mut self, seed: u64, passed_ms: i64, clock_ms: i64) -> Self {
        let fate = Fate::thrown(&mut Dice::for_thing(seed, self.job.id.0, self.attempt));
        self.tried = Some(Try { began_ms: passed_ms, perhaps_done: fate.is_perhaps_done() });
        let limit_ms = self.job.time_limit_ms;
        (self.ends_ms, self.outcome) = match fate.took_ms.filter(|took_ms| passed_ms + took_ms < self.deadline_ms) {
            None => (self.deadline_ms, Outcome::Ended(Ending::Failed(Reason::TimedOut { limit_ms }))),
            Some(took_ms) => (passed_ms + took_ms, self.came_of(fate.failure, clock_ms + took_ms)),
        };
        self
    }

    fn came_of(&self, failure: Option<Failure>, clock_ms: i64) -> Outcome {
        let job = &self.job;
        let Some(failure) = failure else { return done(job) };
        let seed = job.id.0.unsigned_abs();
        match next_try(self.attempt, &failure, job.replay, seed, clock_ms, self.expires_ms) {
            None => Outcome::Ended(Ending::Failed(failure.reason)),
            Some(due_ms) if job.mode == Mode::Sync => Outcome::BacksOff { due_ms, reason: failure.reason },
            Some(due_ms) => Outcome::Again { due_ms, reason: failure.reason },
        }
    }
}

/// What becomes of one try.
struct Fate {
    /// How long it takes; `None`: it hangs.
    took_ms: Option<i64>,
    failure: Option<Failure>,
}

impl Fate {
    fn thrown(dice: &mut Dice) -> Self {
        let took_ms = Some(*dice.one_of(&[0, 0, 200, 1_000, 3_000, 7_000]));
        match dice.below(20) {
            0..13 => Self { took_ms, failure: None },
            13..15 => Self { took_ms, failure: Some(Failure::before_sending(reason())) },
            15..17 => Self { took_ms, failure: Some(Failure::after_sending(reason())) },
            17..19 => Self { took_ms, failure: Some(Failure::lasting(reason())) },
            _ => Self { took_ms: None, failure: None },
        }
    }

    /// Whether the far side may have carried it out.
    fn is_perhaps_done(&self) -> bool {
        self.failure.as_ref().is_none_or(|failure| failure.again != Again::NothingSent)
    }
}

/// The outcome of a job that did what it should; the kinds of the app say what they change.
fn done(job: &ClaimedJob) -> Outcome {
    let change = job.parameters.get("change").cloned().and_then(|change: Value| serde_json::from_value(change).ok());
    Outcome::Ended(Ending::Completed { outputs: Vec::new(), changes: change.into_iter().collect() })
}

fn reason() -> Reason {
    Reason::ActionFailed { error: "the far side said no".into(), advice: String::new() }
}
