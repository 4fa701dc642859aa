//! Takes over settings that another process saved, such as `cuelight config set` beside the window.

use std::sync::{Arc, Weak};
use std::time::Duration;

use cuelight_core::settings::Settings;
use cuelight_runtime::store::{Reader, StoreError};
use tokio::time::MissedTickBehavior;

use crate::app::App;
use crate::dto::Failure;

/// How often it is looked whether somebody else saved some, whoever listens: SQLite has no way to wait for that.
const LOOK: Duration = Duration::from_secs(1);

/// Follows what is saved.
pub(super) struct SettingsFollower {
    app: Weak<App>,
    reader: Reader,
    /// What was stored when it was last looked.
    stored: Settings,
    /// Up to where the database was looked at.
    version: Option<i64>,
}

impl SettingsFollower {
    pub(super) fn new(app: &Arc<App>) -> Result<Self, StoreError> {
        let (reader, stored) = (app.store().reader()?, app.settings.borrow().clone());
        Ok(Self { app: Arc::downgrade(app), reader, stored, version: None })
    }

    /// Follows until the app is gone.
    pub(super) async fn run(mut self) {
        let mut interval = tokio::time::interval(LOOK);
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            interval.tick().await;
            let looking = tokio::task::spawn_blocking(move || {
                let found = self.look();
                (self, found)
            });
            let Ok((kept, found)) = looking.await else { return };
            self = kept;
            let taken_over = match found {
                Ok(None) => Ok(()),
                Ok(Some(stored)) => match self.app.upgrade() {
                    // What could not be taken over is found again.
                    Some(app) => take_over(&app).await.map(|()| self.stored = stored),
                    None => return,
                },
                Err(error) => Err(error.into()),
            };
            if let Err(failure) = taken_over {
                tracing::warn!(%failure, "what others set could not be read");
            }
        }
    }

    /// What is stored, where that is something else than before.
    fn look(&mut self) -> Result<Option<Settings>, StoreError> {
        let version = Some(self.reader.data_version()?);
        if version == self.version {
            return Ok(None);
        }
        let stored = self.reader.settings()?;
        let is_new = stored != self.stored;
        self.version = version.filter(|_| !is_new);
        Ok(is_new.then_some(stored))
    }
}

/// Tells the settings as they are stored, unless who saved them has told them by now.
async fn take_over(app: &App) -> Result<(), Failure> {
    let _turn = app.saving_settings.lock().await;
    let stored = app.read(Reader::settings).await?;
    let is_new = app.settings.send_if_modified(|told| {
        let is_new = *told != stored;
        *told = stored;
        is_new
    });
    if is_new {
        app.push.note(|gathered| gathered.settings = true);
    }
    Ok(())
}
