//! Opening the WebSocket: what a browser's address says about itself, and the upgrade that TikTok grants or refuses.

use std::time::Duration;

use rand::Rng;
use reqwest::header::{CONNECTION, HeaderMap, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY};
use reqwest::header::{SEC_WEBSOCKET_VERSION, UPGRADE};
use reqwest::{StatusCode, Upgraded, Url};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::bases::place_of;
use super::http::story_of;
use super::identity::Browser;
use super::quota;
use super::refusal::Refusal;
use super::room::Room;
use super::way_in::Errand;
use crate::source::SourceError;

/// The largest WebSocket message that is read, in bytes; TikTok's batches have below 100 KiB.
const MESSAGE_BYTES: usize = 8 * 1024 * 1024;

/// Bytes taken from the system at once.
const READ_BYTES: usize = 64 * 1024;

/// Bytes that wait to be written before the connection counts as stuck; acks have about 200 bytes each.
const WRITE_BYTES: usize = 4 * 1024 * 1024;

/// The shortest and the longest time between two heartbeats that TikTok is taken at its word for.
const PING_INTERVAL_S: std::ops::RangeInclusive<u64> = 5..=30;

/// An open WebSocket.
pub(super) type WebSocket = WebSocketStream<Upgraded>;

/// A WebSocket that was just opened.
#[derive(Debug)]
pub(super) struct Opening {
    /// The socket.
    pub(super) websocket: WebSocket,
    /// Its host.
    pub(super) place: String,
    /// How often TikTok wants to hear from us, where it says so (`Handshake-Options: ping-interval=SECONDS`).
    pub(super) ping_interval: Option<Duration>,
}

/// What the page's own script says in the address of its socket, besides what the browser says about itself.
pub(super) fn parameters(
    room: &Room,
    browser: &Browser,
    heartbeat_period: Duration,
    random: &mut impl Rng,
) -> Vec<(&'static str, String)> {
    let fixed = [
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
    ];
    let own = [
        ("heartbeat_duration", heartbeat_period.as_millis().to_string()),
        ("room_id", room.number.to_string()),
        ("last_rtt", format!("{:.3}", random.random_range(100.0..200.0))),
    ];
    let fixed = fixed.map(|(name, value)| (name, value.to_owned()));
    fixed.into_iter().chain(own).chain(browser.parameters()).collect()
}

/// Opens the WebSocket of a room at that address. TikTok takes us for a viewer's browser by cookie, headers and address
/// together.
///
/// # Errors
/// [`SourceError::Refused`] with TikTok's own words when it answers anything but 101, [`SourceError::NotPublic`] when it
/// has none, [`SourceError::RateLimited`] when it counts too many from here. [`SourceError::Unreachable`] when no answer
/// came.
pub(super) async fn open(
    errand: &Errand<'_>,
    url: Url,
    mut headers: HeaderMap,
    room: &Room,
) -> Result<Opening, SourceError> {
    let place = place_of(&url);
    let key = generate_key();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    headers.insert(SEC_WEBSOCKET_KEY, HeaderValue::from_str(&key).expect("base64 is a header value"));

    let answer = errand.http.get_head(url, headers).await?;
    let accepts = answer.headers().get(SEC_WEBSOCKET_ACCEPT);
    let is_accepted = accepts.is_some_and(|it| it.as_bytes() == derive_accept_key(key.as_bytes()).as_bytes());
    if answer.status().as_u16() != 101 || !is_accepted {
        return Err(match Refusal::of(answer.status().as_u16(), answer.headers()) {
            Some(refusal) if answer.status() == StatusCode::TOO_MANY_REQUESTS => {
                let until_ms = quota::until_ms(answer.headers(), b"", errand.clock.now_ms());
                SourceError::RateLimited { place, cause: refusal.to_string(), until_ms }
            }
            Some(refusal) => SourceError::Refused { refusal },
            None => SourceError::NotPublic { user: room.unique_id.to_string() },
        });
    }
    let ping_interval = ping_interval(answer.headers());
    let upgraded = answer.upgrade().await;
    let upgraded = upgraded.map_err(|error| {
        let cause = story_of(&error.without_url());
        SourceError::Unreachable { place: place.clone(), cause }
    })?;
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BYTES)
        .max_write_buffer_size(WRITE_BYTES)
        .max_message_size(Some(MESSAGE_BYTES))
        .max_frame_size(Some(MESSAGE_BYTES));
    let websocket = WebSocketStream::from_raw_socket(upgraded, Role::Client, Some(config)).await;
    Ok(Opening { websocket, place, ping_interval })
}

/// How often TikTok wants to hear from us.
fn ping_interval(headers: &HeaderMap) -> Option<Duration> {
    let options = headers.get("handshake-options")?.to_str().ok()?;
    let interval = options.split([';', ',', '&']).find_map(|option| option.trim().strip_prefix("ping-interval="))?;
    let seconds: u64 = interval.trim().parse().ok()?;
    Some(Duration::from_secs(seconds.clamp(*PING_INTERVAL_S.start(), *PING_INTERVAL_S.end())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiktok_is_taken_at_its_word_about_heartbeats_within_reason() {
        for (options, expected_s) in [
            ("ping-interval=10", Some(10)),
            ("a=b; ping-interval=7", Some(7)),
            ("ping-interval=0", Some(5)),
            ("ping-interval=86400", Some(30)),
            ("ping-interval=often", None),
            ("a=b", None),
        ] {
            let headers = HeaderMap::from_iter([(
                "handshake-options".parse().expect("a name"),
                HeaderValue::from_static(options),
            )]);
            assert_eq!(ping_interval(&headers), expected_s.map(Duration::from_secs), "{options}");
        }
    }
}
