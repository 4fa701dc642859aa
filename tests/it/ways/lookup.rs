//! The room lookup: what stands in its way is told with the moment until which it does.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use cuelight_core::handle::Handle;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::source::SourceError;
use cuelight_runtime::source::page::PageFault;
use cuelight_runtime::source::page::script::cookie_of;
use cuelight_runtime::source::tiktok::TiktokSource;
use cuelight_runtime::source::tiktok::bases::TikTokBases;
use cuelight_runtime::source::tiktok::means::Means;
use system_tests::scenario;

use super::pages::Pages;
use crate::direct::capture::{Capture, brisk, fake};

/// How the lookup of that account ends.
async fn looked_up(handle: &str) -> SourceError {
    let welcome = scenario::named("welcome").expect("the scenario exists");
    let (events, outcome) = Capture::of_user(handle, welcome, brisk()).end().await;
    assert!(events.is_empty(), "there is no session of @{handle}");
    outcome.expect_err("nobody gets in")
}

/// Seconds from now to that moment.
fn left_s(until_ms: i64) -> i64 {
    (until_ms - Clock::system().now_ms()) / 1_000
}

#[tokio::test]
async fn a_limit_of_tiktok_is_understood_in_every_form() {
    for (handle, wait_s) in [
        ("throttled", 90),
        ("throttled.all", 42),
        ("throttled.after", 42),
        ("throttled.date", 42),
        ("throttled.remaining", 42),
        ("throttled.reset", 42),
        ("throttled.xreset", 42),
        ("throttled.minute", 60),
        ("throttled.hour", 3_600),
        ("throttled.day", 86_400),
        ("throttled.cut", 90),
    ] {
        let error = looked_up(handle).await;
        let SourceError::RateLimited { until_ms, .. } = error else { panic!("@{handle} is limited, not {error:?}") };
        assert!((wait_s - 20..=wait_s).contains(&left_s(until_ms)), "@{handle} waits {} s", left_s(until_ms));
    }
}

#[tokio::test]
async fn a_block_is_left_alone_for_a_minute() {
    let error = looked_up("blocked").await;
    let SourceError::Blocked { until_ms, .. } = error else { panic!("it is a block, not {error:?}") };
    assert!((40..=60).contains(&left_s(until_ms)), "TikTok is asked again in {} s", left_s(until_ms));
}

#[tokio::test]
async fn a_live_that_is_shown_to_others_only_is_told_apart_from_a_refusal() {
    let error = looked_up("private").await;
    assert!(matches!(&error, SourceError::NotPublic { user } if user == "private"), "{error:?}");
    assert!(error.to_string().contains("region"), "{error} names both causes, which cannot be told apart");
}

#[tokio::test]
async fn a_live_for_adults_is_tried_with_the_cookies_of_an_account_and_of_nobody_else() {
    for (name, is_tried) in [("sessionid", true), ("captcha", false)] {
        let tiktok = fake(scenario::named("welcome").expect("the scenario exists"));
        let (http, websocket) = (tiktok.http_url(), tiktok.websocket_url());
        let bases = TikTokBases::new(Some(&http), Some(&http), Some(&websocket)).expect("the fake has addresses");
        let pages = Pages::failing(PageFault::Blocked { http_status: 403 }, None);
        let cookie = cookie_of(name.to_owned(), "kept".to_owned(), ".tiktok.com".to_owned());
        let means: Means = pages.means();
        means.visitor.become_that_of(cookie.into_iter().collect());
        let source = TiktokSource::new(Handle::parse("adult").expect("a handle"), bases, means, 7);
        let capture = Capture::by(Box::new(source.with_pace(brisk())), Arc::new(tiktok), 256);
        let (_, outcome) = capture.end().await;
        assert_eq!(pages.opened.load(Ordering::SeqCst) > 0, is_tried, "the page, for whoever has {name}: {outcome:?}");
    }
}
