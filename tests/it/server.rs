//! The local server of `cuelight serve` and beside `cuelight run`: who is let in, what is refused, and what every answer says.

mod api;
mod beside;
mod bounds;
mod lan;
mod page;

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue, Request};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::support::Workplace;
use crate::support::running::Running;

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// A served data folder, gone afterwards.
struct Served {
    running: Running,
    port: u16,
    full: String,
    remote: String,
    _workplace: Option<Workplace>,
}

impl Served {
    /// `cuelight serve` in a folder of its own, on any port.
    fn begin(args: &[&str]) -> Self {
        let workplace = Workplace::new();
        let served = Self::begin_in(&workplace, args);
        Self { _workplace: Some(workplace), ..served }
    }

    /// The same in that folder.
    fn begin_in(workplace: &Workplace, args: &[&str]) -> Self {
        let mut running = Running::start(workplace.cuelight(["serve", "--port", "0"].iter().chain(args).copied()));
        let full = running.next_with("full: http://127.0.0.1:");
        let remote = running.next_with("remote: http://");
        let remote = token_of(&remote).1.to_owned();
        Self { remote, ..at_link(running, &full) }
    }

    fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Sends those bytes, and reads until the far side has no more to say.
    async fn send(&self, bytes: &[u8]) -> Answer {
        let mut socket = self.knock().await;
        socket.write_all(bytes).await.expect("it takes what is sent");
        Answer::read(&mut socket).await
    }

    async fn knock(&self) -> TcpStream {
        TcpStream::connect(("127.0.0.1", self.port)).await.expect("it listens")
    }

    /// A request with these header lines beside its own.
    async fn ask(&self, what: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(request(what, &self.host(), headers, "").as_bytes()).await
    }

    /// A request of whoever has that token.
    async fn ask_as(&self, token: &str, what: &str, body: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        self.send(request(what, &self.host(), &[("Authorization", &bearer)], body).as_bytes()).await
    }

    /// A WebSocket with these header lines beside its own.
    async fn open(&self, path: &str, headers: &[(&'static str, &str)]) -> Result<Socket, u16> {
        let mut request: Request<()> = format!("ws://{}{path}", self.host()).into_client_request().expect("an address");
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).expect("a header's value");
            request.headers_mut().insert(HeaderName::from_static(name), value);
        }
        match connect_async(request).await {
            Ok((socket, _)) => Ok(Socket { socket }),
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("{path} gave no answer: {error}"),
        }
    }

    /// The window of whoever has that token.
    async fn window(&self, token: &str) -> Socket {
        let mut socket = self.open("/ui", &[]).await.expect("it upgrades");
        socket.say(&json!({ "token": token })).await;
        socket
    }
}

/// What is served where that link leads, with what its token may do.
#[track_caller]
fn at_link(running: Running, link: &str) -> Served {
    let (address, full) = token_of(link);
    let port = address.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).expect("a port");
    Served { running, port, full: full.to_owned(), remote: String::new(), _workplace: None }
}

/// The address and the token of a link.
#[track_caller]
fn token_of(link: &str) -> (&str, &str) {
    link.split_once("/#token=").expect("the token stands in the fragment")
}

fn request(what: &str, host: &str, headers: &[(&str, &str)], body: &str) -> String {
    let mut lines =
        format!("{what} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        lines.push_str(&format!("{name}: {value}\r\n"));
    }
    format!("{lines}\r\n{body}")
}

/// What was answered over HTTP.
#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    async fn read(socket: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        let read = tokio::time::timeout(PATIENCE, socket.read_to_end(&mut bytes)).await.expect("it answers in time");
        // A far side that has heard enough may hang up on what was still to come.
        drop(read);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let status = text.split(' ').nth(1).and_then(|it| it.parse().ok());
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = status.unwrap_or_else(|| panic!("this is no answer: {text:?}"));
        Self { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

/// An open WebSocket.
struct Socket {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// What came over a WebSocket.
#[derive(Debug, PartialEq)]
enum Heard {
    Said(Value),
    Closed(u16),
    Gone,
}

impl Socket {
    async fn say(&mut self, what: &Value) {
        self.socket.send(Message::text(what.to_string())).await.expect("it takes what is said");
    }

    /// The next thing that is said, whatever it is.
    async fn hear(&mut self) -> Heard {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("something comes in time");
            match next {
                Some(Ok(Message::Text(text))) => {
                    return Heard::Said(serde_json::from_str(&text).expect("everything that is said is JSON"));
                }
                Some(Ok(Message::Close(frame))) => {
                    return Heard::Closed(frame.map_or(0, |frame| frame.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Heard::Gone,
            }
        }
    }

    /// What a command is answered with; pushes are passed over.
    async fn call(&mut self, id: u64, command: &str, input: Value) -> Value {
        self.say(&json!({ "id": id, "command": command, "input": input })).await;
        loop {
            match self.hear().await {
                Heard::Said(said) if said["id"] == id => return said,
                Heard::Said(_) => {}
                gone => panic!("{command} was answered with {gone:?}"),
            }
        }
    }

    /// The refusal that comes next, and the end behind it.
    async fn refused(&mut self) -> (String, Heard) {
        loop {
            match self.hear().await {
                Heard::Said(said) if said.get("push").is_some() => {}
                Heard::Said(said) => {
                    let code = said["error"]["code"].as_str().unwrap_or_else(|| panic!("{said} is no refusal"));
                    return (code.to_owned(), self.hear().await);
                }
                gone @ (Heard::Closed(_) | Heard::Gone) => panic!("it ended without a word: {gone:?}"),
            }
        }
    }
}
