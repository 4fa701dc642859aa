//! Twenty disconnects in a live of ten thousand numbered comments: what each client loses, and what it tells twice.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::process::{Command, Stdio};
use std::time::Duration;

use cuelight_core::event::Body;
use cuelight_core::handle::Handle;
use cuelight_core::way::Way;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::runtime::{CaptureRequest, Runtime};
use cuelight_runtime::source::tiktok::TiktokSource;
use cuelight_runtime::source::tiktok::bases::TikTokBases;
use cuelight_runtime::source::tiktok::means::Means;
use cuelight_runtime::source::tiktok::pace::Pace;
use cuelight_runtime::store::Settings;
use system_tests::Pace::EveryMs;
use system_tests::{FakeTikTok, Frame, Live, Opening, Recording, Scenario, Step, program, viewer};
use tokio_tungstenite::tungstenite::Bytes;

use crate::client::printed;

/// How many comments are made.
const COMMENTS: usize = 10_000;

/// How often the connection ends before the live does.
const DISCONNECTS: usize = 20;

/// Comments that travel in one frame.
const COMMENTS_PER_FRAME: usize = 10;

/// Milliseconds between two frames: 2 000 comments a second, which is more than any room says and less than any client reads.
const FRAME_EVERY_MS: u64 = 5;

/// Old comments that TikTok tells again on every connection but the first.
const HISTORY: usize = 6;

/// How long a client may take until it acknowledged everything it was sent.
const PATIENCE: Duration = Duration::from_secs(60);

/// The environment variable that has the table written to `docs/losses.md`.
const WRITE: &str = "CUELIGHT_WRITE_LOSSES";

#[test]
fn cuelight_loses_nothing_and_doubles_nothing_over_twenty_disconnects() {
    let tables = [Sending::Once, Sending::UntilAcknowledged].map(|sending| {
        let counts = [
            count("Cuelight", sending, stay_with_ours),
            count("TikTokLive (Python)", sending, |tiktok| {
                let mut command = Command::new(program::repository(".setup/peers-python/bin/python"));
                command.arg(program::repository("tests/peers/python/stay.py"));
                stay_with(command, tiktok)
            }),
            count("tiktok-live-connector (Node.js)", sending, |tiktok| {
                let mut command = Command::new("node");
                command.arg(program::repository("tests/peers/node/stay.mjs"));
                stay_with(command, tiktok)
            }),
        ];
        println!("{sending:?}: {counts:#?}");
        let [ours, ..] = &counts;
        assert_eq!((ours.lost, ours.doubled), (0, 0), "every comment is told, and told once: {sending:?}");
        assert_eq!(ours.connections, DISCONNECTS + 1, "after {DISCONNECTS} disconnects");
        counts
    });
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(program::repository("docs/losses.md"), page(&tables)).expect("the page can be written");
    }
}

/// How often a frame is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sending {
    /// Once; a frame that was cut comes whole with the next connection.
    Once,
    /// On every connection, until it is acknowledged.
    UntilAcknowledged,
}

/// What became of the comments with one client.
#[derive(Debug)]
struct Count {
    name: &'static str,
    connections: usize,
    told: usize,
    lost: usize,
    doubled: usize,
}

/// Lets a client stay in the live and counts what it tells.
fn count(name: &'static str, sending: Sending, stay: impl FnOnce(&FakeTikTok) -> Vec<String>) -> Count {
    let (scenario, last_log_ids) = live(sending);
    let tiktok = FakeTikTok::start(scenario);
    let told = std::thread::scope(|scope| {
        scope.spawn(|| {
            // Once that is acknowledged nobody has anything left to unpack, and the live may end.
            tiktok.wait_until("the acknowledgement of the last frames", PATIENCE, |seen| {
                let acknowledged = seen.acknowledged_log_ids();
                last_log_ids.iter().all(|log_id| acknowledged.contains(log_id))
            });
            tiktok.cue();
        });
        stay(&tiktok)
    });
    let mut times: BTreeMap<usize, usize> = BTreeMap::new();
    for text in told {
        *times.entry(text.parse().expect("every comment is a number")).or_default() += 1;
    }
    Count {
        name,
        connections: tiktok.seen().connections.len(),
        told: times.len(),
        lost: (0..COMMENTS).filter(|number| !times.contains_key(number)).count(),
        doubled: times.values().map(|times| times - 1).sum(),
    }
}

/// The live, and the ids of the frames that the last connection has to acknowledge.
fn live(sending: Sending) -> (Scenario, Vec<u64>) {
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
        let recording = |frames: &[Bytes]| Recording::of_frames(frames.to_vec()).expect("the ids differ");
        steps.push(match sending {
            Sending::Once => Step::Replay(recording(&bytes[sent(number)..until]), EveryMs(FRAME_EVERY_MS)),
            Sending::UntilAcknowledged => {
                Step::ReplayUnacknowledged(recording(&bytes[..until]), EveryMs(FRAME_EVERY_MS))
            }
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

/// Cuelight's source and journal, with waits too short to matter; tells what is committed.
fn stay_with_ours(tiktok: &FakeTikTok) -> Vec<String> {
    let (http, websocket) = (tiktok.http_url(), tiktok.websocket_url());
    let bases = TikTokBases::new(Some(&http), Some(&http), Some(&websocket)).expect("the fake has addresses");
    let pace = Pace {
        cookie_wait: Duration::from_millis(5),
        retry_waits: vec![Duration::from_millis(20)],
        refused_wait: Duration::from_millis(20),
        never_gives_up: true,
        ..Pace::default()
    };
    let source = TiktokSource::new(Handle::parse("sim").expect("a handle"), bases, Means::default(), 7);
    let source = source.only(Way::Direct).with_pace(pace);
    let folder = tempfile::tempdir().expect("a folder for the journal");
    let tasks = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    tasks.block_on(async {
        let runtime = Runtime::open(&DataFolder::new(folder.path()), Clock::system()).expect("a fresh folder opens");
        let request = CaptureRequest {
            source_name: "tiktok:direct".to_owned(),
            session_name: None,
            settings: Settings::default(),
            publication: None,
            deciding: None,
        };
        let mut running = runtime.capture(request, Box::new(source)).expect("the journal can be written");
        let mut told = Vec::new();
        while let Some(page) = running.feed.next().await.expect("the journal can be read") {
            told.extend(page.iter().filter_map(|committed| match &committed.event.body {
                Body::Comment(it) => Some(it.comment.to_string()),
                _ => None,
            }));
        }
        running.end().await.outcome.expect("the capture ends with the live");
        told
    })
}

/// A peer's script, which connects again by itself; tells what it prints.
fn stay_with(mut command: Command, tiktok: &FakeTikTok) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let messages = folder.path().join("messages.txt");
    let child = command
        .args([&tiktok.http_url(), "sim"])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(File::create(&messages).expect("a temporary file can be made"))
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?} does not start ({error}); run scripts/setup"));
    printed(child).unwrap_or_else(|failure| {
        let said = std::fs::read_to_string(&messages).unwrap_or_default();
        panic!("{command:?} {failure}; it said:\n{said}")
    })
}

/// The tables for people.
fn page([once, until_acknowledged]: &[[Count; 3]; 2]) -> String {
    format!(
        "# What is lost when the connection breaks\n\n\
         Made by `make losses`; do not edit.\n\n\
         A fake TikTok plays a live of {COMMENTS} numbered comments, {COMMENTS_PER_FRAME} in a frame, a frame every {FRAME_EVERY_MS} ms. The connection ends {DISCONNECTS} times before the live does: by an\n\
         orderly close, by a break between two frames and by a break within one, in turn. A frame that was cut comes again with the next connection, which begins with the last {HISTORY}\n\
         comments as history, as TikTok's do. Public clients do not come back by themselves: a loop around them does so at once. Cuelight's waits are shortened, nothing else is.\n\n\
         Whether TikTok sends again what was not acknowledged is not known, so both are tried.\n\n\
         ## Every frame is sent once\n\n{}\n\
         ## Every frame is sent on each connection until it is acknowledged\n\n{}\n\
         Cuelight reads what had arrived before a connection broke, acknowledges what is in its journal, and knows the comments that it has by their ids. The numbers of the others\n\
         differ from run to run.\n",
        table(once),
        table(until_acknowledged),
    )
}

fn table(counts: &[Count]) -> String {
    let mut table = "| client | connections | comments told | lost | told again |\n|---|---|---|---|---|\n".to_owned();
    for Count { name, connections, told, lost, doubled } in counts {
        writeln!(table, "| {name} | {connections} | {told} | {lost} | {doubled} |").expect("writing to text");
    }
    table
}
