//! Everything that a desktop has, for one test alone.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use system_tests::FakeTikTok;
use tempfile::TempDir;

use super::bus::Bus;
use super::display::Display;
use super::{Page, Program, TrayHost, keychain};

/// The variable that names the installed program.
const PROGRAM: &str = "CUELIGHT_DESKTOP";

/// What is kept of the test's own environment: where programs are.
const KEPT: [&str; 1] = ["PATH"];

/// A desktop of its own.
pub(crate) struct Desk {
    /// What is seen.
    pub(crate) display: Arc<Display>,
    /// Who talks to whom.
    pub(crate) bus: Bus,
    more: Vec<(&'static str, String)>,
    _keychain: Program,
    home: TempDir,
}

impl Desk {
    /// Sets one up, with a keychain and without a tray.
    pub(crate) async fn set_up() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        for folder in ["run", "data", "config", "cache", "tmp"] {
            let path = home.path().join(folder);
            fs::create_dir(&path).expect("a new folder");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("it is ours");
        }
        let display = Arc::new(Display::start());
        let bus = Bus::start();
        let environment = environment(&display, &bus, &home);
        let keychain = keychain::start(command("gnome-keyring-daemon", &environment));
        bus.owned(keychain::NAME).await;
        Self { display, bus, more: Vec::new(), _keychain: keychain, home }
    }

    /// Leads the app to that TikTok.
    pub(crate) fn with_tiktok(mut self, tiktok: &FakeTikTok) -> Self {
        self.more.extend(tiktok.environment());
        self
    }

    /// Sets a variable of the app's environment.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.more.push((name, value.to_owned()));
        self
    }

    /// Gives the desktop a place for tray icons.
    pub(crate) async fn put_up_a_tray(&self) -> TrayHost {
        TrayHost::start(&self.bus).await
    }

    /// Where everything is that programs of this desktop write.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// The app's data folder.
    pub(crate) fn data_folder(&self) -> PathBuf {
        self.home.path().join("data/cuelight")
    }

    /// A command on this desktop.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = command(program, &environment(&self.display, &self.bus, &self.home));
        command.envs(self.more.iter().cloned());
        command
    }

    /// Opens the app as people do.
    pub(crate) fn open(&self) -> Program {
        let mut command = self.command(&installed());
        command.stdout(Stdio::null());
        Program::start(command)
    }

    /// Opens the app with a hand on its page.
    pub(crate) async fn open_page(&self) -> Page {
        Page::open(self).await
    }
}

/// The installed program.
///
/// # Panics
/// It is not named.
pub(crate) fn installed() -> String {
    std::env::var(PROGRAM).unwrap_or_else(|_| panic!("{PROGRAM} must name the installed app; run `make desktop`"))
}

/// The command line that is installed beside it.
///
/// # Panics
/// The app is not named.
pub(crate) fn command_line() -> PathBuf {
    Path::new(&installed()).with_file_name("cuelight")
}

fn environment(display: &Display, bus: &Bus, home: &TempDir) -> Vec<(&'static str, String)> {
    let below = |folder: &str| home.path().join(folder).display().to_string();
    vec![
        ("DISPLAY", display.name().to_owned()),
        ("DBUS_SESSION_BUS_ADDRESS", bus.address().to_owned()),
        ("HOME", home.path().display().to_string()),
        ("XDG_RUNTIME_DIR", below("run")),
        ("XDG_DATA_HOME", below("data")),
        ("XDG_CONFIG_HOME", below("config")),
        ("XDG_CACHE_HOME", below("cache")),
        ("TMPDIR", below("tmp")),
        ("GDK_BACKEND", "x11".to_owned()),
        ("LANG", "C.UTF-8".to_owned()),
        // Nobody listens for a screen reader here, and its bus would be one more program to end.
        ("NO_AT_BRIDGE", "1".to_owned()),
        ("GTK_A11Y", "none".to_owned()),
    ]
}

fn command(program: &str, environment: &[(&'static str, String)]) -> Command {
    let mut command = Command::new(program);
    command.env_clear();
    command.envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    command.envs(environment.iter().cloned());
    command
}
