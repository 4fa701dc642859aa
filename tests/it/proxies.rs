//! Bad lines between us and TikTok: how long a gap is told to be, and which detours are found.

use std::sync::Arc;
use std::time::Duration;

use cuelight_core::event::{Body, Event, EventType};
use cuelight_core::handle::Handle;
use cuelight_core::way::Way;
use cuelight_runtime::source::SourceError;
use cuelight_runtime::source::pace::Pace;
use cuelight_runtime::source::tiktok::TiktokSource;
use cuelight_runtime::source::tiktok::bases::TikTokBases;
use cuelight_runtime::source::tiktok::means::Means;
use system_tests::{
    Behaviour, Frame, Live, Opening, Pace as Sending, Recording, ResettingHost, Scenario, Step, TcpProxy, viewer,
};

use crate::direct::capture::{Capture, brisk, fake, types};

/// Milliseconds between two comments.
const EVERY_MS: u64 = 50;

#[tokio::test]
async fn a_line_that_swallows_everything_for_forty_seconds_is_a_gap_of_forty_seconds() {
    const HOLE_MS: u64 = 40_000;
    let (proxy, mut capture) = behind_a_proxy(numbered(2_000), pace());
    capture.until(EventType::Comment).await;
    proxy.set(Behaviour::BlackHole { ms: HOLE_MS });
    let events = capture.until_within(EventType::Gap, Duration::from_millis(HOLE_MS + 10_000)).await;
    let gap = the_gap(&events);
    assert!((gap - 40.0).abs() < 1.0, "the gap is as long as the silence: {gap} s");
    let before = types(&events);
    assert!(before.contains(&EventType::Disconnect), "the break is told before the gap: {before:?}");
    capture.until(EventType::Comment).await;
}

#[tokio::test]
async fn a_line_that_stalls_for_less_than_our_patience_costs_nothing() {
    const COMMENTS: usize = 120;
    let (proxy, mut capture) = behind_a_proxy(numbered(COMMENTS), pace());
    let mut events = capture.until(EventType::Comment).await;
    proxy.set(Behaviour::Stalled { ms: 3_000 });
    while texts(&events).len() < COMMENTS {
        events.extend(capture.until(EventType::Comment).await);
    }
    assert_eq!(texts(&events), expected(COMMENTS), "everything comes, late and in order");
    assert_eq!(gaps(&events), 0, "and nobody was away");
}

#[tokio::test]
async fn a_line_that_stalls_for_longer_is_left_and_the_gap_is_as_long() {
    let heartbeats = Pace { heartbeat_period: Duration::from_millis(250), silence: Duration::from_secs(1), ..pace() };
    let (proxy, mut capture) = behind_a_proxy(numbered(2_000), heartbeats);
    capture.until(EventType::Comment).await;
    proxy.set(Behaviour::Stalled { ms: 5_000 });
    let events = capture.until(EventType::Gap).await;
    let gap = the_gap(&events);
    assert!((gap - 5.0).abs() < 1.0, "from the last byte to the first one after it: {gap} s");
    assert_eq!(proxy.open_count(), 1, "the stalled connection is not kept beside the new one");
}

#[tokio::test]
async fn a_late_and_unsteady_line_loses_and_reorders_nothing() {
    const COMMENTS: usize = 100;
    let (proxy, mut capture) = behind_a_proxy(numbered(COMMENTS), pace());
    proxy.set(Behaviour::Late { ms: 300, jitter_ms: 200 });
    let mut events = Vec::new();
    while texts(&events).len() < COMMENTS {
        events.extend(capture.until(EventType::Comment).await);
    }
    assert_eq!(texts(&events), expected(COMMENTS), "in order, whatever the line does");
    assert_eq!(gaps(&events), 0, "lateness is no absence");
}

#[tokio::test]
async fn a_line_that_is_reset_again_and_again_is_opened_again_and_again() {
    let (proxy, mut capture) = behind_a_proxy(numbered(2_000), pace());
    for reset in 1..=10 {
        capture.until(EventType::Comment).await;
        proxy.set(Behaviour::Reset);
        let events = capture.until(EventType::Connect).await;
        assert_eq!(gaps(&events), 1, "reset {reset} is one gap");
    }
}

#[tokio::test]
async fn a_host_that_resets_tls_is_passed_over_with_the_same_cookie() {
    let (tiktok, filtered) = (Arc::new(fake(numbered(2_000))), ResettingHost::start());
    let http = tiktok.http_url();
    let websockets = format!("{},{}", filtered.websocket_url(), tiktok.websocket_url());
    let bases = TikTokBases::new(Some(&http), Some(&http), Some(&websockets)).expect("both have addresses");
    let source = TiktokSource::new(Handle::parse("sim").expect("a handle"), bases, Means::default(), 7);
    let mut capture = Capture::by(Box::new(source.only(Way::Direct).with_pace(pace())), Arc::clone(&tiktok), 256);
    capture.until(EventType::Comment).await;
    assert_eq!(filtered.hello_count(), 1, "the first host was asked, once, and hung up");
    assert_eq!(tiktok.seen().requests_for("/").count(), 1, "one cookie is enough for both");
    let events = capture.until(EventType::Comment).await;
    assert_eq!(gaps(&events), 0, "and the second one keeps us");
}

#[tokio::test]
async fn a_network_that_resets_all_of_tls_is_told_by_its_cause() {
    let (tiktok, filtered) = (Arc::new(fake(numbered(1))), ResettingHost::start());
    let (http, websocket) = (filtered.http_url(), filtered.websocket_url());
    let bases = TikTokBases::new(Some(&http), Some(&http), Some(&websocket)).expect("it has addresses");
    let source = TiktokSource::new(Handle::parse("sim").expect("a handle"), bases, Means::default(), 7);
    let capture = Capture::by(Box::new(source.with_pace(brisk())), tiktok, 256);
    let (events, outcome) = capture.end().await;
    assert!(events.is_empty() && filtered.hello_count() > 0, "nobody gets through");
    let Err(SourceError::Unreachable { place, cause }) = outcome else { panic!("it is the network, not {outcome:?}") };
    assert!(filtered.http_url().ends_with(&place), "{place} is the host that was asked");
    assert!(cause.contains("reset"), "{cause} is what people can look for");
}

/// A pace that never gives up, with connections that count as sound at once.
fn pace() -> Pace {
    Pace { sound_after: Duration::ZERO, never_gives_up: true, ..brisk() }
}

/// A capture whose every byte goes through a proxy.
fn behind_a_proxy(scenario: Scenario, pace: Pace) -> (TcpProxy, Capture) {
    let tiktok = Arc::new(fake(scenario));
    let proxy = TcpProxy::to(tiktok.address());
    let (http, websocket) = (format!("http://{}", proxy.address()), format!("ws://{}", proxy.address()));
    let bases = TikTokBases::new(Some(&http), Some(&http), Some(&websocket)).expect("the proxy has an address");
    let source = TiktokSource::new(Handle::parse("sim").expect("a handle"), bases, Means::default(), 7);
    let source = source.only(Way::Direct).with_pace(pace);
    (proxy, Capture::by(Box::new(source), tiktok, 256))
}

/// Numbered comments, one every [`EVERY_MS`]; a new connection goes on with what was not acknowledged.
fn numbered(count: usize) -> Scenario {
    let mut live = Live::new();
    let frames =
        (0..count).map(|number| Frame::of([live.chat(viewer::ROSA, &number.to_string())]).bytes(number as u64 + 1));
    let recording = Recording::of_frames(frames).expect("the ids differ");
    Scenario::opening(vec![Opening::Accepted(vec![Step::ReplayUnacknowledged(recording, Sending::EveryMs(EVERY_MS))])])
}

fn expected(count: usize) -> Vec<String> {
    (0..count).map(|number| number.to_string()).collect()
}

fn texts(events: &[Event]) -> Vec<String> {
    let texts = events.iter().filter_map(|event| match &event.body {
        Body::Comment(it) => Some(it.comment.to_string()),
        _ => None,
    });
    texts.collect()
}

fn gaps(events: &[Event]) -> usize {
    types(events).into_iter().filter(|it| *it == EventType::Gap).count()
}

/// The length of the only gap, in seconds.
fn the_gap(events: &[Event]) -> f64 {
    assert_eq!(gaps(events), 1, "there is one gap: {:?}", types(events));
    let length = events.iter().find_map(|event| match &event.body {
        Body::Gap(gap) => Some(gap.seconds),
        _ => None,
    });
    length.expect("there is one")
}
