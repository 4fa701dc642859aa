//! What TikTok has against us when it refuses the WebSocket: its answer to the upgrade, understood.

use std::fmt;

use cuelight_core::clean::clean_to;
use reqwest::header::{HeaderMap, HeaderValue};

use super::answer::TIKTOK_WORDS_CHARACTERS;

/// A refused upgrade: HTTP 200 or 400 in place of 101, with TikTok's reason in the headers `Handshake-Msg` and
/// `Handshake-Status`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What it means.
    pub kind: RefusalKind,
    words: String,
}

/// What a refusal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// 415 `DEVICE_BLOCKED`: the cookie or the browser that we are is worn out; a new one mends it.
    DeviceBlocked,
    /// 417 `illegal secret key`: a session came with an address that was not signed for it, or the signature is too old.
    IllegalKey,
    /// 417 `illegal app_id`: the address is not the one that TikTok signed.
    IllegalApp,
    /// Anything else, such as the answer of a proxy.
    Other,
}

impl Refusal {
    /// Reads the answer that came in place of a WebSocket. `None` for HTTP 200 without any reason, which is how a live
    /// looks that is private or not shown in this region.
    pub(super) fn of(http_status: u16, headers: &HeaderMap) -> Option<Self> {
        let text = |name| {
            let value = headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
            value.map(|text| clean_to(text, TIKTOK_WORDS_CHARACTERS))
        };
        let (message, status) = (text("handshake-msg"), text("handshake-status"));
        let kind = match (message.as_deref(), status.as_deref()) {
            (_, Some("415")) | (Some("DEVICE_BLOCKED"), _) => RefusalKind::DeviceBlocked,
            (Some("illegal secret key"), _) => RefusalKind::IllegalKey,
            (Some("illegal app_id"), _) => RefusalKind::IllegalApp,
            _ => RefusalKind::Other,
        };
        let words = match (message, status) {
            (Some(message), Some(status)) => format!("{message} (Handshake-Status {status}, HTTP {http_status})"),
            (Some(message), None) => format!("{message} (HTTP {http_status})"),
            (None, Some(status)) => format!("Handshake-Status {status} (HTTP {http_status})"),
            (None, None) if http_status == 200 => return None,
            (None, None) => format!("HTTP {http_status} in place of a WebSocket"),
        };
        Some(Self { kind, words })
    }
}

/// In TikTok's own words where it has any.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(
        http_status: u16,
        message: Option<&'static str>,
        status: Option<&'static str>,
        expected: Option<(RefusalKind, &str)>,
    ) {
        let mut headers = HeaderMap::new();
        for (name, value) in [("handshake-msg", message), ("handshake-status", status)] {
            if let Some(value) = value {
                headers.insert(name, HeaderValue::from_static(value));
            }
        }
        let refusal = Refusal::of(http_status, &headers);
        let told = refusal.as_ref().map(|it| (it.kind, it.words.as_str()));
        assert_eq!(told, expected, "HTTP {http_status}, {message:?}, {status:?}");
    }

    #[test]
    fn every_refusal_has_its_meaning_and_is_told_as_it_was_said() {
        use RefusalKind::{DeviceBlocked, IllegalApp, IllegalKey, Other};
        let told = "DEVICE_BLOCKED (Handshake-Status 415, HTTP 200)";
        check(200, Some("DEVICE_BLOCKED"), Some("415"), Some((DeviceBlocked, told)));
        check(200, None, Some("415"), Some((DeviceBlocked, "Handshake-Status 415 (HTTP 200)")));
        let told = "illegal secret key (Handshake-Status 417, HTTP 200)";
        check(200, Some("illegal secret key"), Some("417"), Some((IllegalKey, told)));
        let told = "illegal app_id (Handshake-Status 417, HTTP 400)";
        check(400, Some("illegal app_id"), Some("417"), Some((IllegalApp, told)));
        check(200, Some("what now"), Some("499"), Some((Other, "what now (Handshake-Status 499, HTTP 200)")));
        check(400, Some("what now"), None, Some((Other, "what now (HTTP 400)")));
        check(502, None, None, Some((Other, "HTTP 502 in place of a WebSocket")));
        check(200, None, None, None);
    }
}
