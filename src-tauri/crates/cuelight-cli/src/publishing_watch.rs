//! Publishing beside a capture: how it goes, and what it came to.

use std::time::Duration;

use cuelight_app::live::PublishingView;
use cuelight_runtime::publish::{PublishHealth, Published, Publishing};
use cuelight_runtime::redis_stream::RedisStream;
use cuelight_runtime::report::story::Language;
use cuelight_runtime::report::texts::{Text, tell};
use tokio::sync::watch;

use crate::console::{TextTo, tell_error};
use crate::failure::Failure;
use crate::interrupts::Interrupts;

/// How long the end of a capture waits for Redis to take what is left; a restart of the server fits in.
const PATIENCE: Duration = Duration::from_secs(5);

/// Watches publishing, where something is published.
pub(crate) struct PublishingWatch {
    publisher: Option<Publisher>,
    language: Language,
}

/// Who publishes.
enum Publisher {
    /// This command.
    Ours(Publishing),
    /// The live that it watches.
    TheLives(PublishingView),
}

impl Publisher {
    fn health(&mut self) -> &mut watch::Receiver<PublishHealth> {
        match self {
            Self::Ours(publishing) => &mut publishing.health,
            Self::TheLives(publishing) => &mut publishing.health,
        }
    }

    fn destination(&self) -> &RedisStream {
        match self {
            Self::Ours(publishing) => &publishing.destination,
            Self::TheLives(publishing) => &publishing.destination,
        }
    }
}

impl PublishingWatch {
    /// Watches what this command publishes.
    pub(crate) fn new(publishing: Option<Publishing>, language: Language) -> Self {
        Self { publisher: publishing.map(Publisher::Ours), language }
    }

    /// Watches what is published beside a live.
    pub(crate) fn beside(publishing: Option<PublishingView>, language: Language) -> Self {
        Self { publisher: publishing.map(Publisher::TheLives), language }
    }

    /// Waits until events cannot be published, or can again; for ever where nothing is published.
    pub(crate) async fn changed(&mut self) {
        if let Some(publisher) = &mut self.publisher
            && publisher.health().changed().await.is_ok()
        {
            return;
        }
        std::future::pending().await
    }

    /// Tells how it goes.
    pub(crate) fn tell_health(&mut self) {
        let Some(publisher) = &mut self.publisher else { return };
        let place = publisher.destination().place();
        let say = |text, cause: &str| tell_error(&tell(self.language, text, &[("place", &place), ("cause", cause)]));
        match &*publisher.health().borrow_and_update() {
            PublishHealth::Unreachable { cause } => say(Text::PublishUnreachable, cause),
            PublishHealth::Refused { cause } => say(Text::PublishRefused, cause),
            PublishHealth::Publishing => say(Text::PublishAgain, ""),
        }
    }

    /// Gives it a moment for what is left after the capture has ended, and tells what it came to. Who cannot wait for it is
    /// heard.
    pub(crate) async fn finish(self, interrupts: &mut Interrupts, text: TextTo) -> Result<(), Failure> {
        let Self { publisher, language } = self;
        let Some(publisher) = publisher else { return Ok(()) };
        let (key, place) = (publisher.destination().key(), publisher.destination().place());
        let interrupted = async {
            interrupts.next().await;
            interrupts.say_stopping();
        };
        let published = match publisher {
            Publisher::Ours(publishing) => {
                let patience = async {
                    // Either is the end of it.
                    let _ = tokio::time::timeout(PATIENCE, interrupted).await;
                };
                Some(publishing.finish(patience).await?)
            }
            // The live has a patience of its own.
            Publisher::TheLives(publishing) => publishing.finish(interrupted).await?,
        };
        let Some(Published { published, missing }) = published else { return Ok(()) };
        let values = [("published", &*published.to_string()), ("key", &key), ("place", &place)];
        text.line(&tell(language, Text::PublishPublished, &values));
        if missing > 0 {
            let missing = tell(language, Text::PublishMissing, &[("missing", &missing.to_string())]);
            tell_error(&format!("{missing}\n   {}", tell(language, Text::PublishAdviseExport, &[])));
        }
        Ok(())
    }
}
