//! What the tests of runs play on: a few services, an action kind that takes anything, and short names for steps.

use serde_json::{Map, Value, json};

use crate::action::{Action, Prepare, Prepared, Replay};
use crate::condition::Comparison;
use crate::decision::{Firing, Origin};
use crate::facts::{Facts, Values};
use crate::id::{ActionKindId, RuleId, ServiceId};
use crate::job::{Ending, NewJob};
use crate::priority::Priority;
use crate::reason::Reason;
use crate::run::{Run, RunState};
use crate::service::{EventConfig, Mode, Service, ServiceKind, Services};
use crate::step::{Act, Choose, Step, Test, Wait};
use crate::template::{Target, fill};
use crate::world::World;

pub(super) const NOW_MS: i64 = 1_768_219_200_000;

/// The world around one run, and every job that it handed off.
pub(super) struct Scene {
    pub(super) services: Services,
    pub(super) values: Values,
    pub(super) jobs: Vec<NewJob>,
}

impl Default for Scene {
    /// `basics` (async), `stage` and `hall` (sync), `off` (not active) and `closed` (takes no events).
    fn default() -> Self {
        let others = EventConfig {
            enabled: true,
            priority: Priority::MIDDLE,
            mode: Mode::Async,
            discardable: true,
            expires_after_seconds: Some(60),
            default_action: None,
        };
        let service = |id: &str, active, others| Service {
            id: ServiceId::new(id),
            kind: if id == "basics" { ServiceKind::Basics } else { ServiceKind::Custom },
            name: id.to_owned(),
            active,
            max_queue_size: 50,
            max_parallel: 8,
            events: [].into(),
            others,
        };
        let sync = EventConfig { mode: Mode::Sync, ..others.clone() };
        let services = Services::new(vec![
            service("basics", true, others.clone()),
            service("stage", true, sync.clone()),
            service("hall", true, sync),
            service("off", false, others.clone()),
            service("closed", true, EventConfig { enabled: false, ..others }),
        ]);
        Self { services, values: Values::default(), jobs: Vec::new() }
    }
}

impl Scene {
    /// What `call` hands off: the kinds of its jobs, with the state of those that ended before they began.
    pub(super) fn hand_off(&mut self, call: impl FnOnce(&World<'_>, &mut Vec<NewJob>)) -> Vec<String> {
        let known = self.jobs.len();
        let (services, values) = (&self.services, &self.values);
        call(&World { services, prepare: &AnyKind, values, seed: 7, now_ms: NOW_MS }, &mut self.jobs);
        let told = |job: &NewJob| match &job.ended {
            Some(ending) => format!("{} {}", job.kind, ending.state()),
            None => job.kind.to_string(),
        };
        self.jobs[known..].iter().map(told).collect()
    }

    pub(super) fn begin(&mut self, run: &mut Run) -> Vec<String> {
        self.hand_off(|world, out| run.begin(world, out))
    }

    pub(super) fn end(&mut self, run: &mut Run, step: u32, ending: &Ending) -> Vec<String> {
        self.hand_off(|world, out| run.job_ended(step, ending, world, out))
    }

    pub(super) fn wait_over(&mut self, run: &mut Run) -> Vec<String> {
        self.hand_off(|world, out| run.wait_over(world, out))
    }

    pub(super) fn finish(&mut self, run: &mut Run, count: u64) -> Vec<String> {
        let facts = Facts { count: Some(count), ..Facts::default() };
        self.hand_off(|world, out| run.finish(&facts, world, out))
    }

    pub(super) fn prepare_again(&self, run: &Run, step: u32) -> Option<Result<Value, Reason>> {
        let (services, values) = (&self.services, &self.values);
        let world = World { services, prepare: &AnyKind, values, seed: 7, now_ms: NOW_MS };
        run.prepare_again(step, &world).map(|prepared| prepared.map(|it| it.parameters))
    }

    /// Begins the run and lets every job do what it should, every wait pass.
    pub(super) fn complete_all(&mut self, run: &mut Run) {
        self.begin(run);
        let mut next = 0;
        while run.state() == RunState::Open {
            if run.due_ms().is_some() {
                self.wait_over(run);
            }
            if let Some(step) = self.jobs.get(next).map(|job| job.step) {
                next += 1;
                self.end(run, step, &Ending::Completed { outputs: Vec::new(), changes: Vec::new() });
            }
        }
    }

    /// The kinds of all jobs so far.
    pub(super) fn names(&self) -> Vec<String> {
        self.jobs.iter().map(|job| job.kind.to_string()).collect()
    }
}

/// Takes any kind but `unknown`, and fills every text.
struct AnyKind;

impl Prepare for AnyKind {
    fn prepare(&self, action: &Action, facts: &Facts, values: &Values, _: &Services) -> Result<Prepared, Reason> {
        if action.kind.as_str() == "unknown" {
            return Err(Reason::NoSuchAction { kind: action.kind.to_string() });
        }
        let filled = action.parameters.iter().map(|(name, value)| {
            let filled = value.as_str().map(|text| json!(fill(text, facts, values, Target::Plain)));
            (name.clone(), filled.unwrap_or_else(|| value.clone()))
        });
        Ok(Prepared {
            service: action.service.clone().unwrap_or_else(|| ServiceId::new("basics")),
            parameters: Value::Object(filled.collect()),
            replay: Replay::Safe,
            time_limit_ms: 30_000,
        })
    }
}

pub(super) fn firing(steps: Vec<Step>) -> Firing {
    Firing {
        origin: Origin::Rule(RuleId::new("thank-you")),
        cause: 3,
        firing: 1,
        event_type: None,
        msg_id: None,
        facts: Facts { count: Some(1), ..Facts::default() },
        steps: steps.into(),
        priority: None,
        fold: None,
        combo_open: false,
        depth: 0,
    }
}

pub(super) fn act(kind: &str) -> Step {
    let parameters = Map::from_iter([("text".to_owned(), json!("×{count}"))]);
    let action = Action { kind: ActionKindId::new(kind), service: None, parameters };
    Step::Act(Act { action, at_the_same_time: false, go_on_if_this_fails: false, at_the_end: false })
}

pub(super) fn in_service(service: &str, step: Step) -> Step {
    changed(step, |act| act.action.service = Some(ServiceId::new(service)))
}

pub(super) fn at_the_same_time(step: Step) -> Step {
    changed(step, |act| act.at_the_same_time = true)
}

pub(super) fn goes_on(step: Step) -> Step {
    changed(step, |act| act.go_on_if_this_fails = true)
}

pub(super) fn at_the_end(step: Step) -> Step {
    changed(step, |act| act.at_the_end = true)
}

fn changed(mut step: Step, change: impl FnOnce(&mut Act)) -> Step {
    if let Step::Act(act) = &mut step {
        change(act);
    }
    step
}

pub(super) fn wait(wait_ms: u64) -> Step {
    Step::Wait(Wait { wait_ms })
}

pub(super) fn when(value: &str, is: Comparison, than: &str, then: Vec<Step>, otherwise: Vec<Step>) -> Step {
    let test = Test { value: value.to_owned(), is, than: than.to_owned() };
    Step::Choose(Choose { all: vec![test], then, otherwise })
}
