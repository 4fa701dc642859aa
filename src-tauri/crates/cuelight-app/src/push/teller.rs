//! Turns marks into batches: at most one a frame, each read from one moment of the database.

use std::sync::{Arc, Weak};
use std::time::Duration;

use cuelight_runtime::store::{Lines, StoreError};
use tokio::time::{Instant, sleep_until, timeout_at};

use super::{FRAME, Gathered, Push};
use crate::app::App;
use crate::dto::{Failure, PushBatch, Settings};
use crate::view::View;

/// The time between two looks at all but new events: a job that takes less is told once, as ended, and no sum changes faster than
/// people read.
const SLOW: Duration = Duration::from_millis(100);

/// Events of one batch: more than a screen has lines are read from the journal when somebody scrolls.
const LINES: u32 = 200;

/// Tells what was gathered.
pub(super) struct Teller {
    app: Weak<App>,
    push: Push,
}

impl Teller {
    pub(super) fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::downgrade(app), push: app.push.clone() }
    }

    /// Tells until the app is gone.
    pub(super) async fn run(self) {
        let mut waiting = Gathered::default();
        let mut slow_from = Instant::now();
        loop {
            waiting.add(self.gathered(waiting.has_slow().then_some(slow_from)).await);
            let now = Instant::now();
            let due = waiting.take_due(now >= slow_from);
            if due.has_slow() {
                slow_from = now + SLOW;
            }
            if due != Gathered::default() {
                let Some(app) = self.app.upgrade() else { return };
                self.tell(&app, due).await;
            }
            sleep_until(now + FRAME).await;
        }
    }

    /// What was gathered by then, or as soon as something was.
    async fn gathered(&self, until: Option<Instant>) -> Gathered {
        match until {
            Some(until) => timeout_at(until, self.push.take()).await.unwrap_or_default(),
            None => self.push.take().await,
        }
    }

    async fn tell(&self, app: &App, due: Gathered) {
        if !self.push.is_heard() {
            return;
        }
        if due.too_much {
            self.push.leave_hole();
        }
        match gather(app, due).await {
            Ok(batch) if batch == PushBatch::default() => {}
            Ok(batch) => self.push.tell(batch),
            Err(failure) => {
                tracing::warn!(%failure, "what changed could not be read; it is asked for anew");
                self.push.leave_hole();
            }
        }
    }
}

/// Brings together what is only marked.
async fn gather(app: &App, due: Gathered) -> Result<PushBatch, Failure> {
    let live = if due.live { Some(app.live_status().await?) } else { None };
    let health = if due.health { Some(app.healths().await) } else { None };
    let settings = due.settings.then(|| Settings::from(&*app.settings.borrow()));
    let read = app.view(move |view| read(view, due)).await?;
    Ok(PushBatch { live, health, settings, ..read })
}

/// Reads what stands in the database.
fn read(view: &View<'_>, mut due: Gathered) -> Result<PushBatch, StoreError> {
    let mut batch = PushBatch {
        rulebook_revision: due.rulebook_revision,
        services_revision: due.services_revision,
        undo: due.undo.take(),
        caught: due.caught.take(),
        banner: due.banner.take(),
        ..PushBatch::default()
    };
    if let Some(new) = due.lines {
        batch.lines = view.lines(Lines::All, new.first, new.last, LINES)?;
        let missed = new.count.saturating_sub(batch.lines.len() as u64);
        batch.missed_lines = (missed > 0).then_some(missed);
    }
    let mut changed = due.outcomes;
    changed.extend(view.events_of_jobs(&due.jobs)?);
    // What is told as a new line says it already.
    batch.lines.iter().for_each(|line| {
        changed.remove(&line.id());
    });
    batch.outcomes = view.outcomes(&changed)?;
    // With the list come all of them, so that one that is gone is not kept by who shows them.
    let all = due.all_services || due.services_revision.is_some();
    if all || !due.services.is_empty() {
        batch.services = view.statuses(|service| all || due.services.contains(service))?;
    }
    if due.now_and_next {
        batch.now_and_next = Some(view.now_and_next()?);
    }
    Ok(batch)
}
