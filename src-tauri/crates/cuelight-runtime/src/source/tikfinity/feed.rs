//! TikFinity's feed: a WebSocket on the streamer's machine that tells what TikFinity hears, without being asked.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::Url;
use tokio::net::TcpStream;
use tokio::time::{Interval, MissedTickBehavior, interval_at, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use crate::source::SourceError;
use crate::source::pace::Pace;

/// Where TikFinity puts its feed (<https://tikfinity.zerody.one/tiktok/dapi>).
const USUAL: &str = "ws://localhost:21213/";

/// The largest frame that is read, in bytes; those with the most viewers have some kilobytes.
const FRAME_BYTES: usize = 8 * 1024 * 1024;

/// The address of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedUrl(Url);

/// A text that is no feed's address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no address of TikFinity's feed such as ws://localhost:21213/: {cause}")]
pub struct NoFeedUrl {
    /// What was given.
    pub text: String,
    /// What is wrong with it.
    pub cause: String,
}

impl FeedUrl {
    /// The environment variable that names another address than the usual one.
    pub const VARIABLE: &'static str = "CUELIGHT_TIKFINITY";

    /// Where the feed usually is, or where the environment says.
    ///
    /// # Errors
    /// The environment holds no address.
    pub fn of_environment() -> Result<Self, NoFeedUrl> {
        std::env::var(Self::VARIABLE).as_deref().unwrap_or(USUAL).parse()
    }

    /// Host and port, for people.
    #[must_use]
    pub fn place(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }
}

/// Reads `ws://HOST[:PORT][/PATH]`; TikFinity speaks without TLS.
impl FromStr for FeedUrl {
    type Err = NoFeedUrl;

    fn from_str(text: &str) -> Result<Self, NoFeedUrl> {
        let wrong = |cause: String| NoFeedUrl { text: text.to_owned(), cause };
        let url = Url::parse(text.trim()).map_err(|error| wrong(error.to_string()))?;
        if url.scheme() != "ws" {
            return Err(wrong("it must begin with ws://".to_owned()));
        }
        if !url.has_host() {
            return Err(wrong("it has no host".to_owned()));
        }
        Ok(Self(url))
    }
}

impl fmt::Display for FeedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An open feed. Nothing is said to it but pings, by which a dead one is noticed.
#[derive(Debug)]
pub(crate) struct Feed {
    websocket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    ping: Interval,
    /// Pings since the last byte came.
    silent_pings: u32,
    most_silent_pings: u32,
}

impl Feed {
    /// Opens it.
    ///
    /// # Errors
    /// [`SourceError::Unreachable`] where nobody is there, or somebody who is no such feed.
    pub(crate) async fn open(url: &FeedUrl, pace: &Pace) -> Result<Self, SourceError> {
        let unreachable = |cause| SourceError::Unreachable { place: format!("TikFinity at {}", url.place()), cause };
        let bounds = WebSocketConfig::default().max_message_size(Some(FRAME_BYTES)).max_frame_size(Some(FRAME_BYTES));
        let connecting = connect_async_with_config(url.0.as_str(), Some(bounds), true);
        let (websocket, _) = match timeout(pace.answer_timeout, connecting).await {
            Ok(connected) => connected.map_err(|error| unreachable(error.to_string()))?,
            Err(_) => return Err(unreachable(format!("no answer within {:?}", pace.answer_timeout))),
        };
        let period = pace.heartbeat_period.max(Duration::from_millis(1));
        let mut ping = interval_at(tokio::time::Instant::now() + period, period);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ok(Self { websocket, ping, silent_pings: 0, most_silent_pings: pace.silent_heartbeats(pace.heartbeat_period) })
    }

    /// The text of the next frame. May be dropped and called again at any time.
    ///
    /// # Errors
    /// In words, what ended the feed; nothing comes after that.
    pub(crate) async fn next(&mut self) -> Result<String, String> {
        loop {
            tokio::select! {
                biased;
                message = self.websocket.next() => {
                    self.silent_pings = 0;
                    match message {
                        Some(Ok(Message::Text(text))) => return Ok(text.as_str().to_owned()),
                        Some(Ok(Message::Close(_))) => return Err("TikFinity closed its feed".to_owned()),
                        // The library answers pings; bytes mean nothing here.
                        Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_))) => {}
                        Some(Err(error)) => return Err(format!("TikFinity's feed broke: {error}")),
                        None => return Err("TikFinity's feed broke without a word".to_owned()),
                    }
                }
                _ = self.ping.tick() => self.ping().await?,
            }
        }
    }

    /// Closes it in order, if that is quick.
    pub(crate) async fn close(mut self, patience: Duration) {
        // A feed that does not answer is left all the same.
        let _ = timeout(patience, self.websocket.close(None)).await;
    }

    async fn ping(&mut self) -> Result<(), String> {
        if self.silent_pings >= self.most_silent_pings {
            return Err(format!("TikFinity was silent for {:?}", self.ping.period() * self.silent_pings));
        }
        self.silent_pings += 1;
        let ping = Message::Ping(Vec::new().into());
        self.websocket.send(ping).await.map_err(|error| format!("TikFinity's feed broke: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_address_and_others_are_read_and_shown() {
        for (text, place) in
            [(USUAL, "localhost:21213"), ("ws://192.168.1.7", "192.168.1.7"), (" ws://[::1]:4/x ", "[::1]:4")]
        {
            let url: FeedUrl = text.parse().expect(text);
            assert_eq!(url.place(), place, "{text}");
        }
        for text in ["", "localhost:21213", "http://localhost:21213", "wss://localhost:21213", "ws://"] {
            let error = text.parse::<FeedUrl>().expect_err("no feed").to_string();
            assert!(error.contains("ws://localhost:21213/"), "{error} must show what one looks like");
        }
    }
}
