//! TikTok's page in a real browser: its frames are heard and nobody else's, and nothing of it is left anywhere.

pub(crate) mod devtools;
mod faults;
mod frames;
pub(crate) mod person;
pub(crate) mod traces;

use std::path::{Path, PathBuf};
use std::time::Duration;

use cuelight_core::event::{Body, Event};
use cuelight_runtime::source::chrome::{Chrome, Surroundings};
use cuelight_runtime::source::page::{PageAdmission, PageHost as _, PageSignal, PageVisit, PageWanted, SocketHosts};
use cuelight_runtime::source::tiktok::frame::FrameDecoder;
use system_tests::{FakeTikTok, Scenario, scenario};
use tempfile::TempDir;
use tokio::time::{interval, timeout};

/// How long anything may take before the test gives up; a browser beside a build starts slowly.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where the browsers of one test put their folders.
struct Place {
    folder: TempDir,
    surroundings: Surroundings,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let surroundings = Surroundings { folder: folder.path().to_owned(), ..Surroundings::of_environment() };
        Self { folder, surroundings }
    }

    fn with_flags<const N: usize>(flags: [String; N]) -> Self {
        let mut place = Self::new();
        place.surroundings.flags.extend(flags);
        place
    }

    fn chrome(&self) -> Chrome {
        Chrome::new(self.surroundings.clone())
    }

    async fn visit(&self, tiktok: &FakeTikTok) -> PageVisit {
        let chrome = self.chrome();
        chrome.visit(page_of(tiktok, "sim")).await.expect("the page is there")
    }

    /// The folders that browsers have now.
    fn browsers(&self) -> Vec<PathBuf> {
        browsers_in(self.folder.path())
    }
}

/// The folders of browsers in that one.
pub(crate) fn browsers_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("readable");
    entries.map(|entry| entry.expect("readable").path()).collect()
}

fn named(name: &str) -> FakeTikTok {
    start(scenario(name))
}

/// Starts a fake from a thread of its own: it blocks, which a task may not.
fn start(scenario: Scenario) -> FakeTikTok {
    std::thread::spawn(move || FakeTikTok::start(scenario)).join().expect("it starts")
}

fn scenario(name: &str) -> Scenario {
    scenario::named(name).expect("the scenario exists")
}

/// The page of that account, with its frames.
fn page_of(tiktok: &FakeTikTok, account: &str) -> PageWanted {
    PageWanted {
        url: format!("{}/@{account}/live", tiktok.http_url()).parse().expect("an address"),
        socket_hosts: SocketHosts::with(vec![tiktok.address().to_string()]),
        cookies: Vec::new(),
        wants_frames: true,
        admission: PageAdmission::default(),
    }
}

/// What happens next, wherever the page is.
async fn next(visit: &mut PageVisit) -> PageSignal {
    loop {
        match next_of_all(visit).await {
            PageSignal::Moved { .. } => {}
            signal => break signal,
        }
    }
}

/// What happens next.
async fn next_of_all(visit: &mut PageVisit) -> PageSignal {
    let signal = timeout(PATIENCE, visit.signals.recv()).await.expect("something happens in time");
    signal.expect("the end of a page is told first")
}

/// Listens until so many events were in the frames; what else happened meanwhile is told beside them.
async fn events(visit: &mut PageVisit, count: usize) -> (Vec<Event>, Vec<PageSignal>) {
    let mut decoder = FrameDecoder::new();
    let (mut events, mut others) = (Vec::new(), Vec::new());
    while events.len() < count {
        match next(visit).await {
            PageSignal::Frame(frame) => events.extend(decoder.read(&frame, 0).batch.events),
            last @ (PageSignal::Captcha | PageSignal::PageGone { .. }) => {
                panic!("{} of {count} events came, then: {last:?}", events.len())
            }
            other @ (PageSignal::Moved { .. } | PageSignal::SocketOpened { .. } | PageSignal::SocketClosed) => {
                others.push(other);
            }
        }
    }
    (events, others)
}

/// The comments among these events, as they were written.
fn comments(events: &[Event]) -> Vec<&str> {
    let texts = events.iter().filter_map(|it| match &it.body {
        Body::Comment(comment) => Some(comment.comment.as_str()),
        _ => None,
    });
    texts.collect()
}

/// Why the page is gone, whatever came before.
async fn end_of(visit: &mut PageVisit) -> String {
    let ending = async {
        loop {
            if let PageSignal::PageGone { cause } = next(visit).await {
                break cause;
            }
        }
    };
    timeout(PATIENCE, ending).await.expect("it ends in time")
}

/// Waits until there is one.
async fn eventually<T>(what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    let looking = async {
        let mut looks = interval(Duration::from_millis(50));
        loop {
            looks.tick().await;
            if let Some(found) = look().await {
                break found;
            }
        }
    };
    timeout(PATIENCE, looking).await.unwrap_or_else(|_| panic!("there never was {what}"))
}
