//! The live as the window sees it: what feeds it, what came, and what comes next.

use cuelight_core::event::Event;
use cuelight_core::id::{EventId, SessionId, UserId};
use cuelight_core::reason::Reason;
use cuelight_core::way::Way;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::connection::Phase;
use super::job::Job;
use super::number_as_text;

/// What the live adds up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Who watches now.
    pub viewers: u64,
    /// Hearts of the room.
    pub likes: u64,
    /// Diamonds given.
    pub diamonds: u64,
    /// Follows of this session.
    pub new_followers: u64,
    /// Events that count.
    pub events: u64,
}

/// What feeds a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LiveSource {
    /// TikTok.
    Tiktok,
    /// What TikFinity hears of TikTok.
    Tikfinity,
    /// What another Cuelight publishes to Redis.
    Redis,
    /// The built-in simulator.
    Simulator,
    /// A recording.
    Recording,
}

/// Everything that the head of the Live screen shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LiveStatus {
    /// How the connection stands.
    pub phase: Phase,
    /// The handle without `@`; none where nobody was ever named.
    pub creator: Option<String>,
    /// The open session.
    pub session: Option<SessionId>,
    /// What feeds it.
    pub source: Option<LiveSource>,
    /// The way by which its events come; none while none leads in, and where nobody has to choose one.
    pub way: Option<Way>,
    /// What it adds up to.
    pub totals: Totals,
    /// The last time that we were away and know it.
    pub last_gap: Option<Gap>,
    /// All services are paused.
    pub paused: bool,
    /// Sound is held back.
    pub silenced: bool,
    /// How far the decisions are behind what TikTok sent.
    pub behind_ms: i64,
    /// Jobs of an earlier session that wait for *resume* or *discard*.
    pub old_jobs: Option<OldJobs>,
}

/// A time in which nothing was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    /// The last thing before it.
    pub from_ms: i64,
    /// The first thing after it.
    pub to_ms: i64,
}

/// Jobs of an earlier session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OldJobs {
    /// How many are held.
    pub count: u64,
    /// The newest of their sessions.
    pub session: SessionId,
}

/// How many jobs *stop everything* would end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StopPreview {
    /// Jobs that run.
    pub running: u64,
    /// Jobs that wait.
    pub waiting: u64,
    /// Of both, those that somebody paid for.
    pub paid: u64,
}

/// One thing whose health is worth a glance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// What it is.
    pub id: HealthId,
    /// How it is.
    pub state: HealthState,
    /// In its own numbers: ms since the last message, pages open, bytes free.
    pub value: Option<i64>,
    /// Why it is not well.
    pub reason: Option<Reason>,
}

/// What has a health.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HealthId {
    /// The way to TikTok; its value is ms since the last message.
    Tiktok,
    /// The local server; its value is how many pages are connected.
    Server,
    /// The disk of the data folder; its value is bytes free.
    Disk,
    /// Publishing to Redis.
    Redis,
}

/// How well something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HealthState {
    /// All is well.
    Good,
    /// Works, but should be known.
    Notable,
    /// Does not work.
    Bad,
    /// Not wanted.
    Off,
}

/// One event of the feed with what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventLine {
    /// The event's session.
    pub session: SessionId,
    /// The event's number in its session; with it, its identity.
    pub number: u32,
    /// When it came.
    pub received_ms: i64,
    /// The event in the form of files.
    pub event: Event,
    /// Where the picture of the viewer it is about is found: `/pictures/ID`, fetched when somebody looks.
    pub picture: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
}

impl EventLine {
    /// The event's place in the journal.
    #[must_use]
    pub fn id(&self) -> EventId {
        EventId { session: self.session, number: self.number }
    }
}

/// What became of an event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// Rules and default actions whose trigger matched.
    pub decisions: Vec<DecisionLine>,
    /// Jobs of its runs that wait.
    pub pending: u32,
    /// Jobs of its runs that run.
    pub processing: u32,
    /// Jobs of its runs that were done.
    pub completed: u32,
    /// Jobs of its runs that failed.
    pub failed: u32,
    /// Jobs of its runs that were discarded.
    pub discarded: u32,
    /// From its arrival to the end of the last of its jobs; none while one waits.
    pub took_ms: Option<i64>,
    /// Why the first job that did not complete did not.
    pub reason: Option<Reason>,
    /// Made by *Try*.
    pub test: bool,
}

/// What became of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DecisionLine {
    /// The id of the rule, or `default:SERVICE`.
    pub origin: String,
    /// What people call it.
    pub name: String,
    /// How often it fired.
    pub fired: u32,
    /// Why not, or why not more often.
    pub because: Option<Reason>,
}

/// A change of what became of an event that was sent before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeChange {
    /// The event's session.
    pub session: SessionId,
    /// The event's number in it.
    pub number: u32,
    /// What became of it.
    pub outcome: Outcome,
}

/// Which lines of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LineFilter {
    /// All.
    All,
    /// Gifts and what is paid.
    Gifts,
    /// What people say.
    Chat,
}

/// The whole story of one event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventStory {
    /// The event with what became of it.
    pub line: EventLine,
    /// Every rule of today's set and every default action, also those whose trigger did not match.
    pub decisions: Vec<StoryDecision>,
    /// What it made.
    pub runs: Vec<StoryRun>,
    /// When it came.
    pub received_ms: i64,
    /// When it was safe on the disk; missing where nobody noted it, as of an event that made no run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub committed_ms: Option<i64>,
    /// TikTok's own time.
    pub created_ms: Option<i64>,
}

/// A rule's verdict about an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StoryDecision {
    /// What became of it.
    #[serde(flatten)]
    pub line: DecisionLine,
    /// Its trigger matched; if not, nothing else was looked at.
    pub matched: bool,
}

/// One run with its jobs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StoryRun {
    /// Its number.
    #[serde(with = "number_as_text")]
    #[ts(type = "string")]
    pub id: i64,
    /// The id of the rule, or `default:SERVICE`.
    pub origin: String,
    /// What people call it.
    pub name: String,
    /// Which firing of the event it is, 1 first.
    pub firing: u32,
    /// Its jobs in their order.
    pub jobs: Vec<Job>,
}

/// What runs and what comes next over all services, the most urgent first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NowAndNext {
    /// What runs.
    pub now: Vec<Job>,
    /// What comes next.
    pub next: Vec<Job>,
}

/// An invented live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Scenario {
    /// A small live.
    SmallLive,
    /// A typical one.
    Typical,
    /// A busy one.
    Busy,
    /// Many roses at once.
    RaidOfRoses,
    /// The end of a battle.
    BattleFinish,
    /// Combos whose ends never come.
    MissingEnds,
    /// A connection that breaks within a combo.
    ReconnectInCombo,
    /// Every type of event.
    Everything,
}

/// A recording that can be played.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Recording {
    /// Where it lies.
    pub path: String,
    /// What it is called.
    pub name: String,
    /// Its size.
    pub size_bytes: u64,
    /// When it was recorded, where that is known.
    pub recorded_ms: Option<i64>,
}

/// What is rehearsed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "from", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Rehearsal {
    /// An invented live.
    Scenario {
        /// Which.
        scenario: Scenario,
        /// How many times as fast as real time.
        speed: f64,
        /// What chance begins with: any text gives the same live again.
        seed: String,
    },
    /// A recording.
    Recording {
        /// Where it lies.
        path: String,
        /// How many times as fast as real time.
        speed: f64,
    },
}

/// A viewer whom the streamer muted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MutedViewer {
    /// The number that stays over renames.
    pub user_id: UserId,
    /// The display name, where it is known.
    pub nickname: String,
}
