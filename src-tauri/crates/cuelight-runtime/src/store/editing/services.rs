//! Edits of services.

use cuelight_core::id::{RuleId, ServiceId};
use cuelight_core::rule_set::check;
use cuelight_core::service::{Service, Services};

use super::Edit;
use crate::store::{StoreError, rules, services};

impl Edit<'_> {
    /// All services.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn services(&self) -> Result<Services, StoreError> {
        Ok(Services::new(self.say(services::services(self.connection))?))
    }

    /// That service.
    ///
    /// # Errors
    /// There is no such service, or the database cannot be read.
    pub fn service(&self, service: &ServiceId) -> Result<Service, StoreError> {
        self.services()?.get(service).cloned().ok_or_else(|| StoreError::NoService(service.clone()))
    }

    /// Changes a service that is there.
    ///
    /// # Errors
    /// There is no such service, or a disk that does not take it.
    pub fn put_service(&self, service: &Service) -> Result<(), StoreError> {
        if self.service(&service.id)? == *service {
            return Ok(());
        }
        self.say(services::update(self.connection, service)).map(drop)
    }

    /// Adds a service behind the others.
    ///
    /// # Errors
    /// Its id is taken, or a disk that does not take it.
    pub fn add_service(&self, service: &Service) -> Result<(), StoreError> {
        self.say(services::add(self.connection, service))
    }

    /// Removes a service; its jobs that have ended stay.
    ///
    /// # Errors
    /// There is no such service, or a disk that does not take it.
    pub fn remove_service(&self, service: &ServiceId) -> Result<(), StoreError> {
        let remove = || self.connection.execute("DELETE FROM service WHERE id = ?1", [service.as_str()]);
        if self.say(remove())? == 1 { Ok(()) } else { Err(StoreError::NoService(service.clone())) }
    }

    /// Whether jobs of a service wait or run.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn has_jobs(&self, service: &ServiceId) -> Result<bool, StoreError> {
        self.say(services::has_jobs(self.connection, service))
    }

    /// The first rule that could not be followed any more without a service.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn rule_that_needs(&self, service: &ServiceId) -> Result<Option<RuleId>, StoreError> {
        let (groups, with) = (self.groups()?, self.services()?);
        let without = Services::new(with.iter().filter(|other| other.id != *service).cloned().collect());
        let rules = self.say(rules::rules(self.connection))?;
        let mut needing =
            rules.into_iter().filter(|rule| check(rule, &groups, &without).len() > check(rule, &groups, &with).len());
        Ok(needing.next().map(|rule| rule.id))
    }
}
