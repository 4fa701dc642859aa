//! Edits of rules and their groups.

use cuelight_core::id::RuleId;
use cuelight_core::rule::{Rule, RuleGroup};
use cuelight_core::rules_file::{self, Import, RulesFile, There};
use rusqlite::{OptionalExtension as _, params};

use super::Edit;
use crate::store::{StoreError, rules};

impl Edit<'_> {
    /// The rules, groups and taken ids as they are in this transaction.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn there(&self) -> Result<There, StoreError> {
        self.say(rules::there(self.connection))
    }

    /// The groups.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn groups(&self) -> Result<Vec<RuleGroup>, StoreError> {
        self.say(rules::groups(self.connection))
    }

    /// That rule.
    ///
    /// # Errors
    /// There is no such rule that this version can read, or the database cannot be read.
    pub fn rule(&self, rule: &RuleId) -> Result<Rule, StoreError> {
        self.say(rules::one(self.connection, rule))?.ok_or_else(|| StoreError::NoRule(rule.clone()))
    }

    /// Whether a rule was changed or switched after that revision of the rules.
    ///
    /// # Errors
    /// There is no such rule, or the database cannot be read.
    pub fn changed_since(&self, rule: &RuleId, revision: i64) -> Result<bool, StoreError> {
        let read = || {
            let mut select = self.connection.prepare_cached("SELECT coalesce(revised, 0) FROM rule WHERE id = ?1")?;
            select.query_row([rule.as_str()], |row| row.get::<_, i64>(0)).optional()
        };
        let revised = self.say(read())?.ok_or_else(|| StoreError::NoRule(rule.clone()))?;
        Ok(revised > revision)
    }

    /// Adds a rule behind the others.
    ///
    /// # Errors
    /// Its id is taken, or a disk that does not take it.
    pub fn add_rule(&self, rule: &Rule) -> Result<(), StoreError> {
        self.say(rules::add(self.connection, rule))
    }

    /// Gives a rule its new form; where only its switch is another one, what it says stays as it was written.
    ///
    /// # Errors
    /// There is no such rule, or a disk that does not take it.
    pub fn put_rule(&self, rule: &Rule) -> Result<(), StoreError> {
        let stands = self.rule(&rule.id)?;
        if (Rule { enabled: rule.enabled, ..stands.clone() }) != *rule {
            return self.say(rules::put(self.connection, rule));
        }
        if stands.enabled == rule.enabled {
            return Ok(());
        }
        let mut update = self.say(self.connection.prepare_cached("UPDATE rule SET enabled = ?2 WHERE id = ?1"))?;
        self.say(update.execute(params![rule.id.as_str(), rule.enabled])).map(drop)
    }

    /// Puts a rule before another one, or last. The places themselves stay, so only rules between the two get another one.
    ///
    /// # Errors
    /// There is no such rule, or a disk that does not take it.
    pub fn move_rule(&self, rule: &RuleId, before: Option<&RuleId>) -> Result<(), StoreError> {
        let read = || {
            let mut select = self.connection.prepare_cached("SELECT id, position FROM rule ORDER BY position, id")?;
            let places = select.query_map([], |row| Ok((RuleId::new(row.get_ref(0)?.as_str()?), row.get(1)?)))?;
            places.collect::<rusqlite::Result<Vec<(RuleId, i64)>>>()
        };
        let places = self.say(read())?;
        let mut order: Vec<&RuleId> = places.iter().map(|(id, _)| id).collect();
        let place_of = |order: &[&RuleId], id: &RuleId| {
            order.iter().position(|other| *other == id).ok_or_else(|| StoreError::NoRule(id.clone()))
        };
        if before == Some(rule) {
            return Ok(());
        }
        let moved = order.remove(place_of(&order, rule)?);
        let to = before.map_or(Ok(order.len()), |before| place_of(&order, before))?;
        order.insert(to, moved);
        let mut update = self.say(self.connection.prepare_cached("UPDATE rule SET position = ?2 WHERE id = ?1"))?;
        let mut last = i64::MIN;
        for (id, (stood_here, position)) in order.into_iter().zip(&places) {
            // Two rules may have had one place; from now on each has its own.
            let place = (*position).max(last.saturating_add(1));
            last = place;
            if id != stood_here || place != *position {
                self.say(update.execute(params![id.as_str(), place]))?;
            }
        }
        Ok(())
    }

    /// Adds a group, or changes the one of that name.
    ///
    /// # Errors
    /// A disk that does not take it.
    pub fn put_group(&self, group: &RuleGroup) -> Result<(), StoreError> {
        if self.groups()?.contains(group) {
            return Ok(());
        }
        self.say(rules::put_group(self.connection, group))
    }

    /// Takes a rules file in beside the rules that are there, as [`crate::store::Store::import_rules`] does.
    ///
    /// # Errors
    /// A disk that does not take it.
    pub fn import(&self, file: &RulesFile) -> Result<Import, StoreError> {
        let import = rules_file::import(&self.there()?, file);
        self.say(rules::add_all(self.connection, &import))?;
        Ok(import)
    }

    /// The result of something done to a rule, which says whether it was there.
    pub(super) fn found(&self, rule: &RuleId, found: rusqlite::Result<bool>) -> Result<(), StoreError> {
        if self.say(found)? { Ok(()) } else { Err(StoreError::NoRule(rule.clone())) }
    }
}
