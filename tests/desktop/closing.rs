//! Closing the window: into the tray with everything but the engine gone, or the end.

use std::time::{Duration, Instant};

use crate::support::{Desk, until};

/// What WebKit's process that draws the page is called.
const WEB_PROCESS: &str = "WebKitWebProces";

#[tokio::test]
async fn closed_to_the_tray_no_web_process_is_left_and_the_window_comes_back() {
    let desk = Desk::set_up().await;
    let tray = desk.put_up_a_tray().await;
    let mut app = desk.open();
    let window = desk.display.painted("Cuelight").await;
    assert_eq!(app.below(WEB_PROCESS).len(), 1, "one process draws the window");
    assert_eq!(tray.menu().await.first().map(String::as_str), Some("Not live"), "the tray says how it stands");

    desk.display.close(window);
    until("the end of the web process", async || app.below(WEB_PROCESS).is_empty().then_some(())).await;
    assert!(desk.display.window("Cuelight").is_none(), "the window is gone");
    assert!(app.is_running(), "the engine goes on");

    tray.choose("Open Cuelight").await;
    desk.display.painted("Cuelight").await;
    let before = Instant::now();
    tray.choose("Quit").await;
    assert!(app.ended().await.success(), "it was asked to end");
    assert!(before.elapsed() < Duration::from_secs(3), "it ends in order within two seconds");
}

#[tokio::test]
async fn without_a_tray_closing_the_window_ends_the_app() {
    let desk = Desk::set_up().await;
    let mut app = desk.open();
    let window = desk.display.painted("Cuelight").await;
    desk.display.close(window);
    assert!(app.ended().await.success(), "nobody could open the window again, so nothing may stay behind");
}
