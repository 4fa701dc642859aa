//! The connection as the window sees it: how it stands, and what was tried for it.

use cuelight_core::attempt::{Attempt, AttemptAnswer, AttemptStep};
use cuelight_core::way::Way;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a source stands; every state that people can be in, told truthfully.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Phase {
    /// Nothing runs.
    Offline,
    /// The creator's room is looked for.
    Looking,
    /// TikTok knows nobody of that name.
    NoSuchCreator,
    /// The creator is not live.
    NotLive,
    /// The creator is not live; Cuelight looks again by itself.
    Waiting {
        /// When it looks again.
        next_check_ms: i64,
    },
    /// The room is there; the way into it is being opened.
    Connecting,
    /// Events come.
    Live {
        /// Since when.
        since_ms: i64,
        /// When the last message came.
        last_message_ms: i64,
    },
    /// The creator paused the live.
    PausedByCreator {
        /// Since when it is live.
        since_ms: i64,
        /// Since when it is paused.
        paused_ms: i64,
    },
    /// The connection broke and is made again.
    Reconnecting {
        /// When it broke.
        lost_ms: i64,
        /// When it is tried again.
        retry_ms: i64,
        /// Which try that will be.
        attempt: u32,
        /// What broke it.
        cause: String,
    },
    /// The live is for adults who logged in.
    AgeRestricted,
    /// The live is private, or not shown in this region.
    NotPublic,
    /// TikTok wants a person to solve a captcha.
    Captcha {
        /// Its page is in front of the person; else nothing goes on until somebody asks for it.
        is_shown: bool,
    },
    /// No way leads in.
    Blocked {
        /// What TikTok said.
        cause: String,
        /// When Cuelight tries again by itself; never where that cannot help.
        until_ms: Option<i64>,
    },
    /// Too many requests from here.
    RateLimited {
        /// Until when.
        until_ms: i64,
    },
    /// The live is over.
    Ended {
        /// Since when it was live.
        since_ms: i64,
        /// When it ended.
        ended_ms: i64,
    },
}

/// The story of the connections: what was tried to get into lives and to stay there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionStory {
    /// What was tried, the newest first.
    pub attempts: Vec<AttemptLine>,
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AttemptLine {
    /// When it began.
    pub at_ms: i64,
    /// How long it took until the answer.
    pub took_ms: u64,
    /// The streamer's handle without `@`.
    pub creator: String,
    /// The way that it was part of; none for the question whether the streamer is live.
    pub way: Option<Way>,
    /// What was tried.
    pub step: AttemptStep,
    /// The host that was asked; empty for this machine itself.
    pub place: String,
    /// What came of it.
    pub answer: AttemptAnswer,
    /// What there is to say beside the answer, in the words of whoever answered.
    pub detail: String,
}

impl From<Attempt> for AttemptLine {
    fn from(attempt: Attempt) -> Self {
        let detail = attempt.detail().to_owned();
        let Attempt { at_ms, took_ms, creator, way, step, place, answer, .. } = attempt;
        Self { at_ms, took_ms, creator: creator.into(), way, step, place, answer, detail }
    }
}
