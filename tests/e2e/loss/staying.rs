//! The clients that stay in a live however often its connection ends, and what they tell of it.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use cuelight_core::event::Event;
use cuelight_core::handle::Handle;
use cuelight_core::way::Way;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::runtime::{CaptureRequest, Runtime};
use cuelight_runtime::source::pace::Pace;
use cuelight_runtime::source::tiktok::TiktokSource;
use cuelight_runtime::source::tiktok::bases::TikTokBases;
use cuelight_runtime::source::tiktok::means::Means;
use cuelight_runtime::store::Settings;
use system_tests::{FakeTikTok, program};

use super::told::Told;
use crate::client::printed;

/// A client as its users run it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Staying {
    /// `cuelight capture`, which comes back by itself.
    Cuelight,
    /// TikTokLive from PyPI, with a loop around it.
    TikTokLive,
    /// tiktok-live-connector from npm, with a loop around it.
    Connector,
    /// piratetok-live-rs from crates.io, which comes back by itself.
    PirateTok,
}

impl Staying {
    pub(super) const ALL: [Staying; 4] =
        [Staying::Cuelight, Staying::TikTokLive, Staying::Connector, Staying::PirateTok];

    pub(super) fn name(self) -> &'static str {
        match self {
            Staying::Cuelight => "Cuelight (`cuelight capture`)",
            Staying::TikTokLive => "TikTokLive (Python)",
            Staying::Connector => "tiktok-live-connector (Node.js)",
            Staying::PirateTok => "piratetok-live-rs (Rust)",
        }
    }

    /// Stays to the end of the live of `@sim`, unmodified and at its own pace; gives what it tells.
    ///
    /// # Panics
    /// It is not installed, or does not end within that time.
    pub(super) fn stay(self, tiktok: &FakeTikTok, within: Duration) -> Vec<Told> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut command = self.command(tiktok, folder.path());
        let messages = folder.path().join("messages.txt");
        let child = command
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&messages).expect("a temporary file can be made"))
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?} does not start ({error}); run `make losses`"));
        let lines = printed(child, within).unwrap_or_else(|failure| {
            let said = std::fs::read_to_string(&messages).unwrap_or_default();
            panic!("{command:?} {failure}; it said:\n{said}")
        });
        match self {
            Staying::Cuelight => lines.iter().filter_map(|line| told_by_us(line)).collect(),
            Staying::TikTokLive | Staying::Connector | Staying::PirateTok => lines.into_iter().map(Told).collect(),
        }
    }

    fn command(self, tiktok: &FakeTikTok, folder: &Path) -> Command {
        let mut command = match self {
            Staying::Cuelight => {
                let mut command = program::cuelight();
                command.args(["capture", "sim", "--json", "--all", "--duration", "0", "--data-dir"]).arg(folder);
                command.envs(tiktok.environment());
                return command;
            }
            Staying::TikTokLive => {
                let mut command = Command::new(program::repository(".setup/peers-python/bin/python"));
                command.arg(program::repository("tests/peers/python/stay.py"));
                command
            }
            Staying::Connector => {
                let mut command = Command::new("node");
                command.arg(program::repository("tests/peers/node/stay.mjs"));
                command
            }
            Staying::PirateTok => Command::new(program::repository(".setup/peers-rust/debug/piratetok-peer")),
        };
        command.args([&tiktok.http_url(), "sim"]);
        command
    }
}

/// What a line of ours says, where its event is compared.
fn told_by_us(line: &str) -> Option<Told> {
    let event: Event = serde_json::from_str(line).expect("`--json` prints one event a line");
    Told::of_ours(&event)
}

/// Our source and our journal, with waits too short to matter; gives what is committed.
pub(super) fn stay_without_waits(tiktok: &FakeTikTok) -> Vec<Told> {
    let (http, websocket) = (tiktok.http_url(), tiktok.websocket_url());
    let bases = TikTokBases::new(Some(&http), Some(&http), Some(&websocket)).expect("the fake has addresses");
    let pace = Pace {
        cookie_wait: Duration::from_millis(5),
        retry_waits: vec![Duration::from_millis(20)],
        refused_wait: Duration::from_millis(20),
        never_gives_up: true,
        ..Pace::default()
    };
    let source = TiktokSource::new(Handle::parse("sim").expect("a handle"), bases, Means::default(), 7);
    let source = source.only(Way::Direct).with_pace(pace);
    let folder = tempfile::tempdir().expect("a folder for the journal");
    let tasks = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    tasks.block_on(async {
        let runtime = Runtime::open(&DataFolder::new(folder.path()), Clock::system()).expect("a fresh folder opens");
        let request = CaptureRequest {
            source_name: "tiktok:direct".to_owned(),
            session_name: None,
            settings: Settings::default(),
            publication: None,
            deciding: None,
        };
        let mut running = runtime.capture(request, Box::new(source)).expect("the journal can be written");
        let mut told = Vec::new();
        while let Some(page) = running.feed.next().await.expect("the journal can be read") {
            told.extend(page.iter().filter_map(|committed| Told::of_ours(&committed.event)));
        }
        running.end().await.outcome.expect("the capture ends with the live");
        told
    })
}
