//! Six hours of a live within a minute: every kind of break, quiet stretches, a pause, and totals to hold a capture to.

use axum::body::Bytes;

use super::{Opening, Pace, Scenario, Step};
use crate::frame::Frame;
use crate::live::{GiftStep, Live};
use crate::recording::Recording;
use crate::viewer::{COMET, NADIR, OLLIE, ROSA, ROSE};

/// How many connections the live takes: forty of them end before their time.
const CONNECTIONS: usize = 41;

/// Frames of one connection.
const FRAMES: usize = 146;

/// Milliseconds between two frames as they are sent.
const SENT_EVERY_MS: u64 = 8;

/// Milliseconds between two frames by TikTok's clock: six hours over all frames.
const MADE_EVERY_MS: i64 = 6 * 3_600_000 / (CONNECTIONS * FRAMES) as i64;

/// Milliseconds of silence, which are five minutes of the live.
const QUIET_MS: u64 = 700;

/// When the live began by TikTok's clock, in milliseconds since 1970.
const BEGAN_MS: i64 = 1_790_000_000_000;

/// A live of six hours, and what a capture of it must add up to.
#[derive(Clone, Debug)]
pub struct SixHours {
    /// What the fake does.
    pub scenario: Scenario,
    /// Comments, each with the text `comment NUMBER` from 0 on.
    pub comment_count: usize,
    /// People who came in.
    pub join_count: usize,
    /// Coins of all gifts.
    pub diamond_count: i64,
    /// Likes as told by each message.
    pub like_count: i64,
    /// Connections that end before the live does.
    pub break_count: usize,
}

/// Builds it; the same bytes every time.
pub fn six_hours() -> SixHours {
    let mut making = Making::default();
    let mut cut = None;
    let openings = (0..CONNECTIONS).map(|number| making.connection(number, &mut cut)).collect();
    let Making { comment_count, join_count, diamond_count, like_count, .. } = making;
    let scenario = Scenario::opening(openings);
    SixHours { scenario, comment_count, join_count, diamond_count, like_count, break_count: CONNECTIONS - 1 }
}

/// What was made so far.
#[derive(Default)]
struct Making {
    live: Live,
    frame_count: usize,
    comment_count: usize,
    join_count: usize,
    diamond_count: i64,
    like_count: i64,
}

impl Making {
    /// One connection; `cut` is the frame that broke off with the one before.
    fn connection(&mut self, number: usize, cut: &mut Option<Frame>) -> Opening {
        let mut steps: Vec<Step> = cut.take().map(Step::Send).into_iter().collect();
        let first_log_id = (number as u64 + 1) * 1_000_000_000;
        let frames: Vec<Bytes> = (0..FRAMES as u64).map(|place| self.frame().bytes(first_log_id + place)).collect();
        let recording = Recording::of_frames(frames).expect("every frame has an id of its own");
        steps.push(Step::Replay(recording, Pace::EveryMs(SENT_EVERY_MS)));
        if number % 10 == 5 {
            steps.push(Step::Wait { ms: QUIET_MS });
        }
        if number == CONNECTIONS / 2 {
            let pause = [self.live.paused(), self.live.resumed()].map(|message| Step::Send(Frame::of([message])));
            steps.extend(pause);
        }
        if number == CONNECTIONS - 1 {
            steps.extend([Step::LeaveLive, Step::Send(Frame::of([self.live.ended()]))]);
            return Opening::Accepted(steps);
        }
        steps.push(match number % 3 {
            0 => Step::Close,
            1 => Step::Break,
            _ => Step::BreakWithin(cut.insert(self.frame()).clone()),
        });
        Opening::Accepted(steps)
    }

    /// Ten messages of one moment.
    fn frame(&mut self) -> Frame {
        let live = &mut self.live;
        let made_ms = BEGAN_MS + self.frame_count as i64 * MADE_EVERY_MS;
        live.set_clock(made_ms);
        self.frame_count += 1;
        let mut messages = vec![live.viewer_count(300, 4_000, &[]), live.join(NADIR), live.like(OLLIE, 3, 0)];
        for viewer in [ROSA, OLLIE, NADIR, ROSA] {
            messages.push(live.chat(viewer, &format!("comment {}", self.comment_count)));
            self.comment_count += 1;
        }
        let group_id = 10_000 + self.frame_count as u64;
        for (count, is_end) in [(1, false), (2, false), (2, true)] {
            messages.push(live.gift(ROSA, GiftStep { gift: ROSE, group_id, count, is_end }));
        }
        self.diamond_count += 2;
        if self.frame_count.is_multiple_of(500) {
            messages.push(live.gift(OLLIE, GiftStep { gift: COMET, group_id: 0, count: 1, is_end: false }));
            self.diamond_count += i64::from(COMET.diamonds);
        }
        self.join_count += 1;
        self.like_count += 3;
        Frame::of(messages).at(made_ms)
    }
}
