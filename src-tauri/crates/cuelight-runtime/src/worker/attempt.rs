//! One claimed job from its start to its outcome: tries, pauses between them, the time limit, and being cut off.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use cuelight_core::id::JobId;
use cuelight_core::job::Ending;
use cuelight_core::reason::Reason;
use cuelight_core::retry::{Failure, next_try};
use cuelight_core::service::Mode;
use futures_util::FutureExt as _;
use tokio::time::Instant;

use super::board::Cut;
use super::news::Happened;
use super::queue_thread::{QueueError, Queues};
use super::teller::Teller;
use crate::actions::{ActionContext, Registry};
use crate::store::ClaimedJob;

/// What is to be written about a job that ran.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    /// It ended.
    Ended(Ending),
    /// It goes back into the queue and is tried again.
    Again {
        /// When, ms since 1970.
        due_ms: i64,
        /// What stopped it this time.
        reason: Reason,
    },
    /// The worker stopped before it ended; it is put in order as after a crash.
    CutOff,
}

/// What a job is run with.
#[derive(Debug, Clone)]
pub(super) struct Tools {
    pub(super) registry: Arc<Registry>,
    pub(super) queues: Queues,
    pub(super) context: ActionContext,
    pub(super) teller: Teller,
}

/// Runs the job until it is done, fails, lasts too long or is cut off.
///
/// A sync job keeps its place while it waits for its next try; an async one lets others go on.
pub(super) async fn run(job: Arc<ClaimedJob>, tools: Tools, cut: Arc<Cut>) -> (JobId, Outcome) {
    let attempt = Attempt { job: &job, tools: &tools, cut: &cut, deadline: Deadline::of(&job, &tools) };
    let mut number = job.attempt;
    let outcome = loop {
        let ended = attempt.one_try(number).await;
        let Outcome::Again { due_ms, reason } = ended else { break ended };
        if job.mode == Mode::Async {
            break Outcome::Again { due_ms, reason };
        }
        match attempt.wait(due_ms, reason).await {
            Some(outcome) => break outcome,
            None => number += 1,
        }
    };
    (job.id, outcome)
}

struct Attempt<'a> {
    job: &'a ClaimedJob,
    tools: &'a Tools,
    cut: &'a Cut,
    deadline: Deadline,
}

/// When all tries have to be over.
struct Deadline {
    at: Instant,
    /// The same, for the last try to begin, by the clock that the queues go by.
    expires_ms: Option<i64>,
}

impl Deadline {
    fn of(job: &ClaimedJob, tools: &Tools) -> Self {
        let limit_ms = i64::try_from(job.time_limit_ms).unwrap_or(i64::MAX);
        let ends_ms = tools.context.clock().now_ms().saturating_add(limit_ms);
        let expires_ms = match job.mode {
            Mode::Sync => Some(job.expires_ms.map_or(ends_ms, |expires_ms| expires_ms.min(ends_ms))),
            Mode::Async => job.expires_ms,
        };
        Self { at: Instant::now() + Duration::from_millis(job.time_limit_ms), expires_ms }
    }
}

impl Attempt<'_> {
    /// Tries once; [`Outcome::Again`] where another try can help.
    async fn one_try(&self, number: u32) -> Outcome {
        let Self { job, tools, cut, deadline } = self;
        let context = tools.context.stopped_by(cut.token().clone());
        // Whatever a panic left half done was the action's own; it is dropped with it.
        let action = AssertUnwindSafe(tools.registry.run(&job.kind, job.parameters.clone(), &context)).catch_unwind();
        let ran = tokio::select! {
            biased;
            () = cut.token().cancelled() => return self.cut_off().unwrap_or(Outcome::CutOff),
            ran = tokio::time::timeout_at(deadline.at, action) => ran,
        };
        match ran {
            Ok(Ok(Ok(output))) => {
                Outcome::Ended(Ending::Completed { outputs: output.outputs, changes: output.changes })
            }
            Ok(Ok(Err(error))) => {
                let failure = Failure::from(error);
                let (now_ms, seed) = (context.clock().now_ms(), job.id.0.unsigned_abs());
                match next_try(number, &failure, job.replay, seed, now_ms, deadline.expires_ms) {
                    Some(due_ms) => Outcome::Again { due_ms, reason: failure.reason },
                    None => failed(failure.reason),
                }
            }
            Ok(Err(_panic)) => failed(Reason::ActionBroke { kind: job.kind.to_string() }),
            Err(_elapsed) => {
                // What the action began elsewhere hears of it too.
                cut.token().cancel();
                failed(Reason::TimedOut { limit_ms: job.time_limit_ms })
            }
        }
    }

    /// Lets the pause before the next try pass; `None` where that may begin.
    ///
    /// Cut off here, nothing is under way, and the job goes back into the queue whatever its kind.
    async fn wait(&self, due_ms: i64, reason: Reason) -> Option<Outcome> {
        let waited = tokio::select! {
            biased;
            () = self.cut.token().cancelled() => {
                return Some(self.cut_off().unwrap_or(Outcome::Again { due_ms, reason }));
            }
            waited = self.pause(due_ms, &reason) => waited,
        };
        match waited {
            Ok(stopped) => stopped.map(|stopped| Outcome::Ended(Ending::Discarded(stopped))),
            Err(error) => {
                tracing::error!(job = self.job.id.0, %error, "the next try of a job cannot be written");
                Some(Outcome::Again { due_ms, reason })
            }
        }
    }

    /// Writes that nothing is under way, waits, and writes that the next try begins; a reason where the run was stopped.
    async fn pause(&self, due_ms: i64, reason: &Reason) -> Result<Option<Reason>, QueueError> {
        let Self { job, tools, .. } = self;
        let (id, why) = (job.id, reason.clone());
        let stopped = tools.queues.ask(move |queues, _| queues.back_off(id, due_ms, &why)).await?;
        if stopped.is_some() {
            return Ok(stopped);
        }
        let wait_ms = u64::try_from(due_ms - tools.context.clock().now_ms()).unwrap_or(0);
        tools.teller.tell(job, Happened::Retried { wait_ms, reason: reason.clone() });
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        tools.queues.ask(move |queues, _| queues.try_again(id)).await
    }

    /// How it ended for whoever cut it off; `None` where its worker stopped.
    fn cut_off(&self) -> Option<Outcome> {
        match self.cut.reason() {
            None | Some(Reason::Interrupted) => None,
            Some(reason) => Some(failed(reason.clone())),
        }
    }
}

fn failed(reason: Reason) -> Outcome {
    Outcome::Ended(Ending::Failed(reason))
}
