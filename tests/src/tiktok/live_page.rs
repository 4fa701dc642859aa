//! The page of a live as a browser gets it: its own script opens the socket, under a policy that forbids all else.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};
use webcast_proto::{Str, outgoing};

use super::Stage;
use super::door::{IDENTITY, SIGNATURES};
use super::seen::Request;
use crate::scenario::LivePage;

/// Where the page's worker comes from.
pub(super) const WORKER: &str = "/live-page-worker.js";

/// The path of what is no business of TikTok's: another port and another host answer it as well.
pub(super) const ELSEWHERE: &str = "/elsewhere";

/// What the page may do: run its own script and worker, open sockets, show pictures.
const POLICY: &str =
    "default-src 'none'; script-src 'nonce-fake'; worker-src 'self'; connect-src 'self' ws:; img-src *";

/// The page's own script, and its worker's.
const SCRIPT: &str = include_str!("live_page.js");

/// Heartbeats that the page has ready; the last one is said again and again.
const HEARTBEATS: i64 = 60;

/// The cookies of a session, as a login sets them.
const SESSION: &[(&str, &str)] = &[
    ("sessionid", "0fa1e5e55101dfa1e5e55101d0000001"),
    ("sessionid_ss", "0fa1e5e55101dfa1e5e55101d0000001"),
    ("sid_tt", "0fa1e5e55101dfa1e5e55101d0000001"),
    ("sid_guard", "0fa1e5e55101dfa1e5e55101d0000001%7C1790000000%7C15552000%7CWed"),
    ("tt-target-idc", "useast1a"),
];

/// The page of a live with this state.
pub(super) fn live(stage: &Stage, request: &Request, state: &str) -> Response {
    let state = format!(r#"<script id="SIGI_STATE" type="application/json">{state}</script>"#);
    let (body, deed) = match stage.scenario.page {
        LivePage::Captcha if request.cookie("captcha") != Some("solved") => {
            return page("", r#"<div id="tiktok-verify-page"><button id="solve">I am no machine</button></div>"#, {
                Some(words(stage, "await_captcha"))
            });
        }
        LivePage::CaptchaLaidOver if request.cookie("captcha") != Some("solved") => ("", Some("lay_captcha")),
        LivePage::Login if request.cookie("sessionid").is_none() => return login(stage, request),
        LivePage::Socket
        | LivePage::SocketOnce
        | LivePage::SocketWithoutAcks
        | LivePage::Captcha
        | LivePage::CaptchaLaidOver
        | LivePage::Login => ("", Some("open")),
        LivePage::SocketInWorker => ("", Some("start_worker")),
        LivePage::SocketAndStrangers => ("", Some("open_beside_strangers")),
        LivePage::NoSocket => ("", None),
    };
    let deed = deed.filter(|_| stage.on_air().is_live);
    page(&state, body, deed.map(|deed| words(stage, deed)))
}

/// `/login`: a login under a status that programs give up at, as sites like to send it to those they do not trust.
pub(super) fn login_page(stage: &Stage, request: &Request) -> Response {
    (StatusCode::FORBIDDEN, login(stage, request)).into_response()
}

/// A login, or the word that there was one.
fn login(stage: &Stage, request: &Request) -> Response {
    if request.cookie("sessionid").is_some() {
        return page("", r#"<p id="logged-in">You are logged in.</p>"#, None);
    }
    page("", r#"<button id="log-in">Log in</button>"#, Some(words(stage, "await_login")))
}

/// `/logged-in`: what the click on the login's button asks for.
pub(super) fn logged_in() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    for (name, value) in SESSION {
        let cookie = format!("{name}={value}; Path=/; HttpOnly");
        let cookie = HeaderValue::from_str(&cookie).expect("the session's cookies are plain text");
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The script of the page's worker.
pub(super) fn worker(stage: &Stage) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/javascript"), (header::CONTENT_SECURITY_POLICY, POLICY)];
    (headers, script(&words(stage, "open"))).into_response()
}

fn page(head: &str, body: &str, words: Option<Value>) -> Response {
    let script = words.map(|words| format!(r#"<script nonce="fake">{}</script>"#, script(&words))).unwrap_or_default();
    let page = format!("<!DOCTYPE html><html><head>{head}</head><body>{body}{script}</body></html>");
    ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(page)).into_response()
}

fn script(words: &Value) -> String {
    format!("const WORDS = {words};\n{SCRIPT}")
}

/// What the script needs to know; it cannot write the frames of the protocol itself.
fn words(stage: &Stage, deed: &str) -> Value {
    let room_id = stage.on_air().room_id;
    let parameters = IDENTITY.iter().map(|(name, value)| format!("{name}={value}"));
    let parameters = parameters.chain([format!("room_id={room_id}"), format!("{}=page", SIGNATURES[0])]);
    let query = parameters.collect::<Vec<_>>().join("&");
    // Behind the log_id, whose tag and value have two bytes here.
    let rest_of_ack = outgoing::ack(1, Str::new(b"-")).split_off(2);
    json!({
        "deed": deed,
        "path": format!("/webcast/im/ws_proxy/ws_reuse_supplement/?{query}"),
        "worker": WORKER,
        "acknowledges": stage.scenario.page != LivePage::SocketWithoutAcks,
        "opens_again": stage.scenario.page != LivePage::SocketOnce,
        "open_again_ms": 200,
        "lay_captcha_ms": 1_000,
        "heartbeat_ms": 10_000,
        "heartbeats": (1..=HEARTBEATS).map(|number| outgoing::heartbeat(room_id, number)).collect::<Vec<_>>(),
        "enter": outgoing::enter_room(room_id),
        "rest_of_ack": rest_of_ack,
        "strangers": stage.strangers(),
    })
}
