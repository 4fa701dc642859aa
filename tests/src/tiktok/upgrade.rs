//! Opening a WebSocket: who is let in gets the scenario's next opening.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::FromRequestParts;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};

use super::seen::{Connection, Request};
use super::wire::Scissors;
use super::{Stage, door, limits, live_page, socket};
use crate::scenario::Opening;

/// The subprotocol that TikTok accepts where a client offers it.
const SUBPROTOCOL: &str = "echo-protocol";

/// Accepts or refuses an upgrade; the connection then runs by itself.
pub(super) async fn answer(stage: &Arc<Stage>, mut parts: Parts, request: Request, scissors: Scissors) -> Response {
    if request.path == live_page::ELSEWHERE {
        return match WebSocketUpgrade::from_request_parts(&mut parts, stage).await {
            Ok(upgrade) => upgrade.on_upgrade(socket::speak_as_stranger),
            Err(rejection) => rejection.into_response(),
        };
    }
    let accepted = stage.upgrades_served.load(Ordering::Relaxed);
    if let Some(refused) = door::refuse_socket(stage.scenario.admission, &request, accepted) {
        return refused;
    }
    let steps = match stage.next_opening() {
        Opening::Accepted(steps) => steps,
        Opening::Refused(refusal) => return door::refused(refusal),
        Opening::Limited(form) => return limits::too_many(form),
        Opening::Unanswered => return std::future::pending().await,
    };
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, stage).await {
        Ok(upgrade) => upgrade.protocols([SUBPROTOCOL]),
        Err(rejection) => return rejection.into_response(),
    };
    let number = stage.notebook.note(|seen| {
        seen.connections.push(Connection::accepted(request));
        seen.connections.len() - 1
    });
    let stage = Arc::clone(stage);
    let mut response = upgrade.on_upgrade(move |websocket| socket::serve(websocket, stage, number, steps, scissors));
    response
        .headers_mut()
        .insert(HeaderName::from_static("handshake-options"), HeaderValue::from_static("ping-interval=10"));
    response
}
