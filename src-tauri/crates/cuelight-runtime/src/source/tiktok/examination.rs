//! Trying the ways into one live, each once and without a capture: what is found out is told, and nothing is kept.

use compact_str::CompactString;
use cuelight_core::attempt::{Attempt, AttemptAnswer, AttemptStep};
use cuelight_core::handle::Handle;
use cuelight_core::limits::INBOX_BATCHES;
use cuelight_core::way::Way;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::allowance::{self, Allowance};
use super::bases::TikTokBases;
use super::http::Http;
use super::means::Means;
use super::pursuit::Pursuit;
use super::room::Room;
use super::story::{answer_of, detail_of};
use crate::clock::Clock;
use crate::source::pace::Pace;
use crate::source::{Delivery, EventSender, SourceError, SourceStatus};

/// Hears of each attempt as it ends.
pub type Teller<'a> = &'a mut (dyn FnMut(Attempt) + Send);

/// The ways into one live, to be tried one after the other by whoever wants to know which of them leads in.
#[derive(Debug)]
pub struct Examination {
    handle: Handle,
    bases: TikTokBases,
    means: Means,
    clock: Clock,
    pace: Pace,
    random: ChaCha8Rng,
    room: Option<Room>,
}

impl Examination {
    /// Prepares it; nothing is asked yet. The seed decides which browser we are.
    #[must_use]
    pub fn new(handle: Handle, bases: TikTokBases, means: Means, clock: Clock, seed: u64) -> Self {
        let random = ChaCha8Rng::seed_from_u64(seed);
        Self { handle, bases, means, clock, pace: Pace::default(), random, room: None }
    }

    /// Looks the live up. `None` where `cancel` was set first.
    ///
    /// # Errors
    /// There is none, or TikTok does not tell: what all that was asked comes to, as one attempt.
    pub async fn look_up(&mut self, tell: Teller<'_>, cancel: &CancellationToken) -> Option<Result<(), Attempt>> {
        let (out, mut deliveries) = inbox(&self.clock);
        let Self { handle, bases, means, pace, random, .. } = self;
        let pursuit = Pursuit::new(handle, bases, means, pace, random, &out, cancel);
        let found = heard(cancel.run_until_cancelled(pursuit.lookup().find()), &mut deliveries, tell).await?;
        Some(match found {
            Ok(room) => {
                self.room = Some(room);
                Ok(())
            }
            Err(error) => {
                let creator = CompactString::new(self.handle.as_str());
                let attempt = Attempt::new(creator, None, AttemptStep::AskJson, answer_of(&error));
                Err(attempt.telling(&detail_of(&error)))
            }
        })
    }

    /// Whether enough is known to try that way: some need the room that was looked up.
    #[must_use]
    pub fn can_try(&self, way: Way) -> bool {
        match way {
            Way::Page | Way::Sign | Way::Tikfinity => true,
            Way::Direct | Way::Cookie => self.room.is_some(),
        }
    }

    /// Tries that way once, and leaves the room again as soon as it is in.
    pub async fn try_way(&mut self, way: Way, tell: Teller<'_>, cancel: &CancellationToken) {
        let (out, mut deliveries) = inbox(&self.clock);
        let leave = cancel.child_token();
        let Self { handle, bases, means, pace, random, room, .. } = self;
        let mut pursuit = Pursuit::new(handle, bases, means, pace, random, &out, &leave);
        let mut hear = |attempt: Attempt| {
            if attempt.answer == AttemptAnswer::InRoom {
                leave.cancel();
            }
            tell(attempt);
        };
        // A whole visit is too large for the stack of whoever waits for it.
        let trying = Box::pin(pursuit.try_once(way, room.as_ref()));
        if let Err(error) = heard(trying, &mut deliveries, &mut hear).await {
            tracing::debug!(%way, %error, "a way that was tried did not lead in");
        }
    }

    /// What the key for the sign server is still good for; `None` where there is no key.
    ///
    /// # Errors
    /// The sign server does not say.
    pub async fn allowance(&self) -> Option<Result<Allowance, SourceError>> {
        let key = self.means.sign.as_ref()?;
        Some(allowance::of_key(key, &Http::new(&self.pace), &self.bases).await)
    }
}

fn inbox(clock: &Clock) -> (EventSender, mpsc::Receiver<Delivery>) {
    let (inbox, deliveries) = mpsc::channel(INBOX_BATCHES);
    (EventSender::new(inbox, watch::Sender::new(SourceStatus::Idle), clock.clone()), deliveries)
}

/// Does it, and tells of the attempts that it sends meanwhile. Events are let go.
async fn heard<T>(work: impl Future<Output = T>, deliveries: &mut mpsc::Receiver<Delivery>, tell: Teller<'_>) -> T {
    let mut work = std::pin::pin!(work);
    let outcome = loop {
        tokio::select! {
            biased;
            Some(delivery) = deliveries.recv() => take(delivery, tell),
            outcome = &mut work => break outcome,
        }
    };
    while let Ok(delivery) = deliveries.try_recv() {
        take(delivery, tell);
    }
    outcome
}

fn take(delivery: Delivery, tell: Teller<'_>) {
    let (batch, committed) = delivery.into_parts();
    batch.attempts.into_iter().for_each(tell);
    // Whoever left the room meanwhile waits for no word.
    let _ = committed.send(());
}
