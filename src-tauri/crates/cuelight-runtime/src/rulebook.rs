//! The rules, services and values as the database holds them now, ready to decide with.

use std::sync::Arc;

use cuelight_core::facts::Values;
use cuelight_core::rule_set::{RuleFault, RuleSet};
use cuelight_core::service::Services;

use crate::store::{Reader, Revisions, StoreError};

/// What deciding and handing off depend on beside the session itself.
///
/// Something is read again only where its revision in the database is another one, so asking often costs little.
#[derive(Debug)]
pub struct Rulebook {
    reader: Reader,
    revisions: Revisions,
    /// The rules are not those of the database, and stay as they are.
    has_own_rules: bool,
    rules: Arc<RuleSet>,
    services: Arc<Services>,
    values: Arc<Values>,
}

/// What was read anew.
#[derive(Debug, Default)]
pub struct Refreshed {
    /// Rules that cannot be used, where the rules were read.
    pub faults: Vec<RuleFault>,
    /// The values as they were, where they were read.
    pub values_before: Option<Arc<Values>>,
    /// Rules brought up events.
    pub emitted: bool,
    /// Viewers were muted or are heard again.
    pub viewers: bool,
}

impl Rulebook {
    /// Reads everything; rules that cannot be used are logged and left out.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn read(reader: Reader) -> Result<Self, StoreError> {
        let mut rulebook = Self::read_with(reader, RuleSet::default())?;
        rulebook.has_own_rules = false;
        for fault in rulebook.read_rules()? {
            tracing::error!(rule = %fault.rule, place = fault.place, problem = fault.problem, "a rule cannot be used");
        }
        Ok(rulebook)
    }

    /// Reads everything but the rules, which are these and stay so.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn read_with(reader: Reader, rules: RuleSet) -> Result<Self, StoreError> {
        // The numbers first: what changes after them is read again.
        let revisions = reader.revisions()?;
        Ok(Self {
            revisions,
            has_own_rules: true,
            rules: Arc::new(rules),
            services: Arc::new(Services::new(reader.services()?)),
            values: Arc::new(reader.values()?),
            reader,
        })
    }

    /// Reads again what changed since the last time.
    ///
    /// # Errors
    /// The database cannot be read; what is known stays.
    pub fn refresh(&mut self) -> Result<Refreshed, StoreError> {
        let revisions = self.reader.revisions()?;
        let known = std::mem::replace(&mut self.revisions, revisions);
        let mut refreshed = Refreshed {
            emitted: known.emitted != revisions.emitted,
            viewers: known.viewers != revisions.viewers,
            ..Refreshed::default()
        };
        if known.services != revisions.services {
            self.services = Arc::new(Services::new(self.reader.services()?));
        }
        let rules_changed = known.rules != revisions.rules || known.services != revisions.services;
        if rules_changed && !self.has_own_rules {
            refreshed.faults = self.read_rules()?;
        }
        if known.values != revisions.values {
            let values = Arc::new(self.reader.values()?);
            refreshed.values_before = Some(std::mem::replace(&mut self.values, values));
        }
        Ok(refreshed)
    }

    /// The rules that can be used.
    #[must_use]
    pub fn rules(&self) -> &Arc<RuleSet> {
        &self.rules
    }

    /// The services.
    #[must_use]
    pub fn services(&self) -> &Arc<Services> {
        &self.services
    }

    /// The counters and variables.
    #[must_use]
    pub fn values(&self) -> &Arc<Values> {
        &self.values
    }

    fn read_rules(&mut self) -> Result<Vec<RuleFault>, StoreError> {
        let (rules, groups) = (self.reader.rules()?, self.reader.groups()?);
        let (rules, faults) = RuleSet::new(self.revisions.rules, rules, groups, &self.services);
        self.rules = Arc::new(rules);
        Ok(faults)
    }
}
