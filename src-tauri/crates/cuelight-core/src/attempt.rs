//! One question on the way into a live and what came of it: the story of a connection is told in these.

use std::fmt;
use std::str::FromStr;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::clean::clean_to;
use crate::event::EventType;
use crate::limits::ATTEMPT_DETAIL_CHARACTERS;
use crate::way::Way;

/// One attempt: whom we asked for what, what was answered, and how long it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// When it began, ms since 1970.
    pub at_ms: i64,
    /// How long it took until the answer, in milliseconds.
    pub took_ms: u64,
    /// The streamer's handle without `@`.
    pub creator: CompactString,
    /// The way that it was part of; `None` for the question whether the streamer is live, which serves every way.
    pub way: Option<Way>,
    /// What was tried.
    pub step: AttemptStep,
    /// The host that was asked; empty for this machine itself.
    pub place: String,
    /// What came of it.
    pub answer: AttemptAnswer,
    detail: String,
}

/// What an attempt tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AttemptStep {
    /// To look the live up in TikTok's JSON.
    AskJson,
    /// To look the live up in its page.
    AskPage,
    /// To hear whether the room is still open.
    AskAlive,
    /// To be given the anonymous cookie.
    Cookie,
    /// To start a browser.
    StartBrowser,
    /// To have a browser open TikTok's page.
    OpenPage,
    /// To have a person solve a captcha.
    AskPerson,
    /// To have an address signed.
    Sign,
    /// To open TikTok's socket.
    Upgrade,
    /// To open TikFinity's feed.
    Feed,
    /// To be let into the room.
    EnterRoom,
    /// To stay in it.
    Stay,
}

/// What came of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum AttemptAnswer {
    /// What was asked for.
    Good,
    /// The room: its messages come from now on.
    InRoom,
    /// The live is over.
    LiveEnded,
    /// The streamer is not live.
    NotLive,
    /// TikTok knows nobody of that name.
    NoSuchUser,
    /// The live is for adults who logged in.
    AgeRestricted,
    /// A captcha stands in the way.
    Captcha,
    /// The live is private, or not shown in this region.
    NotPublic,
    /// The question was not understood.
    NotUnderstood,
    /// We are taken for a machine.
    Blocked {
        /// When asking again may help, ms since 1970.
        until_ms: i64,
    },
    /// Too many requests came from here.
    RateLimited {
        /// When asking again may help, ms since 1970.
        until_ms: i64,
    },
    /// The connection was refused, for a reason that the detail tells.
    Refused,
    /// Nothing answered, or not in time.
    Unreachable,
    /// What the way needs is not there or does not do: a browser, a key, TikFinity.
    NotThere,
    /// The connection ended before the live did.
    Broken,
    /// Other events come and those of this type never do.
    FamilyMissing {
        /// What never comes.
        family: EventType,
    },
}

impl Attempt {
    /// An attempt with what there is to say about it beside the answer, which is cleaned and cut.
    #[must_use]
    pub fn telling(self, detail: &str) -> Self {
        Self { detail: clean_to(detail, ATTEMPT_DETAIL_CHARACTERS).into_owned(), ..self }
    }

    /// An attempt that has nothing to say beside its answer.
    #[must_use]
    pub fn new(creator: CompactString, way: Option<Way>, step: AttemptStep, answer: AttemptAnswer) -> Self {
        Self { at_ms: 0, took_ms: 0, creator, way, step, place: String::new(), answer, detail: String::new() }
    }

    /// What there is to say beside the answer: a cause, or the words of who answered. At most
    /// [`ATTEMPT_DETAIL_CHARACTERS`] characters, safe to show.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Whether what was tried did not succeed.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        !matches!(self.answer, AttemptAnswer::Good | AttemptAnswer::InRoom | AttemptAnswer::LiveEnded)
    }
}

/// A text that names no step of an attempt, or no answer to one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("attempts have no {name:?}")]
pub struct NotOfAttempts {
    name: String,
}

impl NotOfAttempts {
    fn named(name: &str) -> Self {
        Self { name: name.to_owned() }
    }
}

impl AttemptStep {
    /// Every step, in the order in which a way takes those that it has.
    pub const ALL: [Self; 12] = [
        Self::AskJson,
        Self::AskPage,
        Self::AskAlive,
        Self::Cookie,
        Self::StartBrowser,
        Self::OpenPage,
        Self::AskPerson,
        Self::Sign,
        Self::Upgrade,
        Self::Feed,
        Self::EnterRoom,
        Self::Stay,
    ];

    /// Its name in the journal.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AskJson => "ask_json",
            Self::AskPage => "ask_page",
            Self::AskAlive => "ask_alive",
            Self::Cookie => "cookie",
            Self::StartBrowser => "start_browser",
            Self::OpenPage => "open_page",
            Self::AskPerson => "ask_person",
            Self::Sign => "sign",
            Self::Upgrade => "upgrade",
            Self::Feed => "feed",
            Self::EnterRoom => "enter_room",
            Self::Stay => "stay",
        }
    }
}

impl fmt::Display for AttemptStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for AttemptStep {
    type Err = NotOfAttempts;

    fn from_str(text: &str) -> Result<Self, NotOfAttempts> {
        Self::ALL.into_iter().find(|step| step.as_str() == text).ok_or_else(|| NotOfAttempts::named(text))
    }
}

impl AttemptAnswer {
    /// Its name in the journal.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::InRoom => "in_room",
            Self::LiveEnded => "live_ended",
            Self::NotLive => "not_live",
            Self::NoSuchUser => "no_such_user",
            Self::AgeRestricted => "age_restricted",
            Self::Captcha => "captcha",
            Self::NotPublic => "not_public",
            Self::NotUnderstood => "not_understood",
            Self::Blocked { .. } => "blocked",
            Self::RateLimited { .. } => "rate_limited",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::NotThere => "not_there",
            Self::Broken => "broken",
            Self::FamilyMissing { .. } => "family_missing",
        }
    }

    /// When asking again may help, where the answer says so, ms since 1970.
    #[must_use]
    pub fn until_ms(self) -> Option<i64> {
        match self {
            Self::Blocked { until_ms } | Self::RateLimited { until_ms } => Some(until_ms),
            Self::Good
            | Self::InRoom
            | Self::LiveEnded
            | Self::NotLive
            | Self::NoSuchUser
            | Self::AgeRestricted
            | Self::Captcha
            | Self::NotPublic
            | Self::NotUnderstood
            | Self::Refused
            | Self::Unreachable
            | Self::NotThere
            | Self::Broken
            | Self::FamilyMissing { .. } => None,
        }
    }

    /// What never comes, where the answer says so.
    #[must_use]
    pub fn family(self) -> Option<EventType> {
        match self {
            Self::FamilyMissing { family } => Some(family),
            Self::Good
            | Self::InRoom
            | Self::LiveEnded
            | Self::NotLive
            | Self::NoSuchUser
            | Self::AgeRestricted
            | Self::Captcha
            | Self::NotPublic
            | Self::NotUnderstood
            | Self::Refused
            | Self::Unreachable
            | Self::NotThere
            | Self::Broken
            | Self::Blocked { .. }
            | Self::RateLimited { .. } => None,
        }
    }

    /// The answer of that name, with what belongs to it.
    ///
    /// # Errors
    /// There is none of that name, or what belongs to it is missing.
    pub fn of_parts(name: &str, until_ms: Option<i64>, family: Option<EventType>) -> Result<Self, NotOfAttempts> {
        let nothing = || NotOfAttempts::named(name);
        Ok(match name {
            "good" => Self::Good,
            "in_room" => Self::InRoom,
            "live_ended" => Self::LiveEnded,
            "not_live" => Self::NotLive,
            "no_such_user" => Self::NoSuchUser,
            "age_restricted" => Self::AgeRestricted,
            "captcha" => Self::Captcha,
            "not_public" => Self::NotPublic,
            "not_understood" => Self::NotUnderstood,
            "blocked" => Self::Blocked { until_ms: until_ms.ok_or_else(nothing)? },
            "rate_limited" => Self::RateLimited { until_ms: until_ms.ok_or_else(nothing)? },
            "refused" => Self::Refused,
            "unreachable" => Self::Unreachable,
            "not_there" => Self::NotThere,
            "broken" => Self::Broken,
            "family_missing" => Self::FamilyMissing { family: family.ok_or_else(nothing)? },
            _ => return Err(nothing()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every answer there is.
    const ANSWERS: [AttemptAnswer; 16] = [
        AttemptAnswer::Good,
        AttemptAnswer::InRoom,
        AttemptAnswer::LiveEnded,
        AttemptAnswer::NotLive,
        AttemptAnswer::NoSuchUser,
        AttemptAnswer::AgeRestricted,
        AttemptAnswer::Captcha,
        AttemptAnswer::NotPublic,
        AttemptAnswer::NotUnderstood,
        AttemptAnswer::Blocked { until_ms: 7 },
        AttemptAnswer::RateLimited { until_ms: 8 },
        AttemptAnswer::Refused,
        AttemptAnswer::Unreachable,
        AttemptAnswer::NotThere,
        AttemptAnswer::Broken,
        AttemptAnswer::FamilyMissing { family: EventType::Comment },
    ];

    #[test]
    fn every_step_and_every_answer_comes_back_from_what_the_journal_keeps_of_it() {
        for step in AttemptStep::ALL {
            assert_eq!(step.to_string().parse(), Ok(step), "{step}");
            let shown = serde_json::to_value(step).expect("a name is JSON");
            assert_eq!(shown, step.as_str(), "the window sees the same name");
        }
        for answer in ANSWERS {
            let kept = AttemptAnswer::of_parts(answer.as_str(), answer.until_ms(), answer.family());
            assert_eq!(kept, Ok(answer), "{}", answer.as_str());
            let shown = serde_json::to_value(answer).expect("an answer is JSON");
            assert_eq!(shown["kind"], answer.as_str(), "the window sees the same name");
        }
        assert!(AttemptAnswer::of_parts("blocked", None, None).is_err(), "until when is part of it");
        assert!("ask_oracle".parse::<AttemptStep>().is_err(), "no step of ours");
    }

    #[test]
    fn what_an_attempt_tells_is_short_and_safe_to_show() {
        let attempt = Attempt::new("luna".into(), None, AttemptStep::AskJson, AttemptAnswer::Refused);
        let attempt = attempt.telling(&format!("no\u{7}\nway {}", "x".repeat(1_000)));
        assert!(attempt.detail().starts_with("no way x"), "no control characters: {:?}", attempt.detail());
        assert_eq!(attempt.detail().chars().count(), ATTEMPT_DETAIL_CHARACTERS, "an answer may be endless");
    }
}
