//! Replay: a recording or a captured session decided again, with what would be done, and nothing done.
//!
//! It starts from empty rule state and empty queues that never fill, and its time is the recording's own, so the same
//! input gives the same output.
//!
//! Since nothing is done, what jobs would lead to is left out: counters and variables keep the values that they begin with
//! (none), rules that a step runs and events that it emits are named among the jobs and decide nothing, and what is no
//! event, such as a hotkey or the start of the app, does not happen.

mod captured;
mod paced;
mod rehearsal;
#[cfg(test)]
mod tests;

use cuelight_core::decision::Origin;
use cuelight_core::event::EventType;
use cuelight_core::facts::Values;
use cuelight_core::gift_catalogue::KnownGift;
use cuelight_core::id::{ActionKindId, ServiceId};
use cuelight_core::priority::Priority;
use cuelight_core::reason::Reason;
use cuelight_core::rule_set::RuleSet;
use cuelight_core::service::Services;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

pub use self::captured::CapturedSession;
pub use self::paced::Paced;
use self::rehearsal::Rehearsal;
use crate::actions::Registry;
use crate::clock::Clock;
use crate::source::{EventSender, EventSource, SourceEnd, SourceError, SourceStatus};

/// What a replay decides with.
#[derive(Debug, Clone, Copy)]
pub struct ReplayWith<'a> {
    /// The rules.
    pub rules: &'a RuleSet,
    /// The services and their wishes.
    pub services: &'a Services,
    /// The kinds of action.
    pub registry: &'a Registry,
    /// What is known of gifts before the first event.
    pub gifts: &'a [KnownGift],
    /// Silence after which a combo is ended without its end message, in milliseconds.
    pub combo_idle_ms: i64,
    /// Where chance comes from.
    pub seed: u64,
    /// The streamer's offset from UTC, in seconds, for times of day.
    pub utc_offset_s: i32,
}

/// What became of one rule or default action for one occasion.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReplayedDecision {
    /// The number of the event, 1 first; 0 where time passing was the occasion before any event.
    pub event: u32,
    /// What happened; left out where time passing was the occasion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_type: Option<EventType>,
    /// Who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewer: Option<String>,
    /// The rule or default action.
    pub rule: Origin,
    /// How often it fired.
    pub fired: u32,
    /// Why not, or why not more often.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<Reason>,
    /// What would be done, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub jobs: Vec<ReplayedJob>,
}

/// A job that would be handed off.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReplayedJob {
    /// Its service.
    pub service: ServiceId,
    /// What it would do.
    pub action: ActionKindId,
    /// Its place among waiting jobs.
    pub priority: Priority,
    /// Its parameters, filled in.
    #[serde(rename = "with")]
    pub parameters: Value,
    /// Why it would not be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<Reason>,
}

/// Decides everything that the source yields and hands each decision to `visit`, in order.
///
/// # Errors
/// What stopped the source.
pub async fn replay(
    mut source: Box<dyn EventSource>,
    with: ReplayWith<'_>,
    cancel: &CancellationToken,
    visit: &mut dyn FnMut(ReplayedDecision),
) -> Result<SourceEnd, SourceError> {
    let (inbox, mut deliveries) = mpsc::channel(cuelight_core::limits::INBOX_BATCHES);
    let sender = EventSender::new(inbox, watch::channel(SourceStatus::Idle).0, Clock::system());
    let values = Values::default();
    let decide = async move {
        let mut rehearsal = Rehearsal::new(with, &values);
        while let Some(delivery) = deliveries.recv().await {
            let (batch, committed) = delivery.into_parts();
            for event in batch.events {
                rehearsal.take(event, batch.received_ms, visit);
            }
            // The source may have ended meanwhile; then nobody waits for the word.
            let _ = committed.send(());
        }
        rehearsal.finish(visit);
    };
    let play = async {
        let outcome = source.run(&sender, cancel).await;
        drop(sender);
        outcome
    };
    let (outcome, ()) = tokio::join!(play, decide);
    outcome
}
