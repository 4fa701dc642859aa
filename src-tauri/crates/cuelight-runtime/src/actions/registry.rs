//! Every kind of action by its id: what the rest of the engine knows of them.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

use cuelight_core::action::{Action, Prepare, Prepared, Replay};
use cuelight_core::clean::clean_to;
use cuelight_core::facts::{Facts, Values};
use cuelight_core::id::ActionKindId;
use cuelight_core::reason::Reason;
use cuelight_core::service::{Service, ServiceKind, Services};
use serde::Deserialize as _;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::context::ActionContext;
use super::failure::ActionError;
use super::kind::{ActionKind, Output};
use super::kinds;
use super::parameters::{ConfigError, Filling};
use super::schemas::KindSchema;

/// Longest summary of a job, in characters: one line of a list.
pub const SUMMARY_CHARACTERS: usize = 120;

/// The kinds of action that this version knows.
pub struct Registry {
    kinds: BTreeMap<&'static str, Box<dyn AnyKind>>,
}

/// A job's stored form, and how long it may run in milliseconds.
type PreparedJob = (Value, u64);

type Running<'a> = Pin<Box<dyn Future<Output = Result<Output, ActionError>> + Send + 'a>>;

/// An action kind behind one type: parameters and jobs are JSON.
pub(super) trait AnyKind: Send + Sync {
    fn schema(&self) -> KindSchema;
    fn runs_in_any_service(&self) -> bool;
    fn prepare(&self, parameters: &Map<String, Value>, filling: &Filling<'_>) -> Result<PreparedJob, ConfigError>;
    fn summary(&self, parameters: &Value) -> Option<String>;
    fn run<'a>(&'a self, parameters: Value, context: &'a ActionContext) -> Running<'a>;
    fn service(&self) -> ServiceKind;
    fn replay(&self) -> Replay;
}

impl Registry {
    /// The kinds that come with the app.
    #[must_use]
    pub fn built_in() -> Self {
        let mut registry = Self { kinds: BTreeMap::new() };
        kinds::register(&mut registry);
        registry
    }

    /// The same with one kind more; of two with the same id the later one counts.
    #[must_use]
    pub fn with<K: ActionKind>(mut self, kind: K) -> Self {
        self.add(kind);
        self
    }

    pub(super) fn add<K: ActionKind>(&mut self, kind: K) {
        self.kinds.insert(K::ID, Box::new(kind));
    }

    /// Every kind with its title and its parameters, by id: for menus, forms and files.
    pub fn kinds(&self) -> impl Iterator<Item = KindSchema> {
        self.kinds.values().map(|kind| kind.schema())
    }

    /// Whether there is a kind of that id.
    #[must_use]
    pub fn knows(&self, kind: &ActionKindId) -> bool {
        self.kinds.contains_key(kind.as_str())
    }

    /// What a prepared job does in a few words, on one line and at most [`SUMMARY_CHARACTERS`] long; empty for kinds that do
    /// not exist and for jobs that another version wrote in another form.
    #[must_use]
    pub fn summary(&self, kind: &ActionKindId, parameters: &Value) -> String {
        let summary = self.kinds.get(kind.as_str()).and_then(|kind| kind.summary(parameters)).unwrap_or_default();
        clean_to(&summary, SUMMARY_CHARACTERS).trim().to_owned()
    }

    /// Does what a prepared job says; when the context's token is cancelled it is dropped where it stands.
    ///
    /// A kind that panics is the caller's to catch.
    ///
    /// # Errors
    /// What stopped it; also a kind that does not exist, a job that an older version wrote in another form, and a
    /// cancelled token.
    pub async fn run(
        &self,
        kind: &ActionKindId,
        parameters: Value,
        context: &ActionContext,
    ) -> Result<Output, ActionError> {
        let found = self.kinds.get(kind.as_str()).ok_or_else(|| ActionError::unknown_kind(kind))?;
        tokio::select! {
            biased;
            () = context.cancel().cancelled() => Err(ActionError::stopped(kind)),
            ended = found.run(parameters, context) => ended,
        }
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.kinds.keys()).finish()
    }
}

impl Prepare for Registry {
    fn prepare(
        &self,
        action: &Action,
        facts: &Facts,
        values: &Values,
        services: &Services,
    ) -> Result<Prepared, Reason> {
        let no_such_action = || Reason::NoSuchAction { kind: action.kind.to_string() };
        let kind = self.kinds.get(action.kind.as_str()).ok_or_else(no_such_action)?;
        let service = service(action, kind.as_ref(), services)?;
        let bad =
            |error: ConfigError| Reason::BadParameters { kind: action.kind.to_string(), error: error.to_string() };
        let (parameters, time_limit_ms) =
            kind.prepare(&action.parameters, &Filling::new(facts, values)).map_err(bad)?;
        Ok(Prepared { service: service.id.clone(), parameters, replay: kind.replay(), time_limit_ms })
    }
}

/// The service whose queue the action goes through.
fn service<'a>(action: &Action, kind: &dyn AnyKind, services: &'a Services) -> Result<&'a Service, Reason> {
    let Some(named) = &action.service else {
        let none = || Reason::NoSuchService { service: name(kind.service()) };
        return services.of_kind(kind.service()).ok_or_else(none);
    };
    let none = || Reason::NoSuchService { service: named.to_string() };
    let service = services.get(named).ok_or_else(none)?;
    if service.kind == kind.service() || kind.runs_in_any_service() {
        Ok(service)
    } else {
        Err(Reason::WrongService { kind: action.kind.to_string(), service: named.to_string() })
    }
}

impl<K: ActionKind> AnyKind for K {
    fn schema(&self) -> KindSchema {
        KindSchema::of::<K>()
    }

    fn runs_in_any_service(&self) -> bool {
        K::RUNS_IN_ANY_SERVICE
    }

    fn prepare(&self, parameters: &Map<String, Value>, filling: &Filling<'_>) -> Result<PreparedJob, ConfigError> {
        let config: K::Config = read(Value::Object(parameters.clone()))?;
        let job = <K as ActionKind>::prepare(config, filling)?;
        let time_limit_ms = K::time_limit_ms(&job);
        let parameters = serde_json::to_value(job).expect("a job is plain data with text keys");
        Ok((parameters, time_limit_ms))
    }

    fn summary(&self, parameters: &Value) -> Option<String> {
        let job: K::Job = K::Job::deserialize(parameters).ok()?;
        Some(<K as ActionKind>::summary(&job))
    }

    fn run<'a>(&'a self, parameters: Value, context: &'a ActionContext) -> Running<'a> {
        match read(parameters) {
            Ok(job) => Box::pin(ActionKind::run(self, job, context)),
            Err(error) => Box::pin(std::future::ready(Err(ActionError::other_form(K::ID, &error)))),
        }
    }

    fn service(&self) -> ServiceKind {
        K::SERVICE
    }

    fn replay(&self) -> Replay {
        K::REPLAY
    }
}

/// The name of a kind of service, as files have it.
fn name(kind: ServiceKind) -> String {
    let name = serde_json::to_value(kind).expect("a kind of service is a word");
    name.as_str().expect("a kind of service is a word").to_owned()
}

/// Reads parameters or a job, and says which field is wrong.
fn read<T: DeserializeOwned>(json: Value) -> Result<T, ConfigError> {
    serde_path_to_error::deserialize(json).map_err(|error| {
        let field = error.path().to_string();
        ConfigError::new(&field, error.into_inner().to_string())
    })
}
