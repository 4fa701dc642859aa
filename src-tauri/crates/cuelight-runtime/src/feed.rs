//! What was committed, for everybody who watches: bounded, and never a reason for the journal to wait.

use std::sync::{Arc, OnceLock};

use cuelight_core::event::Event;
use cuelight_core::id::EventId;
use cuelight_core::limits;
use tokio::sync::broadcast;

use crate::store::{PAGE_EVENTS, Reader, Store, StoreError};

/// A committed event and its place in the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct Committed {
    /// Where it stands.
    pub id: EventId,
    /// What happened.
    pub event: Event,
}

/// The committing end.
#[derive(Debug, Clone)]
pub struct Feed {
    batches: broadcast::Sender<Arc<Vec<Committed>>>,
    first: Arc<OnceLock<EventId>>,
}

impl Default for Feed {
    fn default() -> Self {
        Self { batches: broadcast::Sender::new(limits::FEED_BATCHES), first: Arc::default() }
    }
}

impl Feed {
    /// Whether anybody watches.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        self.batches.receiver_count() > 0
    }

    /// Shows what one commit made safe; the events must be in the journal already.
    pub fn publish(&self, committed: Vec<Committed>) {
        let Some(first) = committed.first() else { return };
        self.first.get_or_init(|| first.id);
        // Nobody watches: nothing to tell.
        let _ = self.batches.send(Arc::new(committed));
    }

    /// Watches everything that is published from now on.
    ///
    /// # Errors
    /// The journal cannot be opened for reading.
    pub fn subscribe(&self, store: &Store) -> Result<FeedReader, StoreError> {
        Ok(FeedReader {
            batches: self.batches.subscribe(),
            first: self.first.clone(),
            journal: store.reader()?,
            last: None,
            is_behind: false,
        })
    }
}

/// One watcher; one that fell behind goes on from the journal, so it misses nothing.
#[derive(Debug)]
pub struct FeedReader {
    batches: broadcast::Receiver<Arc<Vec<Committed>>>,
    first: Arc<OnceLock<EventId>>,
    journal: Reader,
    last: Option<EventId>,
    is_behind: bool,
}

impl FeedReader {
    /// One more watcher of the same feed, who is shown everything from its first event on, whatever this one has seen.
    ///
    /// # Errors
    /// The journal cannot be opened for reading.
    pub fn another(&self, store: &Store) -> Result<Self, StoreError> {
        let (batches, first) = (self.batches.resubscribe(), self.first.clone());
        // What was published before stands in the journal.
        let is_behind = first.get().is_some();
        Ok(Self { batches, first, journal: store.reader()?, last: None, is_behind })
    }

    /// The next events in order, or `None` when nothing more will come.
    ///
    /// # Errors
    /// The journal could not be read while catching up.
    pub async fn next(&mut self) -> Result<Option<Arc<Vec<Committed>>>, StoreError> {
        loop {
            if self.is_behind {
                match self.catch_up()? {
                    Some(page) => return Ok(Some(page)),
                    None => self.is_behind = false,
                }
            }
            let batch = match self.batches.recv().await {
                Ok(batch) => batch,
                Err(broadcast::error::RecvError::Lagged(_)) => {
                    self.is_behind = true;
                    continue;
                }
                Err(broadcast::error::RecvError::Closed) => return Ok(None),
            };
            let (Some(first), Some(last)) = (batch.first(), batch.last()) else { continue };
            let seen = self.seen();
            if last.id <= seen {
                continue;
            }
            if first.id.session != seen.session {
                self.last = Some(EventId { session: first.id.session, number: 0 });
            }
            if first.id.number == self.seen().number + 1 {
                self.last = Some(last.id);
                return Ok(Some(batch));
            }
            // A hole or an overlap: the journal has all of it, in order.
            self.is_behind = true;
        }
    }

    fn catch_up(&mut self) -> Result<Option<Arc<Vec<Committed>>>, StoreError> {
        let seen = self.seen();
        let page = self.journal.events_after(seen.session, seen.number, PAGE_EVENTS)?;
        let Some(last) = page.last() else { return Ok(None) };
        self.last = Some(EventId { number: last.number, ..seen });
        let mut committed = Vec::with_capacity(page.len());
        for stored in page {
            match stored.to_event() {
                Ok(event) => committed.push(Committed { id: EventId { number: stored.number, ..seen }, event }),
                Err(error) => tracing::error!(number = stored.number, %error, "a stored event could not be read"),
            }
        }
        Ok(Some(Arc::new(committed)))
    }

    /// The event before the first one that is still to be shown.
    fn seen(&self) -> EventId {
        self.last.unwrap_or_else(|| match self.first.get() {
            Some(first) => EventId { number: first.number - 1, ..*first },
            None => EventId::from_key(0),
        })
    }
}
