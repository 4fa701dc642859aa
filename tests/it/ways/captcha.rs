//! A captcha before or in a live: the person is asked before anybody rests, once in a break, and once for all captures.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cuelight_core::event::EventType::Disconnect;
use cuelight_core::handle::Handle;
use cuelight_runtime::source::SourceStatus;
use cuelight_runtime::source::pace::Pace;
use cuelight_runtime::source::page::script::cookie_of;
use cuelight_runtime::source::page::visitor::Visitor;
use cuelight_runtime::source::page::{
    PageCookie, PageFault, PageFuture, PageHost, PageVisit, PageWanted, PersonWanted,
};
use cuelight_runtime::source::tiktok::TiktokSource;
use cuelight_runtime::source::tiktok::bases::TikTokBases;
use cuelight_runtime::source::tiktok::means::Means;
use reqwest::Url;
use system_tests::scenario;
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::direct::capture::{Capture, PATIENCE, brisk, fake};

/// Pages that want a captcha solved of whoever did not, and the person who sees them.
#[derive(Default)]
struct Screen {
    asked: AtomicUsize,
    begun: Notify,
    let_in: Notify,
    solve: Notify,
    close: Notify,
    /// There is none.
    is_missing: bool,
}

/// The cookie of whoever solved it.
const SOLVED: &str = "captcha";

impl PageHost for Screen {
    fn visit<'a>(&'a self, wanted: PageWanted) -> PageFuture<'a, Result<PageVisit, PageFault>> {
        Box::pin(async move {
            if wanted.cookies.iter().any(|cookie| cookie.name == SOLVED) {
                self.let_in.notify_one();
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
            self.begun.notify_one();
            tokio::select! {
                () = self.solve.notified() => {
                    let cookie = cookie_of(SOLVED.to_owned(), "solved".to_owned(), ".tiktok.com".to_owned());
                    Ok(cookie.into_iter().collect())
                }
                () = self.close.notified() => Err(PageFault::Closed),
            }
        })
    }

    fn has_screen(&self) -> bool {
        !self.is_missing
    }

    fn raise(&self) {}
}

/// A capture of that scenario with these pages, by whoever that visitor is.
fn capture(name: &str, screen: &Arc<Screen>, visitor: &Visitor) -> Capture {
    let tiktok = fake(scenario::named(name).expect("the scenario exists"));
    let (http, websocket) = (tiktok.http_url(), tiktok.websocket_url());
    let bases = TikTokBases::new(Some(&http), Some(&http), Some(&websocket)).expect("the fake has addresses");
    let (page, visitor) = (Some(Arc::clone(screen) as Arc<dyn PageHost>), visitor.clone());
    let means = Means { page, visitor, ..Means::default() };
    let source = TiktokSource::new(Handle::parse("sim").expect("a handle"), bases, means, 7);
    let source = source.with_pace(Pace { never_gives_up: true, ..brisk() });
    Capture::by(Box::new(source), Arc::new(tiktok), 256)
}

/// A capture that was in, and whose person is asked now.
async fn asking(screen: &Arc<Screen>) -> Capture {
    let mut capture = capture("direct-refused-later", screen, &Visitor::default());
    capture.until(Disconnect).await;
    until(&mut capture, "the question", |it| matches!(it, SourceStatus::AskingPerson { .. })).await;
    capture
}

async fn until(capture: &mut Capture, what: &str, is_so: impl Fn(&SourceStatus) -> bool) -> SourceStatus {
    let found = timeout(PATIENCE, capture.status.wait_for(|it| is_so(it))).await;
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

#[tokio::test]
async fn a_captcha_that_was_solved_in_one_capture_is_not_asked_for_in_the_next() {
    let (screen, visitor) = (Arc::new(Screen::default()), Visitor::default());
    screen.solve.notify_one();
    for number in ["first", "second"] {
        let capture = capture("direct-refused", &screen, &visitor);
        let let_in = timeout(PATIENCE, screen.let_in.notified()).await;
        let_in.unwrap_or_else(|_| panic!("the {number} capture was never let in"));
        capture.stop.cancel();
    }
    assert_eq!(screen.asked.load(Ordering::SeqCst), 1, "once is enough");
}

#[tokio::test]
async fn without_a_screen_nobody_is_sent_to_a_window() {
    let screen = Arc::new(Screen { is_missing: true, ..Screen::default() });
    let capture = capture("direct-refused", &screen, &Visitor::default());
    timeout(PATIENCE, screen.begun.notified()).await.expect("it is tried, and journaled");
    let told = capture.status.borrow().clone();
    assert!(!matches!(told, SourceStatus::AskingPerson { .. }), "there is none: {told:?}");
    capture.stop.cancel();
}
