//! `/api/v1/events`: what was committed to the journal, event by event, for scripts and pages that follow a live.

use std::str::FromStr;
use std::sync::Arc;

use axum::Extension;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use cuelight_core::id::{EventId, SessionId};
use cuelight_runtime::store::StoredEvent;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::conversation::Conversation;
use super::house::House;
use super::http::bearer;
use super::limits;
use super::refusal::Refusal;
use super::tokens::Admitted;
use super::visitor::Visitor;
use crate::dto::{Failure, FailureCode};

/// Where a follower begins, and what it wants.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    /// `SESSION-NUMBER`, the id of the last event that it has; without one it begins with what comes.
    since: Option<String>,
    /// Also what does not count: events of one's own, combo steps, viewer counts, history, unknown messages.
    #[serde(default)]
    all: bool,
}

/// One message: an event in its one form, and where it stands.
#[derive(Serialize)]
struct Line {
    id: String,
    event_type: String,
    data: Box<RawValue>,
}

pub(super) async fn open(
    State(house): State<Arc<House>>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    wish: Result<Query<Wish>, axum::extract::rejection::QueryRejection>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let prepared = || {
        let Query(wish) =
            wish.map_err(|error| Failure::new(FailureCode::BadInput, error.body_text()).about("query"))?;
        let since = wish.since.as_deref().map(place).transpose()?;
        // Programs show their token at once, pages in their first message.
        let admitted = bearer(&headers).map(|token| house.admit(token, &visitor)).transpose()?;
        Ok::<_, Failure>((since, wish.all, admitted))
    };
    match prepared() {
        Ok((since, all, admitted)) => Conversation::bounded(upgrade, &visitor)
            .on_upgrade(move |socket| follow(house, visitor, socket, admitted, since, all)),
        Err(failure) => Refusal::from(failure).into_response(),
    }
}

async fn follow(
    house: Arc<House>,
    visitor: Visitor,
    socket: WebSocket,
    admitted: Option<Admitted>,
    since: Option<EventId>,
    all: bool,
) {
    let begun = match admitted {
        Some(admitted) => Conversation::begin_as(&house, visitor, socket, admitted).await,
        None => Conversation::begin(&house, visitor, socket).await,
    };
    let Some(mut follower) = begun else { return };
    if let Err(failure) = tell_all(&house, &mut follower, since, all).await {
        follower.refuse(&failure).await;
    }
}

/// Tells what comes until the follower is gone.
async fn tell_all(
    house: &House,
    follower: &mut Conversation,
    since: Option<EventId>,
    all: bool,
) -> Result<(), Failure> {
    let app = house.door.app();
    let mut last = match since {
        Some(last) => last,
        None => app.read(|reader| reader.newest_event()).await?.unwrap_or(EventId::from_key(0)),
    };
    loop {
        let page = app.read(move |reader| reader.events_behind(last, limits::FEED_EVENTS)).await?;
        let is_full = page.len() as u32 == limits::FEED_EVENTS;
        for (id, event) in page {
            last = id;
            if (all || event.counted)
                && let Some(line) = line(id, event)
                && follower.say(&line).await.is_err()
            {
                return Ok(());
            }
        }
        if is_full && !follower.is_to_end() {
            continue;
        }
        tokio::select! {
            // What a follower says is of no interest, but that it is there.
            heard = follower.next() => if heard.is_none() {
                return Ok(());
            },
            () = tokio::time::sleep(limits::FEED_LOOK) => {}
        }
    }
}

fn line(id: EventId, event: StoredEvent) -> Option<Line> {
    match RawValue::from_string(event.data) {
        Ok(data) => {
            Some(Line { id: format!("{}-{}", id.session.0, id.number), event_type: event.event_type.into(), data })
        }
        Err(error) => {
            tracing::error!(number = id.number, %error, "a stored event could not be read");
            None
        }
    }
}

/// Reads `SESSION-NUMBER`.
fn place(text: &str) -> Result<EventId, Failure> {
    let parts = text.split_once('-').and_then(|(session, number)| {
        Some(EventId { session: SessionId(u32::from_str(session).ok()?), number: u32::from_str(number).ok()? })
    });
    // The journal's keys are signed.
    parts.filter(|id| id.session.0 <= i32::MAX as u32).ok_or_else(|| {
        Failure::new(FailureCode::BadInput, format!("{text:?} is no place in the journal such as 3-17")).about("since")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_journal_is_a_session_and_a_number() {
        let id = place("3-17").expect("a place");
        assert_eq!((id.session, id.number), (SessionId(3), 17), "as the feed tells it");
        for bad in ["", "3", "3-", "-17", "3-17-1", "a-b", "-1-2", "4294967296-1", "4294967295-1", "3--17"] {
            assert_eq!(place(bad).expect_err("no place").field.as_deref(), Some("since"), "{bad:?}");
        }
    }
}
