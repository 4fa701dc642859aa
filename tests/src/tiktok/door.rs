//! Who is let in: what makes a browser, an identity and a signature.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::account::PRIVATE_ROOM_ID;
use super::seen::Request;
use crate::scenario::{Admission, Refusal};

/// Query parameters without which TikTok takes a client for a bare script.
pub(super) const IDENTITY: &[(&str, &str)] = &[
    ("aid", "1988"),
    ("app_name", "tiktok_web"),
    ("device_platform", "web"),
    ("identity", "audience"),
    ("live_id", "12"),
    ("version_code", "180800"),
];

/// Query parameters that only a signed address has: of the page's own script, and of the sign server's route.
pub(super) const SIGNATURES: [&str; 2] = ["X-Bogus", "wrss"];

/// Whether a request for a page or the lookup is let in.
pub(super) fn opens_to_page(admission: Admission, request: &Request) -> bool {
    match admission {
        Admission::BrowsersOnly => is_browsing(request),
        Admission::Anybody
        | Admission::BrowsersGetCookies
        | Admission::SignedOnly
        | Admission::SignedOnlyLater
        | Admission::OnlyAt(_) => true,
    }
}

/// What an upgrade gets that is not let in, after so many that were.
pub(super) fn refuse_socket(admission: Admission, request: &Request, accepted: usize) -> Option<Response> {
    if !is_presentable(request) {
        return Some(refused(Refusal::DEVICE_BLOCKED));
    }
    if request.query("room_id") == Some(&PRIVATE_ROOM_ID.to_string()) {
        return Some(StatusCode::OK.into_response());
    }
    match admission {
        Admission::Anybody | Admission::BrowsersGetCookies => None,
        // What all browsers offer with a WebSocket; the headers of a page are not among those of an upgrade.
        Admission::BrowsersOnly if request.header("sec-websocket-extensions").is_some() => None,
        Admission::BrowsersOnly => Some(StatusCode::FORBIDDEN.into_response()),
        Admission::SignedOnlyLater if accepted == 0 => None,
        Admission::SignedOnly | Admission::SignedOnlyLater if is_signed(request) => None,
        Admission::OnlyAt(host) if request.host() == host => None,
        Admission::SignedOnly | Admission::SignedOnlyLater | Admission::OnlyAt(_) => {
            Some(refused(Refusal::DEVICE_BLOCKED))
        }
    }
}

/// Whether a request for a page or a picture is a browser's: it says what for, and that it prefers HTTPS or its brand.
pub(super) fn is_browsing(request: &Request) -> bool {
    request.header("sec-fetch-mode").is_some()
        && (request.header("sec-ch-ua").is_some() || request.header("upgrade-insecure-requests").is_some())
}

/// The answer to an upgrade that TikTok refuses.
pub(super) fn refused(refusal: Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.http_status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = [
        ("handshake-msg", refusal.handshake_msg.to_owned()),
        ("handshake-status", refusal.handshake_status.to_string()),
    ];
    (status, headers).into_response()
}

/// Whether the address of the socket has a signature.
fn is_signed(request: &Request) -> bool {
    SIGNATURES.iter().any(|name| request.query(name).is_some())
}

/// Whether the client brings the cookie, the User-Agent, a room and the identity of a browser.
fn is_presentable(request: &Request) -> bool {
    request.cookie("ttwid").is_some_and(|ttwid| !ttwid.is_empty())
        && request.header("user-agent").is_some_and(|agent| !agent.is_empty())
        && request.query("room_id").is_some_and(|room| !room.is_empty())
        && IDENTITY.iter().all(|(name, value)| request.query(name) == Some(value))
}
