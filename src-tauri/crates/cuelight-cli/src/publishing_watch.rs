//! Publishing beside a capture: how it goes, and what it came to.

use std::time::Duration;

use cuelight_runtime::publish::{PublishHealth, Published, Publishing};

use crate::console::{TextTo, tell_error};
use crate::failure::Failure;
use crate::interrupts::Interrupts;

/// How long the end of a capture waits for Redis to take what is left; a restart of the server fits in.
const PATIENCE: Duration = Duration::from_secs(5);

/// Watches publishing, where something is published.
pub(crate) struct PublishingWatch {
    publishing: Option<Publishing>,
}

impl PublishingWatch {
    pub(crate) fn new(publishing: Option<Publishing>) -> Self {
        Self { publishing }
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
        let Some(publishing) = self.publishing else { return Ok(()) };
        let (key, place) = (publishing.destination.key(), publishing.destination.place());
        let patience = async {
            tokio::select! {
                () = tokio::time::sleep(PATIENCE) => {}
                () = interrupts.next() => {}
            }
        };
        let Published { published, missing } = publishing.finish(patience).await?;
        text.line(&format!("📮 {published} events published to {key} at {place}"));
        if missing > 0 {
            tell_error(&format!(
                "⚠️ {missing} events were not published\n   They are in the journal: cuelight sessions export."
            ));
        }
        Ok(())
    }
}
