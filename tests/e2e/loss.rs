//! Twenty disconnects in a live of ten thousand numbered comments: what each client loses, tells twice, or out of order.

mod page;
mod staying;

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use system_tests::Pace::EveryMs;
use system_tests::{FakeTikTok, Frame, Live, Opening, Recording, Scenario, Step, program, viewer};
use tokio_tungstenite::tungstenite::Bytes;

use self::staying::{Staying, stay_without_waits};

/// How many comments are made.
const COMMENTS: usize = 10_000;

/// How often the connection ends before the live does.
const DISCONNECTS: usize = 20;

/// Comments that travel in one frame.
const COMMENTS_PER_FRAME: usize = 10;

/// Old comments that TikTok tells again on every connection but the first.
const HISTORY: usize = 6;

#[test]
fn cuelight_loses_nothing_and_doubles_nothing_over_twenty_disconnects() {
    // 2 000 comments a second, which is more than any room says.
    let course = Course { quiet_ms: 0, frame_every_ms: 5, patience: Duration::from_secs(60) };
    for sending in Sending::ALL {
        expect_all(&count(Staying::Cuelight, sending, course, stay_without_waits));
    }
}

#[test]
#[ignore = "takes a quarter of an hour and every public client: `make losses` runs it and writes docs/losses.md"]
fn what_cuelight_and_the_public_clients_lose_over_twenty_disconnects() {
    let course = Course::LIKE_TIKTOKS;
    let tables = thread::scope(|scope| {
        let runs = Sending::ALL.map(|sending| {
            Staying::ALL.map(|client| {
                scope.spawn(move || count(client, sending, course, |tiktok| client.stay(tiktok, course.patience)))
            })
        });
        runs.map(|runs| runs.map(|run| run.join().expect("each client stays to the end")))
    });
    for counts in &tables {
        println!("{counts:#?}");
        expect_all(&counts[0]);
    }
    std::fs::write(program::repository("docs/losses.md"), page::page(&tables)).expect("the page can be written");
}

/// How a live goes.
#[derive(Clone, Copy, Debug)]
struct Course {
    /// How long a connection is quiet before its comments come, in milliseconds.
    quiet_ms: u64,
    /// Milliseconds between two frames.
    frame_every_ms: u64,
    /// How long a client may take until it acknowledged everything it was sent.
    patience: Duration,
}

impl Course {
    /// As fast as a busy room, over connections that last long enough to count as sound with clients that ask for that.
    const LIKE_TIKTOKS: Course =
        Course { quiet_ms: 31_000, frame_every_ms: 50, patience: Duration::from_secs(25 * 60) };
}

/// How often a frame is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sending {
    /// Once; a frame that was cut comes whole with the next connection.
    Once,
    /// On every connection, until it is acknowledged.
    UntilAcknowledged,
}

impl Sending {
    const ALL: [Sending; 2] = [Sending::Once, Sending::UntilAcknowledged];
}

/// What became of the comments with one client.
#[derive(Debug)]
struct Count {
    client: Staying,
    connections: usize,
    told: usize,
    lost: usize,
    doubled: usize,
    /// Told for the first time after one that was said later.
    inverted: usize,
}

/// Asserts that a client told every comment once, in the order in which they were said.
#[track_caller]
fn expect_all(count: &Count) {
    assert_eq!((count.lost, count.doubled, count.inverted), (0, 0, 0), "lost, told twice, out of order: {count:?}");
    assert_eq!((count.told, count.connections), (COMMENTS, DISCONNECTS + 1), "after {DISCONNECTS} disconnects");
}

/// Lets a client stay in the live and counts what it tells.
fn count(client: Staying, sending: Sending, course: Course, stay: impl FnOnce(&FakeTikTok) -> Vec<String>) -> Count {
    let (scenario, last_log_ids) = live(sending, course);
    let tiktok = FakeTikTok::start(scenario);
    let told = thread::scope(|scope| {
        scope.spawn(|| {
            // Once that is acknowledged nobody has anything left to unpack, and the live may end.
            tiktok.wait_until("the acknowledgement of the last frames", course.patience, |seen| {
                let acknowledged = seen.acknowledged_log_ids();
                last_log_ids.iter().all(|log_id| acknowledged.contains(log_id))
            });
            tiktok.cue();
        });
        stay(&tiktok)
    });
    let mut times: BTreeMap<usize, usize> = BTreeMap::new();
    let (mut inverted, mut latest) = (0, 0);
    for text in told {
        let number = text.parse().expect("every comment is a number");
        let times = times.entry(number).or_default();
        *times += 1;
        inverted += usize::from(*times == 1 && number < latest);
        latest = latest.max(number);
    }
    Count {
        client,
        connections: tiktok.seen().connections.len(),
        told: times.len(),
        lost: (0..COMMENTS).filter(|number| !times.contains_key(number)).count(),
        doubled: times.values().map(|times| times - 1).sum(),
        inverted,
    }
}

/// The live, and the ids of the frames that the last connection has to acknowledge.
fn live(sending: Sending, course: Course) -> (Scenario, Vec<u64>) {
    let mut live = Live::new();
    let comments: Vec<_> = (0..COMMENTS).map(|number| live.chat(viewer::ROSA, &number.to_string())).collect();
    let frames: Vec<_> = comments.chunks(COMMENTS_PER_FRAME).map(|comments| Frame::of(comments.to_vec())).collect();
    let log_ids: Vec<u64> = (0..frames.len() as u64).map(|number| 1_000_000_000 + number).collect();
    let bytes: Vec<Bytes> = frames.iter().zip(&log_ids).map(|(frame, log_id)| frame.bytes(*log_id)).collect();
    let openings = (0..=DISCONNECTS).map(|number| {
        let sent = |number: usize| frames.len() * number / (DISCONNECTS + 1);
        let until = sent(number + 1);
        let told = sent(number) * COMMENTS_PER_FRAME;
        let old = comments[told.saturating_sub(HISTORY)..told].iter().map(|comment| {
            let mut old = comment.clone();
            old.is_history = true;
            old
        });
        let mut steps = Vec::new();
        if number > 0 {
            steps.push(Step::Send(Frame::of(old)));
        }
        steps.push(Step::Wait { ms: course.quiet_ms });
        let recording = |frames: &[Bytes]| Recording::of_frames(frames.to_vec()).expect("the ids differ");
        let pace = EveryMs(course.frame_every_ms);
        steps.push(match sending {
            Sending::Once => Step::Replay(recording(&bytes[sent(number)..until]), pace),
            Sending::UntilAcknowledged => Step::ReplayUnacknowledged(recording(&bytes[..until]), pace),
        });
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
    let from = match sending {
        Sending::Once => frames.len() * DISCONNECTS / (DISCONNECTS + 1),
        Sending::UntilAcknowledged => 0,
    };
    (scenario, log_ids[from..].to_vec())
}
