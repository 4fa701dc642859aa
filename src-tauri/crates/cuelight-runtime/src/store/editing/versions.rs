//! Earlier forms of the rules: kept when a newer one takes their place, bounded for each rule.

use cuelight_core::id::RuleId;
use cuelight_core::limits::{RULE_VERSION_EVERY_MS, RULE_VERSIONS};
use cuelight_core::rule::Rule;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::Edit;
use super::subject::{Change, Subject};
use crate::store::{Reader, StoreError};

/// One earlier form of a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleVersion {
    /// 1, 2, 3 … of this rule.
    pub version: u32,
    /// When a newer form took its place.
    pub saved_ms: i64,
    /// The rule as it was.
    pub rule: Rule,
}

impl Reader {
    /// The earlier forms of a rule that this version can read, the newest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn rule_versions(&self, rule: &RuleId) -> Result<Vec<RuleVersion>, StoreError> {
        let read = || {
            let mut select = self.connection.prepare_cached(
                "SELECT version, saved_ms, body FROM rule_version WHERE rule = ?1 ORDER BY version DESC",
            )?;
            let versions = select.query_map([rule.as_str()], |row| {
                let (version, saved_ms) = (row.get(0)?, row.get(1)?);
                let rule: Option<Rule> = serde_json::from_str(row.get_ref(2)?.as_str()?).ok();
                Ok(rule.map(|rule| RuleVersion { version, saved_ms, rule }))
            })?;
            versions.filter_map(Result::transpose).collect()
        };
        self.say(read())
    }
}

impl Edit<'_> {
    /// That earlier form of a rule, if it was kept and this version can read it.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn version(&self, rule: &RuleId, version: u32) -> Result<Option<Rule>, StoreError> {
        let read = || {
            let select = "SELECT body FROM rule_version WHERE rule = ?1 AND version = ?2";
            let mut select = self.connection.prepare_cached(select)?;
            let body = |row: &rusqlite::Row<'_>| Ok(serde_json::from_str(row.get_ref(0)?.as_str()?).ok());
            Ok(select.query_row(params![rule.as_str(), version], body).optional()?.flatten())
        };
        self.say(read())
    }
}

/// Keeps what a rule said before the change, unless another form was kept a moment ago; a rule that is gone for good takes
/// its earlier forms along.
pub(super) fn keep(connection: &Connection, change: &Change, now_ms: i64) -> rusqlite::Result<()> {
    let id = change.subject.id();
    match (&change.subject, &change.before, &change.after) {
        (Subject::Rule(_), Some(before), Some(after)) => keep_body(connection, id, before, after, now_ms),
        (Subject::Rule(_) | Subject::Binned(_), _, None) => forget_gone(connection, id),
        _ => Ok(()),
    }
}

/// `before` and `after` are what a rule's row holds, of which the body comes first.
fn keep_body(connection: &Connection, id: &str, before: &str, after: &str, now_ms: i64) -> rusqlite::Result<()> {
    let is_due: bool = connection
        .prepare_cached(
            "SELECT ?2 ->> 0 <> ?3 ->> 0
                    AND NOT EXISTS (SELECT 1 FROM rule_version WHERE rule = ?1 AND saved_ms > ?4 - ?5 AND saved_ms <= ?4)",
        )?
        .query_row(params![id, before, after, now_ms, RULE_VERSION_EVERY_MS], |row| row.get(0))?;
    if !is_due {
        return Ok(());
    }
    // A form to which people came back stands there once, as its newest.
    connection
        .prepare_cached("DELETE FROM rule_version WHERE rule = ?1 AND body = ?2 ->> 0")?
        .execute(params![id, before])?;
    connection
        .prepare_cached(
            "INSERT INTO rule_version (rule, version, saved_ms, body)
             VALUES (?1, (SELECT coalesce(max(version), 0) + 1 FROM rule_version WHERE rule = ?1), ?3, ?2 ->> 0)",
        )?
        .execute(params![id, before, now_ms])?;
    connection
        .prepare_cached(
            "DELETE FROM rule_version WHERE rule = ?1 AND version NOT IN (
                 SELECT version FROM rule_version WHERE rule = ?1 ORDER BY version DESC LIMIT ?2)",
        )?
        .execute(params![id, RULE_VERSIONS])
        .map(drop)
}

fn forget_gone(connection: &Connection, id: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "DELETE FROM rule_version WHERE rule = ?1
                 AND NOT EXISTS (SELECT 1 FROM rule WHERE id = ?1)
                 AND NOT EXISTS (SELECT 1 FROM rule_binned WHERE id = ?1)",
        )?
        .execute([id])
        .map(drop)
}
