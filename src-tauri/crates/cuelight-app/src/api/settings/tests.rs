//! Commands about settings, keys, backups and diagnostics, on real files.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;

use cuelight_runtime::clock::Clock;
use cuelight_runtime::locks::EngineLock;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::source::page::PageHost;
use cuelight_runtime::store;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::watch;

use crate::dto::{CallerRole, Failure, FailureCode, HotkeyStatus};
use crate::shell::{Shell, ShellError, ShellFuture};
use crate::stage::{ended_or_waiting, leave_after};
use crate::{App, Door};

/// A desktop that does what it is asked and remembers it.
#[derive(Default)]
struct Desktop {
    asked: watch::Sender<Vec<String>>,
    refuses_autostart: bool,
}

impl Desktop {
    fn asked(&self, what: String) {
        self.asked.send_modify(|asked| asked.push(what));
    }
}

impl Shell for Desktop {
    fn open_folder<'a>(&'a self, folder: &'a Path) -> ShellFuture<'a, ()> {
        self.asked(format!("open {}", folder.file_name().unwrap_or_default().to_string_lossy()));
        Box::pin(async { Ok(()) })
    }

    fn save_text<'a>(&'a self, file_name: &'a str, text: &'a str) -> ShellFuture<'a, Option<PathBuf>> {
        self.asked(format!("save {file_name}: {text}"));
        Box::pin(async { Ok(Some(PathBuf::from("/chosen"))) })
    }

    fn take_hotkeys<'a>(&'a self, keys: &'a [String]) -> ShellFuture<'a, Vec<HotkeyStatus>> {
        self.asked(format!("keys {}", keys.join(" ")));
        let status = |keys: &String| HotkeyStatus { keys: keys.clone(), registered: keys != "F9" };
        let statuses = keys.iter().map(status).collect();
        Box::pin(async { Ok(statuses) })
    }

    fn start_with_system(&self, wanted: bool) -> ShellFuture<'_, ()> {
        self.asked(format!("autostart {wanted}"));
        let refused = ShellError::Refused { what: "start with the system", cause: "read-only".to_owned() };
        let answer = if self.refuses_autostart { Err(refused) } else { Ok(()) };
        Box::pin(async { answer })
    }

    fn restart(&self) -> ShellFuture<'_, ()> {
        self.asked("restart".to_owned());
        Box::pin(async { Ok(()) })
    }

    fn pages(&self) -> Option<Arc<dyn PageHost>> {
        None
    }
}

/// A running app in a folder of its own.
struct Home {
    folder: DataFolder,
    desktop: Arc<Desktop>,
    door: Door,
    _place: TempDir,
}

impl Home {
    fn new() -> Self {
        Self::with(Desktop::default())
    }

    fn with(desktop: Desktop) -> Self {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::new(place.path().join("data"));
        folder.create().expect("it can be made");
        let desktop = Arc::new(desktop);
        let app = App::begin(&folder, Clock::system(), Arc::clone(&desktop) as Arc<dyn Shell>).expect("it begins");
        Self { folder, desktop, door: Door::new(app), _place: place }
    }

    async fn ask(&self, command: &str, input: Value) -> Value {
        let answer = self.door.call(CallerRole::Window, command, input).await;
        answer.unwrap_or_else(|failure| panic!("{command}: {failure:?}"))
    }

    async fn refused(&self, command: &str, input: Value) -> Failure {
        let answer = self.door.call(CallerRole::Window, command, input).await;
        answer.expect_err("it makes no sense")
    }

    fn last_asked(&self) -> Option<String> {
        self.desktop.asked.borrow().last().cloned()
    }
}

#[tokio::test]
async fn an_area_is_saved_told_to_who_subscribed_and_kept() {
    let home = Home::new();
    let mut heard = home.door.app().settings.subscribe();
    let value = json!({ "creator": " @luna.plays", "comboIdleSeconds": 20, "redisUrl": "", "workspaceId": null });
    let saved = home.ask("save_settings", json!({ "area": "connection", "value": value })).await;
    assert_eq!(saved["connection"]["creator"], "luna.plays", "the handle alone");
    assert_eq!(saved["connection"]["redisUrl"], Value::Null, "an empty address is none");
    assert_eq!(saved["keeping"]["diamondValueUsd"], 0.01, "what nobody set is as on the first day");
    assert!(heard.has_changed().expect("the app lives"), "who goes by the settings hears of it");
    assert_eq!(heard.borrow_and_update().connection.combo_idle_seconds, 20, "what was saved");
    let kept = home.door.app().store().settings().expect("readable");
    assert_eq!(kept.connection.tiktok_user.as_deref(), Some("luna.plays"), "and it is in the database");
}

#[tokio::test]
async fn what_the_app_goes_by_is_what_was_saved_last() {
    let home = Home::new();
    let app = home.door.app();
    let save = |seconds: u32| {
        let (door, value) = (home.door.clone(), json!({ "comboIdleSeconds": seconds }));
        let input = json!({ "area": "connection", "value": value });
        async move { door.call(CallerRole::Window, "save_settings", input).await.expect("it can be saved") }
    };
    let mut first = pin!(save(20));
    leave_after(first.as_mut(), 1).await;
    assert_eq!(app.store().settings().expect("readable").connection.combo_idle_seconds, 20, "saved, and not told");
    let second = tokio::spawn(save(30));
    ended_or_waiting(&second, &app.saving_settings).await;
    first.await;
    second.await.expect("it does not break off");
    let stored = app.store().settings().expect("readable");
    assert_eq!(*app.settings.borrow(), stored, "whoever saves first tells first");
}

#[tokio::test]
async fn the_window_is_asked_for_every_key_that_something_uses_and_no_other() {
    let home = Home::new();
    let keys = home.ask("keys", json!({})).await;
    let names: Vec<&str> = keys.as_array().expect("a list").iter().filter_map(|key| key["id"].as_str()).collect();
    let used = ["tiktok_session", "redis_password", "sign_key"];
    assert_eq!(names, used, "publishing uses one, ways into TikTok the others");
    let failure = home.refused("set_key", json!({ "key": "5eafa11bead0", "secret": "luna" })).await;
    assert_eq!(failure.field.as_deref(), Some("key"), "{failure:?}");
    assert!(!failure.to_string().contains("5eafa11bead0"), "what was typed in the wrong place is not repeated");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_by_the_name_of_its_field() {
    let home = Home::new();
    let before = home.door.app().settings.borrow().clone();
    let check = async |area: &str, value: Value, field: &str| {
        let failure = home.refused("save_settings", json!({ "area": area, "value": value })).await;
        assert_eq!(failure.code, FailureCode::BadInput, "{failure:?}");
        assert_eq!(failure.field.as_deref(), Some(field), "{failure:?}");
        assert!(!failure.message.contains("hunter2"), "{failure:?} may be logged");
    };
    check("connection", json!({ "creator": "luna plays" }), "value.creator").await;
    check("connection", json!({ "comboIdleSeconds": 1 }), "value.comboIdleSeconds").await;
    check("connection", json!({ "redisUrl": "redis://:hunter2@127.0.0.1" }), "value.redisUrl").await;
    check("connection", json!({ "redisUrl": "redis://127.0.0.1:port" }), "value.redisUrl").await;
    check("connection", json!({ "workspaceId": "a/b" }), "value.workspaceId").await;
    check("server", json!({ "port": 80 }), "value.port").await;
    check("hotkeys", json!({ "silence": "M" }), "value.silence").await;
    check("hotkeys", json!({ "silence": "F9", "pauseAll": "f9" }), "value.silence").await;
    check("keeping", json!({ "minorEventsDays": 0 }), "value.minorEventsDays").await;
    check("keeping", json!({ "diamondValueUsd": 2 }), "value.diamondValueUsd").await;
    assert_eq!(*home.door.app().settings.borrow(), before, "nothing was changed");
}

#[tokio::test]
async fn hotkeys_and_autostart_are_asked_of_the_desktop() {
    let home = Home::new();
    let value = json!({ "silence": "shift+ctrl+m", "stopEverything": "F9", "pauseAll": null });
    let saved = home.ask("save_settings", json!({ "area": "hotkeys", "value": value })).await;
    assert_eq!(saved["hotkeys"]["silence"], "Ctrl+Shift+M", "in one form");
    assert_eq!(home.last_asked().as_deref(), Some("keys Ctrl+Shift+M F9"), "both are taken");
    let statuses = home.ask("hotkeys", json!({})).await;
    let expected = json!([{ "keys": "Ctrl+Shift+M", "registered": true }, { "keys": "F9", "registered": false }]);
    assert_eq!(statuses, expected, "one of them is taken by another program");
    home.ask("save_settings", json!({ "area": "window", "value": { "autostart": true } })).await;
    assert_eq!(home.last_asked().as_deref(), Some("autostart true"), "the system starts it from now on");
    home.ask("save_settings", json!({ "area": "window", "value": { "autostart": true, "theme": "dark" } })).await;
    assert_eq!(home.last_asked().as_deref(), Some("autostart true"), "and is not asked again");
    assert_eq!(home.desktop.asked.borrow().iter().filter(|it| it.starts_with("autostart")).count(), 1, "once");
}

#[tokio::test]
async fn autostart_that_another_process_sets_is_told_to_the_system() {
    let home = Home::new();
    let mut asked = home.desktop.asked.subscribe();
    let mut told = async |what: &str| {
        asked.wait_for(|asked| asked.last().is_some_and(|last| last == what)).await.expect("the desktop is there");
    };
    let app = Arc::clone(home.door.app());
    let keeping = tokio::spawn(async move { app.keep_autostart().await });
    told("autostart false").await;
    let (beside, _) = store::open_beside_engine(&home.folder, &Clock::system()).expect("it can be opened");
    beside.set_setting("autostart", "true").expect("it can be written");
    told("autostart true").await;
    beside.set_setting("theme", "light").expect("it can be written");
    beside.set_setting("autostart", "false").expect("it can be written");
    told("autostart false").await;
    assert_eq!(home.desktop.asked.borrow().len(), 3, "it is told what changed, and no more");
    home.door.app().end().await;
    keeping.await.expect("it ends with the app");
}

#[tokio::test]
async fn what_the_system_refuses_is_not_set() {
    let home = Home::with(Desktop { refuses_autostart: true, ..Desktop::default() });
    let failure = home.refused("save_settings", json!({ "area": "window", "value": { "autostart": true } })).await;
    assert_eq!(failure.field.as_deref(), Some("value.autostart"), "{failure:?}");
    assert!(!home.door.app().settings.borrow().window.autostart, "it is as it was");
}

#[tokio::test]
async fn keys_and_files_are_for_the_window_alone() {
    let home = Home::new();
    for command in [
        "keys",
        "set_key",
        "test_key",
        "remove_key",
        "open_folder",
        "backups",
        "back_up",
        "restore_backup",
        "write_diagnostics",
        "save_text",
    ] {
        for role in [CallerRole::Remote, CallerRole::Full] {
            let failure = home.door.call(role, command, json!({})).await.expect_err("not from afar");
            assert_eq!(failure.code, FailureCode::NotAllowed, "{command} by {role:?}");
        }
    }
    for command in ["save_settings", "hotkeys", "data_folder", "examine"] {
        let failure = home.door.call(CallerRole::Remote, command, json!({})).await.expect_err("not for guests");
        assert_eq!(failure.code, FailureCode::NotAllowed, "{command}");
    }
}

#[tokio::test]
async fn a_key_that_cannot_be_one_is_refused_and_never_repeated() {
    let home = Home::new();
    let check = async |input: Value, field: Option<&str>| {
        let failure = home.refused("set_key", input).await;
        assert_eq!((failure.code, failure.field.as_deref()), (FailureCode::BadInput, field), "{failure:?}");
        assert!(!failure.message.contains("hunter2") && !failure.message.contains("4711"), "{failure:?}");
    };
    check(json!({ "key": "hunter2", "secret": "redis_password" }), Some("key")).await;
    check(json!({ "key": "redis_password", "secret": " " }), Some("secret")).await;
    check(json!({ "key": "redis_password", "secret": "hunter2\nhunter2" }), Some("secret")).await;
    check(json!({ "key": "redis_password", "secret": 4711 }), Some("secret")).await;
}

#[tokio::test]
async fn a_backup_is_made_listed_and_taken_in_at_the_next_start() {
    let home = Home::new();
    let save = async |creator: &str| {
        home.ask("save_settings", json!({ "area": "connection", "value": { "creator": creator } })).await
    };
    save("luna.plays").await;
    let made = home.ask("back_up", json!({})).await;
    assert_eq!(made, home.ask("backups", json!({})).await, "what is there now is the answer");
    assert_eq!(made[0]["byItself"], false, "somebody asked for it");
    save("mira").await;
    home.ask("restore_backup", json!({ "path": made[0]["path"] })).await;
    assert_eq!(home.last_asked().as_deref(), Some("restart"), "the app starts anew");
    let failure = home.refused("restore_backup", json!({ "path": home.folder.settings_copy() })).await;
    assert_eq!((failure.code, failure.field.as_deref()), (FailureCode::BadInput, Some("path")), "{failure:?}");
    let Home { folder, door, _place, .. } = home;
    drop(door);
    let lock = EngineLock::take(&folder).expect("the app is gone");
    let (store, _) = store::open(&folder, &Clock::system(), &lock).expect("it opens");
    let settings = store.settings().expect("readable");
    assert_eq!(settings.connection.tiktok_user.as_deref(), Some("luna.plays"), "as it was backed up");
}

#[tokio::test]
async fn folders_and_texts_go_through_the_desktop() {
    let home = Home::new();
    home.ask("open_folder", json!({ "folder": "logs" })).await;
    assert_eq!(home.last_asked().as_deref(), Some("open logs"), "it is shown");
    assert!(home.folder.logs().is_dir(), "and there, even if nothing was logged yet");
    let saved = home.ask("save_text", json!({ "fileName": "rules.json", "text": "{}" })).await;
    assert_eq!(saved["path"], "/chosen", "where people wanted it");
    for name in ["", "../rules.json", "a/b", ".hidden", "c:d"] {
        let failure = home.refused("save_text", json!({ "fileName": name, "text": "{}" })).await;
        assert_eq!(failure.field.as_deref(), Some("fileName"), "{name:?}");
    }
    let folder = home.ask("data_folder", json!({})).await;
    assert!(folder["databaseBytes"].as_u64() > Some(0), "{folder} says how much there is");
}

#[tokio::test]
async fn diagnostics_hold_what_helps_and_no_name() {
    let home = Home::new();
    let value = json!({
        "creator": "luna.plays", "redisUrl": "redis://redis.luna.example", "workspaceId": "lunas-workspace",
    });
    home.ask("save_settings", json!({ "area": "connection", "value": value })).await;
    std::fs::create_dir_all(home.folder.logs()).expect("made");
    let log = "2026-01-12T12:00:00.123456Z  INFO cuelight::log_write: mia says hello\n\
               2026-01-12T12:00:01.123456Z  WARN cuelight_runtime::publish: events could not be published error=redis.luna.example\n\
               2026-01-12T12:00:02.123456Z ERROR cuelight: @mia_99 (7001234567890123456) broke it\n";
    std::fs::write(home.folder.logs().join("cuelight.2026-01-12.log"), log).expect("written");
    let written = home.ask("write_diagnostics", json!({})).await;
    let path = PathBuf::from(written["path"].as_str().expect("a path"));
    assert!(path.starts_with(home.folder.path()), "{} lies in the data folder", path.display());
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&path).expect("it is there")).expect("a zip");
    let listed: Vec<&str> = written["files"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    let packed: Vec<String> =
        (0..zip.len()).map(|place| zip.by_index(place).expect("a file").name().expect("UTF-8").into_owned()).collect();
    assert_eq!(listed, packed, "it says what is in it");
    let mut all = String::new();
    for place in 0..zip.len() {
        zip.by_index(place).expect("a file").read_to_string(&mut all).expect("text");
    }
    for name in ["luna", "mia", "7001234567890123456", "hello"] {
        assert!(!all.contains(name), "{name} is nobody's business:\n{all}");
    }
    for kept in ["Database: sound", "events could not be published", "\"combo_idle_seconds\": 15", "\"rule\":", "(set)"]
    {
        assert!(all.contains(kept), "{kept:?} helps:\n{all}");
    }
}
