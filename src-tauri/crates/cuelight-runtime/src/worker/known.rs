//! What handing off depends on beside the run: services, counters and variables, as the database holds them now.

use std::sync::Arc;

use cuelight_core::facts::Values;
use cuelight_core::service::Services;
use cuelight_core::world::World;

use crate::actions::Registry;
use crate::store::{Reader, Revisions, StoreError};

/// The services and values; each is read again only where its revision in the database is another one.
#[derive(Debug)]
pub(super) struct Known {
    reader: Reader,
    revisions: Revisions,
    services: Services,
    values: Values,
    registry: Arc<Registry>,
}

impl Known {
    /// Reads everything.
    pub(super) fn read(reader: Reader, registry: Arc<Registry>) -> Result<Self, StoreError> {
        // The numbers first: what changes after them is read again.
        let revisions = reader.revisions()?;
        let (services, values) = (Services::new(reader.services()?), reader.values()?);
        Ok(Self { reader, revisions, services, values, registry })
    }

    /// Reads again what changed since the last time.
    pub(super) fn refresh(&mut self) -> Result<(), StoreError> {
        let revisions = self.reader.revisions()?;
        if revisions.services != self.revisions.services {
            self.services = Services::new(self.reader.services()?);
        }
        if revisions.values != self.revisions.values {
            self.values = self.reader.values()?;
        }
        self.revisions = revisions;
        Ok(())
    }

    /// The world at that moment.
    pub(super) fn world(&self, now_ms: i64) -> World<'_> {
        World { services: &self.services, prepare: &*self.registry, values: &self.values, seed: 0, now_ms }
    }
}
