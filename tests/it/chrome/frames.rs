//! What is heard of a page, and who the browser is to TikTok.

use std::path::PathBuf;

use cuelight_runtime::source::page::{PageHost as _, PageSignal};
use system_tests::{Frame, Live, Scenario, Step, viewer};

use super::{Place, comments, events, named, next, next_of_all, page_of, scenario, start};

/// A room in which these comments are said, each in a frame of its own.
fn saying(comments: &[String]) -> Scenario {
    let mut live = Live::new();
    let frames = comments.iter().map(|it| Step::Send(Frame::of([live.chat(viewer::ROSA, it)])));
    Scenario::playing(frames.collect())
}

#[tokio::test]
async fn every_frame_of_the_page_is_heard_in_order_under_a_strict_policy() {
    let numbers: Vec<String> = (0..300).map(|number| format!("comment {number}")).collect();
    let tiktok = start(saying(&numbers));
    let place = Place::new();
    let mut visit = place.visit(&tiktok).await;
    let (events, others) = events(&mut visit, numbers.len()).await;
    assert_eq!(comments(&events), numbers, "all of them, each once, in their order");
    let [PageSignal::SocketOpened { url }] = &others[..] else { panic!("one socket was opened, not {others:?}") };
    assert!(url.starts_with(&tiktok.websocket_url()) && url.contains("room_id="), "{url} names the room");
    visit.close().await;
}

#[tokio::test]
async fn a_socket_in_a_worker_is_heard_as_well() {
    let tiktok = named("page-worker");
    let expected = scenario("page-worker").frame_count();
    let place = Place::new();
    let mut visit = place.visit(&tiktok).await;
    let (events, _) = events(&mut visit, expected).await;
    assert!(!comments(&events).is_empty(), "the room is heard: {events:?}");
    let user_agent = visit.identity.user_agent.clone();
    visit.close().await;
    let seen = tiktok.seen();
    let upgrade = &seen.connections.first().expect("the worker opened it").request;
    assert_eq!(upgrade.header("user-agent"), Some(user_agent.as_str()), "a worker is of the same browser as its page");
    let script = seen.requests_for("/live-page-worker.js").next().expect("it was asked for");
    assert_eq!(script.header("user-agent"), Some(user_agent.as_str()), "from its first request on");
}

#[tokio::test]
async fn sockets_of_strangers_are_neither_heard_nor_reached_by_name() {
    let tiktok = named("page-strangers");
    let expected = scenario("page-strangers").frame_count();
    let place = Place::new();
    let mut visit = place.visit(&tiktok).await;
    let (events, others) = events(&mut visit, expected).await;
    assert!(!comments(&events).is_empty(), "the room is heard: {events:?}");
    let [PageSignal::SocketOpened { url }] = &others[..] else {
        panic!("TikTok's socket alone is told, not {others:?}")
    };
    assert!(url.starts_with(&tiktok.websocket_url()), "{url} is TikTok's");
    visit.close().await;
    let hosts: Vec<String> = tiktok.seen().requests.iter().map(|request| request.host().to_owned()).collect();
    assert!(!hosts.contains(&"localhost".to_owned()), "names that are not TikTok's are not found: {hosts:?}");
}

#[tokio::test]
async fn the_address_of_the_page_is_told_before_its_socket() {
    let tiktok = named("welcome");
    let place = Place::new();
    let mut visit = place.visit(&tiktok).await;
    let mut shown = String::new();
    loop {
        match next_of_all(&mut visit).await {
            PageSignal::Moved { url } => shown = url,
            PageSignal::SocketOpened { .. } => break,
            other => panic!("nothing else happens before: {other:?}"),
        }
    }
    assert_eq!(shown, page_of(&tiktok, "sim").url.as_str(), "as the browser tells it");
    visit.close().await;
}

#[tokio::test]
async fn a_socket_that_closes_and_opens_again_is_told() {
    let tiktok = named("reconnect");
    let place = Place::new();
    let mut visit = place.visit(&tiktok).await;
    let mut turns = Vec::new();
    while turns.len() < 3 {
        match next(&mut visit).await {
            PageSignal::SocketOpened { .. } => turns.push("opened"),
            PageSignal::SocketClosed => turns.push("closed"),
            PageSignal::Moved { .. } | PageSignal::Frame(_) => {}
            last @ (PageSignal::Captcha | PageSignal::PageGone { .. }) => panic!("the page goes on, but: {last:?}"),
        }
    }
    assert_eq!(turns, ["opened", "closed", "opened"]);
    visit.close().await;
}

#[tokio::test]
async fn the_browser_says_of_itself_what_tiktok_sees() {
    let tiktok = named("browsers-only");
    let place = Place::new();
    let visit = place.visit(&tiktok).await;
    let identity = visit.identity.clone();
    visit.close().await;
    assert!(identity.user_agent.contains("Chrome/"), "{identity:?}");
    assert!(!format!("{identity:?}").contains("Headless"), "{identity:?} says that nobody watches");
    assert!(
        identity.user_agent.contains(identity.version.trim_start_matches("5.0 ")),
        "{identity:?} agrees with itself"
    );
    assert_eq!(identity.screen, (1920, 1080), "a screen that people have");
    assert!(
        identity.cookies.iter().any(|it| it.name == "ttwid" && !it.value.is_empty()),
        "{identity:?} has the cookie"
    );
    let seen = tiktok.seen();
    let asked: Vec<_> = seen.requests.iter().filter(|it| it.path.starts_with("/@sim")).collect();
    assert!(!asked.is_empty(), "the page was asked for");
    for request in &asked {
        assert_eq!(request.header("user-agent"), Some(identity.user_agent.as_str()), "the page is asked for by it");
        let brands = request.header("sec-ch-ua").unwrap_or_default();
        assert!(brands.contains("Chromium") && !brands.contains("Headless"), "its brands are {brands:?}");
    }
}

#[tokio::test]
async fn for_the_cookie_alone_the_page_is_closed_at_once() {
    let tiktok = named("ttwid-for-browsers");
    let place = Place::new();
    let mut wanted = page_of(&tiktok, "sim");
    wanted.wants_frames = false;
    let chrome = place.chrome();
    let mut visit = chrome.visit(wanted).await.expect("the page is there");
    let ttwid = visit.identity.cookies.iter().find(|it| it.name == "ttwid").expect("the cookie");
    assert!(!ttwid.value.is_empty() && ttwid.domain == "127.0.0.1", "{ttwid:?} is TikTok's");
    assert_eq!(visit.signals.recv().await, None, "nothing is told");
    assert_eq!(place.browsers(), Vec::<PathBuf>::new(), "and nothing runs any more");
}
