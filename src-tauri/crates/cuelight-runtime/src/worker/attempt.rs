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

use super::board::Cut;
use super::news::Happened;
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
    pub(super) context: ActionContext,
    pub(super) teller: Teller,
}

/// Runs the job until it is done, fails, lasts too long or is cut off.
pub(super) async fn run(job: Arc<ClaimedJob>, tools: Tools, cut: Arc<Cut>) -> (JobId, Outcome) {
    let context = tools.context.stopped_by(cut.token().clone());
    let limit = Duration::from_millis(job.time_limit_ms);
    // Whatever a panic left half done was the action's own; it is dropped with it.
    let tries = AssertUnwindSafe(tries(&job, &tools, &context)).catch_unwind();
    let ran = tokio::select! {
        biased;
        () = cut.token().cancelled() => None,
        ran = tokio::time::timeout(limit, tries) => Some(ran),
    };
    let failed = |reason| Outcome::Ended(Ending::Failed(reason));
    let outcome = match ran {
        None => match cut.reason() {
            None | Some(Reason::Interrupted) => Outcome::CutOff,
            Some(reason) => failed(reason.clone()),
        },
        Some(Ok(Ok(outcome))) => outcome,
        Some(Ok(Err(_panic))) => failed(Reason::ActionBroke { kind: job.kind.to_string() }),
        Some(Err(_elapsed)) => {
            // What the action began elsewhere hears of it too.
            cut.token().cancel();
            failed(Reason::TimedOut { limit_ms: job.time_limit_ms })
        }
    };
    (job.id, outcome)
}

/// A sync job keeps its place while it waits for its next try; an async one lets others go on.
async fn tries(job: &ClaimedJob, tools: &Tools, context: &ActionContext) -> Outcome {
    let clock = context.clock();
    let limit_ms = i64::try_from(job.time_limit_ms).unwrap_or(i64::MAX);
    let deadline_ms = clock.now_ms().saturating_add(limit_ms);
    let expires_ms = match job.mode {
        Mode::Sync => Some(job.expires_ms.map_or(deadline_ms, |expires_ms| expires_ms.min(deadline_ms))),
        Mode::Async => job.expires_ms,
    };
    let mut attempt = job.attempt;
    loop {
        let error = match tools.registry.run(&job.kind, job.parameters.clone(), context).await {
            Ok(output) => {
                return Outcome::Ended(Ending::Completed { outputs: output.outputs, changes: output.changes });
            }
            Err(error) => error,
        };
        let failure = Failure::from(error);
        let now_ms = clock.now_ms();
        let seed = job.id.0.unsigned_abs();
        let Some(due_ms) = next_try(attempt, &failure, job.replay, seed, now_ms, expires_ms) else {
            return Outcome::Ended(Ending::Failed(failure.reason));
        };
        match job.mode {
            Mode::Async => return Outcome::Again { due_ms, reason: failure.reason },
            Mode::Sync => {
                let wait_ms = u64::try_from(due_ms - now_ms).unwrap_or(0);
                tools.teller.tell(job, Happened::Retried { wait_ms, reason: failure.reason });
                tokio::time::sleep(Duration::from_millis(wait_ms)).await;
                attempt += 1;
            }
        }
    }
}
