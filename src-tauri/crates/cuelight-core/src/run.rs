//! A run: one firing of one rule, taking its steps from the front until none is left.

mod choice;
mod hand_off;
mod merged;

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use self::hand_off::JobWishes;
use self::merged::Own;
use crate::action::{Action, Prepared};
use crate::chance::Chance;
use crate::decision::Firing;
use crate::event::EventType;
use crate::facts::Facts;
use crate::id::{ServiceId, SessionId};
use crate::job::{Ending, NewJob};
use crate::limits::{FILLED_CHARACTERS, OUTPUTS, STEPS};
use crate::priority::Priority;
use crate::reason::Reason;
use crate::service::Mode;
use crate::step::{Act, Step};
use crate::world::World;

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Something is left to do, or its combo goes on.
    Open,
    /// Every step had its turn.
    Done,
    /// It ended before its last step: a step failed or was discarded, or somebody stopped it.
    Stopped,
}

impl RunState {
    /// The name in tables, files and commands.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Stopped => "stopped",
        }
    }
}

/// One firing of one rule or default action, with all that it needs to the end; its JSON is the run's row.
///
/// Everything is copied, so later changes of the rule do not reach it. Whoever keeps it does three things with the jobs
/// that a call appends to `out`: a job without [`NewJob::ended`] enters its queue, and its ending, whatever it is, is
/// told by [`Run::job_ended`], once. A job with `ended` only becomes a row: the run knows of it already. As such a job can be
/// a whole group, one call may append several groups, in order; only jobs of the last one are without an ending.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    state: RunState,
    /// From the session's seed, the origin, the cause and the firing.
    seed: u64,
    depth: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event_type: Option<EventType>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    priority: Option<Priority>,
    facts: Facts,
    #[serde(default, skip_serializing_if = "Own::is_alone")]
    own: Own,
    /// What is left, the next one first.
    #[serde(default, skip_serializing_if = "VecDeque::is_empty")]
    steps: VecDeque<Step>,
    /// What is kept for the end of the combo.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    at_the_end: Vec<Step>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    combo_open: bool,
    /// The end of a wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_ms: Option<i64>,
    /// Steps of any sort that had their turn; chance depends on it.
    taken: u32,
    /// Jobs made.
    handed_off: u32,
    /// The group whose jobs have not all ended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    active: Vec<ActiveStep>,
    /// Where the last job ran, if it was a single sync one: the next one there goes on without a stranger between.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    held: Option<ServiceId>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    did_something: bool,
    /// A job of the group failed or was discarded: nothing comes after the group.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    stops: bool,
}

/// A step that was handed off and has not ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct ActiveStep {
    step: u32,
    action: Action,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    goes_on: bool,
}

impl Run {
    /// A run of that firing; `seed` is the session's. Nothing is handed off before [`Run::begin`].
    #[must_use]
    pub fn of(firing: &Firing, session: Option<SessionId>, seed: u64) -> Self {
        let chance = Chance::of(seed).text(&firing.origin.to_string());
        let mut run = Self {
            state: RunState::Open,
            seed: chance.number(firing.cause.into()).number(firing.firing.into()).draw(),
            depth: firing.depth,
            event_type: firing.event_type,
            priority: firing.priority,
            facts: Facts { session: session.or(firing.facts.session), ..firing.facts.clone() },
            own: Own::Alone,
            steps: VecDeque::new(),
            at_the_end: Vec::new(),
            combo_open: firing.combo_open,
            due_ms: None,
            taken: 0,
            handed_off: 0,
            active: Vec::new(),
            held: None,
            did_something: false,
            stops: false,
        };
        run.put_in_front(firing.steps.to_vec());
        run
    }

    /// Hands off the first group.
    pub fn begin(&mut self, world: &World<'_>, out: &mut Vec<NewJob>) {
        self.advance(world, out);
    }

    /// Takes note of a job's ending, and hands off the next group if it was the last of its group.
    ///
    /// A step that is not under way, such as one whose ending was told before, changes nothing.
    pub fn job_ended(&mut self, step: u32, ending: &Ending, world: &World<'_>, out: &mut Vec<NewJob>) {
        let Some(index) = self.active.iter().position(|active| active.step == step) else { return };
        let active = self.active.remove(index);
        if matches!(ending, Ending::Discarded(_)) {
            // Nothing ran, so there is nothing to go on from.
            self.held = None;
        }
        self.note(active.goes_on, ending);
        self.advance(world, out);
    }

    /// Goes on after a wait; to be called when [`Run::due_ms`] has come.
    pub fn wait_over(&mut self, world: &World<'_>, out: &mut Vec<NewJob>) {
        self.due_ms = None;
        self.advance(world, out);
    }

    /// Takes what is known of the combo now; jobs that wait are prepared again by whoever keeps them.
    pub fn grow(&mut self, facts: &Facts) {
        let session = facts.session.or(self.facts.session);
        let outputs = std::mem::take(&mut self.facts.outputs);
        self.facts = Facts { session, outputs, ..facts.clone() };
    }

    /// Ends the combo that it goes along with: what was marked *at the end* follows the other steps.
    pub fn finish(&mut self, facts: &Facts, world: &World<'_>, out: &mut Vec<NewJob>) {
        self.grow(facts);
        self.combo_open = false;
        self.steps.extend(self.at_the_end.drain(..));
        self.advance(world, out);
    }

    /// Ends it at once: nothing is handed off any more, also not after what is under way. A run that is done stays so.
    pub fn stop(&mut self) {
        if self.state == RunState::Open {
            self.end(RunState::Stopped);
        }
    }

    /// When [`Run::wait_over`] is to be called, ms since 1970; `None` while it does not wait.
    #[must_use]
    pub fn due_ms(&self) -> Option<i64> {
        self.due_ms
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> RunState {
        self.state
    }

    /// The step under way after which, if it completes, nothing is left: then the run is [`RunState::Done`], and nobody has to
    /// tell it so. `None` where something may follow.
    #[must_use]
    pub fn last_step(&self) -> Option<u32> {
        let [last] = &self.active[..] else { return None };
        let is_last = self.steps.is_empty() && self.at_the_end.is_empty() && !self.combo_open && !self.stops;
        (is_last && self.state == RunState::Open).then_some(last.step)
    }

    /// Whether a job of it completed: from then on its jobs are not discarded for want of space or time.
    #[must_use]
    pub fn has_done_something(&self) -> bool {
        self.did_something
    }

    /// Prepares a step that was handed off and has not ended once more, with what is known now; `None`: there is no
    /// such step.
    #[must_use]
    pub fn prepare_again(&self, step: u32, world: &World<'_>) -> Option<Result<Prepared, Reason>> {
        let active = self.active.iter().find(|active| active.step == step)?;
        Some(world.prepare.prepare(&active.action, &self.facts, world.values, world.services))
    }

    /// What its steps may speak of.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// How many rules led to this run by running or emitting each other.
    #[must_use]
    pub fn depth(&self) -> u8 {
        self.depth
    }

    /// Takes steps until a job is under way, a wait begins, or nothing is left.
    fn advance(&mut self, world: &World<'_>, out: &mut Vec<NewJob>) {
        while self.state == RunState::Open && self.active.is_empty() && self.due_ms.is_none() {
            if self.stops {
                self.end(RunState::Stopped);
            } else if let Some(step) = self.steps.pop_front() {
                self.take(step, world, out);
            } else if self.combo_open {
                // Until the combo ends others go on, so its last steps have no place of their own.
                self.held = None;
                break;
            } else {
                self.end(RunState::Done);
            }
        }
    }

    fn take(&mut self, step: Step, world: &World<'_>, out: &mut Vec<NewJob>) {
        let chance = Chance::of(self.seed).number(self.taken.into());
        self.taken += 1;
        match step {
            Step::Act(act) => self.hand_off(act, world, out),
            Step::Choose(choose) => {
                let holds = choose.all.iter().all(|test| choice::holds(test, &self.facts, world.values));
                self.put_in_front(if holds { choose.then } else { choose.otherwise });
            }
            Step::PickOne(mut pick) => {
                let way = chance.below(pick.pick_one.len() as u64) as usize;
                if way < pick.pick_one.len() {
                    let steps = pick.pick_one.swap_remove(way);
                    self.put_in_front(steps);
                }
            }
            Step::Wait(wait) => {
                let wait_ms = i64::try_from(wait.wait_ms).unwrap_or(i64::MAX);
                self.due_ms = Some(world.now_ms.saturating_add(wait_ms));
                self.held = None;
            }
        }
    }

    /// Puts these steps before what is left, without those that wait for the end of the combo.
    fn put_in_front(&mut self, steps: Vec<Step>) {
        let waits = |step: &Step| self.combo_open && matches!(step, Step::Act(act) if act.at_the_end);
        let (later, now): (Vec<Step>, Vec<Step>) = steps.into_iter().partition(waits);
        self.at_the_end.extend(later);
        for step in now.into_iter().rev() {
            self.steps.push_front(step);
        }
    }

    /// Hands off the group that begins with this act.
    fn hand_off(&mut self, first: Act, world: &World<'_>, out: &mut Vec<NewJob>) {
        let space = STEPS.saturating_sub(self.handed_off as usize);
        if space == 0 {
            self.end(RunState::Stopped);
            return;
        }
        let mut queued = 0;
        let mut held = None;
        for act in self.group(first, space) {
            self.handed_off += 1;
            let job = hand_off::job(self.handed_off, &act, &self.wishes(), &self.facts, world);
            if let Some(ending) = &job.ended {
                self.note(act.go_on_if_this_fails, ending);
            } else {
                queued += 1;
                held = (queued == 1 && job.mode == Mode::Sync).then(|| job.service.clone());
                let goes_on = act.go_on_if_this_fails;
                self.active.push(ActiveStep { step: job.step, action: act.action, goes_on });
            }
            out.push(job);
        }
        if queued > 0 {
            self.held = held;
        }
    }

    /// This act and those right after it that are marked *at the same time*, at most `space`.
    fn group(&mut self, first: Act, space: usize) -> Vec<Act> {
        let mut group = vec![first];
        while group.len() < space
            && let Some(Step::Act(act)) =
                self.steps.pop_front_if(|step| matches!(step, Step::Act(it) if it.at_the_same_time))
        {
            self.taken += 1;
            group.push(act);
        }
        group
    }

    fn wishes(&self) -> JobWishes<'_> {
        JobWishes {
            event_type: self.event_type,
            priority: self.priority,
            did_something: self.did_something,
            held: self.held.as_ref(),
        }
    }

    fn note(&mut self, goes_on: bool, ending: &Ending) {
        match ending {
            Ending::Completed { outputs, changes: _ } => {
                self.did_something = true;
                for (name, text) in outputs {
                    self.keep_output(name, text);
                }
            }
            Ending::Failed(_) => self.stops |= !goes_on,
            Ending::Discarded(reason) => self.stops |= !goes_on && !is_switched_off(reason),
        }
    }

    fn keep_output(&mut self, name: &str, text: &str) {
        let outputs = &mut self.facts.outputs;
        if outputs.len() < OUTPUTS || outputs.contains_key(name) {
            outputs.insert(name.to_owned(), text.chars().take(FILLED_CHARACTERS).collect());
        }
    }

    /// What is left falls away.
    fn end(&mut self, state: RunState) {
        self.state = state;
        self.steps.clear();
        self.at_the_end.clear();
        self.due_ms = None;
        self.combo_open = false;
    }
}

/// What is switched off is left out, and the run goes on without it.
fn is_switched_off(reason: &Reason) -> bool {
    matches!(reason, Reason::ServiceOff { .. } | Reason::EventTypeOff { .. } | Reason::NoEventOff { .. })
}

#[cfg(test)]
mod tests;
