//! The live in which every client stays: ten thousand messages of a busy room, over connections that end.

use system_tests::Pace::EveryMs;
use system_tests::viewer::{COMET, GiftKind, LANTERN, NADIR, OLLIE, ROSA, ROSE, Viewer};
use system_tests::{Frame, GiftStep, Live, Message, Opening, Recording, Scenario, Step};
use tokio_tungstenite::tungstenite::Bytes;

use super::told::Told;
use super::{Course, Sending};

/// How many messages are made.
pub(super) const MESSAGES: usize = 10_000;

/// How often the connection ends before the live does.
pub(super) const DISCONNECTS: usize = 20;

/// Messages that travel in one frame.
pub(super) const MESSAGES_PER_FRAME: usize = 10;

/// Old comments that TikTok tells again on every connection but the first.
pub(super) const HISTORY: usize = 6;

/// Frames after which every combo is over; in between there is always one that is not.
const FRAMES_PER_ROUND: usize = 4;

/// A live, and what is to be told of it.
pub(super) struct BusyRoom {
    pub(super) scenario: Scenario,
    /// What every message says, in the order in which they are sent.
    pub(super) sent: Vec<Told>,
    /// The ids of the frames that the last connection has to acknowledge.
    pub(super) last_log_ids: Vec<u64>,
}

impl BusyRoom {
    pub(super) fn new(sending: Sending, course: Course) -> BusyRoom {
        let mut script = Script { live: Live::new(), messages: Vec::new(), sent: Vec::new(), likes: 0 };
        for round in 0..MESSAGES / (MESSAGES_PER_FRAME * FRAMES_PER_ROUND) {
            script.play_round(round as u64);
        }
        let Script { mut live, messages, sent, .. } = script;
        let frames: Vec<_> = messages.chunks(MESSAGES_PER_FRAME).map(|some| Frame::of(some.to_vec())).collect();
        let log_ids: Vec<u64> = (0..frames.len() as u64).map(|number| 1_000_000_000 + number).collect();
        let bytes: Vec<Bytes> = frames.iter().zip(&log_ids).map(|(frame, log_id)| frame.bytes(*log_id)).collect();
        let sent_before = |number: usize| frames.len() * number / (DISCONNECTS + 1);
        let openings = (0..=DISCONNECTS).map(|number| {
            let (from, until) = (sent_before(number), sent_before(number + 1));
            // A combo that is silent for long is taken for one whose end was lost, so the quiet comes when none is open.
            let settled = from.next_multiple_of(FRAMES_PER_ROUND);
            let mut steps = Vec::new();
            if number > 0 {
                steps.push(Step::Send(Frame::of(history(&messages[..from * MESSAGES_PER_FRAME]))));
            }
            let recording = |frames: &[Bytes]| Recording::of_frames(frames.to_vec()).expect("the ids differ");
            let pace = EveryMs(course.frame_every_ms);
            let (first, second) = match sending {
                Sending::Once => (from..settled, settled..until),
                Sending::UntilAcknowledged => (0..settled, 0..until),
            };
            let play = |frames: &[Bytes]| match sending {
                Sending::Once => Step::Replay(recording(frames), pace),
                Sending::UntilAcknowledged => Step::ReplayUnacknowledged(recording(frames), pace),
            };
            steps.extend([play(&bytes[first]), Step::Wait { ms: course.quiet_ms }, play(&bytes[second])]);
            match number {
                DISCONNECTS => steps.extend([Step::AwaitCue, Step::LeaveLive, Step::Send(Frame::of([live.ended()]))]),
                _ if number % 3 == 0 => steps.push(Step::Close),
                _ if number % 3 == 1 => steps.push(Step::Break),
                // It comes whole with the next connection.
                _ => steps.push(Step::BreakWithin(frames[until].clone())),
            }
            Opening::Accepted(steps)
        });
        let scenario = Scenario::opening(openings.collect());
        let last_from = match sending {
            Sending::Once => sent_before(DISCONNECTS),
            Sending::UntilAcknowledged => 0,
        };
        BusyRoom { scenario, sent, last_log_ids: log_ids[last_from..].to_vec() }
    }
}

/// The last comments of these messages, as TikTok tells them again.
fn history(messages: &[Message]) -> Vec<Message> {
    let comments = messages.iter().filter(|message| message.method == "WebcastChatMessage");
    let mut last: Vec<_> = comments.rev().take(HISTORY).cloned().collect();
    last.reverse();
    for comment in &mut last {
        comment.is_history = true;
    }
    last
}

/// The messages as they are written, each with what it says.
struct Script {
    live: Live,
    messages: Vec<Message>,
    sent: Vec<Told>,
    /// The room's counter of likes.
    likes: i64,
}

impl Script {
    /// Four frames: a combo of roses over all of them, one of lanterns within it, and what else happens in a room.
    fn play_round(&mut self, round: u64) {
        let (roses, lanterns) = (7_400_000_000_000_000_000 + 2 * round, 7_400_000_000_000_000_001 + 2 * round);
        self.say(OLLIE);
        self.join(NADIR);
        self.give(ROSA, ROSE, roses, 1, true);
        self.say(ROSA);
        self.like(OLLIE, 15);
        self.say(NADIR);
        self.give(ROSA, ROSE, roses, 2, true);
        self.follow(NADIR);
        self.say(OLLIE);
        self.say(ROSA);

        self.say(NADIR);
        self.give(ROSA, ROSE, roses, 3, true);
        self.join(OLLIE);
        self.give(OLLIE, LANTERN, lanterns, 1, true);
        self.say(ROSA);
        self.like(NADIR, 7);
        self.say(OLLIE);
        self.share(ROSA);
        self.say(NADIR);
        self.say(ROSA);

        self.give(ROSA, ROSE, roses, 4, true);
        self.say(OLLIE);
        self.give(OLLIE, LANTERN, lanterns, 5, true);
        self.say(NADIR);
        self.like(ROSA, 3);
        self.say(OLLIE);
        self.join(ROSA);
        self.give(ROSA, ROSE, roses, 12, true);
        self.say(NADIR);
        self.say(OLLIE);

        // The end of a combo repeats its last count.
        self.give(ROSA, ROSE, roses, 12, false);
        self.say(NADIR);
        self.give(OLLIE, LANTERN, lanterns, 5, false);
        self.say(ROSA);
        self.like(OLLIE, 1);
        self.give(NADIR, COMET, 0, 1, false);
        self.say(OLLIE);
        self.join(NADIR);
        self.say(ROSA);
        self.say(NADIR);
    }

    fn say(&mut self, viewer: Viewer) {
        let text = self.messages.len().to_string();
        let message = self.live.chat(viewer, &text);
        self.add(message, |msg_id| Told::comment(msg_id, viewer, &text));
    }

    fn give(&mut self, viewer: Viewer, gift: GiftKind, group_id: u64, count: i32, streaking: bool) {
        // A gift without combos has no end either.
        let is_end = group_id != 0 && !streaking;
        let message = self.live.gift(viewer, GiftStep { gift, group_id, count, is_end });
        self.add(message, |msg_id| Told::gift(msg_id, viewer, gift, group_id, count, streaking));
    }

    fn like(&mut self, viewer: Viewer, count: i32) {
        self.likes += i64::from(count);
        let message = self.live.like(viewer, count, self.likes);
        self.add(message, |msg_id| Told::like(msg_id, viewer, count));
    }

    fn join(&mut self, viewer: Viewer) {
        let message = self.live.join(viewer);
        self.add(message, |msg_id| Told::deed("join", msg_id, viewer));
    }

    fn follow(&mut self, viewer: Viewer) {
        let message = self.live.follow(viewer);
        self.add(message, |msg_id| Told::deed("follow", msg_id, viewer));
    }

    fn share(&mut self, viewer: Viewer) {
        let message = self.live.share(viewer);
        self.add(message, |msg_id| Told::deed("share", msg_id, viewer));
    }

    fn add(&mut self, message: Message, told: impl FnOnce(i64) -> Told) {
        self.sent.push(told(message.msg_id));
        self.messages.push(message);
    }
}
