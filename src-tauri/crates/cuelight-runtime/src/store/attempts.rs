//! The story of connections: what was tried to get into lives, and which way led in last.

use compact_str::CompactString;
use cuelight_core::attempt::{Attempt, AttemptAnswer, AttemptStep};
use cuelight_core::event::EventType;
use cuelight_core::limits::ATTEMPTS;
use cuelight_core::way::Way;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use super::{Journal, Reader, StoreError};

/// What is older than the newest [`ATTEMPTS`], but for the last time that each creator's room was reached.
pub(super) const FORGET: &str = "DELETE FROM attempt WHERE id <= (SELECT max(id) FROM attempt) - ?1
    AND NOT (answer = 'in_room' AND id = (SELECT max(newest.id) FROM attempt AS newest
        WHERE newest.answer = 'in_room' AND newest.creator = attempt.creator COLLATE NOCASE))";

/// How long a connection has to last to have held, in milliseconds: as long as one that counts as sound where it is kept.
const HELD_MS: i64 = 30_000;

/// How long a borrowed way goes first after TikTok let nobody in without it, in milliseconds: a day.
const BORROWED_MS: i64 = 24 * 60 * 60 * 1_000;

/// The last way into the room of ?1 whose connection did not break within ?2 milliseconds.
const LAST_WAY_IN: &str = "SELECT way FROM attempt AS entry
    WHERE answer = 'in_room' AND creator = ?1 COLLATE NOCASE AND NOT EXISTS (
        SELECT 1 FROM attempt AS parting WHERE parting.answer = 'broken' AND parting.took_ms < ?2
            AND parting.id = (SELECT min(later.id) FROM attempt AS later WHERE later.id > entry.id
                AND later.step = 'stay' AND later.way = entry.way AND later.creator = ?1 COLLATE NOCASE))
    ORDER BY id DESC LIMIT 1";

/// Whether TikTok sent us away from the room of ?1 after ?2, ms since 1970.
const SENT_AWAY: &str = "SELECT 1 FROM attempt WHERE creator = ?1 COLLATE NOCASE AND at_ms > ?2
    AND way IN ('direct', 'cookie', 'page')
    AND answer IN ('refused', 'not_public', 'blocked', 'rate_limited', 'captcha')";

impl Journal {
    /// Notes what was tried, and forgets what is older than the newest [`ATTEMPTS`] and of no more use.
    ///
    /// # Errors
    /// The database refused; none of it was noted then.
    pub fn note_attempts(&mut self, attempts: &[Attempt]) -> Result<(), StoreError> {
        self.transact("note attempts in", |transaction| insert(transaction, attempts))
    }
}

impl Reader {
    /// The newest attempts, the newest first, no more than so many.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn attempts(&self, limit: u32) -> Result<Vec<Attempt>, StoreError> {
        let read = || {
            let mut select = self.connection.prepare_cached(
                "SELECT at_ms, took_ms, creator, way, step, place, answer, until_ms, family, detail FROM attempt
                    ORDER BY id DESC LIMIT ?1",
            )?;
            select.query_map([limit], from_row)?.collect()
        };
        self.say(read())
    }

    /// The way by which that creator's room was reached last and which held; `None` where there is none, as far back as is
    /// remembered. One that is borrowed counts only within a day after TikTok let nobody in without it, so that TikTok is
    /// asked again. Now is given in ms since 1970.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn last_way_in(&self, creator: &str, now_ms: i64) -> Result<Option<Way>, StoreError> {
        let read = || {
            let mut select = self.connection.prepare_cached(LAST_WAY_IN)?;
            let way: Option<Option<String>> =
                select.query_row(params![creator, HELD_MS], |row| row.get(0)).optional()?;
            let way: Option<Way> = way.flatten().and_then(|way| way.parse().ok());
            let mut select = self.connection.prepare_cached(SENT_AWAY)?;
            let is_sent_away = select.exists(params![creator, now_ms.saturating_sub(BORROWED_MS)])?;
            Ok(way.filter(|way| is_sent_away || !way.is_borrowed()))
        };
        self.say(read())
    }
}

fn insert(transaction: &Transaction<'_>, attempts: &[Attempt]) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO attempt (at_ms, took_ms, creator, way, step, place, answer, until_ms, family, detail)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    for attempt in attempts {
        insert.execute(params![
            attempt.at_ms,
            i64::try_from(attempt.took_ms).unwrap_or(i64::MAX),
            attempt.creator.as_str(),
            attempt.way.map(Way::as_str),
            attempt.step.as_str(),
            attempt.place,
            attempt.answer.as_str(),
            attempt.answer.until_ms(),
            attempt.answer.family().map(EventType::as_str),
            attempt.detail(),
        ])?;
    }
    transaction.prepare_cached(FORGET)?.execute([ATTEMPTS])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Attempt> {
    let family: Option<String> = row.get(8)?;
    let family = family.and_then(|name| EventType::ALL.iter().find(|it| it.as_str() == name).copied());
    let answer = AttemptAnswer::of_parts(row.get_ref(6)?.as_str()?, row.get(7)?, family);
    let answer = answer.map_err(|error| unknown(6, error))?;
    let step: AttemptStep = row.get_ref(4)?.as_str()?.parse().map_err(|error| unknown(4, error))?;
    let way: Option<String> = row.get(3)?;
    let way = way.map(|way| way.parse::<Way>()).transpose().map_err(|error| unknown(3, error))?;
    let creator = CompactString::new(row.get_ref(2)?.as_str()?);
    let mut attempt = Attempt::new(creator, way, step, answer).telling(row.get_ref(9)?.as_str()?);
    attempt.at_ms = row.get(0)?;
    attempt.took_ms = row.get::<_, i64>(1)?.unsigned_abs();
    attempt.place = row.get(5)?;
    Ok(attempt)
}

/// A column that holds a name which this form of the database has not.
fn unknown(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
}
