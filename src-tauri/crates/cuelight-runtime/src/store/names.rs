//! What people call rules and services, for lists that name them.

use std::collections::BTreeMap;

use cuelight_core::decision::Origin;
use cuelight_core::id::{RuleId, ServiceId};

use super::{Reader, StoreError};

/// The names of rules and services.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Those of rules.
    pub rules: BTreeMap<RuleId, String>,
    /// Those of services.
    pub services: BTreeMap<ServiceId, String>,
}

impl Names {
    /// What people call what made a run; a rule that is gone by its id.
    #[must_use]
    pub fn of(&self, origin: &Origin) -> String {
        let name = match origin {
            Origin::Rule(rule) => self.rules.get(rule),
            Origin::Default(service) => self.services.get(service),
            Origin::Asked => None,
        };
        name.cloned().unwrap_or_else(|| origin.to_string())
    }
}

impl Reader {
    /// The names as they are now.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn names(&self) -> Result<Names, StoreError> {
        let read = |sql: &str| {
            let mut statement = self.connection.prepare_cached(sql)?;
            let names = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
            names.collect::<rusqlite::Result<Vec<_>>>()
        };
        let rules = self.say(read("SELECT id, coalesce(body ->> '$.name', id) FROM rule"))?;
        let services = self.say(read("SELECT id, name FROM service"))?;
        Ok(Names {
            rules: rules.into_iter().map(|(id, name)| (RuleId::new(id), name)).collect(),
            services: services.into_iter().map(|(id, name)| (ServiceId::new(id), name)).collect(),
        })
    }
}
