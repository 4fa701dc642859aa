//! Between two tries: an outage of the network is waited for, and a live that is over is not tried again.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use cuelight_core::event::EventType::{Comment, Connect, Disconnect, Gap};
use cuelight_core::handle::Handle;
use cuelight_core::way::Way;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::source::pace::Pace;
use cuelight_runtime::source::page::PageFault;
use cuelight_runtime::source::tiktok::TiktokSource;
use cuelight_runtime::source::tiktok::bases::TikTokBases;
use cuelight_runtime::source::tiktok::means::Means;
use cuelight_runtime::source::{EventSender, EventSource, SourceError, SourceStatus};
use system_tests::{Behaviour, Frame, Live, Scenario, Step, TcpProxy, scenario, viewer};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::pages::Pages;
use crate::direct::capture::{Capture, PATIENCE, brisk, fake, types};

/// The live of `sim` at that address, with these means.
fn source(http: &str, websocket: &str, means: Means, pace: Pace) -> TiktokSource {
    let bases = TikTokBases::new(Some(http), Some(http), Some(websocket)).expect("addresses");
    TiktokSource::new(Handle::parse("sim").expect("a handle"), bases, means, 7).with_pace(pace)
}

#[tokio::test]
async fn an_outage_of_the_network_is_waited_for_without_a_browser_and_without_giving_up() {
    let mut live = Live::new();
    let hello = Step::Send(Frame::of([live.chat(viewer::ROSA, "hello")]));
    let tiktok = Arc::new(fake(Scenario::playing(vec![hello])));
    let line = TcpProxy::to(tiktok.address());
    let (http, websocket) = (format!("http://{}", line.address()), format!("ws://{}", line.address()));
    let pages = Pages::failing(PageFault::TimedOut, None);
    let pace = Pace {
        answer_timeout: Duration::from_millis(100),
        heartbeat_period: Duration::from_millis(50),
        silence: Duration::from_millis(200),
        ..brisk()
    };
    let mut capture = Capture::by(Box::new(source(&http, &websocket, pages.means(), pace)), tiktok, 256);
    capture.until(Comment).await;
    line.set(Behaviour::BlackHole { ms: 4_000 });
    assert_eq!(types(&capture.until(Disconnect).await), [Disconnect], "the break is told");
    let tenth = |it: &SourceStatus| matches!(it, SourceStatus::Reconnecting { attempt: 10, .. });
    let waiting = timeout(PATIENCE, capture.status.wait_for(tenth)).await.expect("twice as often as we would try");
    let SourceStatus::Reconnecting { cause, wait_ms, .. } = waiting.expect("it goes on").clone() else {
        unreachable!()
    };
    assert!(cause.contains("no answer"), "it is the network: {cause}");
    assert!(wait_ms < 100, "a short wait, not the rest of a round: {wait_ms} ms");
    assert_eq!(types(&capture.until(Connect).await), [Gap, Connect], "back with the network");
    let is_direct = |it: &SourceStatus| matches!(it, SourceStatus::Connected { way: Some(Way::Direct), .. });
    assert!(is_direct(&capture.status.borrow()), "by the way that had held, not {:?}", capture.status.borrow());
    assert_eq!(pages.opened.load(Ordering::SeqCst), 0, "no browser is started where there is no network");
}

#[tokio::test]
async fn a_live_that_is_over_is_tried_by_no_further_way() {
    let tiktok = Arc::new(fake(scenario::named("device-blocked").expect("the scenario exists")));
    let (http, websocket) = (tiktok.http_url(), tiktok.websocket_url());
    let pages = Pages::failing(PageFault::Blocked { http_status: 403 }, Some(Arc::clone(&tiktok)));
    let pace = Pace { look_holds: Duration::ZERO, ..brisk() };
    let capture = Capture::by(Box::new(source(&http, &websocket, pages.means(), pace)), tiktok, 256);
    let (events, outcome) = capture.end().await;
    assert!(events.is_empty(), "nobody was ever in: {events:?}");
    assert!(matches!(outcome, Err(SourceError::NotLive { .. })), "it is over, not {outcome:?}");
    assert_eq!(pages.opened.load(Ordering::SeqCst), 1, "the page that saw it end, and no other");
}

#[tokio::test]
async fn nobody_is_asked_for_a_captcha_once_the_journal_is_closed() {
    let tiktok = fake(scenario::named("welcome").expect("the scenario exists"));
    let pages = Pages::failing(PageFault::Captcha, None);
    // The page meets a captcha first, then the direct way leads in.
    let means = Means { remembered: Some(Way::Page), ..pages.means() };
    let mut source = source(&tiktok.http_url(), &tiktok.websocket_url(), means, brisk());
    let (inbox, deliveries) = mpsc::channel(1);
    drop(deliveries);
    let out = EventSender::new(inbox, watch::Sender::new(SourceStatus::Idle), Clock::system());
    let cancel = CancellationToken::new();
    let outcome = timeout(PATIENCE, source.run(&out, &cancel)).await.expect("it ends");
    assert_eq!(pages.opened.load(Ordering::SeqCst), 1, "the captcha was met");
    assert_eq!(pages.asked.load(Ordering::SeqCst), 0, "and there is nothing left to solve it for");
    assert!(matches!(outcome, Err(SourceError::Closed(_))), "the journal is what stopped us, not {outcome:?}");
}
