//! What handing off depends on beside the run: services, counters and variables, as the database holds them now.

use std::collections::BTreeSet;
use std::sync::Arc;

use cuelight_core::facts::Values;
use cuelight_core::id::ServiceId;
use cuelight_core::service::Services;
use cuelight_core::world::World;
use tokio::sync::watch;

use crate::actions::Registry;
use crate::store::{Reader, Revisions, StoreError};

/// The services that are switched off.
pub(super) type SwitchedOff = BTreeSet<ServiceId>;

/// The services and values; each is read again only where its revision in the database is another one.
#[derive(Debug)]
pub(super) struct Known {
    reader: Reader,
    revisions: Revisions,
    services: Services,
    switched_off: watch::Sender<SwitchedOff>,
    values: Values,
    registry: Arc<Registry>,
}

impl Known {
    /// Reads everything.
    pub(super) fn read(reader: Reader, registry: Arc<Registry>) -> Result<Self, StoreError> {
        // The numbers first: what changes after them is read again.
        let revisions = reader.revisions()?;
        let (services, values) = (Services::new(reader.services()?), reader.values()?);
        let (switched_off, _) = watch::channel(switched_off(&services));
        Ok(Self { reader, revisions, services, switched_off, values, registry })
    }

    /// Reads again what changed since the last time.
    pub(super) fn refresh(&mut self) -> Result<(), StoreError> {
        let revisions = self.reader.revisions()?;
        if revisions.services != self.revisions.services {
            self.services = Services::new(self.reader.services()?);
            let now = switched_off(&self.services);
            self.switched_off.send_if_modified(|known| {
                let is_news = *known != now;
                *known = now;
                is_news
            });
        }
        if revisions.values != self.revisions.values {
            self.values = self.reader.values()?;
        }
        self.revisions = revisions;
        Ok(())
    }

    /// Which services are switched off, from now on.
    pub(super) fn switched_off(&self) -> watch::Receiver<SwitchedOff> {
        self.switched_off.subscribe()
    }

    /// The world at that moment.
    pub(super) fn world(&self, now_ms: i64) -> World<'_> {
        World { services: &self.services, prepare: &*self.registry, values: &self.values, seed: 0, now_ms }
    }
}

fn switched_off(services: &Services) -> SwitchedOff {
    services.iter().filter(|service| !service.active).map(|service| service.id.clone()).collect()
}
