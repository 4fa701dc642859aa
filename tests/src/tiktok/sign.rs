//! The sign server's answers, which the public clients need before they connect.

use std::net::SocketAddr;

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use prost::Message as _;
use serde_json::{Value, json};
use webcast_proto::owned;

use super::account::ROOM_ID;
use crate::scenario::SignAnswer;

/// `/webcast/fetch` and `/webcast/rooms/{id}/connect`: a signed fetch result, or why there is none.
pub(super) fn fetch(answer: SignAnswer, address: SocketAddr) -> Response {
    match answer {
        SignAnswer::Good => fetched(owned::FetchResult {
            push_server: format!("ws://{address}/webcast/im/ws_proxy/ws_reuse_supplement/"),
            is_first: true,
            ..batch()
        }),
        SignAnswer::FallbackStub => {
            fetched(owned::FetchResult { push_server: "wss://ws-fallback.invalid/?token=none".into(), ..batch() })
        }
        SignAnswer::RateLimited => (
            [
                ("ratelimit-remaining", "42"),
                ("ratelimit-reset", "1790000042"),
                ("retry-after", "42"),
                ("x-ratelimit-reset", "1790000042"),
            ],
            too_many(),
        )
            .into_response(),
        SignAnswer::RateLimitedWithoutHeaders => too_many(),
        SignAnswer::PaymentRequired => failed(StatusCode::PAYMENT_REQUIRED, "this feature needs a paid plan"),
        SignAnswer::ServerError => failed(StatusCode::INTERNAL_SERVER_ERROR, "the signing browser crashed"),
        SignAnswer::NoAgents => failed(StatusCode::SERVICE_UNAVAILABLE, "no agents available"),
        SignAnswer::Empty => ([("x-set-tt-cookie", "ttwid=1%7Cfake%7Csigned; Path=/")], "").into_response(),
    }
}

/// `/tiktok/sign_url`: the address with signatures added.
pub(super) fn signed_url(body: &[u8]) -> Response {
    let wish: Value = serde_json::from_slice(body).unwrap_or_default();
    let Some(url) = wish["url"].as_str() else {
        return failed(StatusCode::BAD_REQUEST, "there is no url to sign in the body");
    };
    let joint = if url.contains('?') { '&' } else { '?' };
    let signed = json!({
        "code": 200,
        "message": "signed",
        "response": {
            "signedUrl": format!("{url}{joint}X-Bogus=x&X-Gnarly=y&msToken=z"),
            "userAgent": wish["userAgent"].as_str().or(wish["user_agent"].as_str()),
            "browserName": "Mozilla",
            "browserVersion": "5.0",
            "tokens": { "X-Bogus": "x", "X-Gnarly": "y", "msToken": "z" },
            "requestHeaders": {},
            "cookies": [],
        },
    });
    Json(signed).into_response()
}

fn batch() -> owned::FetchResult {
    owned::FetchResult {
        cursor: "1790000000000_7300000000000000000_1_1_0_0".into(),
        fetch_interval_ms: 1000,
        now_ms: 1_790_000_000_000,
        internal_ext: "fetch_time:1790000000000|start_time:0|flag:0|seq:1".into(),
        fetch_type: 1,
        route_params: vec![
            owned::RouteParameter { key: "imprp".into(), value: "fake-route".into() },
            owned::RouteParameter { key: "wrss".into(), value: "fake-session".into() },
        ],
        ..Default::default()
    }
}

fn fetched(result: owned::FetchResult) -> Response {
    let headers = [
        (header::CONTENT_TYPE.as_str(), "application/protobuf".to_owned()),
        ("x-set-tt-cookie", "ttwid=1%7Cfake%7Csigned; Path=/".to_owned()),
        ("x-room-id", ROOM_ID.to_string()),
        ("x-request-id", "fake-request".to_owned()),
        ("x-agent-id", "fake-agent".to_owned()),
    ];
    (headers, result.encode_to_vec()).into_response()
}

fn too_many() -> Response {
    let body = json!({
        "code": 429,
        "message": "too many connections were started, wait a little",
        "limit_label": "rate_limit_account_minute",
    });
    (StatusCode::TOO_MANY_REQUESTS, Json(body)).into_response()
}

fn failed(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "code": status.as_u16(), "message": message }))).into_response()
}
