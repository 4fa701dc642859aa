//! The steps of a firing as they would be sent, each with its place in the rule, as if each did what it should.

use serde_json::Value;

use crate::action::{Action, Prepare, Prepared};
use crate::decision::Firing;
use crate::facts::{Facts, Values};
use crate::id::{ActionKindId, ServiceId};
use crate::job::{Ending, NewJob};
use crate::reason::Reason;
use crate::run::{Run, RunState};
use crate::service::Services;
use crate::step::{Act, Choose, PickOne, Step};
use crate::world::World;

/// A step as it would be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedJob {
    /// Where it stands in the rule, such as `do[1].then[0]`.
    pub place: String,
    /// What it does.
    pub kind: ActionKindId,
    /// The service that would do it.
    pub service: ServiceId,
    /// The kind's own form of it, filled.
    pub parameters: Value,
    /// Why it would be skipped or fail at once.
    pub because: Option<Reason>,
}

/// All steps of that firing which would have their turn, in their order; waits pass at once.
#[must_use]
pub fn rehearse(firing: &Firing, world: &World<'_>) -> Vec<PlacedJob> {
    let mut acts = Vec::new();
    let steps = numbered(&firing.steps, "do", &mut acts);
    let by_number = ByNumber { acts, prepare: world.prepare };
    let world = World { prepare: &by_number, ..*world };
    let mut run = Run::of(&Firing { steps: steps.into(), ..firing.clone() }, None, world.seed);
    let (mut handed_off, mut placed) = (Vec::new(), Vec::new());
    run.begin(&world, &mut handed_off);
    loop {
        let mut done = Vec::new();
        for job in handed_off.drain(..) {
            if job.ended.is_none() {
                done.push(job.step);
            }
            placed.extend(by_number.placed(job));
        }
        for step in done {
            let completed = Ending::Completed { outputs: Vec::new(), changes: Vec::new() };
            run.job_ended(step, &completed, &world, &mut handed_off);
        }
        if handed_off.is_empty() {
            match (run.state(), run.due_ms()) {
                (RunState::Open, Some(_)) => run.wait_over(&world, &mut handed_off),
                (RunState::Open | RunState::Done | RunState::Stopped, _) => return placed,
            }
        }
    }
}

/// Acts with their places; a step names its own by its number in place of a kind of action, so that the run, which knows no
/// places, carries it along.
struct ByNumber<'a> {
    acts: Vec<(String, Action)>,
    prepare: &'a dyn Prepare,
}

impl ByNumber<'_> {
    fn get(&self, number: &ActionKindId) -> Option<&(String, Action)> {
        self.acts.get(usize::try_from(number.to_number()?).ok()?)
    }

    fn placed(&self, job: NewJob) -> Option<PlacedJob> {
        let (place, action) = self.get(&job.kind)?;
        Some(PlacedJob {
            place: place.clone(),
            kind: action.kind.clone(),
            service: job.service,
            parameters: job.parameters,
            because: job.ended.as_ref().and_then(Ending::reason).cloned(),
        })
    }
}

impl Prepare for ByNumber<'_> {
    fn prepare(
        &self,
        action: &Action,
        facts: &Facts,
        values: &Values,
        services: &Services,
    ) -> Result<Prepared, Reason> {
        let named = self.get(&action.kind).map_or(action, |(_, action)| action);
        self.prepare.prepare(named, facts, values, services)
    }
}

/// The same steps with numbers for kinds; the acts go to `acts` by these numbers.
fn numbered(steps: &[Step], place: &str, acts: &mut Vec<(String, Action)>) -> Vec<Step> {
    let mut of_step = |(number, step): (usize, &Step)| {
        let place = format!("{place}[{number}]");
        match step {
            Step::Act(act) => {
                let kind = ActionKindId::new(acts.len().to_string());
                acts.push((place, act.action.clone()));
                Step::Act(Act { action: Action { kind, ..act.action.clone() }, ..act.clone() })
            }
            Step::Choose(choose) => Step::Choose(Choose {
                all: choose.all.clone(),
                then: numbered(&choose.then, &format!("{place}.then"), acts),
                otherwise: numbered(&choose.otherwise, &format!("{place}.otherwise"), acts),
            }),
            Step::PickOne(pick) => {
                let ways = pick.pick_one.iter().enumerate();
                let mut way =
                    |(number, way): (usize, &Vec<Step>)| numbered(way, &format!("{place}.pick_one[{number}]"), acts);
                Step::PickOne(PickOne { pick_one: ways.map(&mut way).collect() })
            }
            Step::Wait(wait) => Step::Wait(*wait),
        }
    };
    steps.iter().enumerate().map(&mut of_step).collect()
}
