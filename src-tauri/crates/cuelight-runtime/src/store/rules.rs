//! The rules and their groups, as people wrote them.

use std::collections::HashSet;

use cuelight_core::id::RuleId;
use cuelight_core::limits::RULES;
use cuelight_core::rule::{Rule, RuleGroup};
use cuelight_core::rules_file::{self, Import, RulesFile, There};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::commit::as_json;
use super::editing::bin_ids;
use super::error::During as _;
use super::revision::{self, Revised};
use super::{Reader, Store, StoreError};

impl Reader {
    /// Every rule that this version can read, in the order in which people see them.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn rules(&self) -> Result<Vec<Rule>, StoreError> {
        self.say(rules(&self.connection))
    }

    /// The groups of rules.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn groups(&self) -> Result<Vec<RuleGroup>, StoreError> {
        self.say(groups(&self.connection))
    }

    /// All rules and groups, with the names of those that this version cannot read.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn rules_there(&self) -> Result<There, StoreError> {
        self.say(there(&self.connection))
    }
}

impl Store {
    /// Puts in these rules and groups, all or none: one that is there already is replaced and keeps its place, new ones come
    /// last.
    ///
    /// # Errors
    /// More rules than a data folder holds, or a disk that does not take them.
    pub fn put_rules(&self, given: &[Rule], given_groups: &[RuleGroup]) -> Result<(), StoreError> {
        self.change(|transaction, place| {
            let put = || {
                given.iter().try_for_each(|rule| put(transaction, rule))?;
                given_groups.iter().try_for_each(|group| put_group(transaction, group))?;
                count_changed(transaction)
            };
            check_count(put().during("write to", place)?)
        })
    }

    /// Takes a rules file in beside the rules that are there at that moment, all or nothing, and says what that came to.
    /// Nothing that is there is changed, whether this version can read it or not.
    ///
    /// # Errors
    /// More rules than a data folder holds, or a disk that does not take them.
    pub fn import_rules(&self, file: &RulesFile) -> Result<Import, StoreError> {
        self.change(|transaction, place| {
            let import = || {
                let import = rules_file::import(&there(transaction)?, file);
                add_all(transaction, &import)?;
                Ok((import, count_changed(transaction)?))
            };
            let (import, count) = import().during("write to", place)?;
            check_count(count)?;
            Ok(import)
        })
    }

    /// Puts in one rule.
    ///
    /// # Errors
    /// As [`Store::put_rules`].
    pub fn put_rule(&self, rule: &Rule) -> Result<(), StoreError> {
        self.put_rules(std::slice::from_ref(rule), &[])
    }

    /// Switches a rule on or off.
    ///
    /// # Errors
    /// There is no such rule, or a disk that does not take it.
    pub fn set_rule_enabled(&self, rule: &RuleId, enabled: bool) -> Result<(), StoreError> {
        self.change(|transaction, place| {
            let found = set_enabled(transaction, rule, enabled).during("write to", place)?;
            if found { Ok(()) } else { Err(StoreError::NoRule(rule.clone())) }
        })
    }

    /// Deletes a rule; what it caused stays. A starter rule does not come back.
    ///
    /// # Errors
    /// There is no such rule, or a disk that does not take it.
    pub fn delete_rule(&self, rule: &RuleId) -> Result<(), StoreError> {
        self.change(|transaction, place| {
            let delete = || {
                revision::raise(transaction, Revised::Rules)?;
                transaction.execute("DELETE FROM rule WHERE id = ?1", [rule.as_str()])
            };
            if delete().during("write to", place)? == 1 { Ok(()) } else { Err(StoreError::NoRule(rule.clone())) }
        })
    }
}

pub(super) fn rules(connection: &Connection) -> rusqlite::Result<Vec<Rule>> {
    let mut statement = connection.prepare_cached("SELECT id, body, enabled FROM rule ORDER BY position, id")?;
    let rules = statement.query_map([], rule)?;
    rules.filter_map(Result::transpose).collect()
}

pub(super) fn groups(connection: &Connection) -> rusqlite::Result<Vec<RuleGroup>> {
    let mut statement = connection.prepare_cached("SELECT body FROM rule_group ORDER BY position, name")?;
    let groups = statement.query_map([], |row| Ok(serde_json::from_str(row.get_ref(0)?.as_str()?).ok()))?;
    groups.filter_map(Result::transpose).collect()
}

/// One rule.
pub(super) fn one(connection: &Connection, id: &RuleId) -> rusqlite::Result<Option<Rule>> {
    let mut statement = connection.prepare_cached("SELECT id, body, enabled FROM rule WHERE id = ?1")?;
    Ok(statement.query_row([id.as_str()], rule).optional()?.flatten())
}

/// Switches a rule on or off; false where there is none of that name.
pub(super) fn set_enabled(connection: &Connection, rule: &RuleId, enabled: bool) -> rusqlite::Result<bool> {
    let mut update = connection.prepare_cached("UPDATE rule SET enabled = ?2 WHERE id = ?1")?;
    let changed = update.execute(params![rule.as_str(), enabled])?;
    revision::raise(connection, Revised::Rules)?;
    Ok(changed == 1)
}

pub(super) fn there(connection: &Connection) -> rusqlite::Result<There> {
    let (rules, groups) = (rules(connection)?, groups(connection)?);
    let names = |select: &str| -> rusqlite::Result<Vec<String>> {
        connection.prepare_cached(select)?.query_map([], |row| row.get(0))?.collect()
    };
    let mut unreadable_rules: Vec<RuleId> =
        names("SELECT id FROM rule ORDER BY position, id")?.into_iter().map(RuleId::new).collect();
    let read: HashSet<&RuleId> = rules.iter().map(|rule| &rule.id).collect();
    unreadable_rules.retain(|id| !read.contains(id));
    let mut unreadable_groups = names("SELECT name FROM rule_group ORDER BY position, name")?;
    unreadable_groups.retain(|name| groups.iter().all(|group| group.name != *name));
    drop(read);
    let binned_rules = bin_ids(connection)?;
    Ok(There { rules, groups, unreadable_rules, unreadable_groups, binned_rules })
}

/// Notes that rules were changed, and counts them.
fn count_changed(connection: &Connection) -> rusqlite::Result<usize> {
    revision::raise(connection, Revised::Rules)?;
    count(connection)
}

/// How many rules there are.
pub(super) fn count(connection: &Connection) -> rusqlite::Result<usize> {
    connection.query_row("SELECT count(*) FROM rule", [], |row| row.get::<_, u32>(0)).map(|count| count as usize)
}

pub(super) fn check_count(count: usize) -> Result<(), StoreError> {
    if count > RULES { Err(StoreError::TooManyRules { count }) } else { Ok(()) }
}

/// Adds what an import adds.
pub(super) fn add_all(connection: &Connection, import: &Import) -> rusqlite::Result<()> {
    import.rules.iter().try_for_each(|rule| add(connection, rule))?;
    import.groups.iter().try_for_each(|group| add_group(connection, group))
}

/// Adds a rule whose id is free.
pub(super) fn add(connection: &Connection, rule: &Rule) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO rule (id, position, enabled, body, origin)
         VALUES (?1, (SELECT coalesce(max(position), 0) + 1 FROM rule), ?2, ?3, 'user')",
    )?;
    insert.execute(params![rule.id.as_str(), rule.enabled, as_json(rule)]).map(drop)
}

/// Adds a group whose name is free.
fn add_group(connection: &Connection, group: &RuleGroup) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO rule_group (name, position, body)
         VALUES (?1, (SELECT coalesce(max(position), 0) + 1 FROM rule_group), ?2)",
    )?;
    insert.execute(params![group.name, as_json(group)]).map(drop)
}

/// Puts in a rule that people wrote.
pub(super) fn put(connection: &Connection, rule: &Rule) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO rule (id, position, enabled, body, origin)
         VALUES (?1, (SELECT coalesce(max(position), 0) + 1 FROM rule), ?2, ?3, 'user')
         ON CONFLICT (id) DO UPDATE SET enabled = excluded.enabled, body = excluded.body",
    )?;
    insert.execute(params![rule.id.as_str(), rule.enabled, as_json(rule)]).map(drop)
}

pub(super) fn put_group(connection: &Connection, group: &RuleGroup) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO rule_group (name, position, body)
         VALUES (?1, (SELECT coalesce(max(position), 0) + 1 FROM rule_group), ?2)
         ON CONFLICT (name) DO UPDATE SET body = excluded.body",
    )?;
    insert.execute(params![group.name, as_json(group)]).map(drop)
}

/// The rule of a row that begins with id, body and enabled; `None` where this version cannot read it: it stays in its row.
pub(super) fn rule(row: &Row<'_>) -> rusqlite::Result<Option<Rule>> {
    let enabled = row.get(2)?;
    match serde_json::from_str::<Rule>(row.get_ref(1)?.as_str()?) {
        Ok(rule) => Ok(Some(Rule { enabled, ..rule })),
        Err(error) => {
            let id: String = row.get(0)?;
            tracing::warn!(rule = id, %error, "a rule cannot be read and is left out");
            Ok(None)
        }
    }
}
