//! What people set, by area: what there is, what it begins as, and what each may be.

mod keys;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use self::keys::{SettingKey, WORKSPACE_ALLOWED, is_redis_address, is_workspace_id, setting_keys};
use crate::key_combination::KeyCombination;
use crate::limits::{COMBO_IDLE_MS, PRUNE_AFTER_DAYS};
use crate::way::WaySwitches;

/// Everything that is set. Each area is stored for itself; what an older app has not written begins as on the first day.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// The window.
    pub window: WindowSettings,
    /// The way to the live, and where its events go.
    pub connection: ConnectionSettings,
    /// The local server.
    pub server: ServerSettings,
    /// Global key combinations.
    pub hotkeys: HotkeySettings,
    /// What is kept, and what it is worth.
    pub keeping: KeepingSettings,
}

/// What belongs together, and is stored and changed as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Area {
    /// The window.
    Window,
    /// The way to the live, and where its events go.
    Connection,
    /// The local server.
    Server,
    /// Global key combinations.
    Hotkeys,
    /// What is kept, and what it is worth.
    Keeping,
}

impl Area {
    /// Every area.
    pub const ALL: [Self; 5] = [Self::Window, Self::Connection, Self::Server, Self::Hotkeys, Self::Keeping];

    /// Its name, as it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::Connection => "connection",
            Self::Server => "server",
            Self::Hotkeys => "hotkeys",
            Self::Keeping => "keeping",
        }
    }
}

/// The language of the window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WindowLanguage {
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WindowSettings {
    /// Its language.
    pub language: WindowLanguage,
    /// Light or dark.
    pub theme: Theme,
    /// When it is closed the engine goes on in the tray.
    pub close_to_tray: bool,
    /// The app starts with the system.
    pub autostart: bool,
}

impl Default for WindowSettings {
    fn default() -> Self {
        Self { language: WindowLanguage::System, theme: Theme::System, close_to_tray: true, autostart: false }
    }
}

/// The way to the live, and where its events go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConnectionSettings {
    /// The streamer whose live is captured when none is named, without `@`.
    pub tiktok_user: Option<String>,
    /// Silence after which a gift combo ends without its end message, in seconds: 3 to 300.
    pub combo_idle_seconds: u32,
    /// The Redis server that captured events are published to, without its password.
    pub redis_url: Option<String>,
    /// Whose events those are: the last part of the stream's key.
    pub workspace_id: Option<String>,
    /// Which ways into a live may be used.
    pub ways: WaySwitches,
}

impl Default for ConnectionSettings {
    fn default() -> Self {
        Self {
            tiktok_user: None,
            combo_idle_seconds: (COMBO_IDLE_MS / 1000) as u32,
            redis_url: None,
            workspace_id: None,
            ways: WaySwitches::default(),
        }
    }
}

impl ConnectionSettings {
    /// The same silence in milliseconds.
    #[must_use]
    pub fn combo_idle_ms(&self) -> i64 {
        i64::from(self.combo_idle_seconds) * 1000
    }
}

/// The local server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ServerSettings {
    /// It runs.
    pub enabled: bool,
    /// Its port, 1024 or above; the next free one is taken where it is not free.
    pub port: u16,
    /// The role `remote` may connect from other machines of the network.
    pub lan: bool,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self { enabled: true, port: 8620, lan: false }
    }
}

/// Global key combinations, each in the form that [`KeyCombination`] writes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HotkeySettings {
    /// Stops sound.
    pub silence: Option<String>,
    /// Ends all that runs and waits.
    pub stop_everything: Option<String>,
    /// Pauses all services.
    pub pause_all: Option<String>,
}

impl HotkeySettings {
    /// All that are set and that are key combinations, in their order.
    pub fn combinations(&self) -> impl Iterator<Item = KeyCombination> {
        let all = [&self.silence, &self.stop_everything, &self.pause_all];
        all.into_iter().flatten().filter_map(|keys| keys.parse().ok())
    }
}

/// What is kept, and what it is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeepingSettings {
    /// How long joins, likes and viewer counts are kept, in days: 1 to 3650.
    pub keep_minor_events_days: u32,
    /// What a diamond is worth, in US dollars, for rough values: 0 to 1.
    pub diamond_value_usd: f64,
}

impl Default for KeepingSettings {
    fn default() -> Self {
        Self { keep_minor_events_days: PRUNE_AFTER_DAYS, diamond_value_usd: 0.01 }
    }
}

impl Settings {
    /// The value of that key as text, empty where nothing is set; `None` for a key that does not exist.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<String> {
        setting_keys().iter().find(|known| known.name == key).map(|known| known.text(self))
    }

    /// Takes over one area as it is there.
    pub fn take_over(&mut self, area: Area, from: &Self) {
        match area {
            Area::Window => self.window.clone_from(&from.window),
            Area::Connection => self.connection.clone_from(&from.connection),
            Area::Server => self.server.clone_from(&from.server),
            Area::Hotkeys => self.hotkeys.clone_from(&from.hotkeys),
            Area::Keeping => self.keeping.clone_from(&from.keeping),
        }
    }

    /// The first key of that area that has a value it does not take.
    #[must_use]
    pub fn fault(&self, area: Area) -> Option<&'static SettingKey> {
        setting_keys().iter().find(|key| key.area == area && !key.takes(self))
    }
}
