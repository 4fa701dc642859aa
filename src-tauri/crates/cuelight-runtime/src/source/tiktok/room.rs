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
use super::story::{Story, answer_of, detail_of};
use crate::clock::Clock;
use crate::source::SourceError;
use crate::source::pace::AFTER_BLOCK;
use crate::source::tikfinity;

/// A room that can be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Room {
    /// TikTok's number of the live; 0 where nobody told it.
    pub(super) number: i64,
    /// The streamer's handle as TikTok spells it.
    pub(super) unique_id: CompactString,
}

impl Room {
    /// The room of a streamer whose live TikTok tells us nothing of; only a page or TikFinity leads there.
    pub(super) fn unknown(handle: &Handle) -> Self {
        Self { number: 0, unique_id: CompactString::new(handle.as_str()) }
    }

    /// Whether its number is known.
    pub(super) fn is_known(&self) -> bool {
        self.number != 0
    }

    /// The number as events carry it; where it is not known, what stands in for it in the source `tikfinity`.
    pub(super) fn id(&self) -> RoomId {
        if self.is_known() { RoomId::new(self.number.to_string()) } else { RoomId::new(tikfinity::ROOM) }
    }
}

/// Whether a room that we knew is still there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StillLive {
    /// It is.
    Yes,
    /// It is over, or the streamer began another one.
    No,
    /// TikTok does not tell.
    Unknown,
    /// Nobody answers: it is the network.
    Unreachable {
        /// What stopped the question.
        cause: String,
    },
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
        if matches!(self.is_alive(&room).await, Ok(Some(false))) {
            return Err(SourceError::NotLive { user: self.handle.to_string() });
        }
        Ok(room)
    }

    /// Asks again about a room that we were in. That there is no live is believed only where the room itself is not alive:
    /// TikTok has denied live users.
    pub(super) async fn is_still_live(&self, room: &Room) -> StillLive {
        let error = match self.find().await {
            Ok(found) if found.number == room.number => return StillLive::Yes,
            Ok(_) => return StillLive::No,
            Err(error) => error,
        };
        tracing::debug!(%error, "the live was not found again");
        let is_alive = self.is_alive(room).await;
        if let Ok(Some(is_alive)) = is_alive {
            return if is_alive { StillLive::Yes } else { StillLive::No };
        }
        match error {
            SourceError::NotLive { .. } => StillLive::No,
            // A server that fails is no network that does; two hosts that are both out of reach are.
            SourceError::Unreachable { .. } if is_alive.is_err() => StillLive::Unreachable { cause: error.to_string() },
            SourceError::Unreachable { .. }
            | SourceError::NoSuchUser { .. }
            | SourceError::Refused { .. }
            | SourceError::NotPublic { .. }
            | SourceError::Blocked { .. }
            | SourceError::RateLimited { .. }
            | SourceError::WayClosed { .. }
            | SourceError::NoWayLeft { .. }
            | SourceError::Captcha { .. }
            | SourceError::AgeRestricted { .. }
            | SourceError::NotUnderstood { .. }
            | SourceError::Denied { .. }
            | SourceError::Unreadable { .. }
            | SourceError::Closed(_) => StillLive::Unknown,
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
        let knows_better = match second {
            Verdict::Live { .. } | Verdict::NotLive | Verdict::AgeRestricted => true,
            // A person can solve a captcha, so that is the better news.
            Verdict::Captcha => matches!(first, Verdict::Blocked { .. } | Verdict::RateLimited { .. }),
            Verdict::NoSuchUser
            | Verdict::Silent
            | Verdict::NotUnderstood { .. }
            | Verdict::Blocked { .. }
            | Verdict::RateLimited { .. }
            | Verdict::Failing { .. } => false,
        };
        self.room_of(if knows_better { second } else { first })
    }

    /// `/webcast/room/check_alive/`: `None` where it does not tell.
    async fn is_alive(&self, room: &Room) -> Result<Option<bool>, SourceError> {
        let mut url = self.bases.webcast(&["webcast", "room", "check_alive", ""]);
        url.query_pairs_mut()
            .append_pair("aid", "1988")
            .append_pair("room_ids", &room.number.to_string())
            .extend_pairs(self.browser.parameters());
        let (place, began) = (place_of(&url), Instant::now());
        let answered = self.http.get(url, self.browser.headers()).await.inspect_err(|error| {
            tracing::debug!(%error, "whether the room is alive could not be asked");
            self.story.tell_answer(AttemptStep::AskAlive, &place, began, answer_of(error), &detail_of(error));
        })?;
        let is_alive = answer::is_alive(answered.status, &answered.text(), room.number);
        let (answer, detail) = match is_alive {
            Some(true) => (AttemptAnswer::Good, String::new()),
            Some(false) => (AttemptAnswer::NotLive, String::new()),
            None => (AttemptAnswer::NotUnderstood, format!("HTTP {}", answered.status)),
        };
        self.story.tell_answer(AttemptStep::AskAlive, &place, began, answer, &detail);
        Ok(is_alive)
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
