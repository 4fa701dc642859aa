//! What clients did to the fake: requests, heartbeats, acknowledgements, for tests to assert on.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use axum::http::request::Parts;

/// Everything seen since the fake started.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// HTTP requests in order of arrival, WebSocket upgrades among them.
    pub requests: Vec<Request>,
    /// Accepted WebSocket connections in order of arrival.
    pub connections: Vec<Connection>,
}

impl Seen {
    /// The requests for `path`, compared without a slash at its end.
    pub fn requests_for<'seen>(&'seen self, path: &str) -> impl Iterator<Item = &'seen Request> {
        let path = path.trim_end_matches('/').to_owned();
        self.requests.iter().filter(move |request| request.path.trim_end_matches('/') == path)
    }

    /// How many acknowledgements came over all connections, repeated ones included.
    pub fn ack_count(&self) -> usize {
        self.connections.iter().map(|connection| connection.acks.len()).sum()
    }

    /// The `log_id` of every frame that was acknowledged on any connection.
    pub fn acknowledged_log_ids(&self) -> BTreeSet<u64> {
        self.connections.iter().flat_map(|connection| connection.acks.iter().map(|ack| ack.log_id)).collect()
    }
}

/// One HTTP request.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET`, `POST`.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// Query parameters, decoded, in order; `version_code` legitimately comes twice.
    pub query: Vec<(String, String)>,
    /// Headers with names in lower case; values that are no text are left out.
    pub headers: Vec<(String, String)>,
    /// The HTTP status answered, 101 for an accepted upgrade; `None` while there is no answer.
    pub status: Option<u16>,
}

impl Request {
    pub(crate) fn of(parts: &Parts, query: Vec<(String, String)>) -> Request {
        let headers = parts
            .headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())));
        Request {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query,
            headers: headers.collect(),
            status: None,
        }
    }

    /// The first query parameter called `name`.
    pub fn query(&self, name: &str) -> Option<&str> {
        first(&self.query, name)
    }

    /// The first header called `name`, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        first(&self.headers, name)
    }

    /// The name of the machine that was asked for, without its port.
    pub fn host(&self) -> &str {
        let host = self.header("host").unwrap_or_default();
        host.rsplit_once(':').map_or(host, |(name, _)| name)
    }

    /// The cookie called `name`.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.header("cookie")?.split(';').find_map(|pair| {
            let (key, value) = pair.trim().split_once('=')?;
            (key == name).then_some(value)
        })
    }
}

/// One accepted WebSocket connection and what the client sent on it.
#[derive(Clone, Debug)]
pub struct Connection {
    /// The upgrade request, with the query and headers of the client.
    pub request: Request,
    /// `im_enter_room` frames, the wrong ones included.
    pub entered: Vec<EnterRoom>,
    /// `hb` frames.
    pub heartbeats: Vec<Heartbeat>,
    /// `ack` frames.
    pub acks: Vec<Ack>,
    /// WebSocket pongs.
    pub pong_count: usize,
    /// Binary frames that are none of the above, as they came.
    pub odd_frames: Vec<Vec<u8>>,
    /// Whether the connection is over and everything the client had sent was read.
    pub ended: bool,
}

impl Connection {
    pub(crate) fn accepted(request: Request) -> Connection {
        Connection {
            request,
            entered: Vec::new(),
            heartbeats: Vec::new(),
            acks: Vec::new(),
            pong_count: 0,
            odd_frames: Vec::new(),
            ended: false,
        }
    }
}

/// A request to enter a room (`WebcastImEnterRoomMessage`, fields 1, 4, 5 and 9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnterRoom {
    /// The room asked for.
    pub room_id: i64,
    /// 12 for the web.
    pub live_id: i64,
    /// `audience` for a viewer.
    pub identity: String,
    /// The text `0` in every known client.
    pub filter_welcome_msg: String,
}

/// A heartbeat (`HeartBeatMessage`, fields 1 and 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heartbeat {
    /// The room the client is in; 0 where it was left out.
    pub room_id: i64,
    /// Counts 1, 2, 3, …; 0 where it was left out.
    pub sequence: i64,
}

/// An acknowledgement (`WebcastPushFrame`, fields 2 and 8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ack {
    /// The `log_id` of the acknowledged frame.
    pub log_id: u64,
    /// The `internal_ext` of the acknowledged fetch result.
    pub payload: Vec<u8>,
}

/// The shared page on which connections note what they see.
#[derive(Debug, Default)]
pub(crate) struct Notebook {
    seen: Mutex<Seen>,
    changed: Condvar,
}

impl Notebook {
    pub(crate) fn note<T>(&self, write: impl FnOnce(&mut Seen) -> T) -> T {
        let written = write(&mut self.page());
        self.changed.notify_all();
        written
    }

    pub(crate) fn snapshot(&self) -> Seen {
        self.page().clone()
    }

    /// Waits until `is_so` holds, at most `timeout`; gives back what was seen and whether it holds.
    pub(crate) fn wait_until(&self, timeout: Duration, is_so: impl Fn(&Seen) -> bool) -> (Seen, bool) {
        let deadline = Instant::now() + timeout;
        let mut page = self.page();
        loop {
            if is_so(&page) {
                return (page.clone(), true);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return (page.clone(), false);
            }
            page = self.changed.wait_timeout(page, left).expect("nobody panics while holding the notebook").0;
        }
    }

    fn page(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().expect("nobody panics while holding the notebook")
    }
}

fn first<'pairs>(pairs: &'pairs [(String, String)], name: &str) -> Option<&'pairs str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}
