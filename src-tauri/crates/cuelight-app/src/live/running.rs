//! A capture while it runs: begun, watched one thing at a time, and taken apart.

use std::sync::Arc;

use cuelight_core::signal::Signal;
use cuelight_runtime::feed::Committed;
use cuelight_runtime::publish::{Publication, PublishHealth, Selection};
use cuelight_runtime::runtime::{Capture, CaptureRequest};
use cuelight_runtime::secrets::Secret;
use cuelight_runtime::store::{Settings, Store, StoreError};
use tokio::sync::{mpsc, oneshot};

use super::course::Course;
use super::listed_gifts::ListedGifts;
use super::plan::{Plan, Publishes, not_readable};
use super::publishing::PublishingBeside;
use super::witness::{CaptureView, Ended};
use crate::app::App;
use crate::dto::{Failure, LiveSource};

/// A capture that runs.
pub(super) struct Running {
    pub(super) capture: Capture,
    pub(super) course: Course,
    /// The way to its lane for what is no event.
    pub(super) signals: mpsc::Sender<Signal>,
    pub(super) publishing: Option<PublishingBeside>,
    /// Why nothing is published although the settings want it.
    pub(super) not_published: Option<PublishHealth>,
    /// TikTok's own list of gifts, where somebody wants it.
    pub(super) listed_gifts: ListedGifts,
    /// Who watches waits for this.
    pub(super) witness: Option<oneshot::Sender<Ended>>,
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
        let source = plan.opening.open().map_err(|error| not_readable(&error))?;
        let settings = app.store().settings()?;
        let (publication, not_published) = match publication(plan, &settings, redis_password) {
            Ok(publication) => (publication, None),
            Err(refused) => (None, Some(refused)),
        };
        let (course, listed_gifts) = match plan.source {
            LiveSource::Tiktok => (Course::of_a_room(), ListedGifts::of(plan.creator.clone())),
            LiveSource::Tikfinity | LiveSource::Redis | LiveSource::Simulator | LiveSource::Recording => {
                (Course::of_a_feed(), ListedGifts::of(None))
            }
        };
        let (deciding, signals) = app.engine.deciding(plan.rules.clone(), app.clock.utc_offset_s())?;
        let request = CaptureRequest {
            source_name: plan.source_name.clone(),
            session_name: plan.session_name.clone(),
            settings,
            publication,
            deciding: Some(deciding),
        };
        let mut capture = app.runtime.capture(request, source)?;
        let publishing = capture.publishing.take().map(PublishingBeside::new);
        Ok(Self { capture, course, signals, publishing, not_published, listed_gifts, witness: None, is_stopped: false })
    }

    /// A view of it for a witness, who hears how it ends.
    ///
    /// # Errors
    /// The journal cannot be opened for reading.
    pub(super) fn view(&mut self, store: &Store) -> Result<CaptureView, Failure> {
        let (witness, ended) = oneshot::channel();
        let feed = self.capture.feed.another(store)?;
        self.witness = Some(witness);
        Ok(CaptureView {
            feed,
            status: self.capture.status.clone(),
            health: self.capture.health.clone(),
            publishing: self.publishing.as_mut().map(PublishingBeside::view),
            ended,
        })
    }

    /// Waits for the next thing. Dropped before it is ready, it has taken nothing.
    pub(super) async fn moved(&mut self) -> Moved {
        let published_otherwise = async {
            match &mut self.publishing {
                Some(publishing) => publishing.changed().await,
                None => std::future::pending().await,
            }
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
        let told = self.publishing.as_ref().map(PublishingBeside::health);
        told.or_else(|| self.not_published.clone())
    }
}

/// What is published, or why nothing is.
fn publication(
    plan: &Plan,
    settings: &Settings,
    redis_password: Option<&Secret>,
) -> Result<Option<Publication>, PublishHealth> {
    match &plan.publishes {
        Publishes::Nothing => Ok(None),
        Publishes::This(publication) => Ok(Some(Publication::clone(publication))),
        Publishes::AsSet => {
            let password = redis_password.map(Secret::expose);
            let wanted = Publication::wanted(None, Selection::Counted, &settings.connection, password);
            wanted.map_err(|error| {
                tracing::error!(%error, "nothing is published");
                PublishHealth::Refused { cause: error.to_string() }
            })
        }
    }
}
