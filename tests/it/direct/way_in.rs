//! The way into a live: the cookie, the room, the address, and each thing that may stand in it.

use std::time::Duration;

use cuelight_core::event::{Body, EventType::Connect};
use cuelight_runtime::clock::Clock;
use cuelight_runtime::source::pace::Pace;
use cuelight_runtime::source::{SourceError, SourceStatus};
use system_tests::{Opening, ROOM_ID, RateLimit, Scenario};

use super::capture::{Capture, brisk, types};
use super::named;

#[tokio::test]
async fn it_connects_with_the_cookie_of_the_eighth_page() {
    let mut capture = Capture::of(named("ttwid-late"), brisk());
    let events = capture.until(Connect).await;
    let Body::Connect(connect) = &events[0].body else { panic!("connect opens the session, not {:?}", events[0]) };
    assert_eq!(connect.unique_id, "sim", "the streamer");
    assert_eq!(connect.room_id.to_number(), Some(ROOM_ID as u64), "the room");
    let is_in = |status: &SourceStatus| matches!(status, SourceStatus::Connected { user, .. } if user == "sim");
    assert!(is_in(&capture.status.borrow()), "people are told that we are in");
    let seen = capture.seen("the upgrade", |seen| !seen.connections.is_empty()).await;
    let pages: usize = ["/", "/@sim", "/live"].iter().map(|page| seen.requests_for(page).count()).sum();
    assert_eq!(pages, 8, "seven pages set no cookie and the eighth does");
    let upgrade = &seen.connections[0].request;
    assert_eq!(upgrade.cookie("ttwid"), Some("1%7Cfake%7C1790000000"), "the cookie goes along byte for byte");
    assert_eq!(upgrade.header("origin"), Some("https://www.tiktok.com"), "as a browser's page would");
    let lookup = seen.requests_for("/api-live/user/room").next().expect("the room was looked up");
    assert_eq!(upgrade.header("user-agent"), lookup.header("user-agent"), "one browser from first to last");
    assert_eq!(lookup.header("cookie"), None, "the cookie is shown only where it is needed");
}

#[tokio::test]
async fn the_address_says_all_that_a_browser_says() {
    let mut capture = Capture::of(named("welcome"), brisk());
    capture.until(Connect).await;
    let seen = capture.seen("the upgrade", |seen| !seen.connections.is_empty()).await;
    let upgrade = &seen.connections[0].request;
    assert_eq!(upgrade.path, "/webcast/im/ws_proxy/ws_reuse_supplement/", "the path of the web page's own socket");
    for (name, value) in [
        ("room_id", ROOM_ID.to_string().as_str()),
        ("version_code", "180800"),
        ("ws_direct", "1"),
        ("compress", "gzip"),
        ("heartbeat_duration", "10000"),
        ("history_comment_count", "6"),
        ("browser_name", "Mozilla"),
    ] {
        assert_eq!(upgrade.query(name), Some(value), "{name} is part of a browser's identity");
    }
    let rtt: f64 = upgrade.query("last_rtt").and_then(|it| it.parse().ok()).expect("a round trip time");
    assert!((100.0..200.0).contains(&rtt), "{rtt} ms is no plausible round trip");
}

#[tokio::test]
async fn a_live_is_found_although_the_first_source_denies_it() {
    for handle in ["paused", "hidden"] {
        let mut capture = Capture::of_user(handle, named("welcome"), brisk());
        let events = capture.until(Connect).await;
        assert_eq!(types(&events)[0], Connect, "@{handle} can be entered");
    }
}

#[tokio::test]
async fn every_answer_that_leads_to_no_room_has_its_own_error() {
    type IsExpected = fn(&SourceError) -> bool;
    let table: [(&str, IsExpected); 10] = [
        ("offline", |error| matches!(error, SourceError::NotLive { user } if user == "offline")),
        ("roomless", |error| matches!(error, SourceError::NotLive { .. })),
        ("nobody", |error| matches!(error, SourceError::NoSuchUser { .. })),
        ("adult", |error| matches!(error, SourceError::AgeRestricted { .. })),
        ("params", |error| matches!(error, SourceError::NotUnderstood { code: 10_011, .. })),
        ("captcha", |error| matches!(error, SourceError::Captcha { .. })),
        ("blank", |error| matches!(error, SourceError::Blocked { cause, .. } if cause == "an empty answer")),
        ("blocked", |error| matches!(error, SourceError::Blocked { cause, .. } if cause == "HTTP 403")),
        ("throttled", |error| matches!(error, SourceError::RateLimited { cause, .. } if cause == "HTTP 429")),
        ("unanswering", |error| matches!(error, SourceError::Unreachable { cause, .. } if cause.contains("no answer"))),
    ];
    for (handle, is_expected) in table {
        let pace = Pace { answer_timeout: Duration::from_millis(400), ..brisk() };
        let (events, outcome) = Capture::of_user(handle, named("welcome"), pace).end().await;
        assert!(events.is_empty(), "there is no session of @{handle}");
        let error = outcome.expect_err("there is no room to enter");
        assert!(is_expected(&error), "@{handle} must not end with {error:?}");
    }
}

#[tokio::test]
async fn a_refused_upgrade_is_told_in_tiktoks_words_after_six_identities() {
    for (name, words) in [
        ("device-blocked", "DEVICE_BLOCKED (Handshake-Status 415, HTTP 200)"),
        ("illegal-key", "illegal secret key (Handshake-Status 417, HTTP 200)"),
        ("illegal-app", "illegal app_id (Handshake-Status 417, HTTP 400)"),
    ] {
        let capture = Capture::of(named(name), brisk());
        let tiktok = capture.tiktok.clone();
        let (events, outcome) = capture.end().await;
        assert!(events.is_empty(), "nobody was ever in the room");
        let is_told = matches!(&outcome, Err(SourceError::Refused { refusal }) if refusal.to_string() == words);
        assert!(is_told, "{name} must be told as it was said, not {outcome:?}");
        let seen = tiktok.seen();
        let pages = seen.requests_for("/").count();
        assert_eq!(pages, 6, "a refused identity is never shown again");
    }
}

#[tokio::test]
async fn a_new_identity_mends_a_refusal() {
    let mut capture = Capture::of(named("device-blocked-once"), brisk());
    let events = capture.until(Connect).await;
    assert_eq!(types(&events)[0], Connect, "the second try succeeds, without a disconnect that nobody had");
    assert_eq!(capture.tiktok.seen().requests_for("/").count(), 2, "with a second cookie");
}

#[tokio::test]
async fn pages_without_any_cookie_are_a_block_and_not_asked_for_ever() {
    let capture = Capture::of(named("ttwid-never"), brisk());
    let tiktok = capture.tiktok.clone();
    let (_, outcome) = capture.end().await;
    let is_told = matches!(&outcome, Err(SourceError::Blocked { cause, .. }) if cause.contains("ttwid"));
    assert!(is_told, "the missing cookie is the cause, not {outcome:?}");
    let seen = tiktok.seen();
    let pages = ["/", "/@sim", "/live"].map(|page| seen.requests_for(page).count());
    assert_eq!(pages, [3, 3, 2], "eight tries are enough");
}

#[tokio::test]
async fn an_upgrade_without_an_answer_is_given_up() {
    let pace = Pace { answer_timeout: Duration::from_millis(100), ..brisk() };
    let (events, outcome) = Capture::of(named("upgrade-unanswered"), pace).end().await;
    assert!(events.is_empty(), "nobody was ever in the room");
    assert!(matches!(outcome, Err(SourceError::Unreachable { .. })), "silence is no refusal: {outcome:?}");
}

#[tokio::test]
async fn a_limit_at_the_socket_or_at_the_pages_with_its_cookie_is_told_with_its_end_and_nothing_more_is_asked() {
    let at_the_socket = |form| Scenario::opening(vec![Opening::Limited(form)]);
    let at_the_pages = |form| Scenario { pages_limited: Some(form), ..Scenario::playing(Vec::new()) };
    for (form, wait_s) in [
        (RateLimit::RetryAfterSeconds, RateLimit::WAIT_S),
        (RateLimit::RetryAfterDate, RateLimit::WAIT_S),
        (RateLimit::Reset, RateLimit::WAIT_S),
        (RateLimit::Unsaid, 90),
    ] {
        for (place, scenario) in [("the socket", at_the_socket(form)), ("the pages", at_the_pages(form))] {
            let capture = Capture::of(scenario, brisk());
            let tiktok = capture.tiktok.clone();
            let (events, outcome) = capture.end().await;
            assert!(events.is_empty(), "nobody was ever in the room");
            let Err(SourceError::RateLimited { until_ms, .. }) = outcome else {
                panic!("{place} with {form:?} ends with {outcome:?}")
            };
            let left_s = (until_ms - Clock::system().now_ms()) / 1_000;
            assert!((wait_s - 20..=wait_s).contains(&left_s), "{place} with {form:?} ends in {left_s} s");
            let refused = tiktok.seen().requests.iter().filter(|request| request.status == Some(429)).count();
            assert_eq!(refused, 1, "{place} with {form:?} is asked once");
        }
    }
}
