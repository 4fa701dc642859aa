//! The page's two ways in: a command that asks, a channel that hears; and the app behind them, once it has begun.

use std::sync::Arc;

use cuelight_app::dto::{CallerRole, Failure, FailureCode};
use cuelight_app::server::{Serving, Wish};
use cuelight_app::{App, Door};
use cuelight_runtime::clock::Clock;
use cuelight_runtime::paths::DataFolder;
use serde_json::Value;
use tauri::State;
use tauri::ipc::Channel;

use crate::hearing::Hearing;
use crate::shell::DesktopShell;
use crate::trouble;

/// The command that fills the window; where the app could not begin, it tries once more.
const OPEN: &str = "open";

/// Carries out a command of the door for the page.
#[tauri::command]
pub(crate) async fn rpc(bridge: State<'_, Bridge>, command: String, input: Value) -> Result<Value, Failure> {
    let door = if command == OPEN { bridge.begin().await? } else { bridge.door().await? };
    door.call(CallerRole::Window, &command, input).await
}

/// Tells the page from now on what changed; a page that was loaded anew takes the place of the one before.
#[tauri::command]
pub(crate) fn push(bridge: State<'_, Bridge>, channel: Channel) {
    bridge.hearing.hear(channel);
}

/// The app, or why there is none.
pub(crate) struct Bridge {
    folder: Result<DataFolder, Failure>,
    shell: Arc<DesktopShell>,
    stage: tokio::sync::Mutex<Stage>,
    hearing: Hearing,
}

enum Stage {
    NotBegun,
    Begun(Door, Serving),
    Refused(Failure),
    Ended,
}

impl Bridge {
    /// A bridge to the app of that folder, which has not begun.
    pub(crate) fn new(folder: Result<DataFolder, Failure>, shell: Arc<DesktopShell>) -> Self {
        Self { folder, shell, stage: tokio::sync::Mutex::new(Stage::NotBegun), hearing: Hearing::new() }
    }

    /// The door of the app, which begins if nobody tried before.
    pub(crate) async fn door(&self) -> Result<Door, Failure> {
        let mut stage = self.stage.lock().await;
        match &*stage {
            Stage::Begun(door, _) => Ok(door.clone()),
            Stage::Refused(failure) => Err(failure.clone()),
            Stage::Ended => Err(ended()),
            Stage::NotBegun => self.try_to_begin(&mut stage).await,
        }
    }

    /// The same, but what was refused before is tried again.
    async fn begin(&self) -> Result<Door, Failure> {
        let mut stage = self.stage.lock().await;
        match &*stage {
            Stage::Begun(door, _) => Ok(door.clone()),
            Stage::Ended => Err(ended()),
            Stage::NotBegun | Stage::Refused(_) => self.try_to_begin(&mut stage).await,
        }
    }

    async fn try_to_begin(&self, stage: &mut Stage) -> Result<Door, Failure> {
        let begun = match self.folder.clone() {
            Ok(folder) => begin_app(folder, Arc::clone(&self.shell)).await,
            Err(failure) => Err(failure),
        };
        match begun {
            Ok(door) => {
                let serving = Serving::start(&door, Wish::AsSet);
                self.hearing.begin(&door);
                *stage = Stage::Begun(door.clone(), serving);
                Ok(door)
            }
            Err(failure) => {
                tracing::error!(%failure, "the app could not begin");
                *stage = Stage::Refused(failure.clone());
                Err(failure)
            }
        }
    }

    /// The door, as soon as the app has begun.
    pub(crate) async fn when_begun(&self) -> Door {
        self.hearing.when_begun().await
    }

    /// Nobody hears any more: the window is gone.
    pub(crate) fn stop_hearing(&self) {
        self.hearing.stop();
    }

    /// Ends the server, the live and the workers, in order. Commands that come later are refused.
    pub(crate) async fn end(&self) {
        let stage = std::mem::replace(&mut *self.stage.lock().await, Stage::Ended);
        if let Stage::Begun(door, serving) = stage {
            serving.stop().await;
            door.app().end().await;
        }
    }
}

async fn begin_app(folder: DataFolder, shell: Arc<DesktopShell>) -> Result<Door, Failure> {
    let begin = move || {
        folder.create().map_err(trouble::of_folder)?;
        let app = App::begin(&folder, Clock::system(), shell).map_err(trouble::of_begin)?;
        Ok(Door::new(app))
    };
    let begun = tokio::task::spawn_blocking(begin).await;
    begun.unwrap_or_else(|error| Err(Failure::new(FailureCode::Defect, format!("the beginning broke off: {error}"))))
}

fn ended() -> Failure {
    Failure::new(FailureCode::NotNow, "Cuelight is ending")
}
