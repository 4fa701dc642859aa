//! Events that somebody brings up from outside, for the lane of an open session.

use cuelight_core::id::SessionId;
use serde_json::{Map, Value};

use super::{QueueTransaction, Touched};
use crate::store::StoreError;
use crate::store::emitted::{self, Emission};

impl QueueTransaction<'_> {
    /// Leaves an event for the lane of that session, which answers it once; false where that session is not the open one.
    ///
    /// # Errors
    /// The database refused.
    pub fn emit_for(
        &mut self,
        session: SessionId,
        name: &str,
        fields: &Map<String, Value>,
    ) -> Result<(bool, Touched), StoreError> {
        self.deed(|queues| {
            if emitted::taker(queues.connection)? != Some(session) {
                return Ok(false);
            }
            let event = Emission::Event { name: name.to_owned(), fields: fields.clone() };
            // No rule led to it.
            emitted::add(queues.connection, session, 0, &event)?;
            queues.touched.emitted = true;
            Ok(true)
        })
    }
}
