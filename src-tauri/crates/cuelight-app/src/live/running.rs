//! A capture while it runs: begun, watched one thing at a time, and taken apart.

use std::sync::Arc;
use std::time::Duration;

use cuelight_core::signal::Signal;
use cuelight_runtime::equipped::Equipment;
use cuelight_runtime::feed::Committed;
use cuelight_runtime::publish::{Publication, PublishHealth, Publishing, Selection};
use cuelight_runtime::runtime::{Capture, CaptureRequest, JournalError};
use cuelight_runtime::secrets::Secret;
use cuelight_runtime::store::StoreError;
use tokio::sync::mpsc;

use super::course::Course;
use super::listed_gifts::ListedGifts;
use super::plan::Plan;
use crate::app::App;
use crate::dto::{Failure, FailureCode};

/// How long the end of a live waits for Redis to take what is left; a restart of the server fits in.
const PATIENCE: Duration = Duration::from_secs(5);

/// A capture that runs.
pub(super) struct Running {
    pub(super) capture: Capture,
    pub(super) course: Course,
    /// The way to its lane for what is no event.
    pub(super) signals: mpsc::Sender<Signal>,
    pub(super) publishing: Option<Publishing>,
    /// Why nothing is published although the settings want it.
    pub(super) not_published: Option<PublishHealth>,
    /// TikTok's own list of gifts, where somebody wants it.
    pub(super) listed_gifts: ListedGifts,
    /// Somebody ended it.
    pub(super) is_stopped: bool,
}

/// What happened to a capture.
pub(super) enum Moved {
    /// Its source is at another place.
    Status,
    /// The disk or publishing stand otherwise.
    Health,
    /// Events were committed.
    Committed(Arc<Vec<Committed>>),
    /// Nothing more will come, or nothing more can be read.
    Over(Option<StoreError>),
}

impl Running {
    /// Begins the capture, on the tasks of the runtime that this is called in; it opens files.
    ///
    /// # Errors
    /// The source or the database cannot be opened.
    pub(super) fn begin(plan: &Plan, redis_password: Option<&Secret>, app: &App) -> Result<Self, Failure> {
        let equipment = Equipment::of_this_machine(app.store().clone(), app.secrets.clone(), app.tiktok.clone());
        let source = plan.open(equipment, app.clock.now_ms().unsigned_abs())?;
        let settings = app.store().settings()?;
        let (publication, not_published, course) = match plan {
            Plan::Tiktok(_) => match Publication::wanted(
                None,
                Selection::Counted,
                &settings.connection,
                redis_password.map(Secret::expose),
            ) {
                Ok(publication) => (publication, None, Course::of_a_room()),
                Err(error) => {
                    tracing::error!(%error, "nothing is published");
                    let refused = PublishHealth::Refused { cause: error.to_string() };
                    (None, Some(refused), Course::of_a_room())
                }
            },
            // What was invented or is old is nothing for others.
            Plan::Scenario { .. } | Plan::Recording { .. } => (None, None, Course::of_a_rehearsal()),
        };
        let (deciding, signals) = app.engine.deciding(None, app.clock.utc_offset_s())?;
        let source_name = plan.source_name();
        let request =
            CaptureRequest { source_name, session_name: None, settings, publication, deciding: Some(deciding) };
        let mut capture = app.runtime.capture(request, source)?;
        let publishing = capture.publishing.take();
        let listed_gifts = ListedGifts::default();
        Ok(Self { capture, course, signals, publishing, not_published, listed_gifts, is_stopped: false })
    }

    /// Waits for the next thing. Dropped before it is ready, it has taken nothing.
    pub(super) async fn moved(&mut self) -> Moved {
        let published_otherwise = async {
            if let Some(publishing) = &mut self.publishing
                && publishing.health.changed().await.is_ok()
            {
                return;
            }
            std::future::pending().await
        };
        tokio::select! {
            biased;
            Ok(()) = self.capture.status.changed() => Moved::Status,
            Ok(()) = self.capture.health.changed() => Moved::Health,
            () = published_otherwise => Moved::Health,
            events = self.capture.feed.next() => match events {
                Ok(Some(events)) => Moved::Committed(events),
                Ok(None) => Moved::Over(None),
                Err(error) => Moved::Over(Some(error)),
            },
        }
    }

    /// Takes what the source says now.
    pub(super) fn take_status(&mut self, now_ms: i64) {
        let heard_ms = self.capture.contact.heard_ms();
        let status = self.capture.status.borrow_and_update().clone();
        self.course.take_status(&status, heard_ms, now_ms);
    }

    /// How publishing goes.
    pub(super) fn publish_health(&self) -> Option<PublishHealth> {
        let told = self.publishing.as_ref().map(|publishing| publishing.health.borrow().clone());
        told.or_else(|| self.not_published.clone())
    }
}

/// Lets Redis take what is left of a capture that has ended.
pub(super) async fn publish_rest(publishing: Publishing) {
    match publishing.finish(tokio::time::sleep(PATIENCE)).await {
        Ok(published) if published.missing > 0 => {
            tracing::warn!(published = published.published, missing = published.missing, "Redis did not take all");
        }
        Ok(published) => tracing::info!(published = published.published, "events were published"),
        Err(error) => tracing::error!(%error, "how much was published is not known"),
    }
}

/// Why the journal ended before its capture.
pub(super) fn not_journaled(error: JournalError) -> Failure {
    match error {
        JournalError::Store(error) => error.into(),
        error @ (JournalError::Thread(_) | JournalError::BrokeOff) => {
            Failure::new(FailureCode::Defect, error.to_string())
        }
    }
}
