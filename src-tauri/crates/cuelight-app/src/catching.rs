//! *Catch the next gift*: the first gift that arrives while somebody waits for one is told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cuelight_core::event::{Body, Event};
use cuelight_core::id::GiftId;
use cuelight_runtime::store::{Store, StoreError};

use crate::dto;
use crate::gift_list::GiftList;
use crate::pictures::Pictures;
use crate::push::Push;

/// Waits for a gift while somebody wants it to; clones share it.
#[derive(Debug, Clone)]
pub struct Catching {
    waits: Arc<AtomicBool>,
    store: Store,
    pictures: Pictures,
    push: Push,
}

impl Catching {
    pub(crate) fn new(store: Store, pictures: Pictures, push: Push) -> Self {
        Self { waits: Arc::default(), store, pictures, push }
    }

    /// The next gift is wanted.
    pub fn begin(&self) {
        self.waits.store(true, Ordering::Relaxed);
    }

    /// No gift is wanted any more.
    pub fn stop(&self) {
        self.waits.store(false, Ordering::Relaxed);
    }

    /// Whether a gift is wanted.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.waits.load(Ordering::Relaxed)
    }

    /// Shows it what was committed; it is quick, and takes the first gift that did not come from TikTok's history. To be called
    /// within the tasks of the app, for every event in order.
    pub fn offer(&self, event: &Event) {
        let Body::Gift(gift) = &event.body else { return };
        let is_caught = gift.gift.id != 0 && !event.stamp.history && self.waits.swap(false, Ordering::Relaxed);
        if !is_caught {
            return;
        }
        let (catching, id) = (self.clone(), gift.gift.id);
        tokio::task::spawn_blocking(move || match catching.read(id) {
            Ok(Some(gift)) => catching.push.note(|gathered| gathered.caught = Some(gift)),
            Ok(None) => tracing::error!(id, "a gift that came is not in the catalogue"),
            Err(error) => tracing::error!(%error, "the gift that came could not be read"),
        });
    }

    fn read(&self, id: GiftId) -> Result<Option<dto::Gift>, StoreError> {
        Ok(GiftList::read(&self.store.reader()?)?.one(id, &self.pictures))
    }
}
