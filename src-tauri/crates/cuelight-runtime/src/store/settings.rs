//! How the settings are kept: a row for each area, checked before it is written.

use redis::IntoConnectionInfo as _;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use serde::de::DeserializeOwned;

use cuelight_core::settings::{Area, SettingKey, Settings, setting_keys};

use super::commit::as_json;
use super::error::{During as _, unreadable};
use super::{Store, StoreError};

/// The form of an area's JSON; raised when a field changes its meaning.
const AREA_VERSION: i64 = 1;

/// The one row in which earlier apps kept what is in `connection` and `keeping` now, with fields of the same names.
const FORMER_AREA: &str = "general";

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
    #[error("could not set {} to {value:?}: it takes {}", key.name, key.allowed)]
    BadValue {
        /// The key.
        key: &'static SettingKey,
        /// The value that was given.
        value: String,
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
        let known = setting_keys().iter().find(|known| known.name == key).ok_or_else(unknown)?;
        self.change_settings(known.area, |settings| {
            let bad = || SettingError::BadValue { key: known, value: value.to_owned() };
            known.set(settings, value.trim()).ok_or_else(bad)
        })
    }

    /// Sets one area as a whole, writes the checked copy, and returns all settings as they are now.
    ///
    /// # Errors
    /// A value that its key does not take, or a disk that does not take it.
    pub fn save_settings(&self, area: Area, wanted: &Settings) -> Result<Settings, SettingError> {
        self.change_settings(area, |settings| {
            settings.take_over(area, wanted);
            Ok(())
        })
    }

    fn change_settings(
        &self,
        area: Area,
        change: impl FnOnce(&mut Settings) -> Result<(), SettingError>,
    ) -> Result<Settings, SettingError> {
        self.change(|transaction, place| {
            let mut settings = read(transaction).during("read the settings of", place)?;
            change(&mut settings)?;
            if let Some(key) = fault(&settings, area) {
                return Err(SettingError::BadValue { key, value: key.text(&settings) });
            }
            write(transaction, area, &settings).during("write to", place)?;
            Ok(settings)
        })
    }
}

/// What is set; an area or field that is missing there is as on the first day.
pub(super) fn read(connection: &Connection) -> rusqlite::Result<Settings> {
    Ok(Settings {
        window: read_area(connection, Area::Window, None)?,
        connection: read_area(connection, Area::Connection, Some(FORMER_AREA))?,
        server: read_area(connection, Area::Server, None)?,
        hotkeys: read_area(connection, Area::Hotkeys, None)?,
        keeping: read_area(connection, Area::Keeping, Some(FORMER_AREA))?,
    })
}

fn read_area<T: DeserializeOwned + Default>(
    connection: &Connection,
    area: Area,
    else_from: Option<&str>,
) -> rusqlite::Result<T> {
    let mut statement =
        connection.prepare("SELECT value FROM setting WHERE area IN (?1, ?2) ORDER BY area <> ?1 LIMIT 1")?;
    let stored = statement.query_row([Some(area.as_str()), else_from], |row| {
        serde_json::from_str(row.get_ref(0)?.as_str()?).map_err(|error| unreadable(0, error))
    });
    Ok(stored.optional()?.unwrap_or_default())
}

fn write(transaction: &Transaction<'_>, area: Area, settings: &Settings) -> rusqlite::Result<()> {
    let value = match area {
        Area::Window => as_json(&settings.window),
        Area::Connection => as_json(&settings.connection),
        Area::Server => as_json(&settings.server),
        Area::Hotkeys => as_json(&settings.hotkeys),
        Area::Keeping => as_json(&settings.keeping),
    };
    let write = "INSERT INTO setting (area, version, value) VALUES (?1, ?2, ?3)
                 ON CONFLICT (area) DO UPDATE SET version = excluded.version, value = excluded.value";
    transaction.execute(write, params![area.as_str(), AREA_VERSION, value]).map(drop)
}

/// The first key of that area whose value cannot be used.
fn fault(settings: &Settings, area: Area) -> Option<&'static SettingKey> {
    settings.fault(area).or_else(|| {
        // Core knows what an address looks like; whether all of it can be read knows only who connects to it.
        let url = settings.connection.redis_url.as_deref().filter(|_| area == Area::Connection)?;
        let unusable = redis::parse_redis_url(url).is_none() || url.into_connection_info().is_err();
        setting_keys().iter().find(|key| unusable && key.name == "redis_url")
    })
}

fn known_names() -> String {
    setting_keys().iter().map(|known| known.name).collect::<Vec<_>>().join(", ")
}
