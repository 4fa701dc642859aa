//! A key is in the system's keychain and nowhere else; where there is no keychain that can be used, that is said.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use cuelight_app::dto::CallerRole;
use cuelight_app::shell::NoShell;
use cuelight_app::{App, Door};
use cuelight_runtime::clock::Clock;
use cuelight_runtime::logs::log_file_layer;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::source::chrome::Surroundings;
use cuelight_runtime::source::tiktok::bases::TikTokBases;
use serde_json::{Value, json};
use system_tests::{FakeTikTok, files_holding, scenario};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::chrome::devtools::Person;
use crate::chrome::person::Screen;
use crate::publish::server::RedisServer;
use crate::support::{Finished, Workplace};

/// The test below, by which the test program finds it.
const TEST: &str = "secrets::a_key_set_in_the_window_is_in_the_keychain_and_nowhere_else";

/// The same for the login.
const LOGIN_TEST: &str = "secrets::a_login_is_in_the_keychain_and_nowhere_else";

/// The session that the fake TikTok gives whoever logs in.
const LOGIN: &str = "0fa1e5e55101dfa1e5e55101d0000001";

/// Set where the test runs beside a keychain of its own.
const BESIDE_KEYCHAIN: &str = "CUELIGHT_TEST_BESIDE_KEYCHAIN";

const SECRET: &str = "moonlit-otter-7319";

/// Waits until the keychain has its name on the bus: asked earlier, the bus would start another.
const UNTIL_THE_KEYCHAIN_IS_THERE: &str = "until dbus-send --session --print-reply --dest=org.freedesktop.DBus / \
     org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets 2>&1 | grep -q 'boolean true'; do sleep 0.02; done";

/// A desktop session with a keychain in a home of its own, in which a command runs.
struct Session {
    home: tempfile::TempDir,
    starts_keychain: &'static str,
}

impl Session {
    fn with_keychain() -> Self {
        Self::starting(
            r#"eval "$(printf '\n' | gnome-keyring-daemon --unlock --components=secrets --control-directory="$XDG_RUNTIME_DIR/keyring" 2>/dev/null)""#,
        )
    }

    fn with_locked_keychain() -> Self {
        Self::starting(
            r#"eval "$(gnome-keyring-daemon --start --components=secrets --control-directory="$XDG_RUNTIME_DIR/keyring" 2>/dev/null)""#,
        )
    }

    fn starting(starts_keychain: &'static str) -> Self {
        Self { home: tempfile::tempdir().expect("a temporary folder"), starts_keychain }
    }

    /// The command of that one, in this session. The keychain outlives it for a moment, so it gets none of its pipes.
    fn command(&self, command: &Command) -> Command {
        let mut session = Command::new("dbus-run-session");
        session.args([
            "--",
            "bash",
            "-c",
            &format!("{}; {UNTIL_THE_KEYCHAIN_IS_THERE}; \"$@\"", self.starts_keychain),
            "_",
        ]);
        session.arg(command.get_program()).args(command.get_args());
        let set = command.get_envs().filter_map(|(name, value)| Some((name, value?)));
        session.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").envs(set).env_remove("CUELIGHT_KEYCHAIN");
        session.env("HOME", self.home.path()).env("XDG_DATA_HOME", self.home.path().join("data"));
        let runtime = self.home.path().join("run");
        private_folder(&runtime);
        session.env("XDG_RUNTIME_DIR", runtime).stdin(Stdio::null());
        session
    }
}

fn private_folder(path: &Path) {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path).expect("it can be made");
}

#[test]
fn a_key_set_in_the_window_is_in_the_keychain_and_nowhere_else() {
    if std::env::var_os(BESIDE_KEYCHAIN).is_none() {
        let mut this = Command::new(std::env::current_exe().expect("a running test knows its own path"));
        this.args(["--exact", TEST, "--nocapture"]).env(BESIDE_KEYCHAIN, "1");
        let again = Finished::of(Session::with_keychain().command(&this)).expect_status(0);
        assert!(again.stdout.contains("1 passed"), "it must have run: {}", again.stdout);
        return;
    }
    let workplace = Workplace::new();
    let server = RedisServer::start_with(["--requirepass", SECRET]);
    let folder = DataFolder::new(workplace.data_dir());
    folder.create().expect("it can be made");
    let file = log_file_layer(&folder.logs(), LevelFilter::TRACE).expect("it can be written");
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(file)).expect("a process of its own");
    let tasks = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("timers and sockets");
    for (scenario, expected) in [
        ("normal", json!({ "quota": "24/25 this minute, 248/250 this hour, 2,498/2,500 today" })),
        ("sign-401", json!({ "problem": "{place} does not take it: HTTP 401" })),
        ("sign-503", json!({ "problem": "{place} does not answer: HTTP 503" })),
    ] {
        let tiktok = FakeTikTok::start(scenario::named(scenario).expect("the scenario exists"));
        let tested = tasks.block_on(tested_sign_key(&folder, &tiktok));
        let place = tiktok.http_url().replace("http://", "");
        let told = |what: &str| expected[what].as_str().map(|it| it.replace("{place}", &place));
        let expected = json!({
            "good": expected["problem"].is_null(),
            "tested": "connection",
            "problem": told("problem"),
            "quota": told("quota"),
        });
        assert_eq!(tested, expected, "{scenario}: its server was asked");
        let seen = tiktok.seen();
        let asked = seen.requests_for("/accounts/me/rate_limits").next().expect("what is left is asked for");
        assert_eq!(asked.header("x-api-key"), Some(SECRET), "with the key");
        assert_eq!(seen.requests.len(), 1, "and nothing that costs a connection");
    }
    tasks.block_on(window(&folder, &server));
    drop(tasks);

    let looked_up =
        Command::new("secret-tool").args(["lookup", "service", "cuelight", "username", "redis_password"]).output();
    let looked_up = looked_up.expect("secret-tool is there: scripts/setup installs it");
    assert_eq!(String::from_utf8_lossy(&looked_up.stdout), SECRET, "the daemon has it");

    let cuelight = |args: &[&str]| {
        let mut command = workplace.cuelight(args.iter().copied());
        command.env_remove("CUELIGHT_KEYCHAIN");
        Finished::of(command).expect_status(0)
    };
    let listed = cuelight(&["secrets", "list"]).stdout;
    assert_eq!(
        listed, "⚪ tiktok_session: not set\n✅ redis_password: set, in the keychain\n⚪ sign_key: not set\n",
        "the CLI has the same keys"
    );
    let captured = cuelight(&["--log", "trace", "capture", "--source", "simulator:small-live", "--duration", "2"]);
    assert!(
        captured.stdout.contains("events published to tiktok:events:luna-1"),
        "the key opens Redis: {}",
        captured.stdout
    );
    assert!(!captured.stderr.contains(SECRET), "and is not logged");
    let exported = cuelight(&["sessions", "export", "1", "--format", "jsonl"]).stdout;
    std::fs::write(workplace.path("export.jsonl"), exported).expect("writable");

    let everything = workplace.path(".");
    assert_eq!(files_holding(&everything, SECRET.as_bytes()), Vec::<PathBuf>::new(), "it is on the disk");
    assert!(!files_holding(&everything, b"luna-1").is_empty(), "what is on the disk is found");

    let removed = cuelight(&["secrets", "remove", "redis_password"]).stdout;
    assert_eq!(removed, "✅ redis_password is not in the keychain any more\n", "it can be taken away");
    assert_eq!(
        cuelight(&["secrets", "list", "--json"]).stdout.trim(),
        r#"{"tiktok_session":null,"redis_password":null,"sign_key":null}"#,
        "and is gone"
    );
}

/// What testing the key of the sign server comes to.
async fn tested_sign_key(folder: &DataFolder, tiktok: &FakeTikTok) -> Value {
    let bases = bases(tiktok).with_sign(&tiktok.http_url()).expect("an address");
    let app = App::begin_with(folder, Clock::system(), Arc::new(NoShell), bases).expect("it begins");
    let door = Door::new(Arc::clone(&app));
    let ask = async |command: &str, input: Value| {
        let answer = door.call(CallerRole::Window, command, input).await;
        answer.unwrap_or_else(|failure| panic!("{command}: {failure:?}"))
    };
    ask("set_key", json!({ "key": "sign_key", "secret": SECRET })).await;
    let tested = ask("test_key", json!({ "key": "sign_key" })).await;
    ask("remove_key", json!({ "key": "sign_key" })).await;
    app.end().await;
    tested
}

/// What somebody does in the window: sets the key, tries it, makes a backup and a zip.
async fn window(folder: &DataFolder, server: &RedisServer) {
    let app = App::begin(folder, Clock::system(), Arc::new(NoShell)).expect("it begins");
    let door = Door::new(app);
    let ask = async |command: &str, input: Value| {
        let answer = door.call(CallerRole::Window, command, input).await;
        answer.unwrap_or_else(|failure| panic!("{command}: {failure:?}"))
    };
    let value = json!({ "redisUrl": server.url(), "workspaceId": "luna-1", "comboIdleSeconds": 15, "creator": null });
    ask("save_settings", json!({ "area": "connection", "value": value })).await;
    let named = json!({ "key": "redis_password" });
    let wrong = json!({ "key": "redis_password", "secret": "not-the-one" });
    ask("set_key", wrong).await;
    let tested = ask("test_key", named.clone()).await;
    assert_eq!((&tested["good"], &tested["tested"]), (&json!(false), &json!("connection")), "{tested}");
    let statuses = ask("set_key", json!({ "key": "redis_password", "secret": SECRET })).await;
    assert_eq!(statuses[1], json!({ "id": "redis_password", "set": true, "where": "keychain" }), "it lies there");
    let tested = ask("test_key", named).await;
    assert_eq!(
        tested,
        json!({ "good": true, "tested": "connection", "problem": null, "quota": null }),
        "Redis was asked with it"
    );
    for command in ["back_up", "write_diagnostics", "examine"] {
        let answer = ask(command, json!({})).await;
        assert!(!answer.to_string().contains(SECRET), "{command} tells it: {answer}");
    }
    let shown = [ask("keys", json!({})).await, statuses].map(|it| it.to_string()).concat();
    assert!(!shown.contains(SECRET), "it is never shown: {shown}");
}

#[test]
fn a_login_is_in_the_keychain_and_nowhere_else() {
    if std::env::var_os(BESIDE_KEYCHAIN).is_none() {
        let screen = Screen::start();
        let browsers = tempfile::tempdir().expect("a temporary folder");
        let mut this = Command::new(std::env::current_exe().expect("a running test knows its own path"));
        this.args(["--exact", LOGIN_TEST, "--nocapture"]).env(BESIDE_KEYCHAIN, "1");
        this.env("TMPDIR", browsers.path()).env("DISPLAY", screen.name());
        this.env(Surroundings::FLAGS_VARIABLE, screen.flags().join(" "));
        let again = Finished::of(Session::with_keychain().command(&this)).expect_status(0);
        assert!(again.stdout.contains("1 passed"), "it must have run: {}", again.stdout);
        return;
    }
    let tiktok = FakeTikTok::start(scenario::named("page-login").expect("the scenario exists"));
    // It is in the temporary folder, as those of the browsers are.
    let workplace = Workplace::new();
    let folder = DataFolder::new(workplace.data_dir());
    folder.create().expect("it can be made");
    let file = log_file_layer(&folder.logs(), LevelFilter::TRACE).expect("it can be written");
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(file)).expect("a process of its own");
    let tasks = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("timers and sockets");
    tasks.block_on(log_in(&folder, &tiktok));

    let look_up = || {
        let mut found = Command::new("secret-tool");
        found.args(["lookup", "service", "cuelight", "username", "tiktok_session"]);
        let found = found.output().expect("secret-tool is there: scripts/setup installs it");
        String::from_utf8(found.stdout).expect("a text")
    };
    let kept: Value = serde_json::from_str(&look_up()).expect("the daemon has it");
    assert_eq!(kept["sessionid"], LOGIN, "the session itself");
    assert!(kept["ttwid"].is_null(), "and nothing that every visitor has");

    let cuelight = |args: &[&str]| {
        let mut command = workplace.cuelight(args.iter().copied());
        command.env_remove("CUELIGHT_KEYCHAIN").envs(tiktok.environment());
        Finished::of(command).expect_status(0)
    };
    let listed = cuelight(&["secrets", "list"]).stdout;
    assert!(listed.contains("✅ tiktok_session: set, in the keychain"), "the CLI has the same login: {listed}");
    let captured = cuelight(&["--log", "trace", "capture", "sim", "--source", "tiktok:page", "--duration", "5"]);
    let shown = tiktok.seen().requests_for("/@sim/live").any(|it| it.cookie("sessionid") == Some(LOGIN));
    assert!(shown, "the page is shown the login the next time");
    for request in &tiktok.seen().requests {
        let is_of_the_page =
            request.header("sec-fetch-mode").is_some() || request.header("sec-websocket-key").is_some();
        assert!(is_of_the_page || request.cookie("sessionid").is_none(), "{} is asked by us", request.path);
    }
    assert!(!captured.stderr.contains(LOGIN), "it is not logged");

    let everywhere = std::env::temp_dir();
    assert!(!files_holding(&everywhere, b"Rosa Quill").is_empty(), "what is on the disk is found");
    assert_eq!(files_holding(&everywhere, LOGIN.as_bytes()), Vec::<PathBuf>::new(), "it is on the disk");

    tasks.block_on(log_out(&folder, &tiktok));
    assert_eq!(look_up(), "", "after the logout the daemon has it no more");
}

/// What somebody does in the window: presses *log in*, and logs in on the page that is shown.
async fn log_in(folder: &DataFolder, tiktok: &FakeTikTok) {
    let app = App::begin_with(folder, Clock::system(), Arc::new(NoShell), bases(tiktok)).expect("it begins");
    let door = Door::new(Arc::clone(&app));
    let person = async {
        let mut person = Person::below(&std::env::temp_dir()).await;
        person.click("log-in").await;
        person
    };
    let (answer, _person) = tokio::join!(door.call(CallerRole::Window, "log_in_tiktok", json!({})), person);
    assert_eq!(answer.expect("somebody logged in"), json!({ "loggedIn": true }));
    for role in [CallerRole::Remote, CallerRole::Full] {
        door.call(role, "log_in_tiktok", json!({})).await.expect_err("that is for the window alone");
    }
    let keys = door.call(CallerRole::Window, "keys", json!({})).await.expect("they are listed");
    assert_eq!(keys[0], json!({ "id": "tiktok_session", "set": true, "where": "keychain" }));
    let tested = door.call(CallerRole::Window, "test_key", json!({ "key": "tiktok_session" })).await;
    assert_eq!(tested.expect("it is looked at")["good"], true, "what a login gives is a session");
    app.end().await;
}

/// The same for the logout.
async fn log_out(folder: &DataFolder, tiktok: &FakeTikTok) {
    let app = App::begin_with(folder, Clock::system(), Arc::new(NoShell), bases(tiktok)).expect("it begins");
    let door = Door::new(Arc::clone(&app));
    door.call(CallerRole::Window, "log_out_tiktok", json!({})).await.expect("the login is forgotten");
    let keys = door.call(CallerRole::Window, "keys", json!({})).await.expect("they are listed");
    assert_eq!(keys[0], json!({ "id": "tiktok_session", "set": false, "where": null }));
    app.end().await;
}

fn bases(tiktok: &FakeTikTok) -> TikTokBases {
    let (http, websocket) = (tiktok.http_url(), tiktok.websocket_url());
    TikTokBases::new(Some(&http), Some(&http), Some(&websocket)).expect("addresses")
}

#[test]
fn a_locked_keychain_is_not_mistaken_for_an_empty_one() {
    let workplace = Workplace::new();
    let session = Session::with_locked_keychain();
    let set = Finished::of(session.command(&workplace.cuelight(["secrets", "set", "redis_password"]))).expect_status(1);
    assert!(set.stderr.contains("The keychain is locked"), "{} must say it", set.stderr);
    assert!(set.stderr.contains("unlock it and restart"), "{} must say what helps", set.stderr);
    let doctor = Finished::of(session.command(&workplace.cuelight(["--lang", "es", "doctor"])));
    assert!(doctor.stdout.contains("❌ Llavero: "), "{} must say it, too", doctor.stdout);
    assert!(doctor.stdout.contains("Desbloquéalo y reinicia."), "{} in the language that was asked for", doctor.stdout);
}

#[test]
fn without_a_keychain_keys_come_from_the_environment() {
    let workplace = Workplace::new();
    let run = |args: &[&str]| {
        let mut command = workplace.cuelight(args.iter().copied());
        command.env_remove("CUELIGHT_KEYCHAIN").env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
        command.env("CUELIGHT_SECRET_TIKTOK_SESSION", SECRET);
        Finished::of(command)
    };
    let set = run(&["secrets", "set", "redis_password"]).expect_status(1);
    assert!(set.stderr.contains("no keychain that can be used"), "{} must say it", set.stderr);
    assert!(set.stderr.contains("CUELIGHT_SECRET_REDIS_PASSWORD"), "{} must say what else there is", set.stderr);
    let listed = run(&["secrets", "list"]).expect_status(0).stdout;
    assert_eq!(
        listed, "✅ tiktok_session: set, in the environment\n⚪ redis_password: not set\n⚪ sign_key: not set\n",
        "as it is"
    );
    let doctor = run(&["doctor"]).stdout;
    assert!(doctor.contains("⚠️ Keychain: this system has no keychain"), "{doctor} is no fault of the machine");
    let doctor = run(&["doctor", "--lang", "es"]).stdout;
    assert!(doctor.contains("⚠️ Llavero: este sistema no tiene ningún llavero"), "{doctor} says it in Spanish");
}

#[test]
fn a_secret_is_read_from_stdin_and_its_name_is_checked() {
    let workplace = Workplace::new();
    let unknown = workplace.run(["secrets", "set", "password"]).expect_status(2);
    assert!(unknown.stderr.contains("redis_password"), "{} must list the names", unknown.stderr);
    let shell = format!(
        "printf '%s\\n' {SECRET} | '{cuelight}' secrets set tiktok_session && '{cuelight}' secrets list",
        cuelight = workplace.cuelight([""; 0]).get_program().to_string_lossy()
    );
    let mut bash = Command::new("bash");
    bash.args(["-c", &shell]);
    let finished = Finished::of(Session::with_keychain().command(&bash)).expect_status(0);
    let expected = "✅ tiktok_session is in the keychain\n✅ tiktok_session: set, in the keychain\n⚪ redis_password: not set\n⚪ sign_key: not set\n";
    assert_eq!(finished.stdout, expected, "{}", finished.stderr);
}
