//! A simulated live from its first frame on: the same seed and start give the same bytes.

use cuelight_core::event::Body;

use super::act::{Act, Agenda, Sending};
use super::dice::{Dice, Stream};
use super::everything;
use super::people::PersonIndex;
use super::rates::{self, MINUTE_MS};
use super::scenario::Scenario;
use super::stage::Stage;
use super::story::Script;
use super::totals::SimulatedTotals;
use super::wire::{FrameMaker, WireMessage};

/// The streamer of a simulated live unless another is given.
pub const STREAMER: &str = "luna.plays";

/// The room of a simulated live unless another is given.
pub const ROOM_ID: u64 = 7_123_456_789_012_345_678;

/// The most messages of one frame.
const FRAME_MESSAGES_MAX: usize = 20;

/// The fewest messages of a frame of a live where there is always more to send.
const FULL_FRAME_MESSAGES_MIN: usize = 5;

/// How long a frame of a calm live gathers messages, in milliseconds.
const FRAME_GATHERS_MS: i64 = 500;

/// Something that a source sees, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct SimulatedStep {
    /// The simulated time, ms since 1970; never before the step before it.
    pub at_ms: i64,
    /// What is seen.
    pub happening: Happening,
}

/// What a source of a simulated live sees.
#[derive(Debug, Clone, PartialEq)]
pub enum Happening {
    /// A push frame arrives.
    Frame(Vec<u8>),
    /// The connection breaks.
    Disconnect {
        /// How long it stays away, in milliseconds.
        wait_ms: u64,
    },
    /// The connection is back.
    Reconnect,
    /// Something that comes from no message, such as the start of the live.
    Own(Box<Body>),
}

/// A live that goes on as long as it is asked for the next step, or to the end of its script.
///
/// Made of whole numbers from one seed only: same scenario, seed, start and room → same bytes, as long as the version is
/// the same.
pub struct Simulation {
    scenario: Scenario,
    start_ms: i64,
    minutes_planned: i64,
    odd_people: Vec<PersonIndex>,
    stage: Stage,
    dice: Dice,
    agenda: Agenda,
    frames: FrameMaker,
    messages_left: u64,
    messages_sent: u64,
}

impl Simulation {
    /// A live of that scenario in room `room_id`, streamed by [`STREAMER`] from `start_ms` (ms since 1970) on.
    #[must_use]
    pub fn new(scenario: Scenario, seed: u64, start_ms: i64, room_id: u64) -> Self {
        Self::of_streamer(STREAMER, scenario, seed, start_ms, room_id)
    }

    /// The same, streamed by somebody else (a handle without `@`).
    #[must_use]
    pub fn of_streamer(streamer: &str, scenario: Scenario, seed: u64, start_ms: i64, room_id: u64) -> Self {
        let mut stage = Stage::new(seed, room_id, start_ms, streamer, viewers(scenario));
        let mut dice = Dice::new(seed, Stream::Plan);
        let odd_people = match scenario {
            Scenario::Everything => stage.crowd.let_in_odd_people(&mut dice, start_ms),
            Scenario::SmallLive
            | Scenario::Typical
            | Scenario::Busy
            | Scenario::RaidOfRoses
            | Scenario::BattleFinish
            | Scenario::MissingEnds
            | Scenario::ReconnectInCombo => Vec::new(),
        };
        let mut agenda = Agenda::default();
        agenda.add(start_ms, Sending::Entrance);
        Self {
            scenario,
            start_ms,
            minutes_planned: 0,
            odd_people,
            stage,
            dice,
            agenda,
            frames: FrameMaker::new(),
            messages_left: u64::MAX,
            messages_sent: 0,
        }
    }

    /// Ends after that many messages, in the middle of a frame if need be.
    #[must_use]
    pub fn at_most(mut self, messages: u64) -> Self {
        self.messages_left = messages;
        self
    }

    /// Messages in the frames given out so far, repeated ones among them.
    #[must_use]
    pub fn messages_sent(&self) -> u64 {
        self.messages_sent
    }

    /// What the steps given out so far add up to.
    #[must_use]
    pub fn totals(&self) -> &SimulatedTotals {
        &self.stage.totals
    }

    /// Plans the next minute, or the whole of a script; false when there is no more.
    fn plan_more(&mut self) -> bool {
        let minute = self.minutes_planned;
        if minute > 0 && !self.scenario.is_endless() {
            return false;
        }
        self.minutes_planned += 1;
        let minute_ms = self.start_ms + minute * MINUTE_MS;
        let crowd = &self.stage.crowd;
        let (dice, agenda) = (&mut self.dice, &mut self.agenda);
        match self.scenario {
            Scenario::SmallLive => rates::SMALL.plan_minute(minute_ms, crowd, dice, agenda),
            Scenario::Typical => rates::TYPICAL.plan_minute(minute_ms, crowd, dice, agenda),
            Scenario::Busy => rates::BUSY.plan_minute(minute_ms, crowd, dice, agenda),
            Scenario::RaidOfRoses => Script { crowd, dice, agenda }.raid_minute(minute, minute_ms),
            Scenario::BattleFinish => Script { crowd, dice, agenda }.battle_finish(minute_ms),
            Scenario::MissingEnds => Script { crowd, dice, agenda }.missing_ends(minute_ms),
            Scenario::ReconnectInCombo => Script { crowd, dice, agenda }.reconnect_in_combo(minute_ms),
            Scenario::Everything => everything::plan(minute_ms, crowd, &self.odd_people, dice, agenda),
        }
        true
    }

    /// One frame: `first`, and what follows it closely.
    fn frame(&mut self, first_ms: i64, first: &Sending) -> SimulatedStep {
        let (gathers_ms, messages_wanted) = match self.scenario {
            Scenario::Busy => (MINUTE_MS, self.dice.between(FULL_FRAME_MESSAGES_MIN..=FRAME_MESSAGES_MAX)),
            Scenario::SmallLive
            | Scenario::Typical
            | Scenario::RaidOfRoses
            | Scenario::BattleFinish
            | Scenario::MissingEnds
            | Scenario::ReconnectInCombo
            | Scenario::Everything => (FRAME_GATHERS_MS, FRAME_MESSAGES_MAX),
        };
        let mut at_ms = first_ms;
        let mut messages: Vec<WireMessage> = Vec::with_capacity(FRAME_MESSAGES_MAX);
        first.perform(&mut self.stage, first_ms, &mut messages);
        while messages.len() < messages_wanted && (messages.len() as u64) < self.messages_left {
            let follows = self.agenda.next_sending_ms().is_some_and(|next_ms| next_ms <= first_ms + gathers_ms);
            let Some((next_ms, Act::Send(sending))) = follows.then(|| self.agenda.next()).flatten() else { break };
            sending.perform(&mut self.stage, next_ms, &mut messages);
            at_ms = next_ms;
        }
        messages.truncate(usize::try_from(self.messages_left).unwrap_or(usize::MAX));
        self.messages_left -= messages.len() as u64;
        self.messages_sent += messages.len() as u64;
        let frame = self.frames.frame(messages, at_ms, &mut self.stage.scribe.dice);
        SimulatedStep { at_ms, happening: Happening::Frame(frame) }
    }
}

impl Iterator for Simulation {
    type Item = SimulatedStep;

    fn next(&mut self) -> Option<SimulatedStep> {
        if self.messages_left == 0 {
            return None;
        }
        if (self.minutes_planned == 0 || self.agenda.is_empty()) && !self.plan_more() {
            return None;
        }
        let (at_ms, act) = self.agenda.next()?;
        let happening = match act {
            Act::Send(sending) => return Some(self.frame(at_ms, &sending)),
            Act::Disconnect { wait_ms } => Happening::Disconnect { wait_ms },
            Act::Reconnect => {
                self.frames.reconnect();
                Happening::Reconnect
            }
            Act::Own(body) => Happening::Own(body),
        };
        Some(SimulatedStep { at_ms, happening })
    }
}

/// Viewers of a live of that scenario.
fn viewers(scenario: Scenario) -> usize {
    match scenario {
        Scenario::SmallLive | Scenario::ReconnectInCombo => 40,
        Scenario::Everything | Scenario::MissingEnds => 150,
        Scenario::RaidOfRoses | Scenario::BattleFinish => 500,
        Scenario::Typical => 1_000,
        Scenario::Busy => 4_000,
    }
}
