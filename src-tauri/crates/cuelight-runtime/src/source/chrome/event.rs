//! What the browser tells over its debugging port, as far as anybody here listens.
//!
//! The names and fields are those of the Chrome DevTools Protocol, domains Target, Network, Page and Inspector.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::source::page::sockets::SocketKey;

/// Something that happened in the browser.
#[derive(Debug)]
pub(super) enum Event {
    /// A worker or frame came into being and waits to be let go on.
    Attached {
        /// Its own session.
        session: String,
    },
    /// A session is over: a worker ended or the page was closed.
    Detached {
        /// The session.
        session: String,
    },
    /// The page went down.
    Crashed,
    /// The page shows another document.
    Navigated {
        /// The page's session.
        session: String,
        /// Its address.
        url: String,
    },
    /// A frame shows another address in the same document, as its scripts wanted it.
    Moved {
        /// The frame.
        frame: String,
        /// The address.
        url: String,
    },
    /// The document is there, pictures and the like may not be.
    ContentLoaded,
    /// A document was answered.
    Document {
        /// The frame that it is for.
        frame: String,
        /// The HTTP status.
        http_status: u16,
    },
    /// The answer to what was asked without waiting for it.
    Answered {
        /// The result as JSON, or why there is none.
        outcome: Result<String, String>,
    },
    /// A script asked for a socket.
    SocketCreated {
        /// The socket.
        key: SocketKey,
        /// Its address.
        url: String,
    },
    /// A socket was accepted.
    SocketOpened {
        /// The socket.
        key: SocketKey,
    },
    /// A message came over a socket.
    Frame {
        /// The socket.
        key: SocketKey,
        /// Its bytes in base64 where it is binary, as all of TikTok's are; else its text.
        payload: String,
        /// Whether it is binary.
        is_binary: bool,
        /// When, in seconds of the browser's clock.
        at_s: f64,
    },
    /// A socket was closed.
    SocketClosed {
        /// The socket.
        key: SocketKey,
    },
}

impl Event {
    /// Reads an event; `None` for what nobody listens to and for what is not as it was.
    pub(super) fn read(method: &str, session: Option<&str>, params: &RawValue) -> Option<Self> {
        let of_session = || session.unwrap_or_default().to_owned();
        let key = |request| SocketKey { session: of_session(), request };
        match method {
            "Target.attachedToTarget" => {
                fields::<OfSession>(params).map(|it| Self::Attached { session: it.session_id })
            }
            "Target.detachedFromTarget" => {
                fields::<OfSession>(params).map(|it| Self::Detached { session: it.session_id })
            }
            "Inspector.targetCrashed" => Some(Self::Crashed),
            "Page.frameNavigated" => {
                let Navigated { frame } = fields(params)?;
                frame.parent_id.is_none().then(|| Self::Navigated { session: of_session(), url: frame.url })
            }
            "Page.navigatedWithinDocument" => {
                fields::<Moved>(params).map(|it| Self::Moved { frame: it.frame_id, url: it.url })
            }
            "Page.domContentEventFired" => Some(Self::ContentLoaded),
            "Network.responseReceived" => fields::<Answered>(params)
                .filter(|it| it.kind == "Document")
                .map(|it| Self::Document { frame: it.frame_id, http_status: it.response.status }),
            "Network.webSocketCreated" => {
                fields::<Created>(params).map(|it| Self::SocketCreated { key: key(it.request_id), url: it.url })
            }
            "Network.webSocketHandshakeResponseReceived" => fields::<Accepted>(params)
                .filter(|it| it.response.status == SWITCHING_PROTOCOLS)
                .map(|it| Self::SocketOpened { key: key(it.request_id) }),
            "Network.webSocketFrameReceived" => fields::<Received>(params).map(|it| Self::Frame {
                key: key(it.request_id),
                payload: it.response.payload_data,
                is_binary: it.response.opcode == BINARY,
                at_s: it.timestamp,
            }),
            "Network.webSocketClosed" => {
                fields::<OfRequest>(params).map(|it| Self::SocketClosed { key: key(it.request_id) })
            }
            _ => None,
        }
    }
}

/// The HTTP status of an accepted WebSocket.
const SWITCHING_PROTOCOLS: u16 = 101;

/// The WebSocket opcode of a binary message.
const BINARY: f64 = 2.0;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfSession {
    session_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfRequest {
    request_id: String,
}

#[derive(Deserialize)]
struct Navigated {
    frame: Frame,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Frame {
    parent_id: Option<String>,
    url: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Moved {
    frame_id: String,
    url: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answered {
    #[serde(rename = "type")]
    kind: String,
    frame_id: String,
    response: Status,
}

#[derive(Deserialize)]
struct Status {
    status: u16,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    request_id: String,
    url: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Accepted {
    request_id: String,
    response: Status,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Received {
    request_id: String,
    timestamp: f64,
    response: Message,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    opcode: f64,
    payload_data: String,
}

fn fields<'a, T: Deserialize<'a>>(params: &'a RawValue) -> Option<T> {
    serde_json::from_str(params.get()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(method: &str, params: &str) -> Option<String> {
        let params = RawValue::from_string(params.to_owned()).expect("it is JSON");
        Event::read(method, Some("S"), &params).map(|it| format!("{it:?}"))
    }

    #[test]
    fn only_what_matters_is_read() {
        for (method, params, expected) in [
            (
                "Network.webSocketFrameReceived",
                r#"{"requestId":"7.1","timestamp":12.5,"response":{"opcode":2,"mask":false,"payloadData":"AQI="}}"#,
                Some(
                    r#"Frame { key: SocketKey { session: "S", request: "7.1" }, payload: "AQI=", is_binary: true, at_s: 12.5 }"#,
                ),
            ),
            (
                "Network.webSocketFrameReceived",
                r#"{"requestId":"7.1","timestamp":12.5,"response":{"opcode":1,"mask":false,"payloadData":"AQI="}}"#,
                Some(
                    r#"Frame { key: SocketKey { session: "S", request: "7.1" }, payload: "AQI=", is_binary: false, at_s: 12.5 }"#,
                ),
            ),
            ("Network.webSocketFrameReceived", r#"{"requestId":"7.1"}"#, None),
            (
                "Network.webSocketHandshakeResponseReceived",
                r#"{"requestId":"7.1","timestamp":1,"response":{"status":200,"headers":{}}}"#,
                None,
            ),
            (
                "Network.responseReceived",
                r#"{"requestId":"9","type":"Document","frameId":"F","response":{"url":"https://a/","status":403}}"#,
                Some(r#"Document { frame: "F", http_status: 403 }"#),
            ),
            (
                "Network.responseReceived",
                r#"{"requestId":"9","type":"Image","frameId":"F","response":{"status":404}}"#,
                None,
            ),
            ("Page.frameNavigated", r#"{"frame":{"id":"A","parentId":"B","url":""}}"#, None),
            (
                "Page.frameNavigated",
                r#"{"frame":{"id":"A","url":"https://a/"}}"#,
                Some(r#"Navigated { session: "S", url: "https://a/" }"#),
            ),
            (
                "Page.navigatedWithinDocument",
                r#"{"frameId":"A","url":"https://a/@b","navigationType":"historyApi"}"#,
                Some(r#"Moved { frame: "A", url: "https://a/@b" }"#),
            ),
            ("Network.dataReceived", r#"{"requestId":"9"}"#, None),
        ] {
            assert_eq!(read(method, params).as_deref(), expected, "{method} {params}");
        }
    }
}
