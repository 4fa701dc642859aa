//! Before each try: the wait, and a look whether the live goes on.

use std::pin::pin;
use std::time::Duration;

use compact_str::CompactString;
use cuelight_core::way::Way;
use rand::Rng;
use tokio::time::{Instant, sleep_until};

use super::Pursuit;
use crate::source::tiktok::room::{Room, StillLive};
use crate::source::{SourceError, SourceStatus};

/// The largest part of a wait that is added by chance, so that many clients do not come back in one moment.
const JITTER: f64 = 0.25;

/// What ended a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waited {
    /// The time is up, or somebody wishes no more of it, or nobody answered.
    IsUp,
    /// A person solved the captcha.
    Solved,
    /// The live is over.
    LiveIsOver,
    /// We were told to stop.
    Stopped,
}

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
            match self.wait(wait, room, &cause).await {
                Waited::IsUp | Waited::Solved => {}
                Waited::LiveIsOver => return Next::Over,
                Waited::Stopped => return Next::Stop,
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
                    match self.wait(self.pace.retry_wait(waits), room, &cause).await {
                        Waited::IsUp | Waited::Solved => {}
                        Waited::LiveIsOver => return Next::Over,
                        Waited::Stopped => return Next::Stop,
                    }
                }
            }
        }
    }

    /// Waits until the person who sees a captcha answered, where one does; nothing else is left to try.
    pub(super) async fn wait_for_the_person(&mut self, room: &mut Option<Room>, cause: &str) -> Waited {
        self.wait_until(None, room, cause).await
    }

    /// Waits for the next try.
    async fn wait(&mut self, wait: Duration, room: &mut Option<Room>, cause: &str) -> Waited {
        self.waits += 1;
        let wait = wait.mul_f64(1.0 + self.random.random_range(0.0..JITTER));
        self.wait_until(Some(Instant::now() + wait), room, cause).await
    }

    /// Waits until then, or for the person alone. A long wait ends with the live as well.
    async fn wait_until(&mut self, until: Option<Instant>, room: &mut Option<Room>, cause: &str) -> Waited {
        let (out, cancel) = (self.out, self.cancel);
        // From here on, so that whoever is told of the wait can cut it short.
        let mut retry_wanted = pin!(out.contact().retry_wanted());
        while until.is_some() || self.question.is_open() {
            self.tell_of_the_wait(until, cause);
            let answer = loop {
                let look_at = Instant::now() + self.pace.look_within;
                tokio::select! {
                    () = cancel.cancelled() => return Waited::Stopped,
                    () = &mut retry_wanted, if until.is_some() => {
                        // Whoever wishes that sees to the captcha, too.
                        self.has_asked = false;
                        return Waited::IsUp;
                    }
                    answer = self.question.answered() => break answer,
                    () = sleep_until(until.map_or(look_at, |until| until.min(look_at))) => {}
                }
                if until.is_some_and(|until| until <= Instant::now()) {
                    return Waited::IsUp;
                }
                if self.ladder.leaves_tiktok_alone(out.clock().now_ms()) {
                    continue;
                }
                match cancel.run_until_cancelled(self.look(room)).await {
                    None => return Waited::Stopped,
                    Some(StillLive::No) => return Waited::LiveIsOver,
                    Some(StillLive::Yes | StillLive::Unknown | StillLive::Unreachable { .. }) => {}
                }
            };
            if self.take_answer(answer) {
                out.report(SourceStatus::Connecting { user: CompactString::new(self.handle.as_str()) });
                return Waited::Solved;
            }
        }
        Waited::IsUp
    }

    /// Tells people what is waited for: a captcha that they see comes first.
    fn tell_of_the_wait(&self, until: Option<Instant>, cause: &str) {
        if self.is_asking() {
            return self.out.report(SourceStatus::AskingPerson { user: CompactString::new(self.handle.as_str()) });
        }
        let Some(until) = until else { return };
        let wait = until.saturating_duration_since(Instant::now());
        self.out.report(SourceStatus::Reconnecting {
            cause: cause.to_owned(),
            wait_ms: u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
            attempt: u32::try_from(self.waits).unwrap_or(u32::MAX),
        });
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
            // TikTok has denied live users, and TikFinity, which hears them, names no room to ask about.
            Err(SourceError::NotLive { .. }) if self.presence.way == Some(Way::Tikfinity) => StillLive::Unknown,
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
