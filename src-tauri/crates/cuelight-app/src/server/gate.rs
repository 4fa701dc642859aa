//! What every request has to pass: asked by our own name, not by a foreign page, and not too often.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, response};
use tokio::time::Instant;

use super::house::House;
use super::refusal::Refusal;
use super::visitor::{Visitor, is_loopback_address};
use super::{limits, refusal};
use crate::dto::{Failure, FailureCode};

/// Nothing is loaded from elsewhere, nothing is sent elsewhere, and nobody puts us into a frame.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
     img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What every answer says.
const ON_EVERY_ANSWER: [(HeaderName, HeaderValue); 5] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    // A foreign page may not even show our pictures, which need no token.
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
];

/// Lets a request through or refuses it, and seals the answer.
pub(super) async fn guard(
    State(house): State<Arc<House>>,
    Extension(visitor): Extension<Visitor>,
    request: Request,
    next: Next,
) -> response::Response {
    let mut answer = match pass(&house, &visitor, &request) {
        Ok(()) => match tokio::time::timeout(limits::REQUEST_TIME, next.run(request)).await {
            Ok(answer) => answer,
            Err(_) => refusal::too_slow().into_response(),
        },
        Err(refusal) => refusal.into_response(),
    };
    seal(&mut answer);
    answer
}

fn pass(house: &House, visitor: &Visitor, request: &Request) -> Result<(), Refusal> {
    visitor.place.request(Instant::now()).map_err(refusal::too_often)?;
    let forbidden = |why: String| Refusal::new(StatusCode::FORBIDDEN, Failure::new(FailureCode::NotAllowed, why));
    let host = host(request.uri(), request.headers()).map_err(forbidden)?;
    if !is_ours(host, visitor.asked) {
        return Err(forbidden(format!("{host:?} is no name of this server")));
    }
    is_no_foreign_page(request.headers(), host).map_err(forbidden)?;
    if !visitor.is_here() && !house.is_open_to_network {
        return Err(forbidden("this server is for its own machine only".into()));
    }
    Ok(())
}

/// The one name that the request asks for.
fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Result<&'a str, String> {
    let mut named = headers.get_all(header::HOST).iter();
    let host = match (named.next(), named.next()) {
        (Some(host), None) => host.to_str().map_err(|_| "the Host header is no text".to_owned())?,
        (None, _) => return Err("there is no Host header".into()),
        (Some(_), Some(_)) => return Err("there is more than one Host header".into()),
    };
    match uri.authority() {
        Some(authority) if authority.as_str() != host => Err("the address and the Host header differ".into()),
        _ => Ok(host),
    }
}

/// A name that some foreign page had led here (DNS rebinding) is never one of these.
fn is_ours(host: &str, asked: SocketAddr) -> bool {
    let Some((name, port)) = host.rsplit_once(':') else { return false };
    if port.parse() != Ok(asked.port()) {
        return false;
    }
    let name = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    let by_loopback = is_loopback_address(asked.ip());
    match name.parse::<IpAddr>() {
        Ok(address) => address == asked.ip() || (by_loopback && is_loopback_address(address)),
        Err(_) => by_loopback && name.eq_ignore_ascii_case("localhost"),
    }
}

/// Browsers say which page asks; programs say nothing.
fn is_no_foreign_page(headers: &HeaderMap, host: &str) -> Result<(), String> {
    for origin in headers.get_all(header::ORIGIN) {
        let is_own = origin.to_str().is_ok_and(|origin| origin.strip_prefix("http://") == Some(host));
        if !is_own {
            return Err("a page from elsewhere may not ask".into());
        }
    }
    Ok(())
}

fn seal(answer: &mut Response) {
    let headers = answer.headers_mut();
    for (name, value) in ON_EVERY_ANSWER {
        headers.insert(name, value);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_server_at_its_port_are_its_own() {
        let here: SocketAddr = "127.0.0.1:8620".parse().expect("an address");
        let network: SocketAddr = "192.0.2.7:8620".parse().expect("an address");
        for (host, by_loopback, by_network) in [
            ("127.0.0.1:8620", true, false),
            ("localhost:8620", true, false),
            ("LOCALHOST:8620", true, false),
            ("[::1]:8620", true, false),
            ("192.0.2.7:8620", false, true),
            ("192.0.2.8:8620", false, false),
            ("127.0.0.1:8621", false, false),
            ("127.0.0.1", false, false),
            ("localhost", false, false),
            ("evil.example:8620", false, false),
            ("127.0.0.1.evil.example:8620", false, false),
            ("localhost.:8620", false, false),
            ("user@127.0.0.1:8620", false, false),
            ("[::1:8620", false, false),
            ("", false, false),
            (":8620", false, false),
        ] {
            assert_eq!(is_ours(host, here), by_loopback, "{host:?} asked of {here}");
            assert_eq!(is_ours(host, network), by_network, "{host:?} asked of {network}");
        }
    }

    #[test]
    fn only_our_own_page_may_ask_from_a_browser() {
        for (origin, may) in [
            (None, true),
            (Some("http://127.0.0.1:8620"), true),
            (Some("https://127.0.0.1:8620"), false),
            (Some("http://localhost:8620"), false),
            (Some("http://127.0.0.1:5173"), false),
            (Some("http://evil.example"), false),
            (Some("null"), false),
            (Some(""), false),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            }
            assert_eq!(is_no_foreign_page(&headers, "127.0.0.1:8620").is_ok(), may, "{origin:?}");
        }
    }

    #[test]
    fn two_host_headers_or_an_address_of_another_name_are_refused() {
        let mut headers = HeaderMap::new();
        assert!(host(&Uri::from_static("/"), &headers).is_err(), "without a name nothing is known");
        headers.insert(header::HOST, HeaderValue::from_static("127.0.0.1:8620"));
        assert_eq!(host(&Uri::from_static("/"), &headers).as_deref(), Ok("127.0.0.1:8620"), "the usual form");
        let foreign = Uri::from_static("http://evil.example/");
        assert!(host(&foreign, &headers).is_err(), "which of the two would count");
        headers.append(header::HOST, HeaderValue::from_static("evil.example"));
        assert!(host(&Uri::from_static("/"), &headers).is_err(), "which of the two would count");
    }
}
