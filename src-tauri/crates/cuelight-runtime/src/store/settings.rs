//! What people set: which keys there are, what they may be, and how a change is kept.

use redis::IntoConnectionInfo as _;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use cuelight_core::handle::Handle;
use cuelight_core::limits::{COMBO_IDLE_MS, PRUNE_AFTER_DAYS};

use super::commit::as_json;
use super::error::{During as _, unreadable};
use super::{Store, StoreError};

/// The area's name in the database.
const AREA: &str = "general";

/// The form of the area's JSON; raised when a field changes its meaning.
const AREA_VERSION: i64 = 1;

/// Longest name of a workspace, in characters; it becomes part of a Redis key.
const WORKSPACE_CHARACTERS: usize = 64;

/// What the name of a workspace may be, for people.
pub const WORKSPACE_ALLOWED: &str = "up to 64 letters (a to z), digits, dots, dashes and underscores";

/// Everything that can be set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The streamer whose live is captured when none is named, without `@`.
    pub tiktok_user: Option<String>,
    /// What a diamond is worth, in US dollars, for rough values.
    pub diamond_value_usd: f64,
    /// How long joins, likes and viewer counts are kept, in days.
    pub keep_minor_events_days: u32,
    /// Silence after which a gift combo ends without its end message, in seconds.
    pub combo_idle_seconds: u32,
    /// The Redis server that captured events are published to, without its password.
    pub redis_url: Option<String>,
    /// Whose events those are: the last part of the stream's key.
    pub workspace_id: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            tiktok_user: None,
            diamond_value_usd: 0.01,
            keep_minor_events_days: PRUNE_AFTER_DAYS,
            combo_idle_seconds: (COMBO_IDLE_MS / 1000) as u32,
            redis_url: None,
            workspace_id: None,
        }
    }
}

impl Settings {
    /// The value of that key as text, empty where nothing is set; `None` for a key that does not exist.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<String> {
        KEYS.iter().find(|known| known.name == key).map(|known| (known.read)(self))
    }
}

/// Whether that may be the name of a workspace; [`WORKSPACE_ALLOWED`] says what may.
#[must_use]
pub fn is_workspace_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    (1..=WORKSPACE_CHARACTERS).contains(&text.len()) && text.bytes().all(allowed)
}

/// One thing that can be set.
#[derive(Debug)]
pub struct SettingKey {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it is for, in one sentence.
    pub meaning: &'static str,
    /// Which values it takes.
    pub allowed: &'static str,
    read: fn(&Settings) -> String,
    write: fn(&mut Settings, &str) -> Option<()>,
}

/// Every key, in the order in which they are listed.
#[must_use]
pub fn setting_keys() -> &'static [SettingKey] {
    KEYS
}

const KEYS: &[SettingKey] = &[
    SettingKey {
        name: "tiktok_user",
        meaning: "The streamer whose live is captured when none is named.",
        allowed: "a TikTok user name with or without @, or a link to the profile; an empty value takes it away",
        read: |settings| settings.tiktok_user.clone().unwrap_or_default(),
        write: |settings, text| {
            settings.tiktok_user = handle(text)?;
            Some(())
        },
    },
    SettingKey {
        name: "diamond_value_usd",
        meaning: "What a diamond is worth, for the rough values in summaries.",
        allowed: "an amount in US dollars from 0 to 1, such as 0.01",
        read: |settings| settings.diamond_value_usd.to_string(),
        write: |settings, text| {
            settings.diamond_value_usd = text.parse().ok().filter(|value| (0.0..=1.0).contains(value))?;
            Some(())
        },
    },
    SettingKey {
        name: "keep_minor_events_days",
        meaning: "How long joins, likes and viewer counts are kept.",
        allowed: "a whole number of days from 1 to 3650",
        read: |settings| settings.keep_minor_events_days.to_string(),
        write: |settings, text| {
            settings.keep_minor_events_days = text.parse().ok().filter(|days| (1..=3650).contains(days))?;
            Some(())
        },
    },
    SettingKey {
        name: "combo_idle_seconds",
        meaning: "Silence after which a gift combo ends without its end message.",
        allowed: "a whole number of seconds from 3 to 300",
        read: |settings| settings.combo_idle_seconds.to_string(),
        write: |settings, text| {
            settings.combo_idle_seconds = text.parse().ok().filter(|seconds| (3..=300).contains(seconds))?;
            Some(())
        },
    },
    SettingKey {
        name: "redis_url",
        meaning: "The Redis server to which a capture publishes its events, once workspace_id is set too.",
        allowed: "redis://HOST:PORT, or rediss:// for TLS, without a password: that is CUELIGHT_SECRET_REDIS_PASSWORD; an empty value takes it away",
        read: |settings| settings.redis_url.clone().unwrap_or_default(),
        write: |settings, text| {
            settings.redis_url = redis_url(text)?;
            Some(())
        },
    },
    SettingKey {
        name: "workspace_id",
        meaning: "Whose events those are: they go to the stream tiktok:events:WORKSPACE.",
        allowed: "up to 64 letters (a to z), digits, dots, dashes and underscores; an empty value takes it away",
        read: |settings| settings.workspace_id.clone().unwrap_or_default(),
        write: |settings, text| {
            settings.workspace_id = workspace_id(text)?;
            Some(())
        },
    },
];

/// Why a setting was not changed.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    /// There is no such key.
    #[error("there is no setting {key:?}; there are {}", known_names())]
    UnknownKey {
        /// The key that was named.
        key: String,
    },
    /// The key does not take that value.
    #[error("could not set {key} to {value:?}: it takes {allowed}")]
    BadValue {
        /// The key.
        key: &'static str,
        /// The value that was given.
        value: String,
        /// Which values it takes.
        allowed: &'static str,
    },
    /// It could not be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// What is set; defaults where nothing is.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn settings(&self) -> Result<Settings, StoreError> {
        self.reader()?.settings()
    }

    /// Sets one key, writes the checked copy, and returns the settings as they are now.
    ///
    /// # Errors
    /// An unknown key, a value that it does not take, or a disk that takes neither.
    pub fn set_setting(&self, key: &str, value: &str) -> Result<Settings, SettingError> {
        let unknown = || SettingError::UnknownKey { key: key.to_owned() };
        let known = KEYS.iter().find(|known| known.name == key).ok_or_else(unknown)?;
        self.change(|transaction, place| {
            let mut settings = read(transaction).during("read the settings of", place)?;
            if (known.write)(&mut settings, value.trim()).is_none() {
                let value = value.to_owned();
                return Err(SettingError::BadValue { key: known.name, value, allowed: known.allowed });
            }
            transaction
                .execute(
                    "INSERT INTO setting (area, version, value) VALUES (?1, ?2, ?3)
                     ON CONFLICT (area) DO UPDATE SET version = excluded.version, value = excluded.value",
                    params![AREA, AREA_VERSION, as_json(&settings)],
                )
                .during("write to", place)?;
            Ok(settings)
        })
    }
}

/// What is set; a field that is missing there has its default.
pub(super) fn read(connection: &Connection) -> rusqlite::Result<Settings> {
    let mut statement = connection.prepare("SELECT value FROM setting WHERE area = ?1")?;
    let stored = statement
        .query_row([AREA], |row| serde_json::from_str(row.get_ref(0)?.as_str()?).map_err(|error| unreadable(0, error)));
    Ok(stored.optional()?.unwrap_or_default())
}

/// `None` for what is no handle, `Some(None)` for an empty one.
fn handle(text: &str) -> Option<Option<String>> {
    if text.is_empty() {
        return Some(None);
    }
    Handle::parse(text).ok().map(|handle| Some(handle.as_str().to_owned()))
}

/// `None` for what is no address of a Redis server or holds a password, `Some(None)` for an empty one.
fn redis_url(text: &str) -> Option<Option<String>> {
    if text.is_empty() {
        return Some(None);
    }
    let url = redis::parse_redis_url(text).filter(|url| matches!(url.scheme(), "redis" | "rediss"))?;
    // Settings lie in files, passwords must not.
    let fits = url.password().is_none() && text.into_connection_info().is_ok();
    fits.then(|| Some(text.to_owned()))
}

/// `None` for what is no name of a workspace, `Some(None)` for an empty one.
fn workspace_id(text: &str) -> Option<Option<String>> {
    if text.is_empty() {
        return Some(None);
    }
    is_workspace_id(text).then(|| Some(text.to_owned()))
}

fn known_names() -> String {
    KEYS.iter().map(|known| known.name).collect::<Vec<_>>().join(", ")
}
