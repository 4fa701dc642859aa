//! The feed: older lines of the journal, and the whole story of one event.

use cuelight_core::id::{EventId, SessionId};
use cuelight_runtime::store::Lines;
use serde::Deserialize;
use ts_rs::TS;

use super::Caller;
use crate::dto::{EventLine, EventStory, Failure, LineFilter};
use crate::view::LINES_AT_ONCE;

/// Which lines of the journal are asked for.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OlderLines {
    /// Of which session.
    session: SessionId,
    /// Before which number.
    before: u32,
    /// Which of them.
    filter: LineFilter,
    /// How many at most; no more than some screens full are given at once.
    limit: u32,
}

/// Which event is asked about.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct EventPlace {
    /// Its session.
    session: SessionId,
    /// Its number in it.
    number: u32,
}

pub(super) async fn older_lines(caller: Caller<'_>, input: OlderLines) -> Result<Vec<EventLine>, Failure> {
    let OlderLines { session, before, filter, limit } = input;
    let (from, to) = (EventId { session, number: 1 }, EventId { session, number: before.saturating_sub(1) });
    let which = match filter {
        LineFilter::All => Lines::All,
        LineFilter::Gifts => Lines::Paid,
        LineFilter::Chat => Lines::Said,
    };
    caller.app.view(move |view| view.lines(which, from, to, limit.min(LINES_AT_ONCE))).await
}

pub(super) async fn event_story(caller: Caller<'_>, input: EventPlace) -> Result<EventStory, Failure> {
    let EventPlace { session, number } = input;
    let story = caller.app.view(move |view| view.story(EventId { session, number })).await?;
    story.ok_or_else(|| Failure::not_found(format_args!("event {number} in session {session}")))
}

#[cfg(test)]
mod tests;
