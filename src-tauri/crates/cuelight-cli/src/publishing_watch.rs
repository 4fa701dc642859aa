//! Publishing beside a capture: how it goes, and what it came to.

use std::time::Duration;

use cuelight_app::live::PublishingView;
use cuelight_runtime::publish::{Destination, PublishHealth, Published, Publishing};
use cuelight_runtime::store::StoreError;
use tokio::sync::watch;

use crate::console::{TextTo, tell_error};
use crate::failure::Failure;
use crate::interrupts::Interrupts;

/// How long the end of a capture waits for Redis to take what is left; a restart of the server fits in.
const PATIENCE: Duration = Duration::from_secs(5);

/// Watches publishing, where something is published.
pub(crate) struct PublishingWatch {
    publishing: Option<AtWork>,
}

struct AtWork {
    health: watch::Receiver<PublishHealth>,
    destination: Destination,
    whose: Whose,
}

/// Who publishes.
enum Whose {
    /// This command.
    Ours(Publishing),
    /// The live that it watches.
    TheLives(PublishingView),
}

impl PublishingWatch {
    /// Watches what this command publishes.
    pub(crate) fn new(publishing: Option<Publishing>) -> Self {
        Self {
            publishing: publishing.map(|publishing| AtWork {
                health: publishing.health.clone(),
                destination: publishing.destination.clone(),
                whose: Whose::Ours(publishing),
            }),
        }
    }

    /// Watches what is published beside a live.
    pub(crate) fn beside(publishing: Option<PublishingView>) -> Self {
        Self {
            publishing: publishing.map(|publishing| AtWork {
                health: publishing.health.clone(),
                destination: publishing.destination.clone(),
                whose: Whose::TheLives(publishing),
            }),
        }
    }

    /// Waits until events cannot be published, or can again; for ever where nothing is published.
    pub(crate) async fn changed(&mut self) {
        if let Some(publishing) = &mut self.publishing
            && publishing.health.changed().await.is_ok()
        {
            return;
        }
        std::future::pending().await
    }

    /// Tells how it goes.
    pub(crate) fn tell_health(&mut self) {
        let Some(publishing) = &mut self.publishing else { return };
        let place = publishing.destination.place();
        tell_error(&match &*publishing.health.borrow_and_update() {
            PublishHealth::Unreachable { cause } => {
                format!("⚠️ Redis at {place} does not answer ({cause}); events wait in the journal")
            }
            PublishHealth::Refused { cause } => {
                format!("⚠️ Redis at {place} does not take events ({cause}); they wait in the journal")
            }
            PublishHealth::Publishing => format!("✅ Redis at {place} takes events again; nothing was lost"),
        });
    }

    /// Gives it a moment for what is left after the capture has ended, and tells what it came to.
    pub(crate) async fn finish(self, interrupts: &mut Interrupts, text: TextTo) -> Result<(), Failure> {
        let Some(AtWork { destination, whose, .. }) = self.publishing else { return Ok(()) };
        let (key, place) = (destination.key(), destination.place());
        let patience = async {
            tokio::select! {
                () = tokio::time::sleep(PATIENCE) => {}
                () = interrupts.next() => {}
            }
        };
        let Some(Published { published, missing }) = whose.finish(patience).await? else { return Ok(()) };
        text.line(&format!("📮 {published} events published to {key} at {place}"));
        if missing > 0 {
            tell_error(&format!(
                "⚠️ {missing} events were not published\n   They are in the journal: cuelight sessions export."
            ));
        }
        Ok(())
    }
}

impl Whose {
    async fn finish(self, patience: impl Future<Output = ()>) -> Result<Option<Published>, StoreError> {
        match self {
            Self::Ours(publishing) => publishing.finish(patience).await.map(Some),
            Self::TheLives(publishing) => publishing.finish(patience).await,
        }
    }
}
