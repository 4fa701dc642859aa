//! What the app is for: from the first start to a rule that answers a gift, and all of it still there after a restart.

use system_tests::viewer::{ROSA, ROSE};
use system_tests::{FakeTikTok, Frame, GiftStep, Live, Scenario, Step};

use crate::support::{Desk, Page};

#[tokio::test]
async fn a_gift_becomes_a_rule_that_answers_the_next_one() {
    // It has a runtime of its own, which cannot be begun within the test's.
    let tiktok = tokio::task::spawn_blocking(|| FakeTikTok::start(two_roses_on_cue())).await.expect("it starts");
    let desk = Desk::set_up().await.with_tiktok(&tiktok);

    let page = desk.open_page().await;
    go_live(&page).await;
    tiktok.cue();
    page.see("Rosa Quill").await;
    make_a_rule_for_roses(&page).await;
    try_it(&page).await;
    tiktok.cue();
    page.go_to("Live").await;
    // The starter rule answers roses too, and the new one behind it.
    page.see("say thanks, Rose").await;
    page.picture("story-live").await;
    services_show_its_job(&page).await;
    page.end().await;

    let page = desk.open_page().await;
    page.go_to("Rules").await;
    page.see("answers the same event; both fire.").await;
    services_show_its_job(&page).await;
    page.picture("story-after-restart").await;
    page.end().await;
}

/// One rose, and another of another combo, each when the test says so.
fn two_roses_on_cue() -> Scenario {
    let mut live = Live::new();
    let roses = [81, 82].map(|group_id| {
        let whole = GiftStep { gift: ROSE, group_id, count: 1, is_end: true };
        [Step::AwaitCue, Step::Send(Frame::of([live.gift(ROSA, whole)]))]
    });
    Scenario::playing(roses.into_iter().flatten().collect())
}

async fn go_live(page: &Page) {
    page.type_into("Your TikTok handle or profile link", "@sim").await;
    page.press("Go live").await;
    page.see("Live for").await;
}

async fn make_a_rule_for_roses(page: &Page) {
    page.go_to("Rules").await;
    page.press("New rule").await;
    page.press_within("dialog", "Gift").await;
    // It moves what is below it; what is pressed next stands still afterwards.
    page.see("It does nothing yet: add a step.").await;
    page.press_within("group", "Rose").await;
    page.press("Add a step").await;
    page.press_within("menu", "Write to the log").await;
    page.see("saved").await;
    page.picture("story-rule").await;
}

async fn try_it(page: &Page) {
    page.press("Run").await;
    page.see("It fired").await;
    page.picture("story-tried").await;
}

async fn services_show_its_job(page: &Page) {
    page.go_to("Services").await;
    page.press("Basics").await;
    page.see("Rose · Basics · Gift").await;
    page.picture("story-services").await;
}
