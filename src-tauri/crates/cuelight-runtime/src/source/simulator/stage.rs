//! What there is while a simulated live runs: its people, its counters, and what was just sent.

use std::collections::VecDeque;

use super::dice::{Dice, Stream};
use super::gifts::GiftShelf;
use super::people::{Crowd, PersonIndex};
use super::scribe::Scribe;
use super::totals::SimulatedTotals;
use super::wire::{Fields, WireMessage};

/// Comments that TikTok sends again on connecting (its web page asks for six).
const HISTORY_COMMENTS: usize = 6;

/// Messages that may come twice after a reconnect.
const RECENT_MESSAGES: usize = 3;

/// The live as it stands.
pub(super) struct Stage {
    pub(super) crowd: Crowd,
    pub(super) gifts: GiftShelf,
    pub(super) scribe: Scribe,
    pub(super) battle: Option<Battle>,
    pub(super) totals: SimulatedTotals,
    /// Viewers now.
    pub(super) viewers: u64,
    /// Viewers since the start.
    pub(super) entered: u64,
    /// Hearts of the room.
    pub(super) hearts: u64,
    /// Followers of the streamer.
    pub(super) followers: i64,
    /// The three who are shown as top givers.
    pub(super) top_givers: [PersonIndex; 3],
    recent: VecDeque<WireMessage>,
    recent_comments: VecDeque<WireMessage>,
}

/// A running match.
#[derive(Debug, Clone, Copy)]
pub(super) struct Battle {
    pub(super) id: i64,
    pub(super) start_ms: i64,
    pub(super) duration_s: i32,
    /// Points of the streamer: a diamond is a point.
    pub(super) ours: u64,
    pub(super) theirs: u64,
}

impl Stage {
    pub(super) fn new(seed: u64, room_id: u64, start_ms: i64, streamer: &str, viewers: usize) -> Self {
        let mut dice = Dice::new(seed, Stream::People);
        let crowd = Crowd::new(streamer, viewers, &mut dice, start_ms);
        let top_givers = std::array::from_fn(|_| crowd.someone(&mut dice));
        Self {
            viewers: crowd.viewers() as u64,
            entered: crowd.viewers() as u64 * 3,
            followers: dice.between(2_000..=90_000),
            top_givers,
            crowd,
            gifts: GiftShelf::new(),
            scribe: Scribe::new(seed, room_id, start_ms),
            battle: None,
            totals: SimulatedTotals::default(),
            hearts: dice.between(100..=120_000),
            recent: VecDeque::with_capacity(RECENT_MESSAGES),
            recent_comments: VecDeque::with_capacity(HISTORY_COMMENTS),
        }
    }

    /// A message that shows no sentence about a person.
    pub(super) fn message(&mut self, method: &'static str, at_ms: i64, body: Fields) -> WireMessage {
        let draft = self.scribe.draft(method, at_ms);
        self.scribe.seal(draft, body)
    }

    /// Keeps what was sent, for a later repetition.
    pub(super) fn remember(&mut self, message: &WireMessage) {
        keep(&mut self.recent, RECENT_MESSAGES, message);
    }

    /// Keeps a comment for the history of a later connection.
    pub(super) fn remember_comment(&mut self, message: &WireMessage) {
        keep(&mut self.recent_comments, HISTORY_COMMENTS, message);
    }

    /// The last few messages, to be sent again as they were.
    pub(super) fn recent(&self) -> impl Iterator<Item = WireMessage> {
        self.recent.iter().cloned()
    }

    /// The last few comments, flagged as history.
    pub(super) fn history(&self) -> impl Iterator<Item = WireMessage> {
        self.recent_comments.iter().map(|comment| WireMessage { history: true, ..comment.clone() })
    }
}

fn keep(ring: &mut VecDeque<WireMessage>, capacity: usize, message: &WireMessage) {
    if ring.len() == capacity {
        ring.pop_front();
    }
    ring.push_back(message.clone());
}
