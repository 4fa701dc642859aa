//! Who may open a WebSocket: TikTok's conditions, and the scenario's wishes.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::seen::{Connection, Request};
use super::wire::Scissors;
use super::{Stage, socket};
use crate::scenario::{Opening, Refusal};

/// Query parameters without which TikTok takes a client for a bare script.
const IDENTITY: &[(&str, &str)] = &[
    ("aid", "1988"),
    ("app_name", "tiktok_web"),
    ("device_platform", "web"),
    ("identity", "audience"),
    ("live_id", "12"),
    ("version_code", "180800"),
];

/// The subprotocol that TikTok accepts where a client offers it.
const SUBPROTOCOL: &str = "echo-protocol";

/// Accepts or refuses an upgrade; the connection then runs by itself.
pub(super) async fn answer(stage: &Arc<Stage>, mut parts: Parts, request: Request, scissors: Scissors) -> Response {
    if !is_presentable(&request) {
        return refused(Refusal::DEVICE_BLOCKED);
    }
    let steps = match stage.next_opening() {
        Opening::Accepted(steps) => steps,
        Opening::Refused(refusal) => return refused(refusal),
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

/// Whether the client brings the cookie, the User-Agent, a room and the identity of a browser.
fn is_presentable(request: &Request) -> bool {
    request.cookie("ttwid").is_some_and(|ttwid| !ttwid.is_empty())
        && request.header("user-agent").is_some_and(|agent| !agent.is_empty())
        && request.query("room_id").is_some_and(|room| !room.is_empty())
        && IDENTITY.iter().all(|(name, value)| request.query(name) == Some(value))
}

fn refused(refusal: Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.http_status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = [
        ("handshake-msg", refusal.handshake_msg.to_owned()),
        ("handshake-status", refusal.handshake_status.to_string()),
    ];
    (status, headers).into_response()
}
