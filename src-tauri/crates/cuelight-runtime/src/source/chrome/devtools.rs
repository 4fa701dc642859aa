//! The browser's debugging port: commands and their answers, and what happens in between, over one WebSocket.

use std::collections::VecDeque;

use cuelight_core::clean::clean_to;
use futures_util::{SinkExt, StreamExt};
use reqwest::Url;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::error::CapacityError;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use super::event::Event;
use crate::source::page::rate::FrameRate;

/// The largest message of the browser, in bytes: a frame of 8 MiB in base64, and some room for what stands around it.
const MESSAGE_BYTES: usize = 12 * 1024 * 1024;

/// Events that are kept while a command is answered, which takes milliseconds.
const BACKLOG_EVENTS: usize = 1_024;

/// What is kept of the browser's words where it refuses a command, in characters.
const WORDS_CHARACTERS: usize = 200;

/// The line to a browser.
pub(super) struct DevTools {
    socket: WebSocketStream<TcpStream>,
    last_id: u64,
    /// The question whose answer comes among the events.
    asked: Option<u64>,
    /// What happened while a command was answered.
    backlog: VecDeque<Event>,
    rate: FrameRate,
}

/// Why the line is of no use any more, or a command did nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum DevToolsFault {
    /// The browser went away.
    #[error("the browser went away: {cause}")]
    Gone {
        /// What became of the connection.
        cause: String,
    },
    /// A frame is larger than any of TikTok's.
    #[error("the page was sent more than 8 MiB at once")]
    TooLarge,
    /// The page is sent more than any room has.
    #[error("the page floods: it is sent more than any room has")]
    Flood,
    /// The browser refused a command.
    #[error("the browser refused {method}: {words}")]
    Refused {
        /// The command.
        method: &'static str,
        /// Its words.
        words: String,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Command<'a> {
    id: u64,
    method: &'static str,
    params: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_id: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Heard<'a> {
    id: Option<u64>,
    #[serde(borrow)]
    method: Option<&'a str>,
    #[serde(borrow)]
    session_id: Option<&'a str>,
    #[serde(borrow)]
    params: Option<&'a RawValue>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    error: Option<Refusal>,
}

#[derive(Deserialize)]
struct Refusal {
    message: String,
}

/// One message of the browser.
enum Incoming {
    Answer {
        id: u64,
        outcome: Result<String, String>,
    },
    Event(Event),
    /// Nothing that anybody here listens to.
    Other,
}

impl DevTools {
    /// Connects to the address that the browser names.
    pub(super) async fn connect(address: &Url) -> Result<Self, DevToolsFault> {
        let host = address.host_str().unwrap_or_default();
        let port = address.port().unwrap_or_default();
        let stream = TcpStream::connect((host, port)).await.map_err(|error| gone(&error))?;
        stream.set_nodelay(true).map_err(|error| gone(&error))?;
        let config = WebSocketConfig::default()
            .max_message_size(Some(MESSAGE_BYTES))
            .max_frame_size(Some(MESSAGE_BYTES))
            // Commands are short; whoever does not read them is no browser.
            .max_write_buffer_size(1024 * 1024);
        let (socket, _) =
            client_async_with_config(address.as_str(), stream, Some(config)).await.map_err(fault_of_socket)?;
        Ok(Self { socket, last_id: 0, asked: None, backlog: VecDeque::new(), rate: FrameRate::new() })
    }

    /// Gives a command to the browser, or to the page or worker of that session, and waits for what it answers.
    ///
    /// # Errors
    /// [`DevToolsFault::Refused`] leaves the line as it was; any other fault is its end.
    pub(super) async fn call<T: DeserializeOwned>(
        &mut self,
        session: Option<&str>,
        method: &'static str,
        params: Value,
    ) -> Result<T, DevToolsFault> {
        let sent = self.tell(session, method, params).await?;
        loop {
            match self.hear().await? {
                Incoming::Answer { id, outcome } if id == sent => {
                    let result = outcome.map_err(|words| DevToolsFault::Refused { method, words })?;
                    return serde_json::from_str(&result)
                        .map_err(|error| DevToolsFault::Refused { method, words: format!("its answer: {error}") });
                }
                Incoming::Answer { id, outcome } if self.asked == Some(id) => {
                    self.asked = None;
                    self.backlog.push_back(Event::Answered { outcome });
                }
                Incoming::Answer { .. } | Incoming::Other => {}
                // From a page that is gone no answer comes any more.
                Incoming::Event(Event::Detached { session: ended }) if session == Some(ended.as_str()) => {
                    return Err(gone(&"the page was closed"));
                }
                Incoming::Event(Event::Crashed) if session.is_some() => return Err(gone(&"the page crashed")),
                Incoming::Event(_) if self.backlog.len() >= BACKLOG_EVENTS => return Err(DevToolsFault::Flood),
                Incoming::Event(event) => self.backlog.push_back(event),
            }
        }
    }

    /// Gives a command whose answer nobody waits for, and tells its number.
    ///
    /// # Errors
    /// The line has ended.
    pub(super) async fn tell(
        &mut self,
        session: Option<&str>,
        method: &'static str,
        params: Value,
    ) -> Result<u64, DevToolsFault> {
        self.last_id += 1;
        let command = Command { id: self.last_id, method, params, session_id: session };
        let text = serde_json::to_string(&command).expect("a command is JSON");
        self.socket.send(Message::text(text)).await.map_err(fault_of_socket)?;
        Ok(self.last_id)
    }

    /// Asks that session something whose answer comes as [`Event::Answered`]; nothing where an answer is still awaited.
    ///
    /// A page that is busy answers late, or never where it waits for us: what happens meanwhile must be followed.
    ///
    /// # Errors
    /// The line has ended.
    pub(super) async fn ask(
        &mut self,
        session: &str,
        method: &'static str,
        params: Value,
    ) -> Result<(), DevToolsFault> {
        if self.asked.is_none() {
            self.asked = Some(self.tell(Some(session), method, params).await?);
        }
        Ok(())
    }

    /// The next event that happened while a command was answered.
    pub(super) fn next_kept(&mut self) -> Option<Event> {
        self.backlog.pop_front()
    }

    /// Waits for the next event. Nothing is lost when this is dropped before it is done.
    ///
    /// # Errors
    /// The line has ended.
    pub(super) async fn next(&mut self) -> Result<Event, DevToolsFault> {
        if let Some(event) = self.next_kept() {
            return Ok(event);
        }
        loop {
            match self.hear().await? {
                Incoming::Event(event) => return Ok(event),
                Incoming::Answer { id, outcome } if self.asked == Some(id) => {
                    self.asked = None;
                    return Ok(Event::Answered { outcome });
                }
                Incoming::Answer { .. } | Incoming::Other => {}
            }
        }
    }

    /// Asks the browser to end, and listens until it has.
    pub(super) async fn end_browser(&mut self) {
        if self.tell(None, "Browser.close", Value::Object(serde_json::Map::new())).await.is_ok() {
            while let Some(Ok(_)) = self.socket.next().await {}
        }
    }

    async fn hear(&mut self) -> Result<Incoming, DevToolsFault> {
        let text = match self.socket.next().await {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Close(_))) | None => return Err(gone(&"it closed the connection")),
            Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {
                return Ok(Incoming::Other);
            }
            Some(Err(error)) => return Err(fault_of_socket(error)),
        };
        let incoming = read(&text);
        if let Incoming::Event(Event::Frame { payload, is_binary, at_s, .. }) = &incoming
            && !self.rate.takes(*at_s, if *is_binary { payload.len() / 4 * 3 } else { payload.len() })
        {
            return Err(DevToolsFault::Flood);
        }
        Ok(incoming)
    }
}

fn read(text: &str) -> Incoming {
    let Ok(heard) = serde_json::from_str::<Heard<'_>>(text) else { return Incoming::Other };
    if let Some(id) = heard.id {
        let outcome = match heard.error {
            Some(refusal) => Err(clean_to(&refusal.message, WORDS_CHARACTERS).into_owned()),
            None => Ok(heard.result.map_or("{}", RawValue::get).to_owned()),
        };
        return Incoming::Answer { id, outcome };
    }
    let event = heard.method.zip(heard.params);
    event
        .and_then(|(method, params)| Event::read(method, heard.session_id, params))
        .map_or(Incoming::Other, Incoming::Event)
}

fn gone(cause: &dyn std::fmt::Display) -> DevToolsFault {
    DevToolsFault::Gone { cause: cause.to_string() }
}

fn fault_of_socket(error: tungstenite::Error) -> DevToolsFault {
    match error {
        tungstenite::Error::Capacity(CapacityError::MessageTooLong { .. }) => DevToolsFault::TooLarge,
        error => gone(&error),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tokio::net::TcpListener;
    use tokio_tungstenite::accept_async;

    use super::*;

    /// A line to a browser that says these texts to the first command and then goes away.
    async fn line(said: Vec<String>) -> DevTools {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.expect("we connect");
            let mut socket = accept_async(stream).await.expect("a WebSocket");
            // The command, whatever it is.
            let _ = socket.next().await;
            for text in said {
                // A line that was given up takes no more.
                let _ = socket.send(Message::text(text)).await;
            }
        });
        let address = format!("ws://127.0.0.1:{port}/devtools/browser/1").parse().expect("an address");
        DevTools::connect(&address).await.expect("it listens")
    }

    fn frame(number: usize, size_bytes: usize) -> String {
        json!({ "method": "Network.webSocketFrameReceived", "sessionId": "S", "params": {
            "requestId": number.to_string(), "timestamp": 1.0,
            "response": { "opcode": 2, "mask": false, "payloadData": "A".repeat(size_bytes) } } })
        .to_string()
    }

    fn answer() -> String {
        json!({ "id": 1, "result": { "product": "Chrome/1" } }).to_string()
    }

    #[tokio::test]
    async fn what_happens_while_a_command_is_answered_is_not_lost() {
        let odd = ["no JSON", "[]", r#"{"method":"New.event"}"#, r#"{"id":7,"result":{}}"#].map(str::to_owned);
        let mut said: Vec<String> = odd.into_iter().collect();
        said.extend([frame(1, 4), frame(2, 4), answer(), frame(3, 4)]);
        let mut line = line(said).await;
        let answer: Value = line.call(None, "Browser.getVersion", json!({})).await.expect("it answers");
        assert_eq!(answer, json!({ "product": "Chrome/1" }), "its own answer, not that to another command");
        for expected in ["1", "2", "3"] {
            let event = line.next().await.expect("it came before the end");
            let Event::Frame { key, .. } = event else { panic!("{event:?} was not sent") };
            assert_eq!(key.request, expected, "in their order");
        }
        let fault = line.next().await.expect_err("it went away");
        assert!(matches!(fault, DevToolsFault::Gone { .. }), "{fault:?}");
    }

    #[tokio::test]
    async fn what_is_asked_without_waiting_is_answered_among_the_events() {
        let second = json!({ "id": 2, "result": {} }).to_string();
        let mut line = line(vec![frame(1, 4), answer(), frame(2, 4), second, frame(3, 4)]).await;
        line.ask("S", "Runtime.evaluate", json!({})).await.expect("it is sent");
        line.ask("S", "Runtime.evaluate", json!({})).await.expect("one question at a time is enough");
        line.call::<Value>(None, "Browser.getVersion", json!({})).await.expect("the answer to the second command");
        let mut came = Vec::new();
        while let Ok(event) = line.next().await {
            came.push(match event {
                Event::Frame { key, .. } => key.request,
                Event::Answered { outcome } => outcome.expect("it answered"),
                event => panic!("{event:?} was not sent"),
            });
        }
        assert_eq!(came, ["1", r#"{"product":"Chrome/1"}"#, "2", "3"], "in their order");
    }

    #[tokio::test]
    async fn a_refused_command_is_told_in_the_browsers_words() {
        let refusal = json!({ "id": 1, "error": { "code": -32000, "message": "No target with given id" } });
        let mut line = line(vec![refusal.to_string()]).await;
        let fault = line.call::<Value>(Some("S"), "Page.navigate", json!({})).await.expect_err("it was refused");
        assert_eq!(fault.to_string(), "the browser refused Page.navigate: No target with given id");
    }

    #[tokio::test]
    async fn a_page_that_goes_away_is_not_waited_for_until_it_answers() {
        let detached = |session: &str| {
            json!({ "method": "Target.detachedFromTarget", "params": { "sessionId": session } }).to_string()
        };
        let crashed = json!({ "method": "Inspector.targetCrashed", "sessionId": "S", "params": {} }).to_string();
        for (said, cause) in [(detached("S"), "the page was closed"), (crashed, "the page crashed")] {
            let mut line = line(vec![detached("of a worker"), said]).await;
            let fault = line.call::<Value>(Some("S"), "Page.navigate", json!({})).await.expect_err("nobody answers");
            assert_eq!(fault, DevToolsFault::Gone { cause: cause.to_owned() });
        }
    }

    #[tokio::test]
    async fn memory_is_bounded_whatever_the_page_is_sent() {
        for (what, said, expected) in [
            ("a giant", vec![frame(1, MESSAGE_BYTES)], DevToolsFault::TooLarge),
            ("many", (0..2_100).map(|it| frame(it, 4)).collect(), DevToolsFault::Flood),
            ("a few large ones", (0..10).map(|it| frame(it, 8 * 1024 * 1024)).collect(), DevToolsFault::Flood),
        ] {
            let mut line = line(said).await;
            let fault = line.call::<Value>(None, "Browser.getVersion", json!({})).await.expect_err("it is too much");
            assert_eq!(fault, expected, "{what}");
        }
    }
}
