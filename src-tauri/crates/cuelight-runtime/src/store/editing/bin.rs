//! The bin: rules that were thrown away and can come back, until it is emptied.

use cuelight_core::id::RuleId;
use cuelight_core::limits::BINNED_RULES;
use cuelight_core::rule::Rule;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Edit, log};
use crate::store::error::During as _;
use crate::store::revision::{self, Revised};
use crate::store::{Reader, Store, StoreError, rules};

/// A rule in the bin.
#[derive(Debug, Clone, PartialEq)]
pub struct BinnedRule {
    /// The rule.
    pub rule: Rule,
    /// When it was put there.
    pub binned_ms: i64,
}

impl Reader {
    /// The rules in the bin that this version can read, those thrown away last first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn binned_rules(&self) -> Result<Vec<BinnedRule>, StoreError> {
        let read = || {
            let mut select = self
                .connection
                .prepare_cached("SELECT id, body, enabled, binned_ms FROM rule_binned ORDER BY binned_ms DESC, id")?;
            let binned = select.query_map([], |row| {
                let binned_ms = row.get(3)?;
                Ok(rules::rule(row)?.map(|rule| BinnedRule { rule, binned_ms }))
            })?;
            binned.filter_map(Result::transpose).collect()
        };
        self.say(read())
    }

    /// How many rules lie in the bin.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn binned_count(&self) -> Result<u32, StoreError> {
        self.say(self.connection.query_row("SELECT count(*) FROM rule_binned", [], |row| row.get(0)))
    }
}

impl Store {
    /// Deletes the rules in the bin for good, with their earlier forms and every deed that speaks of them.
    ///
    /// # Errors
    /// A disk that does not take it; then nothing changed.
    pub fn empty_bin(&self) -> Result<(), StoreError> {
        self.change(|transaction, place| empty(transaction).during("write to", place))
    }
}

impl Edit<'_> {
    /// Puts a rule into the bin; beyond what fits in there, those that were thrown away first go for good.
    ///
    /// # Errors
    /// There is no such rule, or a disk that does not take it.
    pub fn bin_rule(&self, rule: &RuleId) -> Result<(), StoreError> {
        let bin = || {
            let moved = self.connection.execute(
                "INSERT INTO rule_binned (id, enabled, body, origin, seeded, binned_ms)
                 SELECT id, enabled, body, origin, seeded, ?2 FROM rule WHERE id = ?1",
                params![rule.as_str(), self.now_ms],
            )?;
            self.connection.execute("DELETE FROM rule WHERE id = ?1", [rule.as_str()])?;
            self.connection.execute(
                "DELETE FROM rule_binned WHERE id NOT IN (
                     SELECT id FROM rule_binned ORDER BY id = ?1 DESC, binned_ms DESC, id LIMIT ?2)",
                params![rule.as_str(), BINNED_RULES],
            )?;
            Ok(moved == 1)
        };
        self.found(rule, bin())
    }

    /// A rule in the bin, if there is one of that id that this version can read.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn binned(&self, rule: &RuleId) -> Result<Option<Rule>, StoreError> {
        let read = || {
            let select = "SELECT id, body, enabled FROM rule_binned WHERE id = ?1";
            let mut select = self.connection.prepare_cached(select)?;
            Ok(select.query_row([rule.as_str()], rules::rule).optional()?.flatten())
        };
        self.say(read())
    }

    /// Takes a rule out of the bin, behind the others and switched as it was.
    ///
    /// # Errors
    /// There is no such rule in the bin, or a disk that does not take it.
    pub fn restore_rule(&self, rule: &RuleId) -> Result<(), StoreError> {
        let restore = || {
            let moved = self.connection.execute(
                "INSERT INTO rule (id, position, enabled, body, origin, seeded)
                 SELECT id, (SELECT coalesce(max(position), 0) + 1 FROM rule), enabled, body, origin, seeded
                 FROM rule_binned WHERE id = ?1",
                [rule.as_str()],
            )?;
            self.connection.execute("DELETE FROM rule_binned WHERE id = ?1", [rule.as_str()])?;
            Ok(moved == 1)
        };
        self.found(rule, restore())
    }
}

/// The ids of the rules in the bin.
pub(in crate::store) fn ids(connection: &Connection) -> rusqlite::Result<Vec<RuleId>> {
    let mut select = connection.prepare_cached("SELECT id FROM rule_binned ORDER BY id")?;
    select.query_map([], |row| Ok(RuleId::new(row.get_ref(0)?.as_str()?)))?.collect()
}

fn empty(connection: &Connection) -> rusqlite::Result<()> {
    log::forget_binned(connection)?;
    connection.execute("DELETE FROM rule_version WHERE rule IN (SELECT id FROM rule_binned)", [])?;
    connection.execute("DELETE FROM rule_binned", [])?;
    revision::raise(connection, Revised::Rules)
}
