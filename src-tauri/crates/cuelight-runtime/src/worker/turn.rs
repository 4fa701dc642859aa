//! What a worker asks of its queue: outcomes are written and the next jobs claimed in the same transaction.

use std::sync::Arc;

use cuelight_core::id::{JobId, ServiceId};
use cuelight_core::world::World;

use super::attempt::Outcome;
use super::board::Board;
use super::queue_thread::{QueueError, Queues};
use super::silence::Silence;
use crate::store::{Claim, ClaimedJob, QueueTransaction, Recovered, StoreError, Touched};

/// Which jobs of its service a worker claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claims {
    /// Each in its turn.
    All,
    /// This one; all others wait for another worker.
    Only(JobId),
    /// None for now: the service is switched off.
    Nothing,
}

/// What came of a turn.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// Jobs that are to begin now.
    pub(super) claimed: Vec<Arc<ClaimedJob>>,
    /// Another job is ready that may not start yet.
    pub(super) jobs_wait: bool,
}

/// Begins the work for a service, after its lock was taken: what a crash left running is put in order.
pub(super) async fn begin(queues: &Queues, service: &ServiceId, claims: Claims) -> Result<(), QueueError> {
    let id = service.clone();
    let recovered = queues
        .ask(move |queues, world| {
            let (recovered, mut touched) = queues.recover(&id, world)?;
            touched.add(queues.begin_work(&id, world.now_ms)?);
            if let Claims::Only(_) = claims {
                // Whoever works for one job alone makes none of the others late.
                touched.add(queues.end_work(&id, world.now_ms)?);
            }
            Ok((recovered, touched))
        })
        .await?;
    let Recovered { again, failed, discarded } = recovered;
    if again + failed + discarded > 0 {
        tracing::warn!(%service, again, failed, discarded, "jobs had been cut off");
    }
    Ok(())
}

/// Writes the outcomes, then claims what may start beside what still runs.
///
/// The claimed jobs stand on the board before anybody is answered who asked later.
pub(super) async fn take(
    queues: Queues,
    board: Arc<Board>,
    silence: Silence,
    service: ServiceId,
    claims: Claims,
    outcomes: Arc<[(JobId, Outcome)]>,
) -> Result<Done, QueueError> {
    let id = service.clone();
    let act = move |queues: &mut QueueTransaction<'_>, world: &World<'_>| {
        let mut touched = write(queues, &outcomes, world)?;
        let done = match claims {
            // Asked within the transaction: what is claimed after silence began never starts.
            Claims::All | Claims::Only(_) if silence.holds(&id) => {
                Done { claimed: Vec::new(), jobs_wait: queues.has_ready(&id)? }
            }
            Claims::All | Claims::Only(_) | Claims::Nothing => claim(claims, queues, &id, world, &mut touched)?,
        };
        Ok((done, touched))
    };
    let then = move |done: &Done| done.claimed.iter().for_each(|job| board.begin(job.id, &service));
    queues.ask_then(act, then).await
}

/// Ends the work for a service: the last outcomes are written, and what was cut off is put back or fails as interrupted.
pub(super) async fn finish(
    queues: &Queues,
    service: &ServiceId,
    claims: Claims,
    outcomes: Vec<(JobId, Outcome)>,
) -> Result<(), QueueError> {
    let id = service.clone();
    let act = move |queues: &mut QueueTransaction<'_>, world: &World<'_>| {
        let mut touched = write(queues, &outcomes, world)?;
        touched.add(queues.recover(&id, world)?.1);
        if let Claims::All | Claims::Nothing = claims {
            touched.add(queues.end_work(&id, world.now_ms)?);
        }
        Ok(((), touched))
    };
    queues.ask(act).await
}

fn write(
    queues: &mut QueueTransaction<'_>,
    outcomes: &[(JobId, Outcome)],
    world: &World<'_>,
) -> Result<Touched, StoreError> {
    let mut touched = Touched::default();
    for (job, outcome) in outcomes {
        touched.add(match outcome {
            Outcome::Ended(ending) => queues.end(*job, ending, world)?,
            Outcome::Again { due_ms, reason } => queues.retry(*job, *due_ms, reason, world)?,
            Outcome::CutOff => Touched::default(),
        });
    }
    Ok(touched)
}

fn claim(
    claims: Claims,
    queues: &mut QueueTransaction<'_>,
    service: &ServiceId,
    world: &World<'_>,
    touched: &mut Touched,
) -> Result<Done, StoreError> {
    let mut done = Done::default();
    loop {
        let (claim, also) = match claims {
            Claims::All => queues.claim(service, world)?,
            Claims::Only(job) => queues.claim_job(job, service, world)?,
            Claims::Nothing => return Ok(done),
        };
        touched.add(also);
        match claim {
            Claim::Started(job) => done.claimed.push(Arc::new(*job)),
            Claim::Wait => return Ok(Done { jobs_wait: true, ..done }),
            Claim::Empty => return Ok(done),
        }
    }
}
