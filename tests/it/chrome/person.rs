//! What is shown to the person at the screen: a captcha until it is solved, a login until it is done.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use cuelight_core::event::EventType;
use cuelight_core::handle::Handle;
use cuelight_core::way::Way;
use cuelight_runtime::source::SourceStatus;
use cuelight_runtime::source::page::{PageCookie, PageFault, PageHost as _, PageSignal, PersonWanted};
use cuelight_runtime::source::tiktok::TiktokSource;
use cuelight_runtime::source::tiktok::bases::TikTokBases;
use cuelight_runtime::source::tiktok::means::Means;
use system_tests::scenario::Admission;
use system_tests::{FakeTikTok, Scenario};
use tokio::time::timeout;

use super::devtools::Person;
use super::{PATIENCE, Place, named, next, page_of, scenario, start};
use crate::direct::capture::{Capture, types};

/// A screen that nobody sees, gone with the test.
pub(crate) struct Screen {
    server: Child,
    name: String,
}

impl Screen {
    pub(crate) fn start() -> Self {
        let mut server = Command::new("Xvfb");
        server.args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]);
        server.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = server.spawn().expect("Xvfb is there: scripts/setup installs it");
        let mut number = String::new();
        let said = server.stdout.take().expect("piped");
        BufReader::new(said).read_line(&mut number).expect("its number");
        Self { server, name: format!(":{}", number.trim()) }
    }

    /// Its name, as in `DISPLAY`.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What shows a browser here.
    pub(crate) fn flags(&self) -> [String; 2] {
        ["--ozone-platform=x11".to_owned(), format!("--display={}", self.name)]
    }

    /// A place whose browsers are shown here.
    fn place(&self) -> Place {
        let mut place = Place::with_flags(self.flags());
        place.surroundings.has_screen = true;
        place
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// What the person's page comes to while the person does that.
async fn asked(
    place: &Place,
    tiktok: &FakeTikTok,
    why: PersonWanted,
    deed: impl AsyncFnOnce(&mut Person),
) -> Result<Vec<PageCookie>, PageFault> {
    let chrome = place.chrome();
    let doing = async {
        let mut person = Person::beside(place).await;
        deed(&mut person).await;
        person
    };
    let url = page_of(tiktok, "sim").url;
    let (outcome, _person) = tokio::join!(chrome.ask_person(url, Vec::new(), why), doing);
    outcome
}

#[tokio::test]
async fn a_login_gives_the_session_and_forgets_it() {
    let (tiktok, screen) = (named("page-login"), Screen::start());
    let place = screen.place();
    let cookies = asked(&place, &tiktok, PersonWanted::Login, async |person| person.click("log-in").await).await;
    let cookies = cookies.expect("it was done");
    let mut names: Vec<&str> = cookies.iter().filter(|it| it.is_of_account()).map(|it| it.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["sessionid", "sessionid_ss", "sid_guard", "sid_tt", "tt-target-idc"], "all of the account's");
    assert_eq!(place.browsers(), Vec::<PathBuf>::new(), "nothing is left of it");

    // The session leads in where a stranger has to log in.
    let mut wanted = page_of(&tiktok, "sim");
    wanted.cookies = cookies;
    let chrome = place.chrome();
    let mut visit = chrome.visit(wanted).await.expect("it is let in");
    let (events, _) = super::events(&mut visit, 1).await;
    assert!(!events.is_empty(), "and hears the room");
    visit.close().await;
}

#[tokio::test]
async fn a_captcha_stays_solved_for_whoever_shows_its_cookies() {
    let (tiktok, screen) = (named("page-captcha"), Screen::start());
    let place = screen.place();
    let fault = place.chrome().visit(page_of(&tiktok, "sim")).await.expect_err("it was not solved yet");
    assert_eq!(fault, PageFault::Captcha);
    let cookies = asked(&place, &tiktok, PersonWanted::Captcha, async |person| person.click("solve").await).await;
    let mut wanted = page_of(&tiktok, "sim");
    wanted.cookies = cookies.expect("it was solved");
    let chrome = place.chrome();
    let visit = chrome.visit(wanted).await.expect("it is let in");
    visit.close().await;
}

#[tokio::test]
async fn a_captcha_that_a_script_lays_over_the_page_is_told_and_ends_it() {
    let tiktok = named("page-captcha-later");
    let place = Place::new();
    let mut visit = place.visit(&tiktok).await;
    assert_eq!(next(&mut visit).await, PageSignal::Captcha, "the page had its cookie long before");
    visit.close().await;
    assert_eq!(place.browsers(), Vec::<PathBuf>::new(), "nothing is left of it");
}

#[tokio::test]
async fn a_live_behind_a_captcha_that_comes_after_the_page_goes_on_once_the_person_solved_it() {
    let tiktok = start(Scenario { admission: Admission::SignedOnly, ..scenario("page-captcha-later") });
    let screen = Screen::start();
    let place = screen.place();
    let (http, websocket) = (tiktok.http_url(), tiktok.websocket_url());
    let bases = TikTokBases::new(Some(&http), Some(&http), Some(&websocket)).expect("the fake has addresses");
    let means = Means { page: Some(Arc::new(place.chrome())), ..Means::default() };
    let source = TiktokSource::new(Handle::parse("sim").expect("a handle"), bases, means, 7);
    let mut capture = Capture::by(Box::new(source), Arc::new(tiktok), 256);
    let asked = capture.status.wait_for(|status| matches!(status, SourceStatus::AskingPerson { .. }));
    timeout(PATIENCE, asked).await.expect("the person is asked in time").expect("the capture goes on");
    Person::beside(&place).await.click("solve").await;
    let events = capture.until(EventType::Comment).await;
    assert_eq!(types(&events)[0], EventType::Connect, "one session, without a disconnect that nobody had");
    let is_in = |status: &SourceStatus| matches!(status, SourceStatus::Connected { way: Some(Way::Page), .. });
    assert!(is_in(&capture.status.borrow()), "by the page, not {:?}", capture.status.borrow());
    capture.stop.cancel();
    capture.end().await.1.expect("it ends well");
}

#[tokio::test]
async fn a_person_who_closes_the_page_is_not_asked_any_longer() {
    let (tiktok, screen) = (named("page-login"), Screen::start());
    let place = screen.place();
    let outcome = asked(&place, &tiktok, PersonWanted::Login, async |person| person.close_page().await).await;
    assert_eq!(outcome, Err(PageFault::Closed));
    assert_eq!(place.browsers(), Vec::<PathBuf>::new(), "nothing is left of it");
}

#[tokio::test]
async fn without_a_screen_nobody_is_asked() {
    let tiktok = named("page-login");
    let mut place = Place::new();
    place.surroundings.has_screen = false;
    let asking = place.chrome();
    let outcome = asking.ask_person(page_of(&tiktok, "sim").url, Vec::new(), PersonWanted::Login).await;
    let fault = outcome.expect_err("nobody could see it").to_string();
    assert!(fault.contains("no screen"), "{fault} must say why");
}
