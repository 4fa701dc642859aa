//! What the workers promise, on real files and with real kinds of action that do as the test says.

mod ends;
mod order;
mod queue;
mod staffing;
mod stopping;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use cuelight_core::action::{Action, Replay};
use cuelight_core::decision::{Firing, Origin};
use cuelight_core::defaults;
use cuelight_core::event::EventType;
use cuelight_core::facts::{Facts, Values};
use cuelight_core::id::{ActionKindId, JobId, ServiceId};
use cuelight_core::job::JobState;
use cuelight_core::service::{Service, ServiceKind, Services};
use cuelight_core::step::{Act, Step};
use cuelight_core::world::World;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::{Notify, Semaphore, watch};

use super::*;
use crate::actions::{ActionError, ActionKind, ConfigError, Filling, Output};
use crate::clock::Clock;
use crate::locks::EngineLock;
use crate::paths::DataFolder;
use crate::store::{self, JobFilter, Journal, StoredJob, Touched, Unfinished};

/// Far longer than anything here takes, so that only what never comes runs into it.
const PATIENCE: Duration = Duration::from_secs(20);

/// What jobs did, in order, and the gate that some of them wait at.
#[derive(Debug)]
struct Stage {
    log: watch::Sender<Vec<String>>,
    gate: Semaphore,
}

impl Stage {
    fn note(&self, what: &str, name: &str) {
        self.log.send_modify(|log| log.push(format!("{what} {name}")));
    }

    /// Waits until that stands in the log, and gives the log.
    async fn until(&self, line: &str) -> Vec<String> {
        self.until_times(1, line).await
    }

    /// Waits until that stands so often in the log, and gives the log.
    async fn until_times(&self, times: usize, line: &str) -> Vec<String> {
        let mut log = self.log.subscribe();
        let is_there = |log: &Vec<String>| log.iter().filter(|it| *it == line).count() >= times;
        let found = tokio::time::timeout(PATIENCE, log.wait_for(is_there)).await;
        found
            .unwrap_or_else(|_| panic!("{line:?} never came: {:?}", self.log.borrow()))
            .expect("the stage stands")
            .clone()
    }

    fn log(&self) -> Vec<String> {
        self.log.borrow().clone()
    }
}

/// What a job does once it has said that it starts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Does {
    #[default]
    Finish,
    WaitAtTheGate,
    Hang,
    Panic,
    FailOnce,
    Fail,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct Play {
    name: String,
    does: Does,
    limit_ms: u64,
}

/// Plays what its parameters say; `ONCE` may not run again after a crash.
struct Plays<const ONCE: bool>(Arc<Stage>);

impl<const ONCE: bool> ActionKind for Plays<ONCE> {
    const ID: &'static str = if ONCE { "play_once" } else { "play" };
    const TITLE: &'static str = "Play";
    const SERVICE: ServiceKind = ServiceKind::Basics;
    const RUNS_IN_ANY_SERVICE: bool = true;
    const REPLAY: Replay = if ONCE { Replay::AtMostOnce } else { Replay::Safe };
    type Config = Play;
    type Job = Play;

    fn prepare(config: Play, _: &Filling<'_>) -> Result<Play, ConfigError> {
        Ok(config)
    }

    fn time_limit_ms(job: &Play) -> u64 {
        if job.limit_ms == 0 { 30_000 } else { job.limit_ms }
    }

    async fn run(&self, job: Play, _: &ActionContext) -> Result<Output, ActionError> {
        let tried_before = self.0.log().contains(&format!("start {}", job.name));
        self.0.note("start", &job.name);
        match job.does {
            Does::Finish => {}
            Does::WaitAtTheGate => self.0.gate.acquire().await.expect("the gate is never closed").forget(),
            Does::Hang => std::future::pending().await,
            Does::Panic => panic!("as the test wants it"),
            Does::FailOnce if tried_before => {}
            Does::FailOnce | Does::Fail => return Err(ActionError::unreachable("could not reach the stage", "")),
        }
        self.0.note("end", &job.name);
        Ok(Output::done())
    }
}

/// A data folder with its services, in which workers can be started again and again.
struct Home {
    store: Store,
    clock: Clock,
    stage: Arc<Stage>,
    registry: Arc<Registry>,
    journal: Journal,
    services: Services,
    _lock: EngineLock,
    _place: TempDir,
}

impl Home {
    fn new() -> Self {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::new(place.path().join("data"));
        folder.create().expect("it can be made");
        let lock = EngineLock::take(&folder).expect("nobody else is here");
        let clock = Clock::system();
        let (store, _) = store::open(&folder, &clock, &lock).expect("it opens");
        store.seed(&defaults::services(), &[]).expect("the services can be put in");
        let stage = Arc::new(Stage { log: watch::channel(Vec::new()).0, gate: Semaphore::new(0) });
        let registry = Registry::built_in();
        let registry = registry.with(Plays::<false>(Arc::clone(&stage))).with(Plays::<true>(Arc::clone(&stage)));
        let journal = store.journal().expect("the journal opens");
        let services = Services::new(defaults::services());
        Self { store, clock, stage, registry: Arc::new(registry), journal, services, _lock: lock, _place: place }
    }

    /// Starts workers for these services.
    fn work(&self, services: &[&str]) -> Workers {
        let chosen: Vec<Service> = services.iter().map(|id| self.service(id).clone()).collect();
        let context = ActionContext::new(self.store.folder().clone(), self.clock.clone());
        let registry = Arc::clone(&self.registry);
        Workers::start(&self.store, &chosen, registry, &context, Arc::new(Notify::new())).expect("they start")
    }

    /// Starts a worker for that job of `voice` alone.
    fn work_for(&self, name: &str) -> Workers {
        let context = ActionContext::new(self.store.folder().clone(), self.clock.clone());
        let (voice, registry) = (self.service("voice").clone(), Arc::clone(&self.registry));
        Workers::start_for(self.id(name), &self.store, voice, registry, &context).expect("it starts")
    }

    fn service(&self, id: &str) -> &Service {
        self.services.get(&ServiceId::new(id)).expect("a service of the app")
    }

    /// Brings a run of these steps into the queues, as an event of that type would.
    fn bring(&mut self, event_type: EventType, steps: &[Step]) -> Touched {
        let firing = Firing {
            origin: Origin::Asked,
            cause: 0,
            firing: 1,
            event_type: Some(event_type),
            msg_id: None,
            facts: Facts::default(),
            steps: steps.into(),
            priority: None,
            fold: None,
            combo_open: false,
            depth: 0,
        };
        let values = Values::default();
        let world = World {
            services: &self.services,
            prepare: &*self.registry,
            values: &values,
            seed: 7,
            now_ms: self.clock.now_ms(),
        };
        self.journal.work(|queues| Ok(queues.ask(&firing, &world)?.1)).expect("it can be written")
    }

    /// Every job by the name of its play, or by its kind where it has none.
    fn jobs(&self) -> BTreeMap<String, StoredJob> {
        let jobs = self.store.reader().and_then(|reader| reader.jobs(&JobFilter::default(), 1_000)).expect("readable");
        jobs.into_iter().map(|job| (job.parameters["name"].as_str().unwrap_or_default().to_owned(), job)).collect()
    }

    fn job(&self, name: &str) -> StoredJob {
        self.jobs().remove(name).unwrap_or_else(|| panic!("there is no job {name}"))
    }

    fn id(&self, name: &str) -> JobId {
        self.job(name).id
    }

    #[track_caller]
    fn assert_state(&self, name: &str, state: JobState) {
        let job = self.job(name);
        assert_eq!(job.state, state, "{name} stands elsewhere, because {:?}", job.reason);
    }
}

/// A step that plays in that service.
fn play(service: &str, name: &str, does: Does) -> Step {
    step("play", service, json!({ "name": name, "does": does }))
}

/// The same for a kind that may not run twice.
fn play_once(service: &str, name: &str, does: Does) -> Step {
    step("play_once", service, json!({ "name": name, "does": does }))
}

fn step(kind: &str, service: &str, parameters: serde_json::Value) -> Step {
    let serde_json::Value::Object(parameters) = parameters else { panic!("parameters are an object") };
    let action = Action { kind: ActionKindId::new(kind), service: Some(ServiceId::new(service)), parameters };
    Step::Act(Act { action, at_the_same_time: false, go_on_if_this_fails: false, at_the_end: false })
}

/// Waits for what must come.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, what).await.expect("it comes in good time")
}
