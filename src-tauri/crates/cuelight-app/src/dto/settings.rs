//! Settings, keys, the local server, backups and diagnostics.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Everything that is set, by area.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// The window.
    pub window: WindowSettings,
    /// The way to the live.
    pub connection: ConnectionSettings,
    /// The local server.
    pub server: ServerSettings,
    /// Global key combinations.
    pub hotkeys: HotkeySettings,
    /// What is kept, and what it is worth.
    pub keeping: KeepingSettings,
}

/// One area as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "area", content = "value", rename_all = "snake_case")]
pub enum AreaChange {
    /// The window.
    Window(WindowSettings),
    /// The way to the live.
    Connection(ConnectionSettings),
    /// The local server.
    Server(ServerSettings),
    /// Global key combinations.
    Hotkeys(HotkeySettings),
    /// What is kept.
    Keeping(KeepingSettings),
}

/// The language of the window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// The system's, where there is a translation.
    #[default]
    System,
    /// English.
    En,
    /// Spanish.
    Es,
    /// Vietnamese.
    Vi,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system.
    #[default]
    System,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

/// The window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct WindowSettings {
    /// Its language.
    pub language: Language,
    /// Light or dark.
    pub theme: Theme,
    /// Closed, the engine goes on in the tray.
    pub close_to_tray: bool,
    /// The app starts with the system.
    pub autostart: bool,
}

impl Default for WindowSettings {
    fn default() -> Self {
        Self { language: Language::System, theme: Theme::System, close_to_tray: true, autostart: false }
    }
}

/// The way to the live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct ConnectionSettings {
    /// The streamer's handle without `@`.
    pub creator: Option<String>,
    /// Silence after which a combo is over.
    pub combo_idle_seconds: u32,
    /// Without its password.
    pub redis_url: Option<String>,
    /// The workspace that events are published under.
    pub workspace_id: Option<String>,
    /// TikTok's socket may be opened directly.
    pub way_direct: bool,
    /// It may be opened with the cookie that a browser was given.
    pub way_cookie: bool,
    /// TikTok's page in a browser may hold the connection.
    pub way_page: bool,
    /// The address may be signed by a sign server.
    pub way_sign: bool,
    /// What TikFinity hears may be used.
    pub way_tikfinity: bool,
}

impl Default for ConnectionSettings {
    fn default() -> Self {
        Self {
            creator: None,
            combo_idle_seconds: 15,
            redis_url: None,
            workspace_id: None,
            way_direct: true,
            way_cookie: true,
            way_page: true,
            way_sign: true,
            way_tikfinity: true,
        }
    }
}

/// The local server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct ServerSettings {
    /// It runs.
    pub enabled: bool,
    /// Its port; the next free one is taken where it is not.
    pub port: u16,
    /// The role `remote` may connect from other machines of the network.
    pub lan: bool,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self { enabled: true, port: 8620, lan: false }
    }
}

/// Key combinations such as `Ctrl+Shift+M`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct HotkeySettings {
    /// Stops sound.
    pub silence: Option<String>,
    /// Ends all that runs and waits.
    pub stop_everything: Option<String>,
    /// Pauses all services.
    pub pause_all: Option<String>,
}

/// What is kept, and what it is worth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct KeepingSettings {
    /// Days for which joins, likes and viewer counts are kept.
    pub minor_events_days: u32,
    /// What one diamond is worth, in US dollars.
    pub diamond_value_usd: f64,
}

impl Default for KeepingSettings {
    fn default() -> Self {
        Self { minor_events_days: 14, diamond_value_usd: 0.01 }
    }
}

/// Never the key itself: whether it is set, and where it lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyStatus {
    /// Its name, such as `redis_password`.
    #[ts(type = "\"tiktok_session\" | \"redis_password\" | \"sign_key\"")]
    pub id: String,
    /// There is one.
    pub set: bool,
    /// Where it lies.
    #[serde(rename = "where")]
    pub lies_in: Option<WhereKeyLies>,
}

/// What became of a login at TikTok.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Login {
    /// Somebody logged in; else the page was closed before.
    pub logged_in: bool,
}

/// What became of a captcha that somebody was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Solved {
    /// It was solved; else the page was closed before, or is a capture's own, which is in front of the other windows now.
    pub solved: bool,
}

/// Where a key lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WhereKeyLies {
    /// The system's keychain.
    Keychain,
    /// This run's memory.
    Session,
    /// `CUELIGHT_SECRET_NAME`.
    Environment,
}

/// What was tested of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeyTested {
    /// The far side was asked with it.
    Connection,
    /// Only what it looks like.
    Form,
}

/// Whether the far side takes a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyTest {
    /// It does, or it looks as if it would.
    pub good: bool,
    /// What was tested.
    pub tested: KeyTested,
    /// Why not.
    pub problem: Option<String>,
    /// What it is still good for, in the words of the language; none where the far side counts nothing.
    pub quota: Option<String>,
}

/// How the local server stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ServerStatus {
    /// It runs.
    pub running: bool,
    /// On this port.
    pub port: Option<u16>,
    /// Why it does not run.
    pub problem: Option<String>,
    /// Addresses with the token in the fragment, to be copied.
    pub links: Vec<ServerLink>,
    /// Who is connected.
    pub connections: Vec<ServerConnection>,
}

/// An address to be copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ServerLink {
    /// What it may do: `remote` or `full`.
    #[ts(type = "\"remote\" | \"full\"")]
    pub role: String,
    /// The address.
    pub url: String,
}

/// A page or program that is connected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ServerConnection {
    /// What it may do.
    pub role: String,
    /// From which address.
    pub from: String,
    /// Since when.
    pub since_ms: i64,
}

/// Whether a hotkey is ours, or taken by another program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HotkeyStatus {
    /// The keys, such as `Ctrl+Shift+M`.
    pub keys: String,
    /// It is ours.
    pub registered: bool,
}

/// What lies in the data folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DataFolder {
    /// Where it is.
    pub path: String,
    /// The database with its log.
    pub database_bytes: u64,
    /// The log files.
    pub logs_bytes: u64,
    /// The backups.
    pub backups_bytes: u64,
    /// Free on its disk.
    pub free_bytes: u64,
}

/// One of the folders that can be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FolderName {
    /// The data folder.
    Data,
    /// Its logs.
    Logs,
    /// Its backups.
    Backups,
}

/// A backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Backup {
    /// Where it lies.
    pub path: String,
    /// What it is called.
    pub name: String,
    /// When it was made.
    pub made_ms: i64,
    /// Its size.
    pub size_bytes: u64,
    /// The app made it by itself, before it changed the form of the database.
    pub by_itself: bool,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// All is well.
    Good,
    /// Works, but should be known.
    Notable,
    /// Something will not work.
    Bad,
}

/// One finding of `cuelight doctor`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// What was looked at.
    pub what: String,
    /// How bad it is.
    pub verdict: Verdict,
    /// What was found.
    pub found: String,
    /// What to do about it.
    pub what_to_do: Option<String>,
}

/// A zip for whoever helps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostics {
    /// Where it lies.
    pub path: String,
    /// What is in it.
    pub files: Vec<String>,
}

/// Where a text was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SavedText {
    /// None where people thought better of it.
    pub path: Option<String>,
}

/// What the caller may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CallerRole {
    /// Everything: the window.
    Window,
    /// Everything but keys and files of this machine.
    Full,
    /// Watch, pause, skip, silence, stop.
    Remote,
}

/// What the window must know of the app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct About {
    /// The app's version.
    pub version: String,
    /// What the caller may do.
    pub role: CallerRole,
    /// The operating system.
    pub system: String,
    /// The system has a keychain that can be used.
    pub keychain: bool,
}
