//! Staying with one live from the first question to its end, through every break of the connection, by every way.

use std::time::Duration;

use compact_str::CompactString;
use cuelight_core::attempt::{AttemptAnswer, AttemptStep};
use cuelight_core::event::{Body, LiveEnd};
use cuelight_core::handle::Handle;
use cuelight_core::way::Way;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::attendance::{Attendance, Parting, Presence, say};
use super::bases::{TikTokBases, place_of};
use super::http::Http;
use super::identity::{Browser, Patience};
use super::ladder::{Ladder, Move, Situation};
use super::listening::Listening;
use super::means::Means;
use super::pace::Pace;
use super::room::{Room, RoomLookup, StillLive};
use super::socket::Visit;
use super::story::{Story, answer_of, detail_of};
use super::viewing::Viewing;
use super::way_in::{Errand, Opened, closed};
use super::ways::Ways;
use crate::source::tikfinity::FeedUrl;
use crate::source::{Closed, EventSender, SourceEnd, SourceError, SourceStatus};

/// The largest part of a wait that is added by chance, so that many clients do not come back in one moment.
const JITTER: f64 = 0.25;

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
                if !self.ladder.do_without_the_room(&error, !self.means.session.is_empty()) {
                    return Err(error);
                }
                tracing::info!(%user, %error, "the room is not known; ways that find it themselves are tried");
                self.unfound = Some(error);
                None
            }
        };
        self.out.report(SourceStatus::Connecting { user });

        loop {
            let Some(way) = self.ladder.way() else { return Err(self.last_word()) };
            let began = Instant::now();
            let failure = match self.be_there(way, room.as_ref()).await {
                Ok(end) => return Ok(end),
                Err(failure) => failure,
            };
            room = room.or_else(|| self.presence.room.clone());
            note_attempt(self.handle, way, &failure.error, began.elapsed());
            let cause = failure.error.to_string();
            let is_closed = matches!(failure.error, SourceError::WayClosed { .. });
            let wait = match self.after(way, failure) {
                Move::To(to) => {
                    // What is not there was not tried, and nobody waits for the word.
                    if !is_closed {
                        self.out.report(SourceStatus::Climbing { from: way, to, cause });
                    }
                    continue;
                }
                Move::Again(wait) => wait,
                at_its_end @ (Move::Rest(_) | Move::Stop) => {
                    match (cancel.run_until_cancelled(self.ask_the_person()).await, at_its_end) {
                        (None, _) => return Ok(SourceEnd::Stopped),
                        (Some(true), _) => continue,
                        (Some(false), Move::Rest(wait)) => wait,
                        (Some(false), _) => return Err(self.last_word()),
                    }
                }
            };
            let wait = wait.mul_f64(1.0 + self.random.random_range(0.0..JITTER));
            // From here on, so that whoever is told of the wait can cut it short.
            let retry_wanted = self.out.contact().retry_wanted();
            self.out.report(SourceStatus::Reconnecting {
                cause: self.ladder.cause().unwrap_or(cause),
                wait_ms: u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                attempt: u32::try_from(self.ladder.failures().max(1)).unwrap_or(u32::MAX),
            });
            let look_again = async {
                tokio::select! {
                    () = sleep(wait) => {}
                    () = retry_wanted => {}
                }
                match &room {
                    Some(room) => self.lookup().is_still_live(room).await,
                    None => StillLive::Unknown,
                }
            };
            match cancel.run_until_cancelled(look_again).await {
                None => return Ok(SourceEnd::Stopped),
                Some(StillLive::Yes | StillLive::Unknown) => {}
                Some(StillLive::No) => return self.miss_the_end().await,
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
        let Failure { error, lived, spoils_identity } = failure;
        if lived >= self.pace.sound_after {
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

    /// Goes that way once and stays for as long as it lasts, whatever comes of it.
    ///
    /// # Errors
    /// What stood in the way, or broke the connection.
    pub(super) async fn try_once(&mut self, way: Way, room: Option<&Room>) -> Result<SourceEnd, SourceError> {
        self.be_there(way, room).await.map_err(|failure| failure.error)
    }

    /// One try: opens the way and stays for as long as it lasts.
    async fn be_there(&mut self, way: Way, room: Option<&Room>) -> Result<SourceEnd, Failure> {
        let Self { handle, bases, pace, out, cancel, .. } = *self;
        let began = Instant::now();
        let patience =
            if self.ladder.is_alone() { Patience::Endless } else { Patience::Until(began + pace.way_patience) };
        let story = Story::of_way(out, handle, way);
        let errand = Errand { handle, room, bases, http: &self.http, pace, clock: out.clock(), patience, story };
        let Some(opened) = cancel.run_until_cancelled(self.ways.open(way, &errand, self.random)).await else {
            return Ok(SourceEnd::Stopped);
        };
        let opened = opened?;
        tracing::info!(user = %handle, %way, took_ms = began.elapsed().as_millis(), "a way led to the room");
        let (began, arrivals) = (Instant::now(), self.presence.arrivals);
        let place = match &opened {
            Opened::Socket { opening, .. } => opening.place.clone(),
            Opened::Page(_) => place_of(&bases.web(&[])),
            Opened::Feed(_) => self.means.tikfinity.as_ref().map(FeedUrl::place).unwrap_or_default(),
        };
        let parting = match opened {
            Opened::Socket { opening, room, first } => {
                let attendance = Attendance::new(room, way, &place, out, &mut self.presence);
                Visit::new(opening, attendance, cancel, pace).stay(first.as_deref()).await?
            }
            Opened::Page(visit) => {
                // The page says which room it is in.
                let unknown = Room { number: 0, unique_id: CompactString::new(handle.as_str()) };
                let room = room.cloned().unwrap_or(unknown);
                let attendance = Attendance::new(room, way, &place, out, &mut self.presence);
                Viewing::new(visit.signals, attendance, cancel, pace).stay().await?
            }
            Opened::Feed(feed) => {
                // TikFinity does not say which room it is in, so it is the one that was looked up.
                let room = room.cloned().ok_or_else(|| closed(way, "TikTok does not tell us the room".to_owned()))?;
                let attendance = Attendance::new(room, way, &place, out, &mut self.presence);
                Listening::new(attendance, cancel, pace).stay(feed).await?
            }
        };
        let step = if self.presence.arrivals > arrivals { AttemptStep::Stay } else { AttemptStep::EnterRoom };
        match &parting {
            Parting::LiveEnded => story.tell_answer(step, &place, began, AttemptAnswer::LiveEnded, ""),
            Parting::Broken { cause, .. } => story.tell_answer(step, &place, began, AttemptAnswer::Broken, cause),
            Parting::Vain(error) => {
                story.tell_answer(step, &place, began, answer_of(error), &detail_of(error));
            }
            // We leave; nothing happened on the live.
            Parting::Stopped => {}
        }
        match parting {
            Parting::LiveEnded => {
                self.presence.end(out, "the live ended").await?;
                Ok(SourceEnd::Ended)
            }
            Parting::Stopped => Ok(SourceEnd::Stopped),
            Parting::Broken { cause, in_order } => {
                self.presence.end(out, &cause).await?;
                let lived = began.elapsed();
                let spoils_identity = !in_order && lived < pace.sound_after;
                let error = SourceError::Unreachable { place: bases.websocket_place(), cause };
                Err(Failure { error, lived, spoils_identity })
            }
            Parting::Vain(error) => {
                self.presence.end(out, &error.to_string()).await?;
                Err(error.into())
            }
        }
    }

    /// Has the person at the screen solve the captcha that stood in the way, once in a break; true where the page is
    /// worth another try.
    async fn ask_the_person(&mut self) -> bool {
        if self.has_asked || !self.ladder.met_a_captcha() {
            return false;
        }
        self.has_asked = true;
        let user = CompactString::new(self.handle.as_str());
        self.out.report(SourceStatus::AskingPerson { user: user.clone() });
        let (story, place) = (Story::of_way(self.out, self.handle, Way::Page), place_of(&self.bases.web(&[])));
        let began = Instant::now();
        match self.ways.solve_captcha(self.bases, self.handle).await {
            Ok(()) => {
                story.tell_answer(AttemptStep::AskPerson, &place, began, AttemptAnswer::Good, "");
                self.out.report(SourceStatus::Connecting { user });
                self.ladder.begin_with(Way::Page)
            }
            Err(fault) => {
                let cause = fault.to_string();
                story.tell_answer(AttemptStep::AskPerson, &place, began, AttemptAnswer::Captcha, &cause);
                tracing::info!(user = %self.handle, %fault, "the captcha was not solved");
                false
            }
        }
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
