//! The sign way: every answer of a sign server is understood, and nothing but a whole one is used.

use std::sync::Arc;

use cuelight_core::event::EventType::Connect;
use cuelight_core::handle::Handle;
use cuelight_core::way::Way;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::source::SourceError;
use cuelight_runtime::source::tiktok::TiktokSource;
use cuelight_runtime::source::tiktok::bases::TikTokBases;
use cuelight_runtime::source::tiktok::means::{Means, SignKey};
use system_tests::{Frame, Live, RateLimit, Scenario, Step, scenario, viewer};

use crate::direct::capture::{Capture, brisk, fake};
use crate::direct::comments;

fn named(name: &str) -> Scenario {
    scenario::named(name).expect("the scenario exists")
}

/// Captures `sim` by the sign way alone.
fn signed(scenario: Scenario, key: Option<&str>) -> Capture {
    let tiktok = fake(scenario);
    let (http, websocket) = (tiktok.http_url(), tiktok.websocket_url());
    let bases = TikTokBases::new(Some(&http), Some(&http), Some(&websocket)).expect("the fake has addresses");
    let bases = bases.with_sign(&http).expect("the fake has an address");
    let means = Means { sign: key.map(SignKey::new), ..Means::default() };
    let source = TiktokSource::new(Handle::parse("sim").expect("a handle"), bases, means, 7);
    Capture::by(Box::new(source.only(Way::Sign).with_pace(brisk())), Arc::new(tiktok), 256)
}

#[tokio::test]
async fn what_comes_with_the_signature_is_journaled_before_what_the_socket_sends() {
    let mut live = Live::new();
    let signed_batch = vec![live.chat(viewer::ROSA, "with the signature")];
    let later = Step::Send(Frame::of([live.chat(viewer::OLLIE, "over the socket")]));
    let mut capture = signed(Scenario { signed_batch, ..Scenario::playing(vec![later]) }, Some("key-of-luna"));
    let mut events = capture.until(Connect).await;
    while comments(&events).len() < 2 {
        let (batch, confirm) = capture.next().await.expect("both comments come");
        events.extend(batch.events);
        // The source does not wait for the word about its own events.
        let _ = confirm.send(());
    }
    assert_eq!(comments(&events), ["with the signature", "over the socket"], "in their order, each once");
}

#[tokio::test]
async fn every_answer_without_a_signature_has_its_own_error() {
    type IsExpected = fn(&SourceError) -> bool;
    let is_closed: IsExpected = |error| matches!(error, SourceError::WayClosed { way: Way::Sign, .. });
    let is_blocked: IsExpected = |error| matches!(error, SourceError::Blocked { .. });
    let is_unreachable: IsExpected = |error| matches!(error, SourceError::Unreachable { .. });
    for (name, is_expected, words) in [
        ("sign-401", is_closed, "does not take the key"),
        ("sign-403", is_closed, "does not take the key"),
        ("sign-402", is_closed, "wants to be paid"),
        ("sign-402-in-200", is_closed, "wants to be paid"),
        ("sign-no-cookie", is_blocked, "no cookies"),
        ("sign-fallback", is_blocked, "out of order"),
        ("sign-empty", is_blocked, "gave the sign server nothing"),
        ("sign-500", is_unreachable, "HTTP 500"),
        ("sign-503", is_unreachable, "no agents available"),
    ] {
        let capture = signed(named(name), Some("key-of-luna"));
        let tiktok = capture.tiktok.clone();
        let (events, outcome) = capture.end().await;
        let error = outcome.expect_err("there is no signature");
        assert!(events.is_empty() && is_expected(&error), "{name} must not end with {error:?}");
        assert!(error.to_string().contains(words), "{name}: {error} must say {words:?}");
        assert!(tiktok.seen().connections.is_empty(), "{name} leads nowhere");
    }
}

#[tokio::test]
async fn a_sign_server_that_says_the_key_aloud_does_not_make_us_say_it() {
    let mut capture = signed(named("sign-401"), Some("key-of-luna"));
    let mut details = Vec::new();
    while let Some((batch, _)) = capture.next().await {
        details.extend(batch.attempts.iter().map(|attempt| attempt.detail().to_owned()));
    }
    let (_, outcome) = capture.end().await;
    let error = outcome.expect_err("the key is unknown").to_string();
    assert!(error.contains("the api key … is unknown"), "{error} has the server's words without the key");
    assert!(details.iter().any(|detail| detail.contains("… is unknown")), "so does the story: {details:?}");
    assert!(
        details.iter().all(|detail| !detail.contains("key-of-luna")),
        "and nothing of it names the key: {details:?}"
    );
}

#[tokio::test]
async fn a_limit_is_told_with_its_end_whatever_form_that_has() {
    for (name, wait_s) in [
        ("sign-429", RateLimit::WAIT_S),
        ("sign-429-after", RateLimit::WAIT_S),
        ("sign-429-date", RateLimit::WAIT_S),
        ("sign-429-remaining", RateLimit::WAIT_S),
        ("sign-429-reset", RateLimit::WAIT_S),
        ("sign-429-x-reset", RateLimit::WAIT_S),
        ("sign-429-bare", 60),
        ("sign-429-hour", 3_600),
        ("sign-429-day", 86_400),
        ("sign-429-unsaid", 90),
        ("sign-429-cut", 90),
    ] {
        let (_, outcome) = signed(named(name), Some("key-of-luna")).end().await;
        let Err(SourceError::RateLimited { until_ms, .. }) = outcome else { panic!("{name}: {outcome:?}") };
        let left_s = (until_ms - Clock::system().now_ms()) / 1_000;
        assert!((wait_s - 20..=wait_s).contains(&left_s), "{name} ends in {left_s} s");
    }
}

#[tokio::test]
async fn without_a_key_nobody_is_asked() {
    let capture = signed(Scenario::playing(Vec::new()), None);
    let tiktok = capture.tiktok.clone();
    let (_, outcome) = capture.end().await;
    assert!(matches!(outcome, Err(SourceError::WayClosed { way: Way::Sign, .. })), "{outcome:?}");
    let has_asked = tiktok.seen().requests.iter().any(|request| request.path.contains("/connect"));
    assert!(!has_asked, "an anonymous question would be counted against everybody here");
}
