//! What can go wrong with a page, each told as what it is.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use cuelight_runtime::source::page::{PAGE_SIGNALS, PageFault, PageHost as _, PageSignal};
use system_tests::Scenario;

use super::devtools::Person;
use super::traces::kill_browser_in;
use super::{PATIENCE, Place, end_of, events, eventually, named, next, page_of, scenario, start};

#[tokio::test]
async fn a_machine_without_a_browser_says_what_it_looked_for() {
    let tiktok = named("normal");
    let mut place = Place::new();
    place.surroundings.search_path = Some(place.folder.path().into());
    place.surroundings.program = None;
    let fault = place.chrome().visit(page_of(&tiktok, "sim")).await.expect_err("there is none").to_string();
    assert!(fault.contains("google-chrome"), "{fault} must help to install one");
    place.surroundings.program = Some(PathBuf::from("/nowhere/chrome"));
    let fault = place.chrome().visit(page_of(&tiktok, "sim")).await.expect_err("there is none");
    assert_eq!(fault, PageFault::NoBrowser { looked_for: vec!["/nowhere/chrome".to_owned()] });
}

#[tokio::test]
async fn what_is_no_browser_is_not_waited_for() {
    let tiktok = named("normal");
    let mut place = Place::new();
    let program = place.folder.path().join("no-browser");
    std::fs::write(&program, "#!/bin/sh\necho 'moon is down' >&2\nexit 3\n").expect("writable");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
    place.surroundings.program = Some(program.clone());
    let fault = place.chrome().visit(page_of(&tiktok, "sim")).await.expect_err("it ends").to_string();
    assert!(fault.contains("exit status: 3") && fault.contains("moon is down"), "{fault} must say how it ended");
    assert_eq!(place.browsers(), [program], "its folder is gone");
}

#[tokio::test]
async fn what_tiktok_answers_in_place_of_the_page_is_told() {
    let tiktok = named("normal");
    let place = Place::new();
    for (account, expected) in [
        ("blocked", PageFault::Blocked { http_status: 403 }),
        ("throttled", PageFault::Blocked { http_status: 429 }),
        ("captcha", PageFault::Captcha),
    ] {
        let fault = place.chrome().visit(page_of(&tiktok, account)).await.expect_err(account);
        assert_eq!(fault, expected, "{account}");
    }
    assert_eq!(place.browsers(), Vec::<PathBuf>::new(), "their folders are gone");
}

#[tokio::test]
async fn a_host_that_is_not_there_is_named() {
    let tiktok = named("normal");
    let wanted = page_of(&tiktok, "sim");
    drop(tiktok);
    let fault = Place::new().chrome().visit(wanted).await.expect_err("nobody listens");
    let PageFault::Unreachable { place, cause } = fault else { panic!("{fault} must say that nobody is there") };
    assert_eq!((place.as_str(), cause.as_str()), ("127.0.0.1", "net::ERR_CONNECTION_REFUSED"));
}

#[tokio::test]
async fn a_page_without_cookie_and_socket_is_not_waited_for_forever() {
    let tiktok = start(Scenario { pages_without_ttwid: usize::MAX, ..scenario("page-silent") });
    let fault = Place::new().chrome().visit(page_of(&tiktok, "sim")).await.expect_err("nothing comes");
    assert_eq!(fault, PageFault::TimedOut);
}

#[tokio::test]
async fn a_flood_ends_the_page() {
    let tiktok = named("page-flood");
    let place = Place::new();
    let mut visit = place.visit(&tiktok).await;
    let cause = end_of(&mut visit).await;
    assert!(cause.contains("floods"), "{cause} must say why");
    visit.close().await;
    assert_eq!(place.browsers(), Vec::<PathBuf>::new(), "its folder is gone");
}

#[tokio::test]
async fn a_frame_larger_than_any_of_tiktoks_ends_the_page() {
    let tiktok = named("huge-frame");
    let place = Place::new();
    let mut visit = place.visit(&tiktok).await;
    let cause = end_of(&mut visit).await;
    assert!(cause.contains("8 MiB"), "{cause} must say why");
    visit.close().await;
}

#[tokio::test]
async fn a_browser_that_is_killed_is_missed_at_once() {
    let tiktok = named("normal");
    let place = Place::new();
    let mut visit = place.visit(&tiktok).await;
    events(&mut visit, 1).await;
    let [folder] = &place.browsers()[..] else { panic!("one browser runs") };
    kill_browser_in(folder);
    let cause = end_of(&mut visit).await;
    assert!(cause.contains("went away"), "{cause} must say what happened");
    visit.close().await;
    assert_eq!(place.browsers(), Vec::<PathBuf>::new(), "what it left is removed");
}

#[tokio::test]
async fn a_page_that_crashes_is_missed_at_once() {
    let tiktok = named("normal");
    let place = Place::new();
    let mut visit = place.visit(&tiktok).await;
    events(&mut visit, 1).await;
    let mut person = Person::beside(&place).await;
    person.crash_page().await;
    let cause = end_of(&mut visit).await;
    assert!(cause.contains("crashed"), "{cause} must say what happened");
    visit.close().await;
}

#[tokio::test]
async fn a_page_that_nobody_reads_holds_no_more_than_its_channel() {
    let tiktok = named("page-flood");
    let place = Place::new();
    let mut visit = place.visit(&tiktok).await;
    let waiting = eventually("a full channel", async || {
        let waiting = visit.signals.len();
        (waiting >= PAGE_SIGNALS).then_some(waiting)
    });
    assert_eq!(waiting.await, PAGE_SIGNALS, "as many as were promised");
    let first = next(&mut visit).await;
    assert!(matches!(first, PageSignal::SocketOpened { .. }), "and the oldest is still the first: {first:?}");
    tokio::time::timeout(PATIENCE, visit.close()).await.expect("closing waits for nobody");
}
