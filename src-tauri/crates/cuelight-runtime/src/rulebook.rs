//! The rules, services and values as the database holds them now, ready to decide with.

use std::sync::Arc;

use cuelight_core::facts::Values;
use cuelight_core::id::UserId;
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
    /// Whom the streamer has muted now, where that was read.
    pub muted: Option<Vec<UserId>>,
}

impl Rulebook {
    /// Reads everything; rules that cannot be used are logged and left out.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn read(reader: Reader) -> Result<Self, StoreError> {
        let mut rulebook = Self::read_with(reader, RuleSet::default())?;
        rulebook.has_own_rules = false;
        let (rules, faults) = read_rules(&rulebook.reader, rulebook.revisions.rules, &rulebook.services)?;
        rulebook.rules = rules;
        for fault in faults {
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
            services: read_services(&reader)?,
            values: Arc::new(reader.values()?),
            reader,
        })
    }

    /// Reads again what changed since the last time.
    ///
    /// # Errors
    /// The database cannot be read; what is known stays.
    pub fn refresh(&mut self) -> Result<Refreshed, StoreError> {
        let (known, revisions) = (self.revisions, self.reader.revisions()?);
        let services_changed = known.services != revisions.services;
        let services = if services_changed { Some(read_services(&self.reader)?) } else { None };
        let rules_changed = !self.has_own_rules && (known.rules != revisions.rules || services_changed);
        let rules = if rules_changed {
            Some(read_rules(&self.reader, revisions.rules, services.as_ref().unwrap_or(&self.services))?)
        } else {
            None
        };
        let values = if known.values != revisions.values { Some(self.reader.values()?) } else { None };
        let muted = if known.viewers != revisions.viewers { Some(self.reader.muted()?) } else { None };
        // Only now that all of it is read: what could not be read is read the next time.
        self.revisions = revisions;
        self.services = services.unwrap_or_else(|| Arc::clone(&self.services));
        self.values = values.map_or_else(|| Arc::clone(&self.values), Arc::new);
        let (rules, faults) = rules.unwrap_or_else(|| (Arc::clone(&self.rules), Vec::new()));
        self.rules = rules;
        Ok(Refreshed { faults, muted })
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
}

fn read_services(reader: &Reader) -> Result<Arc<Services>, StoreError> {
    Ok(Arc::new(Services::new(reader.services()?)))
}

fn read_rules(
    reader: &Reader,
    revision: i64,
    services: &Services,
) -> Result<(Arc<RuleSet>, Vec<RuleFault>), StoreError> {
    let (rules, faults) = RuleSet::new(revision, reader.rules()?, reader.groups()?, services);
    Ok((Arc::new(rules), faults))
}
