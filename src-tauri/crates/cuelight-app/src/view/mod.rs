//! What screens show of events, jobs and services, read from the database as it is at one moment.

mod jobs;
mod lines;
mod midnight;
mod names;
mod services;

use std::sync::Arc;

use cuelight_runtime::actions::Registry;
use cuelight_runtime::store::{Names, Reader, StoreError};
use cuelight_runtime::worker::{Lateness, Statuses};

pub(crate) use self::lines::LINES_AT_ONCE;
pub(crate) use self::names::KnownNames;
use crate::app::App;
use crate::dto::{EventLine, Failure, NowAndNext, ServiceStatus};
use crate::pictures::Pictures;

/// One moment of the database, with what else is needed to show it.
pub(crate) struct View<'a> {
    reader: &'a Reader,
    names: Arc<Names>,
    registry: &'a Registry,
    pictures: &'a Pictures,
    now_ms: i64,
    statuses: Statuses,
    lateness: Lateness,
}

impl App {
    /// Looks at the database as it is at one moment, away from the tasks that must not wait.
    ///
    /// # Errors
    /// The database cannot be read.
    pub(crate) async fn view<T: Send + 'static>(
        &self,
        look: impl FnOnce(&View<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Failure> {
        let (names, registry) = (Arc::clone(&self.names), Arc::clone(&self.registry));
        let pictures = self.pictures.clone();
        let workers = &self.engine.workers;
        let (statuses, lateness) = (workers.statuses().borrow().clone(), workers.lateness().borrow().clone());
        let now_ms = self.clock.now_ms();
        self.read(move |reader| {
            reader.at_one_moment(|reader| {
                let names = names.as_they_are(reader)?;
                look(&View { reader, names, registry: &registry, pictures: &pictures, now_ms, statuses, lateness })
            })
        })
        .await
    }

    /// The newest `limit` lines of the open session, oldest first; none where none is open.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn lines_of_open_session(&self, limit: u32) -> Result<Vec<EventLine>, Failure> {
        self.view(move |view| view.lines_of_open_session(limit)).await
    }

    /// How all services stand, in the order in which people see them.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn statuses(&self) -> Result<Vec<ServiceStatus>, Failure> {
        self.view(|view| view.statuses(|_| true)).await
    }

    /// What runs and what comes next over all services, the most urgent first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn now_and_next(&self) -> Result<NowAndNext, Failure> {
        self.view(|view| view.now_and_next()).await
    }
}
