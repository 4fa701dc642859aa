//! In the room: heartbeats, acknowledgements, and coming back after a break.

use std::time::Duration;

use cuelight_core::event::{
    Body,
    EventType::{Comment, Connect, Disconnect, Gap, LivePause, LiveResume},
};
use cuelight_runtime::clock::Clock;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::runtime::{CaptureRequest, Runtime};
use cuelight_runtime::source::pace::Pace;
use cuelight_runtime::store::Settings;
use system_tests::{Frame, Live, ROOM_ID, Scenario, Step, viewer};

use super::capture::{self, Capture, brisk, types};
use super::{comments, named};

#[tokio::test]
async fn nothing_is_acknowledged_before_it_is_safe() {
    let pace = Pace { heartbeat_period: Duration::from_millis(30), silence: Duration::from_secs(30), ..brisk() };
    let mut capture = Capture::of(named("ack-without-ext"), pace);
    let mut confirmations = Vec::new();
    let mut events = Vec::new();
    while comments(&events).len() < 3 {
        let (batch, confirm) = capture.next().await.expect("three comments come");
        events.extend(batch.events);
        confirmations.push(confirm);
    }
    // Heartbeats share the wire with acks: an ack that went out early would be here before the next of them.
    let sent = capture.tiktok.seen().connections[0].heartbeats.len();
    let seen = capture.seen("further heartbeats", move |seen| seen.connections[0].heartbeats.len() >= sent + 2).await;
    assert_eq!(seen.ack_count(), 0, "nothing is committed yet");

    // The last one first: acks keep the order of the frames all the same.
    for confirm in confirmations.into_iter().rev() {
        // The source does not wait for the word about its own events.
        let _ = confirm.send(());
    }
    let seen = capture.seen("both acks", |seen| seen.ack_count() >= 2).await;
    let acks: Vec<_> = seen.connections[0].acks.iter().map(|ack| (ack.log_id, ack.payload.as_slice())).collect();
    let extension = b"fetch_time:1790000000000|start_time:0|flag:0|seq:1".as_slice();
    let expected = [(1_000_001, b"-".as_slice()), (1_000_003, extension)];
    assert_eq!(acks, expected, "`-` for an empty internal_ext, and no ack where none was wanted");
}

#[tokio::test]
async fn heartbeats_begin_at_once_and_count_from_one() {
    let pace = Pace { heartbeat_period: Duration::from_millis(20), ..brisk() };
    let mut capture = Capture::of(named("welcome"), pace);
    capture.until(Connect).await;
    let seen = capture.seen("five heartbeats", |seen| seen.connections[0].heartbeats.len() >= 5).await;
    let connection = &seen.connections[0];
    let sequence: Vec<_> = connection.heartbeats.iter().take(5).map(|it| (it.room_id, it.sequence)).collect();
    assert_eq!(sequence, [1, 2, 3, 4, 5].map(|number| (ROOM_ID, number)), "room and number of each");
    assert_eq!(connection.entered.len(), 1, "the room is entered once");
    assert_eq!(connection.entered[0].filter_welcome_msg, "0", "as the web page writes it");
    assert!(connection.odd_frames.is_empty(), "and nothing else is said: {:?}", connection.odd_frames);
}

#[tokio::test]
async fn pings_are_answered() {
    let mut capture = Capture::of(named("pings"), brisk());
    capture.until(Comment).await;
    capture.seen("two pongs", |seen| seen.connections[0].pong_count == 2).await;
}

#[tokio::test]
async fn a_broken_connection_is_told_and_nothing_after_it_is_lost() {
    for name in ["broken-off", "cut-in-frame"] {
        let mut capture = Capture::of(named(name), brisk());
        let mut events = Vec::new();
        while !comments(&events).contains(&"after it broke") {
            events.extend(capture.until(Comment).await);
        }
        let told = [Connect, Comment, Disconnect, Gap, Connect, Comment, Comment];
        assert_eq!(types(&events), told, "{name} is a disconnect, then the gap and a connect");
        assert_eq!(comments(&events), ["before it broke", "lost on the way", "after it broke"], "{name} costs nothing");
        let Body::Gap(gap) = &events[3].body else { panic!("a gap, not {:?}", events[3]) };
        assert!(gap.from <= gap.to && gap.seconds < 10.0, "from the last moment seen to the next: {gap:?}");
    }
}

#[tokio::test]
async fn an_orderly_close_costs_no_identity_and_an_early_break_does() {
    for (name, pages) in [("reconnect", 1), ("broken-off", 2)] {
        let mut capture = Capture::of(named(name), brisk());
        capture.until(Gap).await;
        assert_eq!(capture.tiktok.seen().requests_for("/").count(), pages, "cookies asked for in {name}");
    }
}

#[tokio::test]
async fn sound_visits_are_followed_by_another_however_many_break() {
    let pace = Pace { sound_after: Duration::ZERO, ..brisk() };
    let mut capture = Capture::of(Scenario::playing(vec![Step::Break]), pace);
    for _ in 0..8 {
        capture.until(Disconnect).await;
    }
    assert_eq!(types(&capture.until(Connect).await), [Gap, Connect], "the ninth visit comes too");
}

#[tokio::test]
async fn a_silent_connection_is_left_and_opened_again() {
    let pace = Pace { heartbeat_period: Duration::from_millis(20), silence: Duration::from_millis(80), ..brisk() };
    let mut capture = Capture::of(named("silent"), pace);
    let events = capture.until(Disconnect).await;
    let Some(Body::Disconnect(disconnect)) = events.last().map(|event| &event.body) else { panic!("{events:?}") };
    assert_eq!(disconnect.reason, "TikTok was silent for 80ms", "silence is named as the reason");
    assert_eq!(types(&capture.until(Connect).await), [Gap, Connect], "and the live goes on");
}

#[tokio::test]
async fn a_frame_that_unpacks_to_a_thousand_times_its_size_is_a_fault_and_no_more() {
    let bomb = Frame::of([Live::new().bulky(16 * 1024 * 1024)]).bytes(1);
    assert!(bomb.len() < 256 * 1024, "{} bytes is what travels", bomb.len());
    let mut capture = Capture::of(named("gzip-bomb"), brisk());
    let (mut events, mut faults) = (Vec::new(), Vec::new());
    while comments(&events).len() < 2 {
        let (batch, confirm) = capture.next().await.expect("both comments come");
        events.extend(batch.events);
        faults.extend(batch.faults.into_iter().map(|fault| format!("{:?}", fault.reason())));
        // The source does not wait for the word about its own events.
        let _ = confirm.send(());
    }
    assert_eq!(types(&events), [Connect, Comment, Comment], "the connection is kept");
    let [fault] = &faults[..] else { panic!("the bomb is one fault: {faults:?}") };
    assert!(fault.contains("8388608"), "{fault} says where unpacking stopped");
}

#[tokio::test]
async fn a_pause_and_its_end_are_told_without_leaving() {
    let mut capture = Capture::of(named("paused-resumed"), brisk());
    let mut events = Vec::new();
    while !comments(&events).contains(&"back") {
        events.extend(capture.until(Comment).await);
    }
    assert_eq!(types(&events), [Connect, Comment, LivePause, LiveResume, Comment], "in order");
}

#[tokio::test]
async fn a_full_journal_slows_reading_and_not_the_heartbeats() {
    let mut live = Live::new();
    let frames = (0..50).map(|number| Step::Send(Frame::of([live.chat(viewer::ROSA, &number.to_string())])));
    // Silence is a second, which no stall of the machine lasts; the journal is full for longer than that.
    let pace = Pace { heartbeat_period: Duration::from_millis(50), silence: Duration::from_secs(1), ..brisk() };
    let mut capture = Capture::with_inbox("sim", Scenario::playing(frames.collect()), pace, 1);
    let seen = capture.seen("thirty heartbeats", |seen| {
        seen.connections.first().is_some_and(|connection| connection.heartbeats.len() >= 30)
    });
    assert_eq!(seen.await.connections.len(), 1, "our own slowness is not TikTok's silence");
    let mut events = Vec::new();
    while comments(&events).len() < 50 {
        events.extend(capture.until(Comment).await);
    }
    let expected: Vec<_> = (0..50).map(|number| number.to_string()).collect();
    assert_eq!(comments(&events), expected, "nothing is lost or out of order");
}

#[tokio::test]
async fn what_tiktok_sends_again_after_a_break_is_journaled_once() {
    let tiktok = capture::fake(named("reconnect"));
    let folder = tempfile::tempdir().expect("a folder for the journal");
    let runtime = Runtime::open(&DataFolder::new(folder.path()), Clock::system()).expect("a fresh folder opens");
    let request = CaptureRequest {
        source_name: "tiktok:direct".to_owned(),
        session_name: None,
        settings: Settings::default(),
        publication: None,
        deciding: None,
    };
    let source = capture::source(&tiktok, "sim", brisk());
    let mut running = runtime.capture(request, Box::new(source)).expect("the journal can be written");
    let mut journaled = Vec::new();
    while !comments(&journaled).contains(&"after the gap") {
        let page = tokio::time::timeout(capture::PATIENCE, running.feed.next()).await.expect("in time");
        let page = page.expect("the feed can be read").expect("the capture goes on");
        journaled.extend(page.iter().map(|committed| committed.event.clone()));
    }
    running.stopper().stop();
    assert_eq!(comments(&journaled), ["before the gap", "after the gap"], "the replayed comment is a duplicate");
    let deltas = journaled.iter().filter_map(|event| match &event.body {
        Body::Gift(gift) => gift.delta_count,
        _ => None,
    });
    assert_eq!(deltas.collect::<Vec<_>>(), [2, 4], "the combo goes on over the break, and each rose counts once");
    assert!(running.end().await.outcome.is_ok(), "the capture ends as told");
}
