//! A captcha in the middle of a live: the person is asked before anybody rests, once in a break.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use cuelight_core::event::EventType::Disconnect;
use cuelight_core::handle::Handle;
use cuelight_runtime::source::SourceStatus;
use cuelight_runtime::source::page::{
    PageCookie, PageFault, PageFuture, PageHost, PageVisit, PageWanted, PersonWanted,
};
use cuelight_runtime::source::tiktok::TiktokSource;
use cuelight_runtime::source::tiktok::bases::TikTokBases;
use cuelight_runtime::source::tiktok::means::Means;
use cuelight_runtime::source::tiktok::pace::Pace;
use reqwest::Url;
use system_tests::scenario;
use tokio::sync::Notify;

use crate::direct::capture::{Capture, PATIENCE, brisk, fake};

/// Pages that all want a captcha solved, and the person who sees them.
#[derive(Default)]
struct Screen {
    asked: AtomicUsize,
    is_solved: AtomicBool,
    solve: Notify,
    close: Notify,
}

impl PageHost for Screen {
    fn visit<'a>(&'a self, _: PageWanted) -> PageFuture<'a, Result<PageVisit, PageFault>> {
        Box::pin(async {
            if self.is_solved.load(Ordering::SeqCst) {
                // A page takes its time.
                return std::future::pending().await;
            }
            Err(PageFault::Captcha)
        })
    }

    fn ask_person<'a>(
        &'a self,
        _: Url,
        _: Vec<PageCookie>,
        _: PersonWanted,
    ) -> PageFuture<'a, Result<Vec<PageCookie>, PageFault>> {
        Box::pin(async {
            self.asked.fetch_add(1, Ordering::SeqCst);
            tokio::select! {
                () = self.solve.notified() => {
                    self.is_solved.store(true, Ordering::SeqCst);
                    Ok(Vec::new())
                }
                () = self.close.notified() => Err(PageFault::Closed),
            }
        })
    }
}

/// A capture that was in, and whose person is asked now.
async fn asking(screen: &Arc<Screen>) -> Capture {
    let tiktok = fake(scenario::named("direct-refused-later").expect("the scenario exists"));
    let (http, websocket) = (tiktok.http_url(), tiktok.websocket_url());
    let bases = TikTokBases::new(Some(&http), Some(&http), Some(&websocket)).expect("the fake has addresses");
    let means = Means { page: Some(Arc::clone(screen) as Arc<dyn PageHost>), ..Means::default() };
    let source = TiktokSource::new(Handle::parse("sim").expect("a handle"), bases, means, 7);
    let source = source.with_pace(Pace { never_gives_up: true, ..brisk() });
    let mut capture = Capture::by(Box::new(source), Arc::new(tiktok), 256);
    capture.until(Disconnect).await;
    until(&mut capture, "the question", |it| matches!(it, SourceStatus::AskingPerson { .. })).await;
    capture
}

async fn until(capture: &mut Capture, what: &str, is_so: impl Fn(&SourceStatus) -> bool) -> SourceStatus {
    let found = tokio::time::timeout(PATIENCE, capture.status.wait_for(|it| is_so(it))).await;
    found.unwrap_or_else(|_| panic!("{what} never came")).expect("the capture goes on").clone()
}

#[tokio::test]
async fn a_captcha_in_the_middle_of_a_live_is_shown_before_the_rest_and_once_in_a_break() {
    let screen = Arc::new(Screen::default());
    let mut capture = asking(&screen).await;
    screen.close.notify_one();
    let rest = until(&mut capture, "the rest", |it| matches!(it, SourceStatus::Reconnecting { .. })).await;
    let SourceStatus::Reconnecting { cause, wait_ms, .. } = rest else { panic!("it is one: {rest:?}") };
    assert!(cause.contains("captcha"), "people read what stood in the way, not what is missing besides: {cause}");
    assert!((30_000..40_000).contains(&wait_ms), "the first rest, not {wait_ms} ms");
    capture.contact.retry_now();
    let second = |it: &SourceStatus| matches!(it, SourceStatus::Reconnecting { wait_ms: 60_000.., .. });
    until(&mut capture, "the second rest", second).await;
    assert_eq!(screen.asked.load(Ordering::SeqCst), 1, "who closed it is not asked again in this break");
    capture.stop.cancel();
}

#[tokio::test]
async fn once_the_captcha_is_solved_people_are_told_that_the_way_in_is_opened() {
    let screen = Arc::new(Screen::default());
    let mut capture = asking(&screen).await;
    screen.solve.notify_one();
    let told = until(&mut capture, "the word", |it| !matches!(it, SourceStatus::AskingPerson { .. })).await;
    assert!(matches!(told, SourceStatus::Connecting { .. }), "while the page comes, not {told:?}");
    capture.stop.cancel();
}
