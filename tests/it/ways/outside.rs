//! Connections that are open and lead nowhere: mute ones, pages whose room never opens, and lives of strangers.

use std::sync::Arc;
use std::time::Duration;

use cuelight_core::attempt::{AttemptAnswer, AttemptStep};
use cuelight_core::event::EventType::{self, Comment, Connect};
use cuelight_core::handle::Handle;
use cuelight_core::way::{Way, WaySwitches};
use cuelight_runtime::source::pace::Pace;
use cuelight_runtime::source::page::{
    PageCookie, PageFault, PageFuture, PageHost, PageIdentity, PageSignal, PageVisit, PageWanted, PersonWanted,
    page_signals,
};
use cuelight_runtime::source::tiktok::TiktokSource;
use cuelight_runtime::source::tiktok::bases::TikTokBases;
use cuelight_runtime::source::tiktok::means::{Means, SignKey};
use reqwest::Url;
use system_tests::{Frame, Live, ROOM_ID, Scenario, Step, scenario, viewer};
use tokio::time::interval;

use crate::direct::capture::{Capture, brisk, fake, types};

/// How often the room answers a page's heartbeats.
const HEARTBEAT: Duration = Duration::from_millis(20);

/// A page that shows an address, opens its socket, hears some frames and from then on nothing but its heartbeats.
struct Page {
    /// What comes behind the host.
    shows: String,
    frames: Vec<Frame>,
}

impl PageHost for Page {
    fn visit<'a>(&'a self, wanted: PageWanted) -> PageFuture<'a, Result<PageVisit, PageFault>> {
        Box::pin(async move {
            let (out, place, signals) = page_signals();
            let shown = wanted.url.join(&self.shows).expect("an address").to_string();
            let url = format!("wss://webcast-ws.tiktok.com/webcast/im/?room_id={ROOM_ID}");
            let mut told = vec![PageSignal::Moved { url: shown }, PageSignal::SocketOpened { url }];
            told.extend(self.frames.iter().map(|frame| PageSignal::Frame(frame.bytes(1).to_vec().into())));
            tokio::spawn(async move {
                for signal in told {
                    // Whoever stopped listening needs nothing more.
                    let _ = out.send(signal).await;
                }
                let mut beats = interval(HEARTBEAT);
                while !out.is_closed() {
                    beats.tick().await;
                    let heartbeat = webcast_proto::outgoing::heartbeat(ROOM_ID, 1);
                    // As above.
                    let _ = out.send(PageSignal::Frame(heartbeat.into())).await;
                }
                drop(place);
            });
            Ok(PageVisit { identity: identity(), signals })
        })
    }

    fn ask_person<'a>(
        &'a self,
        _: Url,
        _: Vec<PageCookie>,
        _: PersonWanted,
    ) -> PageFuture<'a, Result<Vec<PageCookie>, PageFault>> {
        Box::pin(async { Err(PageFault::Closed) })
    }

    fn has_screen(&self) -> bool {
        false
    }

    fn raise(&self) {}
}

fn identity() -> PageIdentity {
    PageIdentity {
        user_agent: "Mozilla/5.0".to_owned(),
        platform: "Linux x86_64".to_owned(),
        version: "5.0".to_owned(),
        language: "en-GB".to_owned(),
        time_zone: "Europe/London".to_owned(),
        screen: (1_920, 1_080),
        cookies: Vec::new(),
    }
}

fn capture(handle: &str, scenario: Scenario, means: Means, pace: Pace) -> Capture {
    let tiktok = fake(scenario);
    let (http, websocket) = (tiktok.http_url(), tiktok.websocket_url());
    let bases = TikTokBases::new(Some(&http), Some(&http), Some(&websocket)).expect("the fake has addresses");
    let bases = bases.with_sign(&http).expect("the fake has an address");
    let source = TiktokSource::new(Handle::parse(handle).expect("a handle"), bases, means, 7).with_pace(pace);
    Capture::by(Box::new(source), Arc::new(tiktok), 256)
}

/// Captures that streamer by that page and no other way.
fn capture_by(page: Page, handle: &str, pace: Pace) -> Capture {
    let means = Means { page: Some(Arc::new(page)), switches: WaySwitches::only(Way::Page), ..Means::default() };
    capture(handle, scenario::named("welcome").expect("the scenario exists"), means, pace)
}

fn hello() -> Frame {
    Frame::of([Live::new().chat(viewer::ROSA, "hello")])
}

#[tokio::test]
async fn a_way_that_is_only_silent_has_not_held_and_the_next_one_is_tried() {
    let sound_after = Duration::from_millis(200);
    let pace = Pace {
        heartbeat_period: Duration::from_millis(50),
        silence: Duration::from_millis(400),
        entry_patience: Duration::from_millis(10),
        sound_after,
        ..brisk()
    };
    let means = Means { sign: Some(SignKey::new("key-of-luna")), ..Means::default() };
    for first in [vec![], vec![Step::Send(hello())]] {
        let mute = Scenario::playing(first).then([Step::FallSilent]);
        let mut capture = capture("sim", mute, means.clone(), pace.clone());
        let mut attempts: Vec<(Option<Way>, AttemptStep, AttemptAnswer, u64)> = Vec::new();
        while !attempts.iter().any(|(way, ..)| *way == Some(Way::Sign)) {
            let (batch, confirm) = capture.next().await.expect("the live goes on");
            attempts.extend(batch.attempts.iter().map(|it| (it.way, it.step, it.answer, it.took_ms)));
            assert!(attempts.len() < 40, "the same way again and again: {attempts:?}");
            // The source does not wait for the word about its own events.
            let _ = confirm.send(());
        }
        let is_break = |it: &&(_, _, _, u64)| (it.1, it.2) == (AttemptStep::Stay, AttemptAnswer::Broken);
        let (.., took_ms) = attempts.iter().find(is_break).expect("the first way broke");
        assert!(u128::from(*took_ms) < sound_after.as_millis(), "so it is not remembered: {attempts:?}");
        capture.stop.cancel();
    }
}

#[tokio::test]
async fn a_page_whose_room_never_opens_is_left_however_often_it_hears_its_heartbeats() {
    let page = Page { shows: "/@sim/live".to_owned(), frames: vec![] };
    let pace = Pace { socket_patience: Duration::from_millis(300), ..brisk() };
    let (events, outcome) = capture_by(page, "sim", pace).end().await;
    assert!(events.is_empty(), "nobody was ever in: {events:?}");
    let cause = outcome.expect_err("it leads nowhere").to_string();
    assert!(cause.contains("not let into the room"), "{cause} must say what stood in the way");
}

#[tokio::test]
async fn where_tiktok_does_not_tell_the_room_only_the_page_of_the_streamer_says_which_it_is() {
    for (handle, shows, is_in) in [
        ("blocked", "/@blocked/live", true),
        ("blocked", "/@Blocked/live/?lang=es", true),
        ("blocked", "/@stranger/live", false),
        ("blocked", "/live", false),
        ("sim", "/live", true),
    ] {
        let mut capture = capture_by(Page { shows: shows.to_owned(), frames: vec![hello()] }, handle, brisk());
        if is_in {
            let expected: [EventType; 2] = [Connect, Comment];
            assert_eq!(types(&capture.until(Comment).await), expected, "@{handle} at {shows}");
            capture.stop.cancel();
            continue;
        }
        let (events, outcome) = capture.end().await;
        assert!(events.is_empty(), "a stranger's live at {shows}: {events:?}");
        outcome.expect_err("and no way is left");
    }
}
