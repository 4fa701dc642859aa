//! Which request gets which answer.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Query, Request as HttpRequest, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::account::Account;
use super::answers::LivePageAnswer;
use super::seen::Request;
use super::wire::Scissors;
use super::{Stage, answers, door, limits, live_page, sign, upgrade};
use crate::scenario::Admission;

/// The largest request body read, in bytes; addresses to sign are below 4 KiB.
const BODY_SIZE_BYTES_MAX: usize = 64 * 1024;

/// Answers every request; the paths are TikTok's and the sign server's.
pub(super) async fn answer(
    State(stage): State<Arc<Stage>>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    http: HttpRequest,
) -> Response {
    let (parts, body) = http.into_parts();
    let query = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
    let request = Request::of(&parts, query.map(|Query(pairs)| pairs).unwrap_or_default());
    let number = stage.notebook.note(|seen| {
        seen.requests.push(request.clone());
        seen.requests.len() - 1
    });
    tokio::time::sleep(Duration::from_millis(stage.scenario.latency_ms)).await;
    let response = if request.header("upgrade").is_some_and(|to| to.eq_ignore_ascii_case("websocket")) {
        upgrade::answer(&stage, parts, request, scissors).await
    } else {
        route(&stage, &parts.method, &request, body).await
    };
    let status = response.status().as_u16();
    stage.notebook.note(|seen| {
        if let Some(request) = seen.requests.get_mut(number) {
            request.status = Some(status);
        }
    });
    response
}

async fn route(stage: &Stage, method: &Method, request: &Request, body: Body) -> Response {
    let segments: Vec<&str> = request.path.split('/').filter(|part| !part.is_empty()).collect();
    let is_site = matches!(segments.as_slice(), [] | ["live"] | ["login"] | ["api-live", ..])
        || segments.first().is_some_and(|first| first.starts_with('@'));
    if is_site && !door::opens_to_page(stage.scenario.admission, request) {
        return StatusCode::FORBIDDEN.into_response();
    }
    match (method.as_str(), segments.as_slice()) {
        ("GET", [] | ["live"]) => page(stage, request, home_page(stage)),
        ("GET", [profile]) if profile.starts_with('@') => page(stage, request, home_page(stage)),
        ("GET", [profile, "live"]) if profile.starts_with('@') => {
            let handle = &profile[1..];
            match answers::live_page(handle, Account::of(handle), stage.on_air()) {
                LivePageAnswer::Page { state } => page(stage, request, live_page::live(stage, request, &state)),
                LivePageAnswer::Instead(answer) => answer,
                LivePageAnswer::Nothing => std::future::pending().await,
            }
        }
        ("GET", ["login"]) => page(stage, request, live_page::login_page(stage, request)),
        ("POST", ["logged-in"]) => live_page::logged_in(),
        ("GET", [script]) if *script == &live_page::WORKER[1..] => live_page::worker(stage),
        ("GET", ["api-live", "user", "room"]) => {
            let handle = request.query("uniqueId").unwrap_or_default();
            match answers::user_room(handle, Account::of(handle), stage.on_air()) {
                Some(answer) => answer,
                None => std::future::pending().await,
            }
        }
        ("GET", ["webcast", "room", "check_alive"]) => {
            answers::check_alive(request.query("room_ids").unwrap_or_default(), stage.on_air())
        }
        ("GET", ["webcast", "room", "info" | "info_by_user"]) => {
            let handle = request.query("unique_id").unwrap_or("sim");
            answers::room_info(handle, Account::of(handle), stage.on_air())
        }
        ("GET", ["webcast", "gift", "list"]) => match answers::gift_list(stage.scenario.gift_list) {
            Some(answer) => answer,
            None => std::future::pending().await,
        },
        ("GET", ["webcast", "fetch"] | ["webcast", "rooms" | "anchors", _, "connect"]) => {
            sign::fetch(&stage.scenario, stage.on_air().room_id, stage.address, request.header("x-api-key"))
        }
        ("GET", ["accounts", "me", "rate_limits"] | ["webcast", "rate_limits"]) => {
            sign::rate_limits(stage.scenario.sign)
        }
        ("POST", ["tiktok", "sign_url"] | ["webcast", "sign_url"]) => match to_bytes(body, BODY_SIZE_BYTES_MAX).await {
            Ok(body) => sign::signed_url(&body),
            Err(_) => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        },
        _ => (StatusCode::NOT_FOUND, "no such page").into_response(),
    }
}

/// A page of which only the cookie matters.
fn home_page(stage: &Stage) -> Response {
    stage.scenario.pages_limited.map_or_else(answers::home_page, limits::too_many)
}

/// A page that sets the anonymous `ttwid` cookie, unless the scenario holds it back.
fn page(stage: &Stage, request: &Request, mut response: Response) -> Response {
    if !response.status().is_success() {
        return response;
    }
    if stage.scenario.admission == Admission::BrowsersGetCookies && !door::is_browsing(request) {
        response.headers_mut().insert("x-tt-system-error", HeaderValue::from_static("3"));
    } else if stage.next_page_sets_ttwid() {
        let cookie = HeaderValue::from_static("ttwid=1%7Cfake%7C1790000000; Path=/; HttpOnly");
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
