//! Staying with one live from the first question to its end, through every break of the connection, by every way.

mod look;
mod question;
mod visit;

use std::time::Duration;

use compact_str::CompactString;
use cuelight_core::event::{Body, LiveEnd};
use cuelight_core::handle::Handle;
use cuelight_core::way::Way;
use rand_chacha::ChaCha8Rng;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use self::look::{Next, Waited};
use self::question::Question;
use self::visit::Failure;
use super::attendance::{Presence, say};
use super::bases::TikTokBases;
use super::http::Http;
use super::identity::{Browser, Patience};
use super::ladder::{Ladder, Move, Situation};
use super::means::Means;
use super::room::RoomLookup;
use super::story::Story;
use super::ways::Ways;
use crate::source::pace::Pace;
use crate::source::page::PageCookie;
use crate::source::{EventSender, SourceEnd, SourceError, SourceStatus};

/// One capture of one live.
pub(super) struct Pursuit<'a> {
    handle: &'a Handle,
    bases: &'a TikTokBases,
    means: &'a Means,
    pace: &'a Pace,
    random: &'a mut ChaCha8Rng,
    out: &'a EventSender,
    cancel: &'a CancellationToken,
    http: Http,
    /// The browser that looks the room up.
    browser: Browser,
    ways: Ways<'a>,
    ladder: Ladder,
    presence: Presence,
    /// Why the room could not be looked up, where a way that brings its own had to do.
    unfound: Option<SourceError>,
    /// The person at the screen was asked to solve a captcha in this break.
    has_asked: bool,
    question: Question,
    /// How often we waited since we were last in.
    waits: usize,
    /// When the live was seen to go on last.
    looked_at: Instant,
}

impl<'a> Pursuit<'a> {
    /// Prepares it; nothing is asked yet.
    pub(super) fn new(
        handle: &'a Handle,
        bases: &'a TikTokBases,
        means: &'a Means,
        pace: &'a Pace,
        random: &'a mut ChaCha8Rng,
        out: &'a EventSender,
        cancel: &'a CancellationToken,
    ) -> Self {
        let (http, browser) = (Http::new(pace), Browser::pick(random));
        let ways = Ways::new(means, browser.clone());
        let ladder = Ladder::new(means.switches).beginning_with(means.remembered);
        let presence = Presence { before: means.last_seen.clone(), ..Presence::default() };
        Self {
            handle,
            bases,
            means,
            pace,
            random,
            out,
            cancel,
            http,
            browser,
            ways,
            ladder,
            presence,
            unfound: None,
            has_asked: false,
            question: Question::default(),
            waits: 0,
            looked_at: Instant::now(),
        }
    }

    /// Looks for the room and stays in it until the live ends, we are told to stop, or it fails for good.
    pub(super) async fn run(mut self) -> Result<SourceEnd, SourceError> {
        let user = CompactString::new(self.handle.as_str());
        self.out.report(SourceStatus::LookingForRoom { user: user.clone() });
        let cancel = self.cancel;
        let mut room = match cancel.run_until_cancelled(self.lookup().find()).await {
            None => return Ok(SourceEnd::Stopped),
            Some(Ok(room)) => Some(room),
            Some(Err(error)) => {
                let has_account = self.means.page_cookies().iter().any(PageCookie::is_of_account);
                if !self.ladder.do_without_the_room(&error, has_account) {
                    return Err(error);
                }
                tracing::info!(%user, %error, "the room is not known; ways that find it themselves are tried");
                self.unfound = Some(error);
                None
            }
        };
        self.looked_at = Instant::now();
        self.out.report(SourceStatus::Connecting { user });

        loop {
            let Some(way) = self.ladder.way() else { return Err(self.last_word()) };
            let began = Instant::now();
            let is_alone = self.ladder.is_alone();
            let patience = if is_alone { Patience::Endless } else { Patience::Until(began + self.pace.way_patience) };
            let failure = match self.be_there(way, room.as_ref(), patience).await {
                Ok(end) => return Ok(end),
                Err(failure) => failure,
            };
            if let (None, Some(found)) = (&room, self.presence.room.clone()) {
                self.know_the_room(&mut room, found);
            }
            note_attempt(self.handle, way, &failure.error, began.elapsed());
            // Whatever else stood in the way, nothing can be received any more.
            if let SourceError::Closed(closed) = failure.error {
                return Err(closed.into());
            }
            let cause = failure.error.to_string();
            let is_closed = matches!(failure.error, SourceError::WayClosed { .. });
            let wait = match self.after(way, failure) {
                Move::To(to) => {
                    // What is not there was not tried, and nobody waits for the word.
                    if !is_closed {
                        self.out.report(SourceStatus::Climbing { from: way, to, cause: cause.clone() });
                    }
                    None
                }
                Move::Again(wait) => Some(wait),
                Move::Rest(wait) => {
                    self.ask_the_person();
                    Some(wait)
                }
                Move::Stop => {
                    self.ask_the_person();
                    match self.wait_for_the_person(&mut room, &cause).await {
                        Waited::IsUp => return Err(self.last_word()),
                        Waited::Solved => None,
                        Waited::LiveIsOver => return self.miss_the_end().await,
                        Waited::Stopped => return Ok(SourceEnd::Stopped),
                    }
                }
            };
            let wait = wait.map(|wait| (wait, self.ladder.cause().unwrap_or(cause)));
            match self.look_before_next_try(&mut room, wait).await {
                Next::Try => {}
                Next::Over => return self.miss_the_end().await,
                Next::Stop => return Ok(SourceEnd::Stopped),
            }
        }
    }

    /// What looks the live up.
    pub(super) fn lookup(&self) -> RoomLookup<'_> {
        RoomLookup {
            http: &self.http,
            bases: self.bases,
            handle: self.handle,
            browser: &self.browser,
            clock: self.out.clock(),
            story: Story::of_lookup(self.out, self.handle),
        }
    }

    /// What is done after that failure.
    fn after(&mut self, way: Way, failure: Failure) -> Move {
        let Failure { error, has_held, spoils_identity } = failure;
        if has_held {
            self.ladder.has_held();
            self.has_asked = false;
        }
        if spoils_identity {
            self.browser = Browser::pick(self.random);
            self.ways.forget_identity(way, &self.browser);
        }
        let situation = Situation { was_in: self.presence.last_seen_ms.is_some(), now_ms: self.out.clock().now_ms() };
        self.ladder.after(error, situation, self.pace)
    }

    /// What stopped us: what the ways say, or, where none could be gone at all, why the room is not known.
    fn last_word(&mut self) -> SourceError {
        match self.unfound.take() {
            Some(error) if self.ladder.is_closed() => error,
            Some(_) | None => self.ladder.last_word(self.handle.as_str(), self.out.clock().now_ms()),
        }
    }

    /// The live ended while we were away, or before we were ever in.
    async fn miss_the_end(&self) -> Result<SourceEnd, SourceError> {
        if self.presence.last_seen_ms.is_none() {
            return Err(SourceError::NotLive { user: self.handle.to_string() });
        }
        say(self.out, Body::LiveEnd(LiveEnd { reason: Some(CompactString::const_new("gone")) })).await?;
        Ok(SourceEnd::Ended)
    }
}

/// Notes a way that did not lead in, or no longer.
fn note_attempt(user: &Handle, way: Way, error: &SourceError, took: Duration) {
    tracing::info!(%user, %way, took_ms = took.as_millis(), %error, "a way did not lead to the room, or not for long");
}
