//! The checked copy of what people set, rules and services included: a file beside the database from which it comes back if
//! that is damaged.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use cuelight_core::reason::Reason;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::StoreError;
use super::commit::as_json;
use super::error::During as _;
use crate::paths::DataFolder;

/// What stands in tables of its own is copied as areas of these names: every row as an object of its columns.
const TABLES: [(&str, &str); 5] = [
    ("table:rule", "SELECT id, position, enabled, body, origin, seeded FROM rule ORDER BY position, id"),
    ("table:rule_binned", "SELECT id, enabled, body, origin, seeded, binned_ms FROM rule_binned ORDER BY id"),
    ("table:rule_group", "SELECT name, position, body FROM rule_group ORDER BY position, name"),
    (
        "table:service",
        "SELECT id, position, kind, name, active, paused, body, seeded FROM service ORDER BY position, id",
    ),
    ("table:seed", "SELECT name, revision FROM seed WHERE name LIKE '%:%' ORDER BY name"),
];

/// The form of those rows; raised when a column changes its meaning.
const TABLES_VERSION: i64 = 1;

/// One area of the settings as the database keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Area {
    area: String,
    version: i64,
    value: serde_json::Value,
}

/// The file: the areas, and the CRC-32 of exactly their bytes.
#[derive(Serialize, Deserialize)]
struct Copy {
    crc32: u32,
    areas: Box<RawValue>,
}

/// Every area that something is set in.
pub(super) fn areas(connection: &Connection) -> rusqlite::Result<Vec<Area>> {
    let mut statement = connection.prepare("SELECT area, version, value FROM setting ORDER BY area")?;
    let areas = statement.query_map([], |row| {
        let value =
            serde_json::from_str(row.get_ref(2)?.as_str()?).map_err(|error| super::error::unreadable(2, error))?;
        Ok(Area { area: row.get(0)?, version: row.get(1)?, value })
    })?;
    let mut areas = areas.collect::<rusqlite::Result<Vec<Area>>>()?;
    for (area, sql) in TABLES {
        let rows = rows(connection, sql)?;
        if !rows.is_empty() {
            areas.push(Area { area: area.to_owned(), version: TABLES_VERSION, value: rows.into() });
        }
    }
    Ok(areas)
}

/// Replaces the copy at once: whoever looks, even after a crash, finds the old one or the new one, whole.
pub(super) fn write(folder: &DataFolder, areas: &[Area]) -> Result<(), StoreError> {
    let place = folder.settings_copy();
    let text = as_json(&areas);
    let crc32 = crc32fast::hash(text.as_bytes());
    let copy = Copy { crc32, areas: RawValue::from_string(text).expect("it was just made as JSON") };
    replace(folder.path(), &place, as_json(&copy).as_bytes())
        .map_err(|error| StoreError::of_file("write the copy of the settings", &place, error))
}

/// Takes the settings from their copy where the database has none, and says so.
///
/// A copy whose checksum does not fit is left alone: default settings are better than wrong ones.
pub(super) fn restore_missing(connection: &mut Connection, folder: &DataFolder) -> Result<Option<Reason>, StoreError> {
    let place = folder.settings_copy();
    let database = folder.database();
    let has_settings: bool = connection
        .query_row(
            "SELECT EXISTS (SELECT 1 FROM setting) OR EXISTS (SELECT 1 FROM rule) OR EXISTS (SELECT 1 FROM service)",
            [],
            |row| row.get(0),
        )
        .during("read the settings of", &database)?;
    if has_settings {
        return Ok(None);
    }
    let areas = match read(&place) {
        Ok(areas) => areas,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            tracing::warn!(%error, place = %place.display(), "the copy of the settings cannot be used");
            return Ok(None);
        }
    };
    insert(connection, &areas).during("restore the settings of", &database)?;
    Ok((!areas.is_empty()).then(|| Reason::SettingsRestored { place: place.display().to_string() }))
}

fn read(place: &Path) -> io::Result<Vec<Area>> {
    let copy: Copy = serde_json::from_slice(&std::fs::read(place)?)?;
    if crc32fast::hash(copy.areas.get().as_bytes()) != copy.crc32 {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "its checksum does not fit"));
    }
    Ok(serde_json::from_str(copy.areas.get())?)
}

fn insert(connection: &mut Connection, areas: &[Area]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for area in areas {
        if let Some(table) = area.area.strip_prefix("table:") {
            // A name that is not ours, or rows of a newer app, are left alone: the copy keeps them.
            if area.version == TABLES_VERSION && TABLES.iter().any(|(known, _)| *known == area.area) {
                insert_rows(&transaction, table, &area.value)?;
            }
            continue;
        }
        transaction.execute(
            "INSERT INTO setting (area, version, value) VALUES (?1, ?2, ?3)",
            params![area.area, area.version, area.value.to_string()],
        )?;
    }
    transaction.commit()
}

fn rows(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<Value>> {
    let mut statement = connection.prepare(sql)?;
    let columns: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    let rows = statement.query_map([], |row| {
        let mut object = Map::new();
        for (index, column) in columns.iter().enumerate() {
            let value = match row.get_ref(index)? {
                ValueRef::Integer(number) => number.into(),
                ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned().into(),
                ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => Value::Null,
            };
            object.insert(column.clone(), value);
        }
        Ok(Value::Object(object))
    })?;
    rows.collect()
}

/// Puts rows in by the columns that the table has; json_each reads each row's object.
fn insert_rows(transaction: &Transaction<'_>, table: &str, rows: &Value) -> rusqlite::Result<()> {
    let columns: Vec<String> = transaction
        .prepare("SELECT name FROM pragma_table_info(?1)")?
        .query_map([table], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let values: Vec<String> = columns.iter().map(|column| format!("value ->> '$.{column}'")).collect();
    let (columns, values) = (columns.join(", "), values.join(", "));
    let insert = format!("INSERT OR IGNORE INTO {table} ({columns}) SELECT {values} FROM json_each(?1)");
    transaction.execute(&insert, [rows.to_string()]).map(drop)
}

/// Replaces a file at once: whoever looks, even after a crash, finds the old one or the new one, whole.
pub(super) fn replace(folder: &Path, place: &Path, bytes: &[u8]) -> io::Result<()> {
    // Its own name for each process: two of them may set something at the same time.
    let fresh = place.with_extension(format!("{}.new", std::process::id()));
    let mut file = File::create(&fresh)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| std::fs::rename(&fresh, place));
    if written.is_err() {
        // The error that matters is the first one; a leftover is overwritten next time.
        let _ = std::fs::remove_file(&fresh);
    }
    written?;
    // The new name itself is on the disk only when the folder is; Windows has no such call and does not need it.
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
