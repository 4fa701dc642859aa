//! Whether a streamer is live and in which room: TikTok's JSON first, its page as the second opinion.

use compact_str::CompactString;
use cuelight_core::attempt::{AttemptAnswer, AttemptStep};
use cuelight_core::handle::Handle;
use cuelight_core::id::RoomId;
use tokio::time::Instant;

use super::answer::{self, Verdict};
use super::bases::{TikTokBases, place_of};
use super::http::Http;
use super::identity::Browser;
use super::pace::AFTER_BLOCK;
use super::story::{Story, answer_of, detail_of};
use crate::clock::Clock;
use crate::source::SourceError;

/// A room that can be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Room {
    /// TikTok's number of the live.
    pub(super) number: i64,
    /// The streamer's handle as TikTok spells it.
    pub(super) unique_id: CompactString,
}

impl Room {
    /// The number as events carry it.
    pub(super) fn id(&self) -> RoomId {
        RoomId::new(self.number.to_string())
    }
}

/// Whether a room that we knew is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StillLive {
    /// It is.
    Yes,
    /// It is over, or the streamer began another one.
    No,
    /// TikTok does not tell.
    Unknown,
}

/// Asks about one streamer.
#[derive(Debug)]
pub(super) struct RoomLookup<'a> {
    /// How to ask.
    pub(super) http: &'a Http,
    /// Where to ask.
    pub(super) bases: &'a TikTokBases,
    /// About whom.
    pub(super) handle: &'a Handle,
    /// As whom.
    pub(super) browser: &'a Browser,
    /// What says until when we are to leave TikTok alone.
    pub(super) clock: &'a Clock,
    /// Whom to tell what was asked.
    pub(super) story: Story<'a>,
}

impl RoomLookup<'_> {
    /// Finds the room.
    ///
    /// # Errors
    /// There is none, or TikTok does not tell: each of its answers has its own [`SourceError`].
    pub(super) async fn find(&self) -> Result<Room, SourceError> {
        let room = match self.ask_json().await? {
            // It was said of live users, and a second question or the page knew better.
            Verdict::NoSuchUser => match self.ask_json().await? {
                Verdict::NoSuchUser => self.ask_page_instead_of(Verdict::NoSuchUser).await?,
                other => self.room_of(other)?,
            },
            unclear @ (Verdict::Blocked { .. }
            | Verdict::RateLimited { .. }
            | Verdict::Captcha
            | Verdict::Failing { .. }) => self.ask_page_instead_of(unclear).await?,
            clear @ (Verdict::Live { .. }
            | Verdict::NotLive
            | Verdict::AgeRestricted
            | Verdict::NotUnderstood { .. }
            | Verdict::Silent) => self.room_of(clear)?,
        };
        if self.is_alive(&room).await == Some(false) {
            return Err(SourceError::NotLive { user: self.handle.to_string() });
        }
        Ok(room)
    }

    /// Asks again about a room that we were in. That there is no live is believed only where the room itself is not alive:
    /// TikTok has denied live users.
    pub(super) async fn is_still_live(&self, room: &Room) -> StillLive {
        match self.find().await {
            Ok(found) if found.number == room.number => StillLive::Yes,
            Ok(_) => StillLive::No,
            Err(error) => {
                tracing::debug!(%error, "the live was not found again");
                match (self.is_alive(room).await, error) {
                    (Some(true), _) => StillLive::Yes,
                    (Some(false), _) | (None, SourceError::NotLive { .. }) => StillLive::No,
                    (None, _) => StillLive::Unknown,
                }
            }
        }
    }

    /// Source A: `/api-live/user/room/`.
    async fn ask_json(&self) -> Result<Verdict, SourceError> {
        let mut url = self.bases.web(&["api-live", "user", "room", ""]);
        url.query_pairs_mut()
            .append_pair("uniqueId", self.handle.as_str())
            .extend_pairs([
                ("sourceType", "54"),
                ("staleTime", "600000"),
                ("aid", "1988"),
                ("app_name", "tiktok_web"),
                ("device_platform", "web_pc"),
                ("region", "US"),
                ("user_is_login", "false"),
            ])
            .extend_pairs(self.browser.parameters());
        let (place, began) = (place_of(&url), Instant::now());
        let answer = self.http.get(url, self.browser.headers()).await;
        let verdict = answer.map(|answer| answer::of_user_room(&answer, self.clock.now_ms()));
        let told = verdict.as_ref().map(|verdict| self.room_of(verdict.clone()).err());
        let failure = told.as_ref().map_or_else(|error| Some(*error), Option::as_ref);
        self.story.tell(AttemptStep::AskJson, &place, began, failure);
        verdict
    }

    /// Source B, `/@NAME/live`: its word counts where it has one, else what the first source said.
    async fn ask_page_instead_of(&self, first: Verdict) -> Result<Room, SourceError> {
        let url = self.bases.web(&[&format!("@{}", self.handle), "live"]);
        let (place, began) = (place_of(&url), Instant::now());
        let second = match self.http.get(url, self.browser.headers()).await {
            Ok(answer) => answer::of_live_page(&answer, self.clock.now_ms()),
            Err(error) => Verdict::Failing { cause: detail_of(&error) },
        };
        self.story.tell(AttemptStep::AskPage, &place, began, self.room_of(second.clone()).err().as_ref());
        match (&first, &second) {
            (_, Verdict::Live { .. } | Verdict::NotLive | Verdict::AgeRestricted) => self.room_of(second),
            // A person can solve a captcha, so that is the better news.
            (Verdict::Blocked { .. } | Verdict::RateLimited { .. }, Verdict::Captcha) => self.room_of(second),
            _ => self.room_of(first),
        }
    }

    /// `/webcast/room/check_alive/`: `None` where it does not tell.
    async fn is_alive(&self, room: &Room) -> Option<bool> {
        let mut url = self.bases.webcast(&["webcast", "room", "check_alive", ""]);
        url.query_pairs_mut()
            .append_pair("aid", "1988")
            .append_pair("room_ids", &room.number.to_string())
            .extend_pairs(self.browser.parameters());
        let (place, began) = (place_of(&url), Instant::now());
        let (is_alive, answer, detail) = match self.http.get(url, self.browser.headers()).await {
            Ok(answer) => match answer::is_alive(answer.status, &answer.text(), room.number) {
                Some(true) => (Some(true), AttemptAnswer::Good, String::new()),
                Some(false) => (Some(false), AttemptAnswer::NotLive, String::new()),
                None => (None, AttemptAnswer::NotUnderstood, format!("HTTP {}", answer.status)),
            },
            Err(error) => {
                tracing::debug!(%error, "whether the room is alive could not be asked");
                (None, answer_of(&error), detail_of(&error))
            }
        };
        self.story.tell_answer(AttemptStep::AskAlive, &place, began, answer, &detail);
        is_alive
    }

    fn room_of(&self, verdict: Verdict) -> Result<Room, SourceError> {
        let user = self.handle.to_string();
        let place = || place_of(&self.bases.web(&[]));
        Err(match verdict {
            Verdict::Live { room_id, unique_id } => {
                let unique_id = unique_id.unwrap_or_else(|| CompactString::new(self.handle.as_str()));
                return Ok(Room { number: room_id, unique_id });
            }
            Verdict::NotLive => SourceError::NotLive { user },
            Verdict::NoSuchUser | Verdict::Silent => SourceError::NoSuchUser { user },
            Verdict::AgeRestricted => SourceError::AgeRestricted { user },
            Verdict::NotUnderstood { code, message } => SourceError::NotUnderstood { user, code, message },
            Verdict::Captcha => SourceError::Captcha { user },
            Verdict::Blocked { cause } => {
                let until_ms = self.clock.now_ms().saturating_add(AFTER_BLOCK.as_millis() as i64);
                SourceError::Blocked { place: place(), cause, until_ms }
            }
            Verdict::RateLimited { cause, until_ms } => SourceError::RateLimited { place: place(), cause, until_ms },
            Verdict::Failing { cause } => SourceError::Unreachable { place: place(), cause },
        })
    }
}
