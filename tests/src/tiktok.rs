//! The fake TikTok: HTTP and WebSocket on one loopback port, in a thread and runtime of its own.

mod account;
mod answers;
mod door;
mod limits;
mod live_page;
mod routes;
mod seen;
mod sign;
mod socket;
#[cfg(test)]
mod tests;
mod upgrade;
mod wire;

use std::collections::BTreeSet;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::far_side::{FarSide, listening_on};
use crate::scenario::{Opening, Scenario, Step};

pub use account::{Account, NEXT_ROOM_ID, ROOM_ID};
pub use seen::{Ack, Connection, EnterRoom, Heartbeat, Request, Seen};

use answers::OnAir;
use seen::Notebook;
use wire::{Scissors, Wires};

/// A running fake. It stops, and every connection with it, when this is dropped.
pub struct FakeTikTok {
    address: SocketAddr,
    stage: Arc<Stage>,
    _serving: FarSide,
}

impl FakeTikTok {
    /// Starts on a free loopback port.
    ///
    /// # Panics
    /// The machine has no free port or thread left: no test can go on then.
    pub fn start(scenario: Scenario) -> FakeTikTok {
        FakeTikTok::start_on(0, scenario).expect("a free loopback port can be listened on")
    }

    /// Starts on a given loopback port, 0 for a free one.
    ///
    /// # Errors
    /// The port is taken.
    pub fn start_on(port: u16, scenario: Scenario) -> io::Result<FakeTikTok> {
        let (listener, strangers) = (listening_on(port)?, listening_on(0)?);
        let (address, stranger) = (listener.local_addr()?, strangers.local_addr()?);
        let byte_every_ms = scenario.byte_every_ms;
        let stage = Arc::new(Stage::new(scenario, address, stranger));
        let router = Router::new().fallback(routes::answer).with_state(Arc::clone(&stage));
        let serving = FarSide::start("fake-tiktok", move || async move {
            let serve = |listener| {
                let listener = TcpListener::from_std(listener).expect("it listens and does not block");
                let service = router.clone().into_make_service_with_connect_info::<Scissors>();
                axum::serve(Wires { listener, byte_every_ms }, service).into_future()
            };
            tokio::select! {
                served = serve(listener) => served.expect("axum serves until it is dropped"),
                served = serve(strangers) => served.expect("axum serves until it is dropped"),
            }
        })?;
        Ok(FakeTikTok { address, stage, _serving: serving })
    }

    /// The loopback address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base of its HTTP routes, in place of `https://www.tiktok.com`, `https://webcast.tiktok.com` and the sign server.
    pub fn http_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The base of its WebSockets, in place of `wss://webcast-ws.tiktok.com`.
    pub fn websocket_url(&self) -> String {
        format!("ws://{}", self.address)
    }

    /// The environment that leads `cuelight` here.
    pub fn environment(&self) -> [(&'static str, String); 4] {
        [
            ("CUELIGHT_TIKTOK_WEB", self.http_url()),
            ("CUELIGHT_TIKTOK_WEBCAST", self.http_url()),
            ("CUELIGHT_TIKTOK_WS", self.websocket_url()),
            ("CUELIGHT_SIGN", self.http_url()),
        ]
    }

    /// Lets the next [`Step::AwaitCue`] go on.
    pub fn cue(&self) {
        self.stage.cues.send_modify(|given| *given += 1);
    }

    /// What clients have done so far.
    pub fn seen(&self) -> Seen {
        self.stage.notebook.snapshot()
    }

    /// Blocks until `is_so` holds for what clients have done. In an async test, call it from `spawn_blocking`.
    ///
    /// # Panics
    /// It does not hold within `timeout`; the text names `what` was waited for and what was seen.
    pub fn wait_until(&self, what: &str, timeout: Duration, is_so: impl Fn(&Seen) -> bool) -> Seen {
        let (seen, holds) = self.stage.notebook.wait_until(timeout, is_so);
        assert!(
            holds,
            "waited {timeout:?} for {what}; seen: {} requests, {} connections, {} acks",
            seen.requests.len(),
            seen.connections.len(),
            seen.ack_count(),
        );
        seen
    }

    /// Begins or ends the live by hand: decides what the HTTP routes say about every live account.
    pub fn set_live(&self, is_live: bool) {
        self.stage.set_live(is_live);
    }

    /// Goes live in another room by hand, as [`Step::ChangeRoom`] does.
    pub fn change_room(&self) {
        self.stage.change_room();
    }
}

/// What the routes and connections of one fake share.
struct Stage {
    scenario: Scenario,
    address: SocketAddr,
    /// A port of ours that is not TikTok's.
    stranger: SocketAddr,
    notebook: Notebook,
    is_live: AtomicBool,
    is_denied: AtomicBool,
    room_id: AtomicI64,
    pages_served: AtomicUsize,
    upgrades_served: AtomicUsize,
    acknowledged: Mutex<BTreeSet<u64>>,
    cues: watch::Sender<usize>,
}

impl Stage {
    fn new(scenario: Scenario, address: SocketAddr, stranger: SocketAddr) -> Stage {
        Stage {
            scenario,
            address,
            stranger,
            notebook: Notebook::default(),
            is_live: AtomicBool::new(true),
            is_denied: AtomicBool::new(false),
            room_id: AtomicI64::new(ROOM_ID),
            pages_served: AtomicUsize::new(0),
            upgrades_served: AtomicUsize::new(0),
            acknowledged: Mutex::default(),
            cues: watch::Sender::new(0),
        }
    }

    fn on_air(&self) -> OnAir {
        OnAir {
            room_id: self.room_id.load(Ordering::Relaxed),
            is_live: self.is_live.load(Ordering::Relaxed),
            is_denied: self.is_denied.load(Ordering::Relaxed),
        }
    }

    fn set_live(&self, is_live: bool) {
        self.is_live.store(is_live, Ordering::Relaxed);
    }

    fn change_room(&self) {
        self.room_id.store(NEXT_ROOM_ID, Ordering::Relaxed);
        self.set_live(true);
    }

    /// Another port and another host, as a page names them.
    fn strangers(&self) -> [String; 2] {
        [self.stranger.to_string(), format!("localhost:{}", self.address.port())]
    }

    /// Whether the page asked for now sets a `ttwid` cookie.
    fn next_page_sets_ttwid(&self) -> bool {
        self.pages_served.fetch_add(1, Ordering::Relaxed) >= self.scenario.pages_without_ttwid
    }

    /// What the upgrade asked for now gets.
    fn next_opening(&self) -> Opening {
        let number = self.upgrades_served.fetch_add(1, Ordering::Relaxed);
        let openings = &self.scenario.openings;
        let opening = openings.get(number).or(openings.last());
        opening.cloned().unwrap_or(Opening::Accepted(Vec::<Step>::new()))
    }

    fn note_ack(&self, log_id: u64) {
        self.acknowledged().insert(log_id);
    }

    fn acknowledged(&self) -> std::sync::MutexGuard<'_, BTreeSet<u64>> {
        self.acknowledged.lock().expect("nobody panics while holding the acknowledged ids")
    }
}
