//! A captcha before or in a live: the person is asked beside the rests, once in a break or as they wish, and once for all captures.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cuelight_core::event::EventType::{Disconnect, LiveEnd};
use cuelight_core::handle::Handle;
use cuelight_runtime::source::pace::Pace;
use cuelight_runtime::source::page::script::cookie_of;
use cuelight_runtime::source::page::visitor::Visitor;
use cuelight_runtime::source::page::{
    PageCookie, PageFault, PageFuture, PageHost, PageVisit, PageWanted, PersonWanted,
};
use cuelight_runtime::source::tiktok::TiktokSource;
use cuelight_runtime::source::tiktok::bases::TikTokBases;
use cuelight_runtime::source::tiktok::means::Means;
use cuelight_runtime::source::{SourceEnd, SourceStatus};
use reqwest::Url;
use system_tests::scenario;
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::direct::capture::{Capture, PATIENCE, brisk, fake, types};

/// Pages that want a captcha solved of whoever did not, and the person who sees them.
#[derive(Default)]
struct Screen {
    asked: AtomicUsize,
    begun: Notify,
    let_in: Notify,
    solve: Notify,
    shut: Notify,
    refused: AtomicUsize,
    visited: Notify,
    close: Notify,
    /// There is none.
    is_missing: bool,
}

/// The page before a person, which is shut when it goes.
struct Shown<'a>(&'a Screen);

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        self.0.shut.notify_one();
    }
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
            self.refused.fetch_add(1, Ordering::SeqCst);
            self.visited.notify_one();
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
            let _shown = Shown(self);
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
fn capture(name: &str, screen: &Arc<Screen>, visitor: &Visitor, pace: Pace) -> Capture {
    let tiktok = fake(scenario::named(name).expect("the scenario exists"));
    let (http, websocket) = (tiktok.http_url(), tiktok.websocket_url());
    let bases = TikTokBases::new(Some(&http), Some(&http), Some(&websocket)).expect("the fake has addresses");
    let (page, visitor) = (Some(Arc::clone(screen) as Arc<dyn PageHost>), visitor.clone());
    let means = Means { page, visitor, ..Means::default() };
    let source = TiktokSource::new(Handle::parse("sim").expect("a handle"), bases, means, 7);
    let source = source.with_pace(Pace { never_gives_up: true, ..pace });
    Capture::by(Box::new(source), Arc::new(tiktok), 256)
}

/// A capture that was in, and whose person is asked now.
async fn asking(screen: &Arc<Screen>) -> Capture {
    asking_at(screen, brisk()).await
}

async fn asking_at(screen: &Arc<Screen>, pace: Pace) -> Capture {
    let mut capture = capture("direct-refused-later", screen, &Visitor::default(), pace);
    capture.until(Disconnect).await;
    until(&mut capture, "the question", |it| matches!(it, SourceStatus::AskingPerson { .. })).await;
    capture
}

async fn until(capture: &mut Capture, what: &str, is_so: impl Fn(&SourceStatus) -> bool) -> SourceStatus {
    let found = timeout(PATIENCE, capture.status.wait_for(|it| is_so(it))).await;
    found.unwrap_or_else(|_| panic!("{what} never came")).expect("the capture goes on").clone()
}

#[tokio::test]
async fn a_captcha_in_the_middle_of_a_live_is_shown_beside_the_rest_and_once_unless_another_try_is_wished() {
    let screen = Arc::new(Screen::default());
    let mut capture = asking(&screen).await;
    screen.close.notify_one();
    let rest = until(&mut capture, "the rest", |it| matches!(it, SourceStatus::Reconnecting { .. })).await;
    let SourceStatus::Reconnecting { cause, wait_ms, .. } = rest else { panic!("it is one: {rest:?}") };
    assert!(cause.contains("captcha"), "people read what stood in the way, not what is missing besides: {cause}");
    assert!((30_000..40_000).contains(&wait_ms), "the first rest, not {wait_ms} ms");
    assert_eq!(screen.asked.load(Ordering::SeqCst), 1, "who closed it is not asked again by itself");
    capture.contact.retry_now();
    until(&mut capture, "the second question", |it| matches!(it, SourceStatus::AskingPerson { .. })).await;
    assert_eq!(screen.asked.load(Ordering::SeqCst), 2, "who wishes another try sees it again");
    capture.stop.cancel();
}

#[tokio::test]
async fn while_a_captcha_is_shown_every_way_is_tried_on() {
    let screen = Arc::new(Screen::default());
    let capture = asking(&screen).await;
    let refused = screen.refused.load(Ordering::SeqCst);
    capture.contact.retry_now();
    let tried_on = async {
        while screen.refused.load(Ordering::SeqCst) == refused {
            screen.visited.notified().await;
        }
    };
    timeout(PATIENCE, tried_on).await.expect("the next round, with a page that may be let in by now");
    assert_eq!(screen.asked.load(Ordering::SeqCst), 1, "and the question stands");
    screen.solve.notify_one();
    timeout(PATIENCE, screen.let_in.notified()).await.expect("solving it leads on");
    capture.stop.cancel();
}

#[tokio::test]
async fn a_captcha_is_shut_once_nobody_needs_it_any_more() {
    let screen = Arc::new(Screen::default());
    let capture = asking(&screen).await;
    capture.stop.cancel();
    timeout(PATIENCE, screen.shut.notified()).await.expect("we were told to stop");

    let screen = Arc::new(Screen::default());
    let pace = Pace { look_within: Duration::from_millis(50), ..brisk() };
    let capture = asking_at(&screen, pace).await;
    capture.tiktok.set_live(false);
    let (events, outcome) = capture.end().await;
    assert_eq!((types(&events), outcome.ok()), (vec![LiveEnd], Some(SourceEnd::Ended)), "long before the rest is");
    timeout(PATIENCE, screen.shut.notified()).await.expect("the live is over");
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
        let capture = capture("direct-refused", &screen, &visitor, brisk());
        let let_in = timeout(PATIENCE, screen.let_in.notified()).await;
        let_in.unwrap_or_else(|_| panic!("the {number} capture was never let in"));
        capture.stop.cancel();
    }
    assert_eq!(screen.asked.load(Ordering::SeqCst), 1, "once is enough");
}

#[tokio::test]
async fn without_a_screen_nobody_is_sent_to_a_window() {
    let screen = Arc::new(Screen { is_missing: true, ..Screen::default() });
    let capture = capture("direct-refused", &screen, &Visitor::default(), brisk());
    timeout(PATIENCE, screen.begun.notified()).await.expect("it is tried, and journaled");
    let told = capture.status.borrow().clone();
    assert!(!matches!(told, SourceStatus::AskingPerson { .. }), "there is none: {told:?}");
    capture.stop.cancel();
}
