//! What holds for any steps and any order of endings, against a reading of the step tree that knows no run.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::scene::{Scene, act, at_the_end, at_the_same_time, firing, goes_on, in_service, wait, when};
use super::*;
use crate::id::ActionKindId;

/// Services by which acts are queued, left out, or fail before they begin.
const PLACES: [&str; 5] = ["basics", "stage", "hall", "off", "nowhere"];

fn any_act() -> impl Strategy<Value = Step> {
    (prop::sample::select(&PLACES[..]), any::<bool>(), any::<bool>()).prop_map(|(service, together, on)| {
        let step = in_service(service, act("numbered later"));
        let step = if together { at_the_same_time(step) } else { step };
        if on { goes_on(step) } else { step }
    })
}

fn any_step() -> impl Strategy<Value = Step> {
    let leaf = prop_oneof![5 => any_act(), 1 => (0..3_u64).prop_map(wait)];
    leaf.prop_recursive(3, 20, 4, |inner| {
        let steps = || prop::collection::vec(inner.clone(), 0..4);
        prop_oneof![
            (any::<bool>(), steps(), steps()).prop_map(|(yes, then, otherwise)| {
                when(if yes { "1" } else { "2" }, Comparison::Equal, "1", then, otherwise)
            }),
            prop::collection::vec(steps(), 0..4).prop_map(|pick_one| Step::PickOne(PickOne { pick_one })),
        ]
    })
}

fn any_steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![5 => any_step(), 1 => any_act().prop_map(at_the_end)];
    prop::collection::vec(step, 0..7).prop_map(|mut steps| {
        number(&mut steps, &mut 0);
        steps
    })
}

/// Calls every act by its place in the tree.
fn number(steps: &mut [Step], next: &mut u32) {
    for step in steps {
        match step {
            Step::Act(act) => {
                *next += 1;
                act.action.kind = ActionKindId::new(next.to_string());
            }
            Step::Choose(choose) => {
                number(&mut choose.then, next);
                number(&mut choose.otherwise, next);
            }
            Step::PickOne(pick) => pick.pick_one.iter_mut().for_each(|way| number(way, next)),
            Step::Wait(_) => {}
        }
    }
}

/// Reads the tree along what was handed off: from each count of acts that may lie behind us to those after these steps.
/// `seen` collects every count that can be reached on the way, which is where a run may have been stopped.
fn read(steps: &[Step], handed: &[String], from: BTreeSet<usize>, seen: &mut BTreeSet<usize>) -> BTreeSet<usize> {
    steps.iter().fold(from, |at, step| {
        let after: BTreeSet<usize> = match step {
            Step::Act(act) => {
                let next = |count: usize| (handed.get(count)? == act.action.kind.as_str()).then_some(count + 1);
                at.into_iter().filter_map(next).collect()
            }
            Step::Choose(choose) => {
                let way = if choose.all[0].value == "1" { &choose.then } else { &choose.otherwise };
                read(way, handed, at, seen)
            }
            Step::PickOne(pick) if pick.pick_one.is_empty() => at,
            Step::PickOne(pick) => pick.pick_one.iter().flat_map(|way| read(way, handed, at.clone(), seen)).collect(),
            Step::Wait(_) => at,
        };
        seen.extend(&after);
        after
    })
}

/// The steps in the order in which a run of a combo takes them.
fn in_order(steps: &[Step], combo_open: bool) -> Vec<Step> {
    let later = |step: &&Step| combo_open && matches!(step, Step::Act(act) if act.at_the_end);
    let now = steps.iter().filter(|step| !later(step));
    now.chain(steps.iter().filter(later)).cloned().collect()
}

fn may_fail(steps: &[Step], kind: &str) -> bool {
    steps.iter().any(|step| match step {
        Step::Act(act) => act.action.kind.as_str() == kind && act.go_on_if_this_fails,
        Step::Choose(choose) => may_fail(&choose.then, kind) || may_fail(&choose.otherwise, kind),
        Step::PickOne(pick) => pick.pick_one.iter().any(|way| may_fail(way, kind)),
        Step::Wait(_) => false,
    })
}

#[derive(Debug, Clone)]
struct Move {
    which: prop::sample::Index,
    ending: Ending,
    finishes: bool,
    stops: bool,
}

fn any_move() -> impl Strategy<Value = Move> {
    let ending = prop_oneof![6 => Just(completed()), 1 => Just(failed()), 1 => Just(discarded())];
    (any::<prop::sample::Index>(), ending, prop::bool::weighted(0.2), prop::bool::weighted(0.03))
        .prop_map(|(which, ending, finishes, stops)| Move { which, ending, finishes, stops })
}

/// What the test knows of a run: the jobs that wait or run, and whether a group's ending stops it.
#[derive(Default)]
struct Known {
    active: Vec<NewJob>,
    must_stop: bool,
}

impl Known {
    fn take(&mut self, steps: &[Step], jobs: &[NewJob]) -> Result<(), TestCaseError> {
        prop_assert!(self.active.is_empty() || jobs.is_empty(), "a group ends before the next begins");
        prop_assert!(!self.must_stop || jobs.is_empty(), "nothing comes after a group that stops the run");
        for job in jobs {
            match &job.ended {
                None => self.active.push(job.clone()),
                Some(ending) => self.note(steps, job, ending),
            }
        }
        Ok(())
    }

    fn note(&mut self, steps: &[Step], job: &NewJob, ending: &Ending) {
        let off = job.service.as_str() == "off";
        self.must_stop |= ending.state() != JobState::Completed && !off && !may_fail(steps, job.kind.as_str());
    }
}

fn restored(run: &Run) -> Run {
    let row = serde_json::to_string(run).expect("a run is plain data");
    serde_json::from_str(&row).expect("its own row is read back")
}

proptest! {
    #[test]
    fn every_step_has_its_turn_at_most_once_and_in_order(
        steps in any_steps(), combo_open: bool, seed: u64, moves in prop::collection::vec(any_move(), 40),
    ) {
        let mut scene = Scene::default();
        let mut known = Known::default();
        let mut run = Run::of(&Firing { combo_open, ..firing(steps.clone()) }, None, seed);
        let mut combo_is_open = combo_open;
        let mut stopped = false;
        scene.begin(&mut run);
        known.take(&steps, &scene.jobs)?;
        for Move { which, ending, finishes, stops } in moves.iter().cycle().take(400).cloned() {
            let again = restored(&run);
            prop_assert_eq!(&again, &run, "a row says all there is to say");
            run = again;
            let told = scene.jobs.len();
            if stops && run.state() == RunState::Open {
                run.stop();
                stopped = true;
            }
            if combo_is_open && (finishes || known.active.is_empty() && run.due_ms().is_none()) {
                combo_is_open = false;
                scene.finish(&mut run, 5);
            } else if run.due_ms().is_some() {
                prop_assert!(known.active.is_empty(), "a wait begins when nothing is under way");
                scene.wait_over(&mut run);
            } else if !known.active.is_empty() {
                let job = known.active.remove(which.index(known.active.len()));
                known.note(&steps, &job, &ending);
                scene.end(&mut run, job.step, &ending);
            }
            // What stops a run stops it only when its group has ended, so the group's own jobs are not after it.
            let must_stop = known.must_stop && known.active.is_empty() && scene.jobs.len() == told;
            known.take(&steps, &scene.jobs[told..])?;
            prop_assert!(!stopped || scene.jobs.len() == told, "a stopped run hands nothing off");
            prop_assert!(!must_stop || run.state() == RunState::Stopped, "a failed step stops its run");
            let nothing_is_left = known.active.is_empty() && run.due_ms().is_none() && !combo_is_open;
            prop_assert!(!nothing_is_left || run.state() != RunState::Open, "nothing is left to wait for");
            prop_assert!(stopped || known.active.is_empty() || run.state() == RunState::Open, "a job is under way");
            prop_assert!(run.state() != RunState::Stopped || stopped || known.must_stop, "nothing stopped it");
        }
        prop_assert_ne!(run.state(), RunState::Open, "every run comes to its end");
        let numbers: Vec<u32> = scene.jobs.iter().map(|job| job.step).collect();
        prop_assert_eq!(numbers, (1..=scene.jobs.len() as u32).collect::<Vec<_>>(), "steps are numbered 1, 2, 3 …");
        let handed = scene.names();
        let mut seen = BTreeSet::from([0]);
        let ends = read(&in_order(&steps, combo_open), &handed, BTreeSet::from([0]), &mut seen);
        let expected = if run.state() == RunState::Done { ends } else { seen };
        prop_assert!(expected.contains(&handed.len()), "{:?} is no way through the steps", handed);
    }
}
