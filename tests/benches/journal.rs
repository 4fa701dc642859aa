//! What a program under measurement has made safe so far, read beside it.

use std::ops::ControlFlow;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use cuelight_core::event::EventType;
use cuelight_core::id::MsgId;
use cuelight_core::totals::SessionTotals;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::store::{self, Reader, StoreError, StoredSession};

/// How long anything may take before the measurement is given up.
const PATIENCE: Duration = Duration::from_secs(120);

/// How often the journal is looked at.
const GLANCE_EVERY: Duration = Duration::from_millis(5);

/// The newest session of a data folder.
pub(crate) struct Journal {
    pub(crate) reader: Reader,
}

impl Journal {
    /// Waits until the folder has a session, then reads that.
    pub(crate) fn of(folder: &Path) -> Self {
        let folder = DataFolder::new(folder);
        let end = Instant::now() + PATIENCE;
        loop {
            // While the program makes the database, it is not to be touched.
            let reader = folder.database().exists().then(|| {
                store::open_beside_engine(&folder, &Clock::system()).ok().and_then(|(store, _)| store.reader().ok())
            });
            if let Some(reader) = reader.flatten()
                && reader.sessions().is_ok_and(|sessions| !sessions.is_empty())
            {
                return Self { reader };
            }
            assert!(Instant::now() < end, "the program opened no session within {PATIENCE:?}");
            sleep(GLANCE_EVERY);
        }
    }

    /// Waits until that many events are safe; gives the moment, and calls `meanwhile` at every look.
    pub(crate) fn wait_for(&self, events: u64, mut meanwhile: impl FnMut()) -> (Instant, SessionTotals) {
        let end = Instant::now() + PATIENCE;
        loop {
            let totals = self.session().totals;
            let now = Instant::now();
            meanwhile();
            if totals.journaled >= events {
                return (now, totals);
            }
            assert!(now < end, "{} of {events} events were safe after {PATIENCE:?}", totals.journaled);
            sleep(GLANCE_EVERY);
        }
    }

    /// The messages in the journal, in its order.
    pub(crate) fn messages(&self) -> Vec<(EventType, MsgId)> {
        let mut messages = Vec::new();
        let read = self.reader.for_each_event(self.session().id, 0, |stored| {
            let event = stored.to_event().expect("a stored event reads back");
            let event_type = event.event_type();
            messages.extend(event.stamp.msg_id.map(|msg_id| (event_type, msg_id)));
            Ok::<_, StoreError>(ControlFlow::Continue(()))
        });
        read.expect("the journal can be read");
        messages
    }

    pub(crate) fn session(&self) -> StoredSession {
        let sessions = self.reader.sessions().expect("the journal can be read");
        sessions.into_iter().next().expect("there is a session")
    }
}
