//! The way by TikFinity: where TikTok tells us nothing at all, and while that program is started again.

use std::sync::Arc;
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
use system_tests::tikfinity::{FakeFeed, chat};
use system_tests::{scenario, viewer};
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
    let (http, websocket) = (tiktok.http_url(), tiktok.websocket_url());
    let bases = TikTokBases::new(Some(&http), Some(&http), Some(&websocket)).expect("the fake has addresses");
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
