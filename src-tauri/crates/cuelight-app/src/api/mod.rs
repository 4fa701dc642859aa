//! The one door: every command with who may use it, what goes in and what comes out.

mod account;
mod backups;
mod bin;
mod caller;
mod diagnosis;
mod editing;
mod feed;
mod gifts;
mod groups;
mod keys;
mod live;
mod packs;
mod queue;
mod rules;
mod script;
mod server;
mod services;
mod settings;
mod start;
mod table;
#[cfg(test)]
mod tests;
mod trying;
mod undo;
mod values;

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

pub use self::caller::{Caller, Needs};
pub use self::table::{COMMANDS, visit_commands};
use crate::app::App;
use crate::dto::{CallerRole, Failure, FailureCode};
use crate::push::PushReader;

/// Neither input nor output.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(type = "Record<never, never>")]
pub struct Nothing {}

/// A command as the table has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Command {
    /// Its name.
    pub name: &'static str,
    /// Who may use it.
    pub needs: Needs,
}

/// Is shown every command with its types, so that they can be written down for the window.
pub trait CommandVisitor {
    /// A command of that name takes an `I` and answers with an `O`.
    fn visit<I: TS + 'static, O: TS + 'static>(&mut self, name: &'static str);
}

/// The door to a running app; clones are the same door.
#[derive(Clone)]
pub struct Door {
    app: Arc<App>,
}

impl Door {
    /// The door of that app.
    #[must_use]
    pub fn new(app: Arc<App>) -> Self {
        Self { app }
    }

    /// Carries out one command.
    ///
    /// # Errors
    /// Why it could not be done, with [`FailureCode::UnknownCommand`], [`FailureCode::NotAllowed`] and
    /// [`FailureCode::BadInput`] for what was asked wrongly.
    pub async fn call(&self, role: CallerRole, command: &str, input: Value) -> Result<Value, Failure> {
        table::dispatch(Caller { app: &self.app, role }, command, input).await
    }

    /// Hears what changes from now on.
    #[must_use]
    pub fn listen(&self) -> PushReader {
        self.app.push.listen()
    }

    /// The app behind it, for what is no command: the local server's own status, the desktop's tray.
    #[must_use]
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }
}

fn read<I: DeserializeOwned>(input: Value) -> Result<I, Failure> {
    serde_path_to_error::deserialize(input).map_err(|error| {
        let field = error.path().to_string();
        let failure = Failure::new(FailureCode::BadInput, error.into_inner().to_string());
        if field == "." { failure } else { failure.about(field) }
    })
}

fn written<O: Serialize>(output: O) -> Result<Value, Failure> {
    serde_json::to_value(output).map_err(|error| Failure::new(FailureCode::Defect, error.to_string()))
}
