//! A running app in a data folder of its own, and the TikTok that it looks to.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use cuelight_app::dto::{CallerRole, Failure, HotkeyStatus, Phase};
use cuelight_app::live::Standing;
use cuelight_app::shell::{NoShell, Shell, ShellFuture};
use cuelight_app::{App, Door};
use cuelight_core::id::{RuleId, SessionId};
use cuelight_runtime::clock::Clock;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::source::page::PageHost;
use cuelight_runtime::source::tiktok::bases::TikTokBases;
use cuelight_runtime::store::{JobFilter, StoredJob, StoredSession};
use serde_json::Value;
use system_tests::{FakeTikTok, Scenario, scenario};
use tempfile::TempDir;

/// Far longer than anything here takes.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// A running app in a data folder of its own.
pub(super) struct Desk {
    pub(super) app: Arc<App>,
    pub(super) door: Door,
    pub(super) folder: DataFolder,
    _place: TempDir,
}

impl Desk {
    /// An app whose TikTok cannot be reached.
    pub(super) fn alone() -> Self {
        Self::at("http://127.0.0.1:1", "ws://127.0.0.1:1", NoShell)
    }

    /// An app whose TikTok is that one.
    pub(super) fn with(tiktok: &FakeTikTok) -> Self {
        Self::at(&tiktok.http_url(), &tiktok.websocket_url(), NoShell)
    }

    /// The same on a desktop that shows TikTok's pages by itself.
    pub(super) fn showing(tiktok: &FakeTikTok, pages: Arc<dyn PageHost>) -> Self {
        Self::at(&tiktok.http_url(), &tiktok.websocket_url(), WithPages(pages))
    }

    fn at(http: &str, websocket: &str, shell: impl Shell) -> Self {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::new(place.path().join("data"));
        folder.create().expect("it can be made");
        let bases = TikTokBases::new(Some(http), Some(http), Some(websocket)).expect("addresses");
        let app = begin(&folder, Some(bases), shell);
        Self { door: Door::new(Arc::clone(&app)), app, folder, _place: place }
    }

    /// Ends the app and begins it anew.
    pub(super) async fn restarted(self) -> Self {
        let Self { app, door, folder, _place } = self;
        app.end().await;
        drop((app, door));
        let app = begin(&folder, None, NoShell);
        Self { door: Door::new(Arc::clone(&app)), app, folder, _place }
    }

    pub(super) async fn ask(&self, command: &str, input: Value) -> Value {
        let answered = self.door.call(CallerRole::Window, command, input).await;
        answered.unwrap_or_else(|failure| panic!("{command} failed: {failure:?}"))
    }

    pub(super) async fn refused(&self, role: CallerRole, command: &str, input: Value) -> Failure {
        self.door.call(role, command, input).await.expect_err(command)
    }

    /// Waits until it stands like that.
    pub(super) async fn until(&self, what: &str, is_so: impl Fn(&Standing) -> bool) -> Standing {
        let mut standing = self.app.live.watch();
        let found = tokio::time::timeout(PATIENCE, standing.wait_for(is_so)).await;
        let found = found.map(|found| found.expect("the task goes on").clone());
        found.unwrap_or_else(|_| panic!("{what} never came: {:?}", self.app.live.watch().borrow()))
    }

    pub(super) async fn until_live(&self) -> Standing {
        self.until("a live session", |it| matches!(it.phase, Phase::Live { .. }) && it.session.is_some()).await
    }

    /// Waits until the workers have done everything that they can.
    pub(super) async fn until_idle(&self) {
        let idle = tokio::time::timeout(PATIENCE, self.app.engine.workers.idle()).await;
        idle.expect("it comes to rest in time").expect("the queues can be read");
    }

    pub(super) fn session(&self, number: u32) -> StoredSession {
        let reader = self.app.store().reader().expect("readable");
        reader.session(SessionId(number)).expect("readable").expect("the session is there")
    }

    pub(super) fn jobs(&self) -> Vec<StoredJob> {
        let reader = self.app.store().reader().expect("readable");
        reader.jobs(&JobFilter::default(), 10_000).expect("readable")
    }

    pub(super) fn put_rule(&self, rule: Value) {
        let rule = serde_json::from_value(rule).expect("a rule");
        self.app.store().put_rule(&rule).expect("it can be written");
        self.app.engine.look_again();
    }

    /// The jobs of that rule.
    pub(super) fn jobs_of(&self, rule: &str) -> Vec<StoredJob> {
        let origin = cuelight_core::decision::Origin::Rule(RuleId::new(rule));
        self.jobs().into_iter().filter(|job| job.origin == origin).collect()
    }
}

fn begin(folder: &DataFolder, tiktok: Option<TikTokBases>, shell: impl Shell) -> Arc<App> {
    let tiktok = tiktok.unwrap_or_else(|| TikTokBases::new(None, None, None).expect("the real hosts are addresses"));
    App::begin_with(folder, Clock::system(), Arc::new(shell), tiktok).expect("the app begins")
}

/// A desktop that has nothing but something that shows TikTok's pages.
struct WithPages(Arc<dyn PageHost>);

impl Shell for WithPages {
    fn open_folder<'a>(&'a self, folder: &'a Path) -> ShellFuture<'a, ()> {
        NoShell.open_folder(folder)
    }

    fn save_text<'a>(&'a self, file_name: &'a str, text: &'a str) -> ShellFuture<'a, Option<PathBuf>> {
        NoShell.save_text(file_name, text)
    }

    fn take_hotkeys<'a>(&'a self, keys: &'a [String]) -> ShellFuture<'a, Vec<HotkeyStatus>> {
        NoShell.take_hotkeys(keys)
    }

    fn start_with_system(&self, wanted: bool) -> ShellFuture<'_, ()> {
        NoShell.start_with_system(wanted)
    }

    fn restart(&self) -> ShellFuture<'_, ()> {
        NoShell.restart()
    }

    fn pages(&self) -> Option<Arc<dyn PageHost>> {
        Some(Arc::clone(&self.0))
    }
}

/// Starts a fake; on a thread of its own, since its start blocks and an async test must not.
pub(super) fn fake(scenario: Scenario) -> FakeTikTok {
    std::thread::spawn(|| FakeTikTok::start(scenario)).join().expect("the fake starts")
}

pub(super) fn named(name: &str) -> FakeTikTok {
    fake(scenario::named(name).expect("the scenario exists"))
}
