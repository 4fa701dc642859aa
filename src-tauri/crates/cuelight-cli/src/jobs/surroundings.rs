//! What changing a queue depends on beside the queue, for commands that work beside the engine.

use cuelight_core::facts::Values;
use cuelight_core::service::Services;
use cuelight_core::world::World;
use cuelight_runtime::actions::Registry;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::store::Reader;

use crate::failure::Failure;

/// The services, the values and the kinds of action, as they are now.
pub(crate) struct Surroundings {
    pub(crate) services: Services,
    pub(crate) values: Values,
    pub(crate) registry: Registry,
}

impl Surroundings {
    pub(crate) fn read(reader: &Reader) -> Result<Self, Failure> {
        Ok(Self {
            services: Services::new(reader.services()?),
            values: reader.values()?,
            registry: Registry::built_in(),
        })
    }

    pub(crate) fn world(&self, clock: &Clock) -> World<'_> {
        World {
            services: &self.services,
            prepare: &self.registry,
            values: &self.values,
            // Runs that exist have their own; what is asked for by hand leaves nothing to chance.
            seed: 0,
            now_ms: clock.now_ms(),
        }
    }
}
