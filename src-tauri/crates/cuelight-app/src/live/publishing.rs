//! Publishing beside a capture: how it goes, and the time that it gets at the end.

use std::time::Duration;

use cuelight_runtime::publish::{PublishHealth, Published, Publishing};
use cuelight_runtime::store::StoreError;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::witness::PublishingView;

/// How long the end of a live waits for Redis to take what is left; a restart of the server fits in.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// Publishing at work beside a capture.
#[derive(Debug)]
pub(super) struct PublishingBeside {
    publishing: Publishing,
    /// Cancelled by a witness who cannot wait.
    hurry: CancellationToken,
    witness: Option<oneshot::Sender<Result<Published, StoreError>>>,
}

impl PublishingBeside {
    pub(super) fn new(publishing: Publishing) -> Self {
        Self { publishing, hurry: CancellationToken::new(), witness: None }
    }

    /// A view of it for a witness, who hears what it came to.
    pub(super) fn view(&mut self) -> PublishingView {
        let (told, outcome) = oneshot::channel();
        self.witness = Some(told);
        let (health, destination) = (self.publishing.health.clone(), self.publishing.destination.clone());
        PublishingView { health, destination, hurry: self.hurry.clone(), outcome }
    }

    /// How it goes.
    pub(super) fn health(&self) -> PublishHealth {
        self.publishing.health.borrow().clone()
    }

    /// Waits until it goes otherwise; for ever once it has ended.
    pub(super) async fn changed(&mut self) {
        if self.publishing.health.changed().await.is_err() {
            std::future::pending().await
        }
    }

    /// Lets Redis take what is left of a capture that has ended.
    pub(super) async fn finish(self) {
        let Self { publishing, hurry, witness } = self;
        let patience = async {
            // Either is the end of it.
            let _ = tokio::time::timeout(PATIENCE, hurry.cancelled()).await;
        };
        let outcome = publishing.finish(patience).await;
        match &outcome {
            Ok(published) if published.missing > 0 => {
                tracing::warn!(published = published.published, missing = published.missing, "Redis did not take all");
            }
            Ok(published) => tracing::info!(published = published.published, "events were published"),
            Err(error) => tracing::error!(%error, "how much was published is not known"),
        }
        if let Some(witness) = witness {
            // Whoever watched may be gone.
            let _ = witness.send(outcome);
        }
    }

    /// Ends it where nothing came that could be published.
    pub(super) async fn drop_unused(self) {
        self.hurry.cancel();
        self.finish().await;
    }
}
