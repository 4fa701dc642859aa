//! Opening the WebSocket: the address with everything that a browser would say, and what a refusal says.

use cuelight_core::clean::clean_to;
use rand::Rng;
use reqwest::Upgraded;
use reqwest::header::{CONNECTION, HeaderMap, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY};
use reqwest::header::{SEC_WEBSOCKET_VERSION, UPGRADE};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::answer::TIKTOK_WORDS_CHARACTERS;
use super::bases::{TikTokBases, place_of};
use super::http::{Http, story_of};
use super::identity::Identity;
use super::room::Room;
use crate::source::SourceError;

/// The largest WebSocket message that is read, in bytes; TikTok's batches have below 100 KiB.
const MESSAGE_BYTES: usize = 8 * 1024 * 1024;

/// Bytes taken from the system at once.
const READ_BYTES: usize = 64 * 1024;

/// Bytes that wait to be written before the connection counts as stuck; acks have about 200 bytes each.
const WRITE_BYTES: usize = 4 * 1024 * 1024;

/// An open WebSocket.
pub(super) type WebSocket = WebSocketStream<Upgraded>;

/// Opens the WebSocket of a room. TikTok takes us for a viewer's browser by cookie, headers and address together.
///
/// # Errors
/// [`SourceError::Refused`] with TikTok's own words when it answers anything but 101; a refusal is HTTP 200 or 400 with
/// `Handshake-Status` and `Handshake-Msg`. [`SourceError::Unreachable`] when no answer came.
pub(super) async fn open(
    http: &Http,
    bases: &TikTokBases,
    room: &Room,
    identity: &Identity,
    heartbeat_ms: u128,
    random: &mut impl Rng,
) -> Result<WebSocket, SourceError> {
    let mut url = bases.websocket(&["webcast", "im", "ws_proxy", "ws_reuse_supplement", ""]);
    url.query_pairs_mut()
        .extend_pairs([
            ("version_code", "180800"),
            ("aid", "1988"),
            ("live_id", "12"),
            ("app_name", "tiktok_web"),
            ("device_platform", "web"),
            ("identity", "audience"),
            ("sup_ws_ds_opt", "1"),
            ("did_rule", "3"),
            ("client_enter", "1"),
            ("update_version_code", "2.0.0"),
            ("ws_direct", "1"),
            ("resp_content_type", "protobuf"),
            ("history_comment_count", "6"),
            ("compress", "gzip"),
        ])
        .append_pair("heartbeat_duration", &heartbeat_ms.to_string())
        .append_pair("room_id", &room.number.to_string())
        .append_pair("last_rtt", &format!("{:.3}", random.random_range(100.0..200.0)))
        .extend_pairs(identity.browser.parameters());
    let place = place_of(&url);
    let key = generate_key();
    let mut headers = identity.headers();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    headers.insert(SEC_WEBSOCKET_KEY, HeaderValue::from_str(&key).expect("base64 is a header value"));

    let answer = http.get_head(url, headers).await?;
    let accepts = answer.headers().get(SEC_WEBSOCKET_ACCEPT);
    let is_accepted = accepts.is_some_and(|it| it.as_bytes() == derive_accept_key(key.as_bytes()).as_bytes());
    if answer.status().as_u16() != 101 || !is_accepted {
        return Err(SourceError::Refused { cause: refusal(answer.status().as_u16(), answer.headers()) });
    }
    let upgraded = answer.upgrade().await;
    let upgraded =
        upgraded.map_err(|error| SourceError::Unreachable { place, cause: story_of(&error.without_url()) })?;
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BYTES)
        .max_write_buffer_size(WRITE_BYTES)
        .max_message_size(Some(MESSAGE_BYTES))
        .max_frame_size(Some(MESSAGE_BYTES));
    Ok(WebSocketStream::from_raw_socket(upgraded, Role::Client, Some(config)).await)
}

/// TikTok's words where it refuses the upgrade.
fn refusal(http_status: u16, headers: &HeaderMap) -> String {
    let text = |name| {
        let value = headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        value.map(|text| clean_to(text, TIKTOK_WORDS_CHARACTERS))
    };
    match (text("handshake-msg"), text("handshake-status")) {
        (Some(message), Some(status)) => format!("{message} (Handshake-Status {status}, HTTP {http_status})"),
        (Some(message), None) => format!("{message} (HTTP {http_status})"),
        (None, Some(status)) => format!("Handshake-Status {status} (HTTP {http_status})"),
        (None, None) if http_status == 200 => {
            "HTTP 200 without a reason, as for a live that is not public or not shown in this region".to_owned()
        }
        (None, None) => format!("HTTP {http_status} in place of a WebSocket"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_in_tiktoks_own_words() {
        let with = |pairs: &[(&'static str, &'static str)]| {
            pairs.iter().map(|(name, value)| (name.parse().expect("name"), HeaderValue::from_static(value))).collect()
        };
        let both: HeaderMap = with(&[("handshake-msg", "DEVICE_BLOCKED"), ("handshake-status", "415")]);
        assert_eq!(
            refusal(200, &both),
            "DEVICE_BLOCKED (Handshake-Status 415, HTTP 200)",
            "both headers and the status"
        );
        let neither = refusal(200, &HeaderMap::new());
        assert!(neither.contains("not public"), "200 without a word is how region blocks look, not: {neither}");
        assert_eq!(refusal(502, &HeaderMap::new()), "HTTP 502 in place of a WebSocket", "a proxy's answer");
    }
}
