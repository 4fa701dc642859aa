//! The page that hears what changed: from the moment at which it asked, or at which there is an app to hear.

use std::sync::{Mutex, MutexGuard, PoisonError};

use cuelight_app::Door;
use cuelight_app::push::PushReader;
use tauri::async_runtime::{self, JoinHandle};
use tauri::ipc::{Channel, InvokeResponseBody};
use tokio::sync::watch;

/// The one page, and the app as soon as there is one.
pub(crate) struct Hearing {
    begun: watch::Sender<Option<Door>>,
    page: Mutex<Page>,
}

enum Page {
    Gone,
    /// It asked before the app had begun.
    Waits(Channel),
    Hears(JoinHandle<()>),
}

impl Hearing {
    /// Neither an app nor a page.
    pub(crate) fn new() -> Self {
        Self { begun: watch::Sender::new(None), page: Mutex::new(Page::Gone) }
    }

    /// The app has begun; a page that waits hears all of it, since nobody was told before this returns.
    pub(crate) fn begin(&self, door: &Door) {
        let mut page = self.page();
        self.begun.send_replace(Some(door.clone()));
        *page = match std::mem::replace(&mut *page, Page::Gone) {
            Page::Waits(channel) => hears(door, channel),
            page @ (Page::Gone | Page::Hears(_)) => page,
        };
    }

    /// The door, as soon as the app has begun.
    pub(crate) async fn when_begun(&self) -> Door {
        let mut begun = self.begun.subscribe();
        loop {
            if let Some(door) = &*begun.borrow_and_update() {
                return door.clone();
            }
            begun.changed().await.expect("the sender outlives whoever asks it");
        }
    }

    /// Tells the page every batch from now on; the one before it is told nothing any more.
    pub(crate) fn hear(&self, channel: Channel) {
        let mut page = self.page();
        let next = match &*self.begun.borrow() {
            Some(door) => hears(door, channel),
            None => Page::Waits(channel),
        };
        replace(&mut page, next);
    }

    /// Nobody hears any more: the window is gone.
    pub(crate) fn stop(&self) {
        replace(&mut self.page(), Page::Gone);
    }

    fn page(&self) -> MutexGuard<'_, Page> {
        self.page.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn replace(page: &mut Page, next: Page) {
    match std::mem::replace(page, next) {
        Page::Hears(earlier) => earlier.abort(),
        Page::Gone | Page::Waits(_) => {}
    }
}

/// Listening comes first: what is pushed before the task runs must not be missed.
fn hears(door: &Door, channel: Channel) -> Page {
    Page::Hears(async_runtime::spawn(forward(door.listen(), channel)))
}

/// Sends the page what changes until it is gone.
async fn forward(mut batches: PushReader, channel: Channel) {
    while let Some(batch) = batches.next().await {
        let sent = match serde_json::to_string(&*batch) {
            Ok(text) => channel.send(InvokeResponseBody::Json(text)).is_ok(),
            Err(error) => {
                tracing::error!(%error, "a push batch could not be written");
                // The page sees the hole by the numbers and asks for everything anew.
                true
            }
        };
        if !sent {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use cuelight_app::App;
    use cuelight_app::shell::NoShell;
    use cuelight_runtime::clock::Clock;
    use cuelight_runtime::paths::DataFolder;

    use super::*;

    /// Whether a page hears as soon as both are done, in this order.
    #[track_caller]
    fn check(first: impl FnOnce(&Hearing, &Door), then: impl FnOnce(&Hearing, &Door), why: &str) {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::new(place.path().join("data"));
        folder.create().expect("it can be made");
        async_runtime::block_on(async {
            let app = App::begin(&folder, Clock::system(), Arc::new(NoShell)).expect("it begins");
            let (hearing, door) = (Hearing::new(), Door::new(Arc::clone(&app)));
            first(&hearing, &door);
            assert!(!app.push.is_heard(), "half of it is missing");
            then(&hearing, &door);
            assert!(app.push.is_heard(), "{why}");
            app.end().await;
        });
    }

    #[test]
    fn a_page_hears_from_the_moment_at_which_its_wish_was_answered() {
        let begin = Hearing::begin;
        let hear = |hearing: &Hearing, _: &Door| hearing.hear(Channel::new(|_| Ok(())));
        check(begin, hear, "nothing is missed between the answer and the first batch");
        check(hear, begin, "nor between the beginning of the app and the first batch");
    }
}
