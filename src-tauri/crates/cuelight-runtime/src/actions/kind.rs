//! What a kind of action is.

use std::future::Future;

use cuelight_core::action::{Replay, StateChange};
use cuelight_core::limits::JOB_TIME_LIMIT_MS;
use cuelight_core::service::ServiceKind;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::context::ActionContext;
use super::failure::ActionError;
use super::first_text::first_text;
use super::parameters::{ConfigError, Filling};

/// One thing that a step can do.
///
/// `Config` is what people write: texts in it may have placeholders, every field has a default and a doc comment, which
/// is its English. `Job` is what is stored once the placeholders are filled, and all that [`ActionKind::run`] gets.
pub trait ActionKind: Send + Sync + 'static {
    /// Stored in rules and jobs; equals the name of the kind's file and is never renamed.
    const ID: &'static str;
    /// What people call it, in English.
    const TITLE: &'static str;
    /// The kind of service that runs it.
    const SERVICE: ServiceKind;
    /// Every service that a step names runs it, so that any queue can be tried out.
    const RUNS_IN_ANY_SERVICE: bool = false;
    /// Whether a run that a crash cut off may run again.
    const REPLAY: Replay;
    /// The parameters, as people write them; unknown fields are refused.
    type Config: DeserializeOwned + Serialize + JsonSchema + Default;
    /// The action with everything filled in.
    type Job: DeserializeOwned + Serialize + Send;

    /// Fills the placeholders and checks what came of it; pure, so the same facts always give the same job.
    ///
    /// # Errors
    /// A parameter that cannot be used, with the field it stands in.
    fn prepare(config: Self::Config, filling: &Filling<'_>) -> Result<Self::Job, ConfigError>;

    /// How long that job may run, in milliseconds.
    #[must_use]
    fn time_limit_ms(_job: &Self::Job) -> u64 {
        JOB_TIME_LIMIT_MS
    }

    /// What that job does in a few words, for lists of jobs: filled, and as viewers may have written it. Names and numbers say
    /// it in every language. Left alone, it is the job's first text.
    #[must_use]
    fn summary(job: &Self::Job) -> String {
        first_text(job)
    }

    /// Does it. When the context's token is cancelled the future is dropped: what must be undone belongs in a `Drop`.
    ///
    /// # Errors
    /// What stopped it, what the streamer can do, and whether trying again can help.
    fn run(&self, job: Self::Job, context: &ActionContext) -> impl Future<Output = Result<Output, ActionError>> + Send;
}

/// What a finished action leaves behind.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Output {
    /// What later steps of the run may use as placeholders, such as `reply`.
    pub outputs: Vec<(String, String)>,
    /// What it changes in our own database, in the transaction of its outcome.
    pub changes: Vec<StateChange>,
}

impl Output {
    /// It was done, and there is nothing to tell.
    #[must_use]
    pub fn done() -> Self {
        Self::default()
    }

    /// It gave a text of that name to later steps.
    #[must_use]
    pub fn text(name: &str, text: String) -> Self {
        Self { outputs: vec![(name.to_owned(), text)], ..Self::default() }
    }

    /// It changes our own database.
    #[must_use]
    pub fn change(change: StateChange) -> Self {
        Self { changes: vec![change], ..Self::default() }
    }
}
