//! Trying a rule: with what, and what came of it.

use cuelight_core::event::Event;
use cuelight_core::id::{ActionKindId, GiftId, ServiceId, SessionId};
use cuelight_core::reason::Reason;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::live::DecisionLine;

/// With what a rule is tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "with", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum TryWith {
    /// Something that happened.
    Real {
        /// The event's session.
        session: SessionId,
        /// The event's number in it.
        number: u32,
    },
    /// Something made up.
    MadeUp(MadeUp),
}

/// A made-up event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MadeUp {
    /// Who does it.
    pub nickname: String,
    /// Which gift; without one, one that the trigger answers.
    pub gift_id: Option<GiftId>,
    /// How many.
    pub count: u32,
    /// What they say.
    pub comment: String,
    /// Months subscribed.
    pub months: u32,
    /// They follow.
    pub follower: bool,
    /// They subscribe.
    pub subscriber: bool,
    /// They moderate.
    pub moderator: bool,
}

/// Something that happened and that a trigger answers.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RealEvent {
    /// The event's session.
    pub session: SessionId,
    /// The event's number in it.
    pub number: u32,
    /// When it came.
    pub received_ms: i64,
    /// The event in the form of files.
    pub event: Event,
}

/// What would happen, or with `try_rule` what now happens.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Trial {
    /// How often the rule fires.
    pub fired: u32,
    /// Why not, or why not more often.
    pub because: Option<Reason>,
    /// Its steps.
    pub steps: Vec<TriedStep>,
    /// What else would match.
    pub others: Vec<DecisionLine>,
    /// The number of the run, where it really ran.
    pub run: Option<String>,
}

/// A step that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TriedStep {
    /// Its place, such as `do[1]`.
    pub place: String,
    /// What it does.
    pub kind: ActionKindId,
    /// The service that would run it.
    pub service: ServiceId,
    /// As sent, with everything filled.
    pub summary: String,
    /// Why it would be skipped.
    pub because: Option<Reason>,
}
