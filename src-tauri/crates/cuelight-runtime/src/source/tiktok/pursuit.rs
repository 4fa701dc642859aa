//! Staying with one live from the first question to its end, through every break of the connection.

use std::time::Duration;

use compact_str::CompactString;
use cuelight_core::event::{Body, Disconnect, Event, LiveEnd};
use cuelight_core::handle::Handle;
use cuelight_core::timestamp::Timestamp;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::bases::TikTokBases;
use super::http::Http;
use super::identity::{Browser, Identity};
use super::pace::Pace;
use super::room::{Room, RoomLookup, StillLive};
use super::socket::{Parting, Presence, Visit};
use super::upgrade::{self, WebSocket};
use crate::source::{Batch, Closed, EventSender, SourceEnd, SourceError, SourceStatus};

/// The largest part of a wait that is added by chance, so that many clients do not come back in one moment.
const JITTER: f64 = 0.25;

/// One capture of one live.
pub(super) struct Pursuit<'a> {
    handle: &'a Handle,
    bases: &'a TikTokBases,
    pace: &'a Pace,
    random: &'a mut ChaCha8Rng,
    out: &'a EventSender,
    cancel: &'a CancellationToken,
    http: Http,
    browser: Browser,
    identity: Option<Identity>,
    presence: Presence,
}

/// Why we are not in the room.
struct Failure {
    error: SourceError,
    /// How long the connection had lived; zero where none was opened.
    lived: Duration,
    /// TikTok does not like us as we are: the next try needs another browser and cookie.
    spoils_identity: bool,
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        let spoils_identity = matches!(error, SourceError::Refused { .. });
        Self { error, lived: Duration::ZERO, spoils_identity }
    }
}

impl From<Closed> for Failure {
    fn from(closed: Closed) -> Self {
        SourceError::from(closed).into()
    }
}

impl<'a> Pursuit<'a> {
    /// Prepares it; nothing is asked yet.
    pub(super) fn new(
        handle: &'a Handle,
        bases: &'a TikTokBases,
        pace: &'a Pace,
        random: &'a mut ChaCha8Rng,
        out: &'a EventSender,
        cancel: &'a CancellationToken,
    ) -> Self {
        let (http, browser) = (Http::new(pace), Browser::pick(random));
        let presence = Presence::default();
        Self { handle, bases, pace, random, out, cancel, http, browser, identity: None, presence }
    }

    /// Looks for the room and stays in it until the live ends, we are told to stop, or it fails for good.
    pub(super) async fn run(mut self) -> Result<SourceEnd, SourceError> {
        let user = CompactString::new(self.handle.as_str());
        self.out.report(SourceStatus::LookingForRoom { user: user.clone() });
        let cancel = self.cancel;
        let room = match cancel.run_until_cancelled(self.lookup().find()).await {
            Some(found) => found?,
            None => return Ok(SourceEnd::Stopped),
        };
        self.out.report(SourceStatus::Connecting { user });

        let mut failures = 0;
        loop {
            let Failure { error, lived, spoils_identity } = match self.be_there(&room).await {
                Ok(end) => return Ok(end),
                Err(failure) => failure,
            };
            if lived >= self.pace.sound_after {
                failures = 0;
            }
            let Some(wait) = self.wait_after(&error, failures) else { return Err(error) };
            failures += 1;
            if spoils_identity {
                self.identity = None;
                self.browser = Browser::pick(self.random);
            }
            // From here on, so that whoever is told of the wait can cut it short.
            let retry_wanted = self.out.contact().retry_wanted();
            self.out.report(SourceStatus::Reconnecting {
                cause: error.to_string(),
                wait_ms: u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                attempt: u32::try_from(failures).unwrap_or(u32::MAX),
            });
            let look_again = async {
                tokio::select! {
                    () = sleep(wait) => {}
                    () = retry_wanted => {}
                }
                self.lookup().is_still_live(&room).await
            };
            match cancel.run_until_cancelled(look_again).await {
                None => return Ok(SourceEnd::Stopped),
                Some(StillLive::Yes | StillLive::Unknown) => {}
                Some(StillLive::No) => return self.miss_the_end().await,
            }
        }
    }

    fn lookup(&self) -> RoomLookup<'_> {
        RoomLookup { http: &self.http, bases: self.bases, handle: self.handle, browser: self.browser }
    }

    /// How long to wait before the next try, `None` when there is to be none.
    fn wait_after(&mut self, error: &SourceError, failures: usize) -> Option<Duration> {
        let was_in = self.presence.last_seen_ms.is_some();
        let is_patient = failures >= self.pace.retry_waits.len();
        let wait = match self.pace.retry_waits.get(failures) {
            Some(wait) => *wait,
            None if was_in && self.pace.never_gives_up => *self.pace.retry_waits.last()?,
            None => return None,
        };
        match error {
            SourceError::Refused { .. } if !is_patient => Some(self.pace.refused_wait),
            // Before the first visit the streamer waits at the screen, and eight pages without a cookie say it all.
            SourceError::Blocked { .. } | SourceError::RateLimited { .. } if !was_in => None,
            SourceError::Refused { .. }
            | SourceError::Unreachable { .. }
            | SourceError::Blocked { .. }
            | SourceError::RateLimited { .. } => Some(wait.mul_f64(1.0 + self.random.random_range(0.0..JITTER))),
            SourceError::NotLive { .. }
            | SourceError::NoSuchUser { .. }
            | SourceError::Captcha { .. }
            | SourceError::AgeRestricted { .. }
            | SourceError::NotUnderstood { .. }
            | SourceError::Unreadable { .. }
            | SourceError::Closed(_) => None,
        }
    }

    /// One try: opens the connection and stays for as long as it lasts.
    async fn be_there(&mut self, room: &Room) -> Result<SourceEnd, Failure> {
        let cancel = self.cancel;
        let Some(websocket) = cancel.run_until_cancelled(self.open(room)).await else {
            return Ok(SourceEnd::Stopped);
        };
        let websocket = websocket?;
        let began = Instant::now();
        let visit = Visit::new(websocket, room, self.out, cancel, self.pace, &mut self.presence);
        match visit.stay().await? {
            Parting::LiveEnded => {
                self.disconnect("the live ended").await?;
                Ok(SourceEnd::Ended)
            }
            // We leave; nothing happened on the live.
            Parting::Stopped => Ok(SourceEnd::Stopped),
            Parting::Broken { cause, in_order } => {
                self.disconnect(&cause).await?;
                let lived = began.elapsed();
                let spoils_identity = !in_order && lived < self.pace.sound_after;
                let error = SourceError::Unreachable { place: self.bases.websocket_place(), cause };
                Err(Failure { error, lived, spoils_identity })
            }
        }
    }

    /// Opens the WebSocket, with the identity that we have or a new one.
    async fn open(&mut self, room: &Room) -> Result<WebSocket, SourceError> {
        let identity = match self.identity.take() {
            Some(identity) => identity,
            None => Identity::obtain(&self.http, self.bases, self.handle, self.browser, self.pace.cookie_wait).await?,
        };
        let identity = self.identity.insert(identity);
        let heartbeat_ms = self.pace.heartbeat_period.as_millis();
        upgrade::open(&self.http, self.bases, room, identity, heartbeat_ms, self.random).await
    }

    /// The live ended while we were away, or before we were ever in.
    async fn miss_the_end(&self) -> Result<SourceEnd, SourceError> {
        if self.presence.last_seen_ms.is_none() {
            return Err(SourceError::NotLive { user: self.handle.to_string() });
        }
        self.send(Body::LiveEnd(LiveEnd { reason: Some(CompactString::const_new("gone")) })).await?;
        Ok(SourceEnd::Ended)
    }

    /// Says that we are no longer in, if anybody heard that we were.
    async fn disconnect(&mut self, reason: &str) -> Result<(), Closed> {
        if !self.presence.is_in {
            return Ok(());
        }
        self.presence.is_in = false;
        self.send(Body::Disconnect(Disconnect { reason: reason.to_owned() })).await
    }

    async fn send(&self, body: Body) -> Result<(), Closed> {
        let now_ms = self.out.clock().now_ms();
        let events = vec![Event::own(body, Timestamp::from_ms(now_ms))];
        // Nobody waits for an ack of our own words; the journal commits them before it ends.
        self.out.send(Batch { events, received_ms: now_ms, ..Batch::default() }).await.map(drop)
    }
}
