//! What TikFinity hears is captured as if TikTok had told it: nothing lost, doubled or inverted, and only of whom it is asked.

use std::sync::Arc;
use std::time::Duration;

use cuelight_core::event::{
    Body,
    EventType::{Comment, Connect, Disconnect, Gap, Gift, LiveEnd, ViewerCount},
};
use cuelight_core::handle::Handle;
use cuelight_runtime::source::pace::Pace;
use cuelight_runtime::source::tikfinity::TikfinitySource;
use cuelight_runtime::source::{SourceEnd, SourceError, SourceStatus};
use serde_json::{Value, json};
use system_tests::tikfinity::{FakeFeed, chat, config, frame, gift, room_user};
use system_tests::viewer::{NADIR, OLLIE, ROSA, ROSE};

use crate::publish::server::free_port;
use crate::support::Workplace;
use crate::support::running::Running;
use crate::support::source::Taking;

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

const LUNA: &str = "luna.plays";
const MIA: &str = "mia_draws";

/// A pace at which nothing is waited for longer than loopback needs.
fn brisk() -> Pace {
    Pace {
        answer_timeout: Duration::from_millis(1_500),
        retry_waits: vec![Duration::from_millis(20)],
        ..Pace::default()
    }
}

/// A feed and a source that reads it.
struct Scene {
    feed: Arc<FakeFeed>,
    taking: Taking,
}

impl Scene {
    async fn of(wanted: Option<&str>, pace: Pace) -> Self {
        // On a thread of its own, since its start blocks and an async test must not.
        let feed = Arc::new(std::thread::spawn(FakeFeed::start).join().expect("the feed starts"));
        let wanted = wanted.map(|wanted| Handle::parse(wanted).expect("a handle"));
        let url = feed.url().parse().expect("an address");
        let scene = Self { feed, taking: Taking::of(TikfinitySource::new(url, wanted).with_pace(pace)) };
        scene.connected(1).await;
        scene
    }

    /// Waits until so many connections were made.
    async fn connected(&self, count: usize) {
        let feed = Arc::clone(&self.feed);
        let waiting = tokio::task::spawn_blocking(move || {
            feed.wait_until("a connection", PATIENCE, |seen| seen.connections >= count);
        });
        waiting.await.expect("it comes in time");
    }
}

#[tokio::test]
async fn a_live_is_heard_from_its_first_viewer_to_its_end_and_nothing_is_asked() {
    let mut scene = Scene::of(None, brisk()).await;
    let frames = [
        config(),
        room_user(312),
        chat(LUNA, ROSA, 1, "first"),
        gift(LUNA, OLLIE, 2, ROSE, 1, false),
        gift(LUNA, OLLIE, 3, ROSE, 4, true),
    ];
    frames.iter().for_each(|frame| scene.feed.push(frame));
    let before = scene.taking.until("the gift", |taken| taken.count(Gift) == 2).await;
    let expected = [Connect, ViewerCount, Comment, Gift, Gift];
    assert_eq!(before.types(), expected, "what named nobody waited for the name of the streamer");
    let Body::Connect(connect) = &before.events[0].body else { panic!("{before:?}") };
    assert_eq!((connect.unique_id.as_str(), connect.room_id.as_str()), (LUNA, "tikfinity"), "whose live it is");
    assert!(
        matches!(&*scene.taking.status.borrow(), SourceStatus::Connected { user, .. } if user == LUNA),
        "people see it"
    );

    scene.feed.push(&json!({ "event": "streamEnd", "data": { "action": 3 } }));
    let (after, end) = scene.taking.end().await;
    assert_eq!(after.types(), [LiveEnd, Disconnect], "the live ends, and then the connection");
    assert_eq!(end.expect("nothing went wrong"), SourceEnd::Ended, "it ends with the live");
    assert_eq!(scene.feed.seen().said, Vec::<String>::new(), "the feed is asked nothing");
}

#[test]
fn nothing_is_lost_doubled_or_inverted_over_a_reconnect() {
    let feed = FakeFeed::start();
    let workplace = Workplace::new();
    let (source, commented) = (format!("tikfinity:{}", feed.url()), |from: i64, to: i64| {
        (from..to).for_each(|number| feed.push(&chat(LUNA, ROSA, number, &format!("comment {number}"))));
    });
    let running = Running::start(workplace.cuelight(["capture", LUNA, "--source", &source]));
    feed.wait_until("the program", PATIENCE, |seen| seen.connections == 1);
    commented(0, 60);
    feed.push(&gift(LUNA, NADIR, 1_000, ROSE, 2, false));
    feed.break_off();
    feed.wait_until("the program to be back", PATIENCE, |seen| seen.connections == 2);
    // TikFinity tells again what it told a moment ago.
    commented(40, 120);
    feed.push(&gift(LUNA, NADIR, 1_000, ROSE, 2, false));
    feed.push(&gift(LUNA, NADIR, 1_001, ROSE, 5, true));
    feed.push(&json!({ "event": "streamEnd", "data": { "action": 3 } }));
    let (status, said) = running.end();
    assert_eq!(status, Some(0), "{said}");

    let saved = workplace.saved("livestream_events.json");
    let of_type = |name: &str| saved.iter().filter(|event| event["event_type"] == name).collect::<Vec<&Value>>();
    let comments: Vec<&str> = of_type("comment").iter().filter_map(|event| event["data"]["comment"].as_str()).collect();
    let expected: Vec<String> = (0..120).map(|number| format!("comment {number}")).collect();
    assert_eq!(comments, expected, "each once and in order");
    let gifts = of_type("gift");
    assert_eq!(gifts.len(), 1, "the combo goes on behind the break: {gifts:?}");
    assert_eq!(gifts[0]["data"]["repeat_count"], 5, "and ends with its count");
    let around: Vec<&str> = saved.iter().filter_map(|event| event["event_type"].as_str()).collect();
    let around: Vec<&str> = around.into_iter().filter(|name| !matches!(*name, "comment" | "gift")).collect();
    let expected = ["connect", "disconnect", "gap", "connect", "live_end", "disconnect"];
    assert_eq!(around, expected, "the break stands where it was");
}

#[tokio::test]
async fn a_feed_of_another_streamer_is_refused_by_name() {
    let scene = Scene::of(Some(LUNA), brisk()).await;
    scene.feed.push(&room_user(7));
    scene.feed.push(&chat(MIA, ROSA, 1, "hello mia"));
    let (taken, end) = scene.taking.end().await;
    assert_eq!(taken.events, [], "nothing of hers gets into a session of his");
    let error = end.expect_err("the feed is of another");
    assert!(matches!(error, SourceError::Denied { .. }), "{error:?}");
    let error = error.to_string();
    assert!(error.contains("@mia_draws") && error.contains("@luna.plays"), "{error} must name both");
}

#[tokio::test]
async fn when_tikfinity_turns_to_another_streamer_what_was_asked_for_ends() {
    let mut scene = Scene::of(Some(LUNA), brisk()).await;
    scene.feed.push(&chat("@Luna.Plays", ROSA, 1, "hello luna"));
    scene.taking.until("the comment", |taken| taken.count(Comment) == 1).await;
    scene.feed.push(&chat(MIA, ROSA, 2, "hello mia"));
    let (taken, end) = scene.taking.end().await;
    assert_eq!(taken.types(), [Disconnect], "it is left before anything of hers is taken");
    assert!(matches!(end, Err(SourceError::Denied { .. })), "{end:?}");
}

#[tokio::test]
async fn when_nobody_was_asked_for_another_streamer_is_another_session() {
    let mut scene = Scene::of(None, brisk()).await;
    for (streamer, comment) in [(LUNA, "one"), (LUNA, "two"), (MIA, "three"), (LUNA, "four")] {
        scene.feed.push(&chat(streamer, ROSA, 1, comment));
    }
    let taken = scene.taking.until("four comments", |taken| taken.count(Comment) == 4).await;
    let expected = [Connect, Comment, Comment, Disconnect, Connect, Comment, Disconnect, Connect, Comment];
    assert_eq!(taken.types(), expected, "each comment stands in the session of its streamer, and none behind a gap");
    let creators: Vec<&str> = taken
        .events
        .iter()
        .filter_map(|event| if let Body::Connect(it) = &event.body { Some(it.unique_id.as_str()) } else { None })
        .collect();
    assert_eq!(creators, [LUNA, MIA, LUNA], "in order");
    scene.taking.stopped().await;
}

#[tokio::test]
async fn a_feed_that_names_nobody_is_of_whoever_was_asked_for() {
    for (wanted, expected) in [(Some(LUNA), LUNA), (None, "tikfinity")] {
        let mut scene = Scene::of(wanted, brisk()).await;
        scene.feed.push(&frame("", "chat", ROSA, 1, json!({ "comment": "hello", "tikfinityUsername": null })));
        let taken = scene.taking.until("the comment", |taken| taken.count(Comment) == 1).await;
        let Body::Connect(connect) = &taken.events[0].body else { panic!("{taken:?}") };
        assert_eq!(connect.unique_id, expected, "asked for {wanted:?}");
    }
}

#[tokio::test]
async fn odd_frames_are_kept_and_what_follows_is_heard() {
    let mut scene = Scene::of(Some(LUNA), brisk()).await;
    for text in ["", "not JSON", r#"{"data":{}}"#, "[]"] {
        scene.feed.push_text(text);
    }
    scene.feed.push(&json!({ "event": "chat", "data": "nothing" }));
    scene.feed.push(&json!({ "event": "fireworks", "data": { "colour": "red" } }));
    scene.feed.push(&chat(LUNA, ROSA, 1, "still here"));
    let taken = scene.taking.until("the comment", |taken| taken.count(Comment) == 1).await;
    assert_eq!(taken.comments(), ["still here"], "nothing odd ends it");
    assert_eq!(taken.faults, 4, "what is no frame is kept as it came");
    let unknown = taken.count(cuelight_core::event::EventType::Unknown);
    assert_eq!(unknown, 2, "what has a name and no meaning is counted under it");
}

#[tokio::test]
async fn a_feed_that_is_not_there_is_told_at_once() {
    let url = format!("ws://127.0.0.1:{}/", free_port()).parse().expect("an address");
    let (taken, end) = Taking::of(TikfinitySource::new(url, None).with_pace(brisk())).end().await;
    assert_eq!(taken.events, [], "there was never a live");
    assert!(matches!(&end, Err(SourceError::Unreachable { place, .. }) if place.contains("TikFinity")), "{end:?}");
}

#[test]
fn the_program_says_that_tikfinity_is_not_there() {
    let workplace = Workplace::new();
    let source = format!("tikfinity:ws://127.0.0.1:{}/", free_port());
    let capture = workplace.run(["capture", "--source", &source]).expect_status(1);
    assert!(capture.stderr.contains("TikFinity at 127.0.0.1:"), "{} must say whom it asked", capture.stderr);
    let wrong = workplace.run(["capture", "--source", "tikfinity:http://127.0.0.1"]).expect_status(2);
    assert!(wrong.stderr.contains("ws://localhost:21213/"), "{} must show what an address looks like", wrong.stderr);
}

#[tokio::test]
async fn a_feed_that_falls_silent_is_left_and_opened_again() {
    let pace = Pace { heartbeat_period: Duration::from_millis(20), silence: Duration::from_millis(80), ..brisk() };
    let mut scene = Scene::of(Some(LUNA), pace).await;
    scene.feed.push(&chat(LUNA, ROSA, 1, "before"));
    scene.taking.until("the comment", |taken| taken.count(Comment) == 1).await;
    scene.feed.fall_silent();
    let left = scene.taking.until("the break", |taken| taken.count(Disconnect) == 1).await;
    let Some(Body::Disconnect(disconnect)) = left.events.last().map(|event| &event.body) else { panic!("{left:?}") };
    assert_eq!(disconnect.reason, "TikFinity was silent for 80ms", "silence is named as the reason");
    scene.connected(2).await;
    scene.feed.push(&chat(LUNA, ROSA, 2, "after"));
    let back = scene.taking.until("the next comment", |taken| taken.count(Comment) == 1).await;
    assert_eq!(back.types(), [Gap, Connect, Comment], "and the live goes on");
}

#[tokio::test]
async fn once_tikfinity_has_lost_the_live_nobody_is_in_until_a_viewer_is_heard_again() {
    let pace = Pace { entry_patience: Duration::from_millis(10), ..brisk() };
    let mut scene = Scene::of(Some(LUNA), pace).await;
    scene.feed.push(&chat(LUNA, ROSA, 1, "before"));
    scene.taking.until("the comment", |taken| taken.count(Comment) == 1).await;
    scene.feed.push(&json!({ "event": "disconnected", "data": {} }));
    let left = scene.taking.until("the break", |taken| taken.count(Disconnect) == 1).await;
    assert_eq!(left.types(), [Disconnect], "it hears nothing more");
    scene.connected(2).await;
    tokio::time::timeout(Duration::from_millis(300), scene.taking.next()).await.expect_err("a feed alone is no live");
    scene.feed.push(&chat(LUNA, ROSA, 2, "after"));
    let back = scene.taking.until("the next comment", |taken| taken.count(Comment) == 1).await;
    assert_eq!(back.types(), [Gap, Connect, Comment], "and the live goes on");
}

#[tokio::test]
async fn a_quiet_room_is_entered_again_without_a_word() {
    let pace = Pace { entry_patience: Duration::from_millis(50), ..brisk() };
    let mut scene = Scene::of(None, pace).await;
    scene.feed.push(&chat(LUNA, ROSA, 1, "good night"));
    scene.taking.until("the comment", |taken| taken.count(Comment) == 1).await;
    scene.feed.close();
    let taken = scene.taking.until("the return", |taken| taken.count(Connect) == 1).await;
    assert_eq!(taken.types(), [Disconnect, Gap, Connect], "TikFinity was of this streamer a moment ago");
}

#[tokio::test]
async fn whoever_does_not_want_to_wait_is_back_at_once() {
    let mut scene = Scene::of(None, Pace { retry_waits: vec![Duration::from_secs(3_600)], ..brisk() }).await;
    scene.feed.push(&chat(LUNA, ROSA, 1, "before"));
    scene.taking.until("the comment", |taken| taken.count(Comment) == 1).await;
    scene.feed.break_off();
    let is_waiting = |status: &SourceStatus| matches!(status, SourceStatus::Reconnecting { attempt: 1, .. });
    tokio::time::timeout(PATIENCE, scene.taking.status.wait_for(is_waiting)).await.expect("in time").expect("it runs");
    scene.taking.contact.retry_now();
    scene.connected(2).await;
    scene.taking.stopped().await;
}
