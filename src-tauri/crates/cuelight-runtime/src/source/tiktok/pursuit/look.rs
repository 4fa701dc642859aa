//! Before each try: the wait, and a look whether the live goes on.

use std::time::Duration;

use rand::Rng;
use tokio::time::Instant;

use super::Pursuit;
use crate::source::SourceError;
use crate::source::retry::wait_to_retry;
use crate::source::tiktok::room::{Room, StillLive};

/// The largest part of a wait that is added by chance, so that many clients do not come back in one moment.
const JITTER: f64 = 0.25;

/// What is done after a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// The next try.
    Try,
    /// Nothing: the live is over.
    Over,
    /// Nothing: we were told to stop.
    Stop,
}

impl Pursuit<'_> {
    /// Waits, where there is something to wait for, and sees whether the live goes on. Once we were in, an outage of the
    /// network is waited for as long as it takes: no way is tried meanwhile, and nothing is held against any.
    pub(super) async fn look_before_next_try(
        &mut self,
        room: &mut Option<Room>,
        wait: Option<(Duration, String)>,
    ) -> Next {
        let mut waits = usize::from(wait.is_some());
        if let Some((wait, cause)) = wait {
            if !self.wait(wait, cause).await {
                return Next::Stop;
            }
        } else if self.looked_at.elapsed() < self.pace.look_holds {
            return Next::Try;
        }
        loop {
            let cancel = self.cancel;
            let Some(seen) = cancel.run_until_cancelled(self.look(room)).await else { return Next::Stop };
            self.looked_at = Instant::now();
            match seen {
                StillLive::Yes | StillLive::Unknown => return Next::Try,
                StillLive::No => return Next::Over,
                // Before the first visit the streamer waits at the screen, and is told what the ways say.
                StillLive::Unreachable { .. } if self.presence.last_seen_ms.is_none() => return Next::Try,
                StillLive::Unreachable { cause } => {
                    waits += 1;
                    if !self.wait(self.pace.retry_wait(waits), cause).await {
                        return Next::Stop;
                    }
                }
            }
        }
    }

    /// Waits for the next try; false where we were told to stop.
    async fn wait(&mut self, wait: Duration, cause: String) -> bool {
        self.waits += 1;
        let wait = wait.mul_f64(1.0 + self.random.random_range(0.0..JITTER));
        wait_to_retry(self.out, self.cancel, cause, wait, self.waits).await
    }

    /// Whether the live that we were in goes on, and in which room, if that is news.
    async fn look(&mut self, room: &mut Option<Room>) -> StillLive {
        if let Some(room) = room {
            return self.lookup().is_still_live(room).await;
        }
        let now_ms = self.out.clock().now_ms();
        let is_asked_too_soon = match self.unfound {
            Some(SourceError::Blocked { until_ms, .. } | SourceError::RateLimited { until_ms, .. }) => {
                now_ms < until_ms
            }
            Some(_) | None => false,
        };
        if self.presence.last_seen_ms.is_none() || is_asked_too_soon {
            return StillLive::Unknown;
        }
        match self.lookup().find().await {
            Ok(found) => {
                self.know_the_room(room, found);
                StillLive::Yes
            }
            Err(SourceError::NotLive { .. }) => StillLive::No,
            Err(error) => {
                self.unfound = Some(error);
                StillLive::Unknown
            }
        }
    }

    /// From now on every way may be gone.
    pub(super) fn know_the_room(&mut self, room: &mut Option<Room>, found: Room) {
        self.ladder.find_the_room();
        self.unfound = None;
        *room = Some(found);
    }
}
