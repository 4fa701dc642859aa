//! Marks what changes by itself: jobs that begin and end, services that stand otherwise, what others do to the database.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use cuelight_core::id::ServiceId;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::store::{Reader, StoreError};
use cuelight_runtime::worker::{Happened, Lateness, NewsReader, Statuses, Told, WorkNews};
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior};

use super::Push;
use super::look::{Changes, Look};
use crate::app::App;

/// How often it is looked at what was committed, while somebody listens; SQLite has no way to wait for it.
const LOOK: Duration = Duration::from_millis(100);

/// Looks between two times that the growing lateness of services is told: once a second, as people count.
const LATENESS: u32 = 10;

/// Watches what others tell.
pub(super) struct Watcher {
    push: Push,
    clock: Clock,
    news: NewsReader,
    statuses: watch::Receiver<Statuses>,
    lateness: watch::Receiver<Lateness>,
    known: Statuses,
    late: BTreeSet<ServiceId>,
    look: Option<(Reader, Look)>,
}

impl Watcher {
    pub(super) fn new(app: &Arc<App>) -> Result<Self, StoreError> {
        let workers = &app.engine.workers;
        let reader = app.store().reader()?;
        let look = Look::at(&reader, app.clock.now_ms())?;
        Ok(Self {
            push: app.push.clone(),
            clock: app.clock.clone(),
            news: workers.news(),
            statuses: workers.statuses(),
            lateness: workers.lateness(),
            known: Statuses::default(),
            late: BTreeSet::new(),
            look: Some((reader, look)),
        })
    }

    /// Watches until the workers have stopped.
    pub(super) async fn run(mut self) {
        let mut interval = tokio::time::interval(LOOK);
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut looks = 0_u32;
        loop {
            tokio::select! {
                told = self.news.next() => match told {
                    Some(Told::News(news)) => self.note_news(&news),
                    Some(Told::Missed(_)) => self.note_everything(),
                    None => return,
                },
                Ok(()) = self.statuses.changed() => self.note_statuses(),
                Ok(()) = self.lateness.changed() => self.note_lateness(),
                () = look_due(&self.push, &mut interval) => {
                    looks = looks.wrapping_add(1);
                    if looks.is_multiple_of(LATENESS) && !self.late.is_empty() {
                        self.push.note(|gathered| gathered.services.extend(self.late.iter().cloned()));
                    }
                    self.look().await;
                }
            }
        }
    }

    /// How a job ended is found in the database, together with what ended without a worker.
    fn note_news(&self, news: &WorkNews) {
        self.push.note(|gathered| {
            match news.happened {
                Happened::Started | Happened::StartedAgain | Happened::Retried { .. } => gathered.job(news.job),
                Happened::Ended(_) => {}
            }
            gathered.services.insert(news.service.clone());
            gathered.now_and_next = true;
        });
    }

    fn note_everything(&self) {
        self.push.note(|gathered| {
            gathered.all_services = true;
            gathered.now_and_next = true;
        });
    }

    fn note_statuses(&mut self) {
        let now = self.statuses.borrow_and_update().clone();
        let changed = now.iter().filter(|(service, status)| self.known.get(*service) != Some(*status));
        self.push.note(|gathered| gathered.services.extend(changed.map(|(service, _)| service.clone())));
        self.known = now;
    }

    fn note_lateness(&mut self) {
        let now: BTreeSet<ServiceId> = self.lateness.borrow_and_update().keys().cloned().collect();
        self.push.note(|gathered| gathered.services.extend(self.late.union(&now).cloned()));
        self.late = now;
    }

    async fn look(&mut self) {
        let Some((reader, mut look)) = self.look.take() else { return };
        let now_ms = self.clock.now_ms();
        let looking = tokio::task::spawn_blocking(move || {
            let changes = look.again(&reader, now_ms);
            ((reader, look), changes)
        });
        match looking.await {
            Ok((kept, changes)) => {
                self.look = Some(kept);
                match changes {
                    Ok(changes) => self.note_changes(changes),
                    Err(error) => tracing::warn!(%error, "could not look for what changed"),
                }
            }
            Err(error) => tracing::error!(%error, "looking for what changed broke off"),
        }
    }

    fn note_changes(&self, changes: Changes) {
        if changes == Changes::default() {
            return;
        }
        self.push.note(|gathered| {
            changes.ended.into_iter().for_each(|job| gathered.job(job));
            gathered.all_services |= changes.queues;
            gathered.services_revision = gathered.services_revision.max(changes.services_revision);
            gathered.now_and_next |= changes.queues || changes.services_revision.is_some();
            gathered.rulebook_revision = gathered.rulebook_revision.max(changes.rulebook_revision);
        });
    }
}

/// Waits until it is time to look; for ever while nobody listens.
async fn look_due(push: &Push, interval: &mut Interval) {
    push.heard().await;
    interval.tick().await;
}
