//! Recognises a damaged database and moves it out of the way, whole, so that nothing of it is ever lost.

use std::path::{Path, PathBuf};

use cuelight_core::id::{EventId, SessionId};
use rusqlite::{Connection, params};

use super::StoreError;
use crate::clock::Clock;
use crate::paths::{self, DataFolder};

/// Events read at opening, spread over the newest sessions: enough to meet a missing or overwritten stretch of the
/// file, few enough to cost a millisecond.
const SAMPLES: u32 = 96;

/// Sessions that the samples are spread over, the newest ones.
const SAMPLED_SESSIONS: u32 = 16;

/// Reads a little of everything; an error means that the file cannot be trusted.
///
/// This is a glance that costs the same however long the journal is; [`check_fully`] reads every page.
pub(super) fn glance(connection: &Connection) -> rusqlite::Result<()> {
    for small_table in
        ["setting", "seed", "combo", "rule", "rule_group", "service", "counter", "variable", "revision", "rule_binned"]
    {
        let mut statement = connection.prepare(&format!("SELECT * FROM {small_table} LIMIT 100"))?;
        let mut rows = statement.query([])?;
        while rows.next()?.is_some() {}
    }
    for large_table in [
        "gift",
        "viewer",
        "fault",
        "shed",
        "run",
        "job",
        "rule_state",
        "work_period",
        "emitted",
        "viewer_mark",
        "rule_version",
        "deed",
    ] {
        let mut statement = connection.prepare(&format!("SELECT * FROM {large_table} LIMIT 1"))?;
        statement.exists([])?;
    }
    let mut sessions = connection.prepare("SELECT id, last_number FROM session ORDER BY id DESC LIMIT ?1")?;
    let newest: Vec<(u32, u32)> =
        sessions.query_map([SAMPLED_SESSIONS], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let samples_each = SAMPLES / (newest.len() as u32).max(1);
    let mut event = connection.prepare(
        "SELECT event_type, msg_id, received_ms, counted, length(data) FROM event WHERE key >= ?1 ORDER BY key LIMIT 1",
    )?;
    for (session, last_number) in newest {
        for sample in 0..=samples_each {
            let number = u64::from(last_number) * u64::from(sample) / u64::from(samples_each);
            let key = EventId { session: SessionId(session), number: number as u32 }.to_key();
            event.exists(params![key])?;
        }
    }
    Ok(())
}

/// Reads every page of the database and says what is wrong with it; nothing for a sound one.
pub(super) fn check_fully(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare("PRAGMA integrity_check(20)")?;
    let findings = statement.query_map([], |row| row.get::<_, String>(0))?;
    findings.filter(|finding| finding.as_ref().is_ok_and(|text| text != "ok") || finding.is_err()).collect()
}

/// Moves the database and its log aside under a name of their own and returns where it lies now.
pub(super) fn move_aside(folder: &DataFolder, clock: &Clock) -> Result<PathBuf, StoreError> {
    let database = folder.database();
    let aside = free_name(folder.path(), paths::DAMAGED_DATABASE, clock.now_ms());
    // The log goes first: a log that stayed behind would be read as that of the new database.
    for ending in ["-wal", "-shm", ""] {
        let from = with_ending(&database, ending);
        match std::fs::rename(&from, with_ending(&aside, ending)) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(StoreError::of_file("move aside", &from, error)),
        }
    }
    Ok(aside)
}

/// A name with the moment in it that no file in the folder has yet.
pub(super) fn free_name(folder: &Path, stem: &str, now_ms: i64) -> PathBuf {
    let moment = jiff::Timestamp::from_millisecond(now_ms).unwrap_or_default().strftime("%Y%m%dT%H%M%SZ");
    let first = folder.join(format!("{stem}-{moment}.db"));
    if !first.exists() {
        return first;
    }
    (2_u32..)
        .map(|count| folder.join(format!("{stem}-{moment}-{count}.db")))
        .find(|name| !name.exists())
        .expect("a folder holds fewer files than there are numbers")
}

pub(super) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
