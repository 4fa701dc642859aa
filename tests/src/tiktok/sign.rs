//! The sign server's answers, which the public clients need before they connect.

use std::net::SocketAddr;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use prost::Message as _;
use serde_json::{Value, json};
use webcast_proto::owned;

use super::limits;
use crate::scenario::{Scenario, SignAnswer};

/// `/webcast/fetch` and `/webcast/rooms/{id}/connect`: a signed fetch result for that key, or why there is none.
pub(super) fn fetch(scenario: &Scenario, room_id: i64, address: SocketAddr, key: Option<&str>) -> Response {
    let good = || owned::FetchResult {
        push_server: format!("ws://{address}/webcast/im/ws_proxy/ws_reuse_supplement/"),
        is_first: true,
        messages: scenario.signed_batch.clone(),
        ..batch()
    };
    match scenario.sign {
        SignAnswer::Good => with_cookie(fetched(good(), room_id)),
        SignAnswer::GoodWithoutCookie => fetched(good(), room_id),
        SignAnswer::FallbackStub => {
            let push_server = "wss://ws-fallback.invalid/?token=none".into();
            with_cookie(fetched(owned::FetchResult { push_server, ..batch() }, room_id))
        }
        SignAnswer::RateLimited(form) => limits::too_many(form),
        SignAnswer::UnknownKey => {
            failed(StatusCode::UNAUTHORIZED, &format!("the api key {} is unknown", key.unwrap_or_default()))
        }
        SignAnswer::ForbiddenKey => failed(StatusCode::FORBIDDEN, "this api key may not connect"),
        SignAnswer::PaymentRequired => failed(StatusCode::PAYMENT_REQUIRED, "this feature needs a paid plan"),
        SignAnswer::PaymentRequiredWithin200 => {
            Json(json!({ "code": 403, "message": "this feature needs a paid plan" })).into_response()
        }
        SignAnswer::ServerError => failed(StatusCode::INTERNAL_SERVER_ERROR, "the signing browser crashed"),
        SignAnswer::NoAgents => failed(StatusCode::SERVICE_UNAVAILABLE, "no agents available"),
        SignAnswer::Empty => with_cookie(StatusCode::OK.into_response()),
    }
}

/// `/accounts/me/rate_limits`: what is left of the key's quota, unless the server does not take the key.
pub(super) fn rate_limits(answer: SignAnswer) -> Response {
    match answer {
        SignAnswer::UnknownKey => return failed(StatusCode::UNAUTHORIZED, "the api key is unknown"),
        SignAnswer::NoAgents => return failed(StatusCode::SERVICE_UNAVAILABLE, "no agents available"),
        SignAnswer::Good
        | SignAnswer::FallbackStub
        | SignAnswer::GoodWithoutCookie
        | SignAnswer::RateLimited(_)
        | SignAnswer::ForbiddenKey
        | SignAnswer::PaymentRequired
        | SignAnswer::PaymentRequiredWithin200
        | SignAnswer::ServerError
        | SignAnswer::Empty => {}
    }
    let quota = |max: u32, remaining: u32, wait_s: i64| {
        let reset_at = Timestamp::now() + SignedDuration::from_secs(wait_s);
        json!({ "max": max, "remaining": remaining, "reset_at": reset_at.to_string() })
    };
    let limits = json!({
        "code": 200,
        "day": quota(2_500, 2_498, 86_000),
        "hour": quota(250, 248, 3_500),
        "minute": quota(25, 24, 42),
    });
    Json(limits).into_response()
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

fn fetched(result: owned::FetchResult, room_id: i64) -> Response {
    let headers = [
        (header::CONTENT_TYPE.as_str(), "application/protobuf".to_owned()),
        ("x-room-id", room_id.to_string()),
        ("x-request-id", "fake-request".to_owned()),
        ("x-agent-id", "fake-agent".to_owned()),
    ];
    (headers, result.encode_to_vec()).into_response()
}

/// The answer with the cookie that goes with its signature.
fn with_cookie(mut response: Response) -> Response {
    let cookie = HeaderValue::from_static("ttwid=1%7Cfake%7Csigned; Path=/");
    response.headers_mut().insert("x-set-tt-cookie", cookie);
    response
}

fn failed(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "code": status.as_u16(), "message": message }))).into_response()
}
