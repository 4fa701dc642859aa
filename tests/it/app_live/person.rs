//! What a person does, or does not, on the page that they are shown.

use std::sync::Arc;

use cuelight_app::dto::{CallerRole, FailureCode, Phase};
use cuelight_runtime::source::page::{
    PageCookie, PageFault, PageFuture, PageHost, PageVisit, PageWanted, PersonWanted,
};
use reqwest::Url;
use serde_json::json;
use tokio::sync::Notify;

use super::desk::{Desk, PATIENCE, named};

/// Pages that people see, and close when they had enough.
#[derive(Default)]
struct Closed {
    shown: Notify,
    close: Notify,
}

impl PageHost for Closed {
    fn visit<'a>(&'a self, _: PageWanted) -> PageFuture<'a, Result<PageVisit, PageFault>> {
        Box::pin(async { Err(PageFault::Closed) })
    }

    fn ask_person<'a>(
        &'a self,
        _: Url,
        _: Vec<PageCookie>,
        _: PersonWanted,
    ) -> PageFuture<'a, Result<Vec<PageCookie>, PageFault>> {
        Box::pin(async {
            self.shown.notify_one();
            self.close.notified().await;
            Err(PageFault::Closed)
        })
    }

    fn has_screen(&self) -> bool {
        true
    }

    fn raise(&self) {}
}

#[tokio::test]
async fn whoever_closes_the_login_is_told_that_nobody_logged_in_and_the_live_stays_as_it_was() {
    let tiktok = named("normal");
    let pages = Arc::new(Closed::default());
    let desk = Desk::showing(&tiktok, Arc::clone(&pages) as Arc<dyn PageHost>);
    desk.ask("go_live", json!({ "creator": "adult" })).await;
    desk.until("the live for adults", |it| it.phase == Phase::AgeRestricted).await;
    let asked_before = tiktok.seen().requests.len();
    let keys_before = desk.ask("keys", json!({})).await;
    pages.close.notify_one();
    let answer = desk.ask("log_in_tiktok", json!({})).await;
    assert_eq!(answer, json!({ "loggedIn": false }), "that is no failure: they thought better of it");
    assert_eq!(desk.app.live.watch().borrow().phase, Phase::AgeRestricted, "nothing is tried again");
    assert_eq!(tiktok.seen().requests.len(), asked_before, "and nobody is asked");
    assert_eq!(desk.ask("keys", json!({})).await, keys_before, "and no login is kept");
    desk.app.end().await;
}

#[tokio::test]
async fn a_second_page_waits_until_the_first_one_is_closed() {
    let tiktok = named("normal");
    let pages = Arc::new(Closed::default());
    let desk = Desk::showing(&tiktok, Arc::clone(&pages) as Arc<dyn PageHost>);
    let second = async {
        tokio::time::timeout(PATIENCE, pages.shown.notified()).await.expect("the first one is shown");
        let refused = desk.refused(CallerRole::Window, "log_in_tiktok", json!({})).await;
        assert_eq!(refused.code, FailureCode::NotNow, "one page at a time");
        pages.close.notify_one();
    };
    let (first, ()) = tokio::join!(desk.ask("log_in_tiktok", json!({})), second);
    assert_eq!(first, json!({ "loggedIn": false }), "the first one was not disturbed");
    desk.app.end().await;
}

#[tokio::test]
async fn an_app_that_ends_does_not_wait_for_the_page_that_is_shown() {
    let tiktok = named("normal");
    let pages = Arc::new(Closed::default());
    let desk = Desk::showing(&tiktok, Arc::clone(&pages) as Arc<dyn PageHost>);
    let end = async {
        tokio::time::timeout(PATIENCE, pages.shown.notified()).await.expect("it is shown");
        desk.app.end().await;
    };
    let asked = desk.refused(CallerRole::Window, "log_in_tiktok", json!({}));
    let (asked, ()) = tokio::time::timeout(PATIENCE, async { tokio::join!(asked, end) }).await.expect("it ends");
    assert_eq!(asked.code, FailureCode::NotNow, "whoever waits for the login hears of it");
}
