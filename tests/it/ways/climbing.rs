//! One way after the other until one leads in: nothing is lost on the way up, and the cause of each failure is told.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cuelight_core::event::Body;
use cuelight_core::event::EventType::{Comment, Connect, Disconnect, Gap};
use cuelight_core::handle::Handle;
use cuelight_core::id::RoomId;
use cuelight_core::way::{Way, WaySwitches};
use cuelight_runtime::source::chrome::{Chrome, Surroundings};
use cuelight_runtime::source::pace::Pace;
use cuelight_runtime::source::tiktok::TiktokSource;
use cuelight_runtime::source::tiktok::bases::TikTokBases;
use cuelight_runtime::source::tiktok::means::{LastSeen, Means, SignKey};
use cuelight_runtime::source::{SourceError, SourceStatus};
use system_tests::tikfinity::{self, FakeFeed};
use system_tests::{Admission, FakeTikTok, Frame, Live, NEXT_ROOM_ID, ROOM_ID, Scenario, Step, scenario, viewer};
use tempfile::TempDir;

use crate::direct::capture::{Capture, PATIENCE, brisk, fake, types};

/// How soon the streamer is in, whatever stands in the way.
const SOON: Duration = Duration::from_secs(10);

fn named(name: &str) -> Scenario {
    scenario::named(name).expect("the scenario exists")
}

/// Captures `handle` from that fake, signer included, with these means.
fn capture(tiktok: FakeTikTok, handle: &str, means: Means, pace: Pace) -> Capture {
    let (http, websocket) = (tiktok.http_url(), tiktok.websocket_url());
    let bases = TikTokBases::new(Some(&http), Some(&http), Some(&websocket)).expect("the fake has addresses");
    let bases = bases.with_sign(&http).expect("the fake has an address");
    let handle = Handle::parse(handle).expect("a handle");
    let source = TiktokSource::new(handle, bases, means, 7).with_pace(pace);
    Capture::by(Box::new(source), Arc::new(tiktok), 256)
}

/// A key, and no browser.
fn with_key() -> Means {
    Means { sign: Some(SignKey::new("key-of-luna")), ..Means::default() }
}

/// A browser whose folders lie there, and no key.
fn with_browser(folder: &TempDir) -> Means {
    let surroundings = Surroundings { folder: folder.path().to_owned(), ..Surroundings::of_environment() };
    Means { page: Some(Arc::new(Chrome::new(surroundings))), ..Means::default() }
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

#[tokio::test]
async fn what_is_refused_without_a_signature_is_captured_with_one() {
    let mut capture = capture(fake(named("direct-refused")), "sim", with_key(), brisk());
    let events = capture.until(Connect).await;
    assert_eq!(types(&events)[0], Connect, "one session, without a disconnect that nobody had");
    let is_in = |status: &SourceStatus| matches!(status, SourceStatus::Connected { way: Some(Way::Sign), .. });
    assert!(is_in(&capture.status.borrow()), "people are told by which way");
    let seen = capture.seen("the way in", |seen| !seen.connections.is_empty()).await;
    let asked = seen.requests_for(&format!("/webcast/rooms/{ROOM_ID}/connect")).next().expect("the signer was asked");
    assert_eq!(asked.header("x-api-key"), Some("key-of-luna"), "with the streamer's key");
    let upgrade = &seen.connections[0].request;
    assert_eq!(upgrade.header("user-agent"), asked.query("user_agent"), "as the browser that it was signed for");
    assert_eq!(upgrade.query("wrss"), Some("fake-session"), "with all that the signer added");
    assert_eq!(upgrade.header("x-api-key"), None, "the key is shown to nobody else");
}

#[tokio::test]
async fn the_host_of_the_socket_that_lets_us_in_is_found() {
    let tiktok = fake(named("other-host"));
    let http = tiktok.http_url();
    let websockets =
        format!("{0},{1}", tiktok.websocket_url(), tiktok.websocket_url().replace("127.0.0.1", "localhost"));
    let bases = TikTokBases::new(Some(&http), Some(&http), Some(&websockets)).expect("two addresses");
    let source = TiktokSource::new(Handle::parse("sim").expect("a handle"), bases, Means::default(), 7);
    let source = source.only(Way::Direct).with_pace(brisk());
    let mut capture = Capture::by(Box::new(source), Arc::new(tiktok), 256);
    capture.until(Connect).await;
    let seen = capture.seen("the way in", |seen| !seen.connections.is_empty()).await;
    assert_eq!(seen.requests_for("/webcast/im/ws_proxy/ws_reuse_supplement/").count(), 2, "the second one does");
}

#[tokio::test]
async fn a_host_that_hangs_is_left_with_the_next_try() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let silent_url = format!("ws://{}", silent.local_addr().expect("it listens"));
    let tiktok = fake(named("welcome"));
    let http = tiktok.http_url();
    let websockets = format!("{silent_url},{}", tiktok.websocket_url());
    let bases = TikTokBases::new(Some(&http), Some(&http), Some(&websockets)).expect("two addresses");
    let source = TiktokSource::new(Handle::parse("sim").expect("a handle"), bases, Means::default(), 7);
    let pace = Pace { answer_timeout: Duration::from_millis(400), ..brisk() };
    let source = source.only(Way::Direct).with_pace(pace);
    let mut capture = Capture::by(Box::new(source), Arc::new(tiktok), 256);
    capture.until(Connect).await;
    assert_eq!(capture.tiktok.seen().requests_for("/").count(), 1, "with the identity of the first try");
}

#[tokio::test]
async fn without_any_other_way_the_direct_one_has_all_its_tries_and_every_cause_is_told() {
    let capture = capture(fake(named("device-blocked")), "sim", Means::default(), brisk());
    let tiktok = capture.tiktok.clone();
    let (events, outcome) = capture.end().await;
    assert!(events.is_empty(), "nobody was ever in the room");
    let Err(SourceError::NoWayLeft { tried, .. }) = outcome else { panic!("no way is left, not {outcome:?}") };
    let ways: Vec<Way> = tried.iter().map(|(way, _)| *way).collect();
    assert_eq!(ways, Way::ALL, "each is told");
    assert_eq!(tried[0].1, "DEVICE_BLOCKED (Handshake-Status 415, HTTP 200)", "in TikTok's own words");
    assert!(tried[3].1.contains("key"), "what is missing is told: {tried:?}");
    assert_eq!(tiktok.seen().requests_for("/").count(), 6, "a new identity for each of six tries");
}

#[tokio::test]
async fn a_run_that_takes_up_a_session_tells_the_gap_before_it() {
    let last_seen = |room: i64| {
        let at_ms = cuelight_runtime::clock::Clock::system().now_ms() - 20_000;
        Some(LastSeen { room_id: RoomId::new(room.to_string()), at_ms })
    };
    let means =
        |room| Means { switches: WaySwitches::only(Way::Direct), last_seen: last_seen(room), ..Means::default() };
    let mut same = capture(fake(named("welcome")), "sim", means(ROOM_ID), brisk());
    let events = same.until(Connect).await;
    assert_eq!(types(&events)[..2], [Gap, Connect], "twenty seconds are missing");
    let mut other = capture(fake(named("welcome")), "sim", means(ROOM_ID + 1), brisk());
    assert_eq!(types(&other.until(Connect).await)[0], Connect, "another live has no gap");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn direct_refused_is_captured_by_the_page_within_ten_seconds() {
    let began = Instant::now();
    let folder = folder();
    let mut capture = capture(fake(named("direct-refused")), "sim", with_browser(&folder), Pace::default());
    let mut events = capture.until(Connect).await;
    assert!(began.elapsed() < SOON, "it took {:?}", began.elapsed());
    let is_in = |status: &SourceStatus| matches!(status, SourceStatus::Connected { way: Some(Way::Page), .. });
    assert!(is_in(&capture.status.borrow()), "by the page, not {:?}", capture.status.borrow());
    if !types(&events).contains(&Comment) {
        events.extend(capture.until(Comment).await);
    }
    assert_eq!(types(&events)[0], Connect, "one session, without a disconnect that nobody had");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_cookie_that_only_browsers_are_given_opens_the_socket() {
    let folder = folder();
    let mut capture = capture(fake(named("ttwid-for-browsers")), "sim", with_browser(&folder), Pace::default());
    capture.until(Connect).await;
    let is_in = |status: &SourceStatus| matches!(status, SourceStatus::Connected { way: Some(Way::Cookie), .. });
    assert!(is_in(&capture.status.borrow()), "as the browser that has it, not {:?}", capture.status.borrow());
    let seen = capture.seen("the way in", |seen| !seen.connections.is_empty()).await;
    let page = seen.requests_for("/@sim/live").last().expect("a browser opened the page");
    let upgrade = &seen.connections[0].request;
    assert_eq!(upgrade.header("user-agent"), page.header("user-agent"), "it is the browser that was given the cookie");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_lookup_that_is_blocked_for_us_is_not_the_end_since_the_page_brings_its_room() {
    let folder = folder();
    let mut capture = capture(fake(named("browsers-only")), "sim", with_browser(&folder), Pace::default());
    capture.until(Connect).await;
    let status = capture.status.borrow().clone();
    let SourceStatus::Connected { room_id, way, .. } = status else { panic!("we are in, not {status:?}") };
    assert_eq!((room_id.to_number(), way), (Some(ROOM_ID as u64), Some(Way::Page)), "the page knows its room");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_page_that_opens_its_connection_again_goes_on_with_a_gap() {
    let folder = folder();
    let means = Means { switches: WaySwitches::only(Way::Page), ..with_browser(&folder) };
    let mut capture = capture(fake(named("broken-off")), "sim", means, Pace::default());
    let mut told = types(&capture.until(Gap).await);
    told.retain(|it| *it != Comment);
    assert_eq!(told, [Connect, Disconnect, Gap, Connect], "as on a connection of ours");
    let pages = capture.tiktok.seen().requests_for("/@sim/live").count();
    assert_eq!(pages, 1, "it is still the same page");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_page_that_lets_its_connection_go_is_opened_again() {
    let folder = folder();
    let means = Means { switches: WaySwitches::only(Way::Page), ..with_browser(&folder) };
    let pace = Pace { reopening_patience: Duration::from_millis(300), ..Pace::default() };
    let mut capture = capture(fake(named("page-socket-once")), "sim", means, pace);
    capture.until(Disconnect).await;
    assert_eq!(types(&capture.until(Connect).await)[..2], [Gap, Connect], "the live goes on");
    let pages = capture.tiktok.seen().requests_for("/@sim/live").count();
    assert!(pages >= 2, "another page is opened, not {pages}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_page_that_closes_its_connection_again_and_again_is_left_for_another() {
    let folder = folder();
    let means = Means { switches: WaySwitches::only(Way::Page), ..with_browser(&folder) };
    let mut live = Live::new();
    let steps = vec![Step::Send(Frame::of([live.chat(viewer::ROSA, "for a moment")])), Step::Close];
    let mut capture = capture(fake(Scenario::playing(steps)), "sim", means, Pace::default());
    while capture.tiktok.seen().requests_for("/@sim/live").count() < 2 {
        capture.until(Disconnect).await;
        let connections = capture.tiktok.seen().connections.len();
        assert!(connections < 12, "the first page has six, and is left: {connections}");
    }
    capture.stop.cancel();
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_page_that_floods_is_left_with_its_cause() {
    let folder = folder();
    let means = Means { switches: WaySwitches::only(Way::Page), ..with_browser(&folder) };
    let mut capture = capture(fake(named("page-flood")), "sim", means, Pace::default());
    let events = capture.until(Disconnect).await;
    assert_eq!(types(&events), [Connect, Disconnect], "it was in, and is left");
    let Body::Disconnect(disconnect) = &events[1].body else { panic!("it is one: {events:?}") };
    assert!(disconnect.reason.contains("floods"), "{} is why", disconnect.reason);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_page_that_opens_no_socket_is_left_for_the_next_way() {
    let folder = folder();
    let silent = Scenario { admission: Admission::SignedOnly, ..named("page-silent") };
    let means = Means { sign: Some(SignKey::new("key-of-luna")), ..with_browser(&folder) };
    let pace = Pace { socket_patience: Duration::from_millis(500), ..Pace::default() };
    let mut capture = capture(fake(silent), "sim", means, pace);
    let events = capture.until(Connect).await;
    let is_in = |status: &SourceStatus| matches!(status, SourceStatus::Connected { way: Some(Way::Sign), .. });
    assert!(is_in(&capture.status.borrow()), "by the next one, not {:?}", capture.status.borrow());
    assert_eq!(types(&events)[0], Connect, "one session, without a disconnect that nobody had");
    let pages = capture.tiktok.seen().requests_for("/@sim/live").count();
    assert!(pages >= 1, "the page was tried before");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_page_that_goes_to_another_room_on_its_socket_is_left_before_anything_of_that_is_taken() {
    let folder = folder();
    let means = Means { switches: WaySwitches::only(Way::Page), ..with_browser(&folder) };
    let mut live = Live::new();
    let ours = Step::Send(Frame::of([live.chat(viewer::ROSA, "in this room")]));
    let theirs = Step::Send(Frame::of([live.in_room(NEXT_ROOM_ID).chat(viewer::OLLIE, "in a stranger's room")]));
    let mut capture = capture(fake(Scenario::playing(vec![ours, theirs])), "sim", means, Pace::default());
    let events = capture.until(Disconnect).await;
    assert_eq!(types(&events), [Connect, Comment, Disconnect], "a stranger's live is not this one");
    let Body::Disconnect(disconnect) = &events[2].body else { panic!("it is one: {events:?}") };
    assert!(disconnect.reason.contains("another room"), "{} is why", disconnect.reason);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn when_a_capture_by_the_page_is_over_its_browser_is_gone() {
    for ends_by_itself in [true, false] {
        let folder = folder();
        let means = Means { switches: WaySwitches::only(Way::Page), ..with_browser(&folder) };
        let browsers = || std::fs::read_dir(folder.path()).expect("readable").count();
        let end = Live::numbered_from(7_300_000_000_000_900_001).ended();
        let ending = [Step::AwaitCue, Step::LeaveLive, Step::Send(Frame::of([end]))];
        let mut capture = capture(fake(named("welcome").then(ending)), "sim", means, Pace::default());
        capture.until(Connect).await;
        assert_eq!(browsers(), 1, "a browser is there");
        if ends_by_itself {
            capture.tiktok.cue()
        } else {
            capture.stop.cancel()
        }
        let (_, outcome) = capture.end().await;
        outcome.expect("it ends well");
        assert_eq!(browsers(), 0, "whoever sees the end finds nothing of it, whoever ended it: {ends_by_itself}");
    }
}

#[tokio::test]
async fn what_tikfinity_hears_of_this_streamer_is_taken_when_tiktok_lets_nobody_in() {
    for (follows, leads_in) in [("sim", true), ("somebody.else", false)] {
        let feed = Arc::new(std::thread::spawn(FakeFeed::start).join().expect("the feed starts"));
        let url = feed.url().parse().expect("an address");
        let means = Means { tikfinity: Some(url), ..Means::default() };
        let pace = Pace { retry_waits: vec![Duration::from_millis(20)], ..brisk() };
        let mut capture = capture(fake(named("device-blocked")), "sim", means, pace);
        let waiting = Arc::clone(&feed);
        let connected = move || waiting.wait_until("us", PATIENCE, |seen| seen.connections == 1);
        tokio::task::spawn_blocking(connected).await.expect("we listen");
        feed.push(&tikfinity::chat(follows, viewer::ROSA, 1, "hello from TikFinity"));
        if !leads_in {
            let (events, outcome) = capture.end().await;
            assert!(events.is_empty(), "nothing of another live is taken: {events:?}");
            let told = outcome.expect_err("nobody gets in").to_string();
            assert!(told.contains("TikFinity follows @somebody.else"), "{told} must say why");
            continue;
        }
        let events = capture.until(Comment).await;
        assert_eq!(types(&events), [Connect, Comment], "as from TikTok itself");
        let Body::Connect(connect) = &events[0].body else { panic!("it is one: {events:?}") };
        assert_eq!(connect.room_id.to_number(), Some(ROOM_ID as u64), "in the room that was looked up");
    }
}
