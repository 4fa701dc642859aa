//! The names of rules and services, read again only when somebody changed them.

use std::sync::Arc;

use cuelight_runtime::store::{Names, Reader, StoreError};
use parking_lot::Mutex;

/// The names as they were read last.
#[derive(Debug, Default)]
pub(crate) struct KnownNames {
    known: Mutex<Option<Known>>,
}

#[derive(Debug)]
struct Known {
    /// Of rules and of services.
    revisions: (i64, i64),
    names: Arc<Names>,
}

impl KnownNames {
    /// The names as they are in the database.
    ///
    /// # Errors
    /// The database cannot be read.
    pub(super) fn as_they_are(&self, reader: &Reader) -> Result<Arc<Names>, StoreError> {
        let revisions = reader.revisions()?;
        let revisions = (revisions.rules, revisions.services);
        if let Some(known) = &*self.known.lock()
            && known.revisions == revisions
        {
            return Ok(Arc::clone(&known.names));
        }
        let names = Arc::new(reader.names()?);
        *self.known.lock() = Some(Known { revisions, names: Arc::clone(&names) });
        Ok(names)
    }
}
