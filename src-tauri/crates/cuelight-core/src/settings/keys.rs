//! The settings by name, as the command line lists, shows and changes them, each with what it takes.

use serde_json::Value;

use super::{Area, HotkeySettings, Settings};
use crate::handle::Handle;
use crate::key_combination::KeyCombination;

/// Longest name of a workspace, in characters; it becomes part of a Redis key.
const WORKSPACE_CHARACTERS: usize = 64;

/// What the name of a workspace may be, for people.
pub const WORKSPACE_ALLOWED: &str = "up to 64 letters (a to z), digits, dots, dashes and underscores";

/// Ports below are the system's own.
const FIRST_FREE_PORT: u16 = 1024;

/// One thing that can be set.
#[derive(Debug)]
pub struct SettingKey {
    /// What it is called on the command line.
    pub name: &'static str,
    /// The area that it belongs to.
    pub area: Area,
    /// What it is called there, in the window's spelling.
    pub field: &'static str,
    /// What it is for, in one sentence.
    pub meaning: &'static str,
    /// Which values it takes.
    pub allowed: &'static str,
    read: fn(&Settings) -> Value,
    write: fn(&mut Settings, &str) -> Option<()>,
    takes: fn(&Settings) -> bool,
}

/// Every key, in the order in which they are listed.
#[must_use]
pub fn setting_keys() -> &'static [SettingKey] {
    KEYS
}

impl SettingKey {
    /// Its value; null where nothing is set.
    #[must_use]
    pub fn value(&self, settings: &Settings) -> Value {
        (self.read)(settings)
    }

    /// Its value as text; empty where nothing is set.
    #[must_use]
    pub fn text(&self, settings: &Settings) -> String {
        match self.value(settings) {
            Value::Null => String::new(),
            Value::String(text) => text,
            other => other.to_string(),
        }
    }

    /// Sets it from a text; `None`, and nothing is changed, for a value that it does not take.
    pub fn set(&self, settings: &mut Settings, text: &str) -> Option<()> {
        let mut changed = settings.clone();
        (self.write)(&mut changed, text)?;
        (self.takes)(&changed).then(|| *settings = changed)
    }

    /// Whether its value is one that it takes.
    #[must_use]
    pub fn takes(&self, settings: &Settings) -> bool {
        (self.takes)(settings)
    }
}

/// Whether that may be the name of a workspace; [`WORKSPACE_ALLOWED`] says what may.
#[must_use]
pub fn is_workspace_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    (1..=WORKSPACE_CHARACTERS).contains(&text.len()) && text.bytes().all(allowed)
}

/// Whether that may be the address of a Redis server: `redis://` or `rediss://`, a host, and no password in it.
#[must_use]
pub fn is_redis_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("redis://").or_else(|| text.strip_prefix("rediss://")) else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let is_bare = !user.contains(':');
    is_bare && !host.is_empty() && !text.contains(|letter: char| letter.is_whitespace() || letter.is_control())
}

const KEYS: &[SettingKey] = &[
    SettingKey {
        name: "tiktok_user",
        area: Area::Connection,
        field: "creator",
        meaning: "The streamer whose live is captured when none is named.",
        allowed: "a TikTok user name with or without @, or a link to the profile; an empty value takes it away",
        read: |settings| settings.connection.tiktok_user.clone().into(),
        write: |settings, text| {
            settings.connection.tiktok_user =
                none_or(text, |text| Some(Handle::parse(text).ok()?.as_str().to_owned()))?;
            Some(())
        },
        takes: |settings| {
            let user = settings.connection.tiktok_user.as_deref();
            user.is_none_or(|user| Handle::parse(user).is_ok_and(|handle| handle.as_str() == user))
        },
    },
    SettingKey {
        name: "diamond_value_usd",
        area: Area::Keeping,
        field: "diamondValueUsd",
        meaning: "What a diamond is worth, for the rough values in summaries.",
        allowed: "an amount in US dollars from 0 to 1, such as 0.01",
        read: |settings| settings.keeping.diamond_value_usd.into(),
        write: |settings, text| parse(text).map(|value| settings.keeping.diamond_value_usd = value),
        takes: |settings| (0.0..=1.0).contains(&settings.keeping.diamond_value_usd),
    },
    SettingKey {
        name: "keep_minor_events_days",
        area: Area::Keeping,
        field: "minorEventsDays",
        meaning: "How long joins, likes and viewer counts are kept.",
        allowed: "a whole number of days from 1 to 3650",
        read: |settings| settings.keeping.keep_minor_events_days.into(),
        write: |settings, text| parse(text).map(|days| settings.keeping.keep_minor_events_days = days),
        takes: |settings| (1..=3650).contains(&settings.keeping.keep_minor_events_days),
    },
    SettingKey {
        name: "combo_idle_seconds",
        area: Area::Connection,
        field: "comboIdleSeconds",
        meaning: "Silence after which a gift combo ends without its end message.",
        allowed: "a whole number of seconds from 3 to 300",
        read: |settings| settings.connection.combo_idle_seconds.into(),
        write: |settings, text| parse(text).map(|seconds| settings.connection.combo_idle_seconds = seconds),
        takes: |settings| (3..=300).contains(&settings.connection.combo_idle_seconds),
    },
    SettingKey {
        name: "redis_url",
        area: Area::Connection,
        field: "redisUrl",
        meaning: "The Redis server to which a capture publishes its events, once workspace_id is set too.",
        allowed: "redis://HOST:PORT, or rediss:// for TLS, without a password: that is the secret redis_password; an empty value takes it away",
        read: |settings| settings.connection.redis_url.clone().into(),
        write: |settings, text| {
            settings.connection.redis_url = none_or(text, |text| Some(text.to_owned()))?;
            Some(())
        },
        takes: |settings| settings.connection.redis_url.as_deref().is_none_or(is_redis_address),
    },
    SettingKey {
        name: "workspace_id",
        area: Area::Connection,
        field: "workspaceId",
        meaning: "Whose events those are: they go to the stream tiktok:events:WORKSPACE.",
        allowed: "up to 64 letters (a to z), digits, dots, dashes and underscores; an empty value takes it away",
        read: |settings| settings.connection.workspace_id.clone().into(),
        write: |settings, text| {
            settings.connection.workspace_id = none_or(text, |text| Some(text.to_owned()))?;
            Some(())
        },
        takes: |settings| settings.connection.workspace_id.as_deref().is_none_or(is_workspace_id),
    },
    SettingKey {
        name: "way_direct",
        area: Area::Connection,
        field: "wayDirect",
        meaning: "Whether TikTok's socket may be opened directly.",
        allowed: "true or false",
        read: |settings| settings.connection.ways.direct.into(),
        write: |settings, text| parse(text).map(|wanted| settings.connection.ways.direct = wanted),
        takes: |_| true,
    },
    SettingKey {
        name: "way_cookie",
        area: Area::Connection,
        field: "wayCookie",
        meaning: "Whether it may be opened with the cookie that a browser was given for TikTok's page.",
        allowed: "true or false",
        read: |settings| settings.connection.ways.cookie.into(),
        write: |settings, text| parse(text).map(|wanted| settings.connection.ways.cookie = wanted),
        takes: |_| true,
    },
    SettingKey {
        name: "way_page",
        area: Area::Connection,
        field: "wayPage",
        meaning: "Whether TikTok's own page in a browser may hold the connection.",
        allowed: "true or false",
        read: |settings| settings.connection.ways.page.into(),
        write: |settings, text| parse(text).map(|wanted| settings.connection.ways.page = wanted),
        takes: |_| true,
    },
    SettingKey {
        name: "way_sign",
        area: Area::Connection,
        field: "waySign",
        meaning: "Whether the address may be signed by a sign server, with the secret sign_key.",
        allowed: "true or false",
        read: |settings| settings.connection.ways.sign.into(),
        write: |settings, text| parse(text).map(|wanted| settings.connection.ways.sign = wanted),
        takes: |_| true,
    },
    SettingKey {
        name: "way_tikfinity",
        area: Area::Connection,
        field: "wayTikfinity",
        meaning: "Whether what TikFinity hears on this machine may be used.",
        allowed: "true or false",
        read: |settings| settings.connection.ways.tikfinity.into(),
        write: |settings, text| parse(text).map(|wanted| settings.connection.ways.tikfinity = wanted),
        takes: |_| true,
    },
    SettingKey {
        name: "language",
        area: Area::Window,
        field: "language",
        meaning: "The language of the window.",
        allowed: "system, en, es or vi",
        read: |settings| name_of(&settings.window.language),
        write: |settings, text| named(text).map(|language| settings.window.language = language),
        takes: |_| true,
    },
    SettingKey {
        name: "theme",
        area: Area::Window,
        field: "theme",
        meaning: "Whether the window is light or dark.",
        allowed: "system, dark or light",
        read: |settings| name_of(&settings.window.theme),
        write: |settings, text| named(text).map(|theme| settings.window.theme = theme),
        takes: |_| true,
    },
    SettingKey {
        name: "close_to_tray",
        area: Area::Window,
        field: "closeToTray",
        meaning: "Whether the engine goes on in the tray when the window is closed.",
        allowed: "true or false",
        read: |settings| settings.window.close_to_tray.into(),
        write: |settings, text| parse(text).map(|wanted| settings.window.close_to_tray = wanted),
        takes: |_| true,
    },
    SettingKey {
        name: "autostart",
        area: Area::Window,
        field: "autostart",
        meaning: "Whether the app starts with the system, which is told while the app runs or when it runs next.",
        allowed: "true or false",
        read: |settings| settings.window.autostart.into(),
        write: |settings, text| parse(text).map(|wanted| settings.window.autostart = wanted),
        takes: |_| true,
    },
    SettingKey {
        name: "server_enabled",
        area: Area::Server,
        field: "enabled",
        meaning: "Whether the app runs its local server, for browsers and scripts.",
        allowed: "true or false",
        read: |settings| settings.server.enabled.into(),
        write: |settings, text| parse(text).map(|wanted| settings.server.enabled = wanted),
        takes: |_| true,
    },
    SettingKey {
        name: "server_port",
        area: Area::Server,
        field: "port",
        meaning: "The port of the local server; the next free one is taken where it is not free.",
        allowed: "a whole number from 1024 to 65535",
        read: |settings| settings.server.port.into(),
        write: |settings, text| parse(text).map(|port| settings.server.port = port),
        takes: |settings| settings.server.port >= FIRST_FREE_PORT,
    },
    SettingKey {
        name: "server_lan",
        area: Area::Server,
        field: "lan",
        meaning: "Whether other machines of the network may watch, pause, skip, silence and stop.",
        allowed: "true or false",
        read: |settings| settings.server.lan.into(),
        write: |settings, text| parse(text).map(|wanted| settings.server.lan = wanted),
        takes: |_| true,
    },
    SettingKey {
        name: "hotkey_silence",
        area: Area::Hotkeys,
        field: "silence",
        meaning: "The keys that stop sound, wherever one is.",
        allowed: HOTKEY_ALLOWED,
        read: |settings| settings.hotkeys.silence.clone().into(),
        write: |settings, text| hotkey(text).map(|keys| settings.hotkeys.silence = keys),
        takes: |settings| is_hotkey_of_its_own(&settings.hotkeys, settings.hotkeys.silence.as_deref()),
    },
    SettingKey {
        name: "hotkey_stop_everything",
        area: Area::Hotkeys,
        field: "stopEverything",
        meaning: "The keys that end all that runs and waits, wherever one is.",
        allowed: HOTKEY_ALLOWED,
        read: |settings| settings.hotkeys.stop_everything.clone().into(),
        write: |settings, text| hotkey(text).map(|keys| settings.hotkeys.stop_everything = keys),
        takes: |settings| is_hotkey_of_its_own(&settings.hotkeys, settings.hotkeys.stop_everything.as_deref()),
    },
    SettingKey {
        name: "hotkey_pause_all",
        area: Area::Hotkeys,
        field: "pauseAll",
        meaning: "The keys that pause all services, wherever one is.",
        allowed: HOTKEY_ALLOWED,
        read: |settings| settings.hotkeys.pause_all.clone().into(),
        write: |settings, text| hotkey(text).map(|keys| settings.hotkeys.pause_all = keys),
        takes: |settings| is_hotkey_of_its_own(&settings.hotkeys, settings.hotkeys.pause_all.as_deref()),
    },
];

const HOTKEY_ALLOWED: &str = "one key behind what is held with it, such as Ctrl+Shift+M or F9, that no other hotkey has; an empty value takes it away";

/// `None` for what cannot be read.
fn parse<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

/// `None` for what cannot be read, `Some(None)` for an empty text.
fn none_or(text: &str, read: impl FnOnce(&str) -> Option<String>) -> Option<Option<String>> {
    if text.is_empty() { Some(None) } else { read(text).map(Some) }
}

fn hotkey(text: &str) -> Option<Option<String>> {
    none_or(text, |text| Some(text.parse::<KeyCombination>().ok()?.to_string()))
}

/// Whether these keys are a combination that is set for one deed only.
fn is_hotkey_of_its_own(hotkeys: &HotkeySettings, keys: Option<&str>) -> bool {
    let Some(keys) = keys else { return true };
    let Ok(wanted) = keys.parse::<KeyCombination>() else { return false };
    hotkeys.combinations().filter(|other| *other == wanted).count() == 1
}

fn named<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(text.into()).ok()
}

fn name_of(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).expect("an enum of names is JSON")
}
