//! Support for system tests: a fake TikTok on loopback, and the program under test beside it.
//!
//! # Start a fake
//! ```no_run
//! use std::time::Duration;
//! use system_tests::{FakeTikTok, scenario};
//!
//! let tiktok = FakeTikTok::start(scenario::named("gift-streak").expect("the scenario exists"));
//! let capture = system_tests::program::cuelight()
//!     .args(["capture", "sim", "--source", "tiktok:direct", "--duration", "5"])
//!     .envs(tiktok.environment())
//!     .output();
//! let seen = tiktok.wait_until("all acks", Duration::from_secs(5), |seen| seen.ack_count() == 3);
//! assert_eq!(seen.connections[0].heartbeats[0].sequence, 1, "heartbeats count from one");
//! ```
//! It has a thread of its own, so it serves blocking and async tests alike, and stops when dropped. The handle decides
//! what the HTTP routes answer ([`Account`]: `sim` is live, `offline`, `nobody`, `adult`, … are not); the
//! [`Scenario`] decides what each WebSocket connection gets. Scenarios with a name are in [`scenario::NAMED`]; others
//! are built from [`Step`]s, [`Frame`]s and the messages of a [`Live`]:
//! ```
//! use system_tests::{Frame, Live, Opening, Scenario, Step, viewer};
//!
//! let mut live = Live::new();
//! let hello = Frame::of([live.chat(viewer::ROSA, "hello")]);
//! let over = Frame::of([live.ended()]).uncompressed();
//! Scenario::opening(vec![
//!     Opening::Accepted(vec![Step::Send(hello), Step::Break]),
//!     Opening::Accepted(vec![Step::LeaveLive, Step::Send(over)]),
//! ]);
//! ```
//!
//! # Flood it, and know what was acknowledged
//! ```no_run
//! # let frames: Vec<Vec<u8>> = Vec::new();
//! use std::time::Duration;
//! use system_tests::{FakeTikTok, Recording, Scenario};
//!
//! let recording = Recording::of_frames(frames).expect("the frames have ids of their own");
//! let tiktok = FakeTikTok::start(Scenario::flood(recording.clone()));
//! // … start `cuelight`, then kill it at a random moment:
//! let seen = tiktok.wait_until("acks", Duration::from_secs(20), |seen| seen.ack_count() >= 137);
//! // … after the kill, once everything it had sent was read:
//! let seen = tiktok.wait_until("its end", Duration::from_secs(5), |seen| {
//!     seen.connections.last().is_some_and(|connection| connection.ended)
//! });
//! let must_be_journaled = recording.messages_of(&seen.acknowledged_log_ids());
//! ```
//! A recording is prebuilt bytes, sent without any work per frame. Each new connection of a flood gets the frames that
//! were not acknowledged on any connection before it ([`Step::ReplayUnacknowledged`]).
//!
//! # Beside it
//! [`TcpProxy`] is a bad line to it, [`RecordingProxy`] notes which hosts a program asks for, and [`ResettingHost`] resets
//! every TLS connection.
//!
//! # What it insists on
//! An upgrade without a `ttwid` cookie, a User-Agent, a room or the identity of a browser in its query is refused with
//! HTTP 200 and `Handshake-Status: 415`. Nothing but heartbeats is answered before `im_enter_room` names the right
//! room. Everything clients send is noted in [`Seen`].

mod disk;
mod far_side;
mod frame;
mod live;
pub mod program;
mod recording;
mod recording_proxy;
mod resetting_host;
pub mod scenario;
mod tcp_proxy;
pub mod tikfinity;
mod tiktok;
pub mod viewer;

pub use disk::files_holding;
pub use frame::Frame;
pub use live::{GiftStep, Live, Message};
pub use recording::{MessageKey, Recording, RecordingError};
pub use recording_proxy::RecordingProxy;
pub use resetting_host::ResettingHost;
pub use scenario::{
    Admission, GiftListAnswer, LivePage, Opening, Pace, RateLimit, Refusal, Scenario, SignAnswer, Step,
};
pub use tcp_proxy::{Behaviour, TcpProxy};
pub use tiktok::{Account, Ack, Connection, EnterRoom, FakeTikTok, Heartbeat, NEXT_ROOM_ID, ROOM_ID, Request, Seen};
