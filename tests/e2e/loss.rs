//! Twenty disconnects in a live of ten thousand messages: what each client loses, tells twice, wrongly, or out of order.

mod page;
mod room;
mod staying;
mod told;

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use system_tests::{FakeTikTok, program};

use self::room::{BusyRoom, DISCONNECTS, MESSAGES};
use self::staying::{Staying, stay_without_waits};
use self::told::Told;

#[test]
fn cuelight_loses_nothing_and_doubles_nothing_over_twenty_disconnects() {
    // 2 000 messages a second, which is more than any room says.
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
    /// How long a connection is quiet once the combos that the last one cut are over, in milliseconds.
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

/// What became of the messages with one client.
#[derive(Debug)]
struct Count {
    client: Staying,
    connections: usize,
    told: usize,
    lost: usize,
    doubled: usize,
    /// Told for the first time after one that happened later.
    inverted: usize,
    /// Told, and nothing of the kind was sent: another count, another viewer, another text.
    wrong: usize,
}

/// Asserts that a client told every message once, as it was sent, in the order in which they were sent.
#[track_caller]
fn expect_all(count: &Count) {
    let faults = (count.lost, count.doubled, count.inverted, count.wrong);
    assert_eq!(faults, (0, 0, 0, 0), "lost, told twice, out of order, wrong: {count:?}");
    assert_eq!((count.told, count.connections), (MESSAGES, DISCONNECTS + 1), "after {DISCONNECTS} disconnects");
}

/// Lets a client stay in the live and compares what it tells with what was sent, event by event.
fn count(client: Staying, sending: Sending, course: Course, stay: impl FnOnce(&FakeTikTok) -> Vec<Told>) -> Count {
    let BusyRoom { scenario, sent, last_log_ids } = BusyRoom::new(sending, course);
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
    let places: BTreeMap<&Told, usize> = sent.iter().zip(0..).collect();
    let mut times = vec![0_usize; sent.len()];
    let (mut inverted, mut wrong, mut latest) = (0, 0, 0);
    for told in &told {
        let Some(&place) = places.get(told) else {
            wrong += 1;
            continue;
        };
        times[place] += 1;
        inverted += usize::from(times[place] == 1 && place < latest);
        latest = latest.max(place);
    }
    Count {
        client,
        connections: tiktok.seen().connections.len(),
        told: times.iter().filter(|times| **times > 0).count(),
        lost: times.iter().filter(|times| **times == 0).count(),
        doubled: times.iter().map(|times| times.saturating_sub(1)).sum(),
        inverted,
        wrong,
    }
}
