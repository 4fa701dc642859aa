//! The first start: the window comes up whole, and nothing of it is missing.

use crate::support::Desk;

#[tokio::test]
async fn the_first_start_asks_whose_live_it_is() {
    let desk = Desk::set_up().await;
    let page = desk.open_page().await;
    page.see("Go live").await;
    page.picture("first-start").await;
    for screen in ["Rules", "Services", "Settings", "Live"] {
        page.go_to(screen).await;
        page.picture(&format!("first-{}", screen.to_lowercase())).await;
    }
    page.end().await;
}

#[tokio::test]
async fn a_second_start_shows_the_window_of_the_first() {
    let desk = Desk::set_up().await;
    let first = desk.open();
    desk.display.painted("Cuelight").await;
    let mut second = desk.open();
    assert!(second.ended().await.success(), "the second leaves it to the first");
    assert!(desk.display.window("Cuelight").is_some(), "which is still there: process {}", first.id());
}
