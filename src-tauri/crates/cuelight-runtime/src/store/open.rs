//! Opening the database: made where it is missing, brought up to date, moved aside where it is damaged.

use std::path::Path;

use cuelight_core::reason::Reason;
use rusqlite::Connection;

use super::error::During as _;
use super::{Store, StoreError, connection, damage, gifts, migrate, restore, settings_copy};
use crate::clock::Clock;
use crate::locks::{EngineLock, LockError};
use crate::paths::DataFolder;

/// Opens the database of that folder for the engine that holds its lock.
///
/// A prepared backup takes its place first. A missing one is made. An older one is brought up to date after a copy was set aside. A damaged one is moved aside,
/// never deleted, and a new one begun, with the settings of their checked copy; the reasons tell that story.
///
/// # Errors
/// A newer database, a full disk, no permission, or a database that another program keeps locked.
pub fn open(folder: &DataFolder, clock: &Clock, _lock: &EngineLock) -> Result<(Store, Vec<Reason>), StoreError> {
    let mut story = Vec::new();
    let is_restored = restore::take_in(folder)?;
    let mut connection = match prepare(folder, clock) {
        Err(StoreError::Damaged { error, .. }) => {
            let aside = damage::move_aside(folder, clock)?;
            tracing::error!(%error, moved_to = %aside.display(), "the database was damaged");
            story.push(Reason::DatabaseDamaged { moved_to: aside.display().to_string(), error });
            prepare(folder, clock)?
        }
        prepared => prepared?,
    };
    gifts::top_up(&mut connection).during("write to", &folder.database())?;
    if is_restored {
        // Their copy is still that of the database that was set aside.
        let areas = settings_copy::areas(&connection).during("read the settings of", &folder.database())?;
        settings_copy::write(folder, &areas)?;
    }
    story.extend(settings_copy::restore_missing(&mut connection, folder)?);
    Ok((Store::new(folder, Some(connection)), story))
}

/// Opens the database for those who do not decide and so hold no lock: lists, exports, settings.
///
/// Where it has to be made, changed or moved aside first, the engine's lock is taken for that moment.
///
/// # Errors
/// As [`open`]; also [`StoreError::Locked`] where the database has to be changed first while an engine is running.
pub fn open_beside_engine(folder: &DataFolder, clock: &Clock) -> Result<(Store, Vec<Reason>), StoreError> {
    let as_it_is = || Ok((Store::new(folder, None), Vec::new()));
    let is_ready = is_ready(&folder.database());
    if is_ready && !restore::is_prepared(folder) {
        return as_it_is();
    }
    match EngineLock::take(folder) {
        Ok(lock) => open(folder, clock, &lock),
        // The engine that prepared a backup works with the present database until it restarts.
        Err(LockError::Taken { .. }) if is_ready => as_it_is(),
        Err(error) => Err(error.into()),
    }
}

fn prepare(folder: &DataFolder, clock: &Clock) -> Result<Connection, StoreError> {
    let place = folder.database();
    let mut connection = connection::open_or_create(&place)?;
    migrate::recognise(&connection, &place)?;
    connection::make_durable(&connection, &place)?;
    migrate::bring_up_to_date(&mut connection, migrate::STEPS, folder, clock)?;
    damage::glance(&connection).map_err(|error| untrusted(error, &place))?;
    connection::trust(&connection, &place)?;
    Ok(connection)
}

/// A database of the right form whose rows cannot be read is damaged, unless the disk or another program is to blame.
fn untrusted(error: rusqlite::Error, place: &Path) -> StoreError {
    match StoreError::of_sqlite("read", place, error) {
        StoreError::Refused { deed, place, source } => StoreError::Damaged { deed, place, error: source.to_string() },
        to_blame => to_blame,
    }
}

fn is_ready(place: &Path) -> bool {
    let ready = || -> rusqlite::Result<bool> {
        let Ok(connection) = connection::open_reading(place) else { return Ok(false) };
        damage::glance(&connection)?;
        Ok(migrate::form(&connection)? == migrate::STEPS.len() as i64)
    };
    place.exists() && ready().unwrap_or(false)
}
