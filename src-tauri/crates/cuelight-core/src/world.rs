//! What the steps of a run depend on beside the run itself.

use crate::action::Prepare;
use crate::facts::Values;
use crate::service::Services;

/// Everything that handing off a step depends on, at this moment.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// The services with their wishes.
    pub services: &'a Services,
    /// Turns actions into what their services need.
    pub prepare: &'a dyn Prepare,
    /// The counters and variables.
    pub values: &'a Values,
    /// Where chance comes from.
    pub seed: u64,
    /// Now, ms since 1970.
    pub now_ms: i64,
}
