//! The way by TikFinity: where TikTok tells us nothing at all, and while that program is started again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use cuelight_core::event::Body;
use cuelight_core::event::EventType::{Comment, Connect, Disconnect, Gap};
use cuelight_core::handle::Handle;
use cuelight_core::way::{Way, WaySwitches};
use cuelight_runtime::source::SourceStatus;
use cuelight_runtime::source::pace::Pace;
use cuelight_runtime::source::tiktok::TiktokSource;
use cuelight_runtime::source::tiktok::bases::TikTokBases;
use cuelight_runtime::source::tiktok::means::Means;
use serde_json::json;
use system_tests::tikfinity::{FakeFeed, chat, frame};
use system_tests::{FakeTikTok, scenario, viewer};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::direct::capture::{Capture, PATIENCE, brisk, fake, types};

/// A feed on that port, or on any that is free; on a thread of its own, since its start blocks and an async test must not.
fn feed(port: u16) -> Arc<FakeFeed> {
    let starting = std::thread::spawn(move || FakeFeed::start_on(port));
    Arc::new(starting.join().expect("no panic").expect("the feed starts"))
}

/// Captures that streamer, with that feed and those ways.
fn capture(handle: &str, feed: &FakeFeed, switches: WaySwitches, pace: Pace) -> Capture {
    let tiktok = fake(scenario::named("welcome").expect("the scenario exists"));
    let http = tiktok.http_url();
    capture_from(&http, tiktok, handle, feed, switches, pace)
}

/// The same, where TikTok's pages are at another address.
fn capture_from(
    http: &str,
    tiktok: FakeTikTok,
    handle: &str,
    feed: &FakeFeed,
    switches: WaySwitches,
    pace: Pace,
) -> Capture {
    let websocket = tiktok.websocket_url();
    let bases = TikTokBases::new(Some(http), Some(http), Some(&websocket)).expect("the fake has addresses");
    let tikfinity = Some(feed.url().parse().expect("an address"));
    let means = Means { switches, tikfinity, ..Means::default() };
    let source = TiktokSource::new(Handle::parse(handle).expect("a handle"), bases, means, 7).with_pace(pace);
    Capture::by(Box::new(source), Arc::new(tiktok), 256)
}

/// Waits until somebody listens to that feed.
async fn heard(feed: &Arc<FakeFeed>) {
    let feed = Arc::clone(feed);
    let waiting = move || feed.wait_until("us", PATIENCE, |seen| seen.connections >= 1);
    tokio::task::spawn_blocking(waiting).await.expect("we listen");
}

#[tokio::test]
async fn what_tikfinity_hears_is_taken_where_tiktok_does_not_even_tell_us_the_room() {
    for handle in ["blocked", "captcha", "throttled"] {
        let feed = feed(0);
        let mut capture = capture(handle, &feed, WaySwitches::default(), brisk());
        heard(&feed).await;
        feed.push(&chat(handle, viewer::ROSA, 1, "hello from TikFinity"));
        let events = capture.until(Comment).await;
        assert_eq!(types(&events), [Connect, Comment], "as from TikTok itself, of @{handle}");
        let Body::Connect(connect) = &events[0].body else { panic!("it is one: {events:?}") };
        assert_eq!((connect.unique_id.as_str(), connect.room_id.as_str()), (handle, "tikfinity"), "no room is made up");
    }
}

#[tokio::test]
async fn where_tiktok_does_not_tell_the_room_a_viewer_of_nobody_knows_whom_leads_into_no_live() {
    let pace = Pace { socket_patience: Duration::from_millis(300), ..brisk() };
    for (handle, is_in) in [("blocked", false), ("sim", true)] {
        let feed = feed(0);
        let mut capture = capture(handle, &feed, WaySwitches::only(Way::Tikfinity), pace.clone());
        heard(&feed).await;
        feed.push(&frame("", "chat", viewer::ROSA, 1, json!({ "comment": "hello", "tikfinityUsername": null })));
        if is_in {
            assert_eq!(types(&capture.until(Comment).await), [Connect, Comment], "TikTok says that @{handle} is live");
            capture.stop.cancel();
            continue;
        }
        let (events, outcome) = capture.end().await;
        assert!(events.is_empty(), "it may be a stranger's: {events:?}");
        outcome.expect_err("no way is left");
    }
}

#[tokio::test]
async fn a_live_that_tikfinity_lost_is_left() {
    let feed = feed(0);
    let mut capture = capture("sim", &feed, WaySwitches::only(Way::Tikfinity), brisk());
    heard(&feed).await;
    feed.push(&chat("sim", viewer::ROSA, 1, "before"));
    capture.until(Comment).await;
    feed.push(&json!({ "event": "disconnected", "data": {} }));
    assert_eq!(types(&capture.until(Disconnect).await), [Disconnect], "nobody pretends to hear it");
    capture.stop.cancel();
}

#[tokio::test]
async fn whoever_was_in_by_tikfinity_waits_until_it_has_been_started_again() {
    let first = feed(0);
    let port = first.port();
    let hours = vec![Duration::from_secs(3_600); 5];
    let pace = Pace { retry_waits: hours, ..brisk() };
    let mut capture = capture("sim", &first, WaySwitches::only(Way::Tikfinity), pace);
    heard(&first).await;
    first.push(&chat("sim", viewer::ROSA, 1, "before"));
    capture.until(Comment).await;
    drop(first);
    assert_eq!(types(&capture.until(Disconnect).await), [Disconnect], "the break is told");
    for (attempt, why) in [(1, "the feed broke"), (2, "it was looked for in vain")] {
        let is_it = |it: &SourceStatus| matches!(it, SourceStatus::Reconnecting { attempt: it, .. } if *it == attempt);
        let waiting = timeout(PATIENCE, capture.status.wait_for(is_it)).await.expect("it is not given up");
        let SourceStatus::Reconnecting { cause, .. } = waiting.expect("it goes on").clone() else { unreachable!() };
        assert!(cause.contains(&format!("127.0.0.1:{port}")), "{why}, and {cause} names who is away");
        if attempt == 1 {
            capture.contact.retry_now();
        }
    }
    let second = feed(port);
    capture.contact.retry_now();
    heard(&second).await;
    second.push(&chat("sim", viewer::OLLIE, 2, "after"));
    assert_eq!(types(&capture.until(Comment).await), [Gap, Connect, Comment], "and the live goes on");
}

/// Pages that want a captcha solved, until TikTok denies everybody; gives their address, and the latter.
async fn denying_later() -> (String, Arc<AtomicBool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let (address, denies) = (listener.local_addr().expect("it has one"), Arc::new(AtomicBool::new(false)));
    let is_denying = Arc::clone(&denies);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let denies = is_denying.load(Ordering::SeqCst);
            let body = if denies { r#"{"statusCode":0,"data":{}}"# } else { "<html id=\"tiktok-verify-page\"></html>" };
            let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
            // The question is small enough to be there before it is answered; who asked may be gone.
            let _ = stream.readable().await;
            let mut question = [0; 8_192];
            let _ = stream.try_read(&mut question);
            let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
        }
    });
    (format!("http://{address}"), denies)
}

#[tokio::test]
async fn a_live_that_only_tikfinity_hears_is_not_over_because_tiktok_denies_it_once() {
    let (first, (http, denies)) = (feed(0), denying_later().await);
    let port = first.port();
    let tiktok = fake(scenario::named("welcome").expect("the scenario exists"));
    let mut capture = capture_from(&http, tiktok, "sim", &first, WaySwitches::only(Way::Tikfinity), brisk());
    heard(&first).await;
    first.push(&chat("sim", viewer::ROSA, 1, "before"));
    capture.until(Comment).await;
    denies.store(true, Ordering::SeqCst);
    let second = tokio::task::spawn_blocking(move || {
        drop(first);
        feed(port)
    });
    let second = second.await.expect("it is started again");
    assert_eq!(types(&capture.until(Disconnect).await), [Disconnect], "the break is told");
    heard(&second).await;
    second.push(&chat("sim", viewer::OLLIE, 2, "after"));
    assert_eq!(types(&capture.until(Comment).await), [Gap, Connect, Comment], "and the live goes on");
}
