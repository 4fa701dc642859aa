//! What the fake TikTok does, as data: how it answers, and what each WebSocket connection gets.

mod door;
mod lasting;
mod making;
mod table;

use crate::frame::Frame;
use crate::live::Message;
use crate::recording::Recording;

pub use door::{Admission, GiftListAnswer, LivePage, RateLimit, Refusal, SignAnswer};
pub use lasting::{SixHours, six_hours};
pub use table::{NAMED, NamedScenario, named};

/// One behaviour of the fake, from the first request on.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// How long every HTTP answer and every upgrade is held back, in milliseconds.
    pub latency_ms: u64,
    /// How long every byte that is sent waits for the one before it, in milliseconds; 0 sends as fast as it goes.
    pub byte_every_ms: u64,
    /// Who is let in.
    pub admission: Admission,
    /// HTTP 429 in this form in place of the home page, the page of all lives and every profile.
    pub pages_limited: Option<RateLimit>,
    /// How many pages answer without setting a `ttwid` cookie before the first one does.
    pub pages_without_ttwid: usize,
    /// What the sign server says.
    pub sign: SignAnswer,
    /// What a signed answer brings in its body, before any frame of the socket.
    pub signed_batch: Vec<Message>,
    /// What the page of a live does in a browser.
    pub page: LivePage,
    /// What becomes of the gift list.
    pub gift_list: GiftListAnswer,
    /// What the first, second, … upgrade gets; the last one serves all further ones.
    pub openings: Vec<Opening>,
}

impl Scenario {
    /// A healthy TikTok whose every connection plays `steps` from the start.
    pub fn playing(steps: Vec<Step>) -> Scenario {
        Scenario::opening(vec![Opening::Accepted(steps)])
    }

    /// A healthy TikTok whose upgrades get one opening after the other.
    pub fn opening(openings: Vec<Opening>) -> Scenario {
        Scenario {
            latency_ms: 0,
            byte_every_ms: 0,
            admission: Admission::Anybody,
            pages_limited: None,
            pages_without_ttwid: 0,
            sign: SignAnswer::Good,
            signed_batch: Vec::new(),
            page: LivePage::Socket,
            gift_list: GiftListAnswer::Good,
            openings,
        }
    }

    /// Sends `recording` as fast as the client reads; a new connection gets what is not yet acknowledged.
    pub fn flood(recording: Recording) -> Scenario {
        Scenario::playing(vec![Step::ReplayUnacknowledged(recording, Pace::FlatOut)])
    }

    /// Sends `recording` from its start on every connection.
    pub fn replay(recording: Recording, pace: Pace) -> Scenario {
        Scenario::playing(vec![Step::Replay(recording, pace)])
    }

    /// How many frames the last opening sends.
    pub fn frame_count(&self) -> usize {
        let Some(Opening::Accepted(steps)) = self.openings.last() else { return 0 };
        let frames = steps.iter().map(|step| match step {
            Step::Send(_) | Step::Dribble { .. } => 1,
            Step::Replay(recording, _) | Step::ReplayUnacknowledged(recording, _) => recording.frame_count(),
            Step::Wait { .. }
            | Step::AwaitAcks(_)
            | Step::AwaitCue
            | Step::Ping
            | Step::LeaveLive
            | Step::ChangeRoom
            | Step::DenyLive
            | Step::FallSilent
            | Step::Close
            | Step::Break
            | Step::BreakWithin(_) => 0,
        });
        frames.sum()
    }

    /// The same scenario with `steps` behind those of its last opening.
    pub fn then(mut self, steps: impl IntoIterator<Item = Step>) -> Scenario {
        if let Some(Opening::Accepted(last)) = self.openings.last_mut() {
            last.extend(steps);
        }
        self
    }
}

/// What one WebSocket upgrade gets.
#[derive(Clone, Debug)]
pub enum Opening {
    /// Accepted; after the client has entered the room the steps follow, then only heartbeats.
    Accepted(Vec<Step>),
    /// Answered with plain HTTP.
    Refused(Refusal),
    /// Answered HTTP 429, which names the wait in this form.
    Limited(RateLimit),
    /// Never answered.
    Unanswered,
}

/// One thing the fake does on an accepted connection, in order.
#[derive(Clone, Debug)]
pub enum Step {
    /// Sends a frame under a `log_id` of its own.
    Send(Frame),
    /// Sends a frame byte by byte.
    Dribble {
        /// What is sent.
        frame: Frame,
        /// How long each byte waits for the one before it, in milliseconds.
        byte_every_ms: u64,
    },
    /// Sends a recording from its start.
    Replay(Recording, Pace),
    /// Sends the frames of a recording that nobody has acknowledged on any connection.
    ReplayUnacknowledged(Recording, Pace),
    /// Only answers heartbeats for so many milliseconds.
    Wait {
        /// How long.
        ms: u64,
    },
    /// Only answers heartbeats until this many acks have come on this connection.
    AwaitAcks(usize),
    /// Only answers heartbeats until the test has given as many cues ([`FakeTikTok::cue`](crate::FakeTikTok::cue)) as there
    /// are such steps up to here.
    AwaitCue,
    /// Sends a WebSocket ping.
    Ping,
    /// The live is over: from now on the HTTP routes say offline.
    LeaveLive,
    /// The streamer is live in another room: from now on the HTTP routes name that one
    /// ([`NEXT_ROOM_ID`](crate::NEXT_ROOM_ID)), and only it can be entered.
    ChangeRoom,
    /// The live goes on, and the routes about the streamer tell nothing of it from now on: good answers, with nothing in them.
    DenyLive,
    /// Not another byte, heartbeats included, until the client gives up.
    FallSilent,
    /// Closes the WebSocket in order, with code 1000.
    Close,
    /// Breaks the TCP connection off, once all that was sent has arrived.
    Break,
    /// Breaks the TCP connection off in the middle of this frame.
    BreakWithin(Frame),
}

/// How fast a recording is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As fast as the client reads.
    FlatOut,
    /// One frame in so many milliseconds.
    EveryMs(u64),
}
