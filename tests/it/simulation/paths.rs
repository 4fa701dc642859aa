//! The ways that a run can take through the steps of its rule, and whether its jobs took one of them.

use cuelight_core::step::{Act, Step};

use super::rows::JobRow;

/// Acts that start together, and how long the run waits before them.
#[derive(Clone, Default)]
pub(super) struct Group<'a> {
    pub(super) acts: Vec<&'a Act>,
    pub(super) after_ms: i64,
}

/// A step on the way: an act, a wait, or a choice that keeps what follows it out of the group before it.
#[derive(Clone)]
enum Item<'a> {
    Act(&'a Act),
    Wait(i64),
    Apart,
}

/// Every way through these steps; those marked *at the end* come last where the combo went on.
pub(super) fn ways(steps: &[Step], combo_open: bool) -> Vec<Vec<Group<'_>>> {
    let is_last = |step: &&Step| combo_open && matches!(step, Step::Act(act) if act.at_the_end);
    let (last, first): (Vec<&Step>, Vec<&Step>) = steps.iter().partition(is_last);
    let ordered: Vec<&Step> = first.into_iter().chain(last).collect();
    items(&ordered).into_iter().map(|way| grouped(&way)).collect()
}

fn items<'a>(steps: &[&'a Step]) -> Vec<Vec<Item<'a>>> {
    let Some((step, rest)) = steps.split_first() else { return vec![Vec::new()] };
    let begins: Vec<Vec<Item<'_>>> = match step {
        Step::Act(act) => vec![vec![Item::Act(act)]],
        Step::Wait(wait) => vec![vec![Item::Wait(wait.wait_ms as i64)]],
        Step::Choose(choose) => chosen([&choose.then, &choose.otherwise]),
        Step::PickOne(pick) => chosen(&pick.pick_one),
    };
    let ends = items(rest);
    begins.iter().flat_map(|begin| ends.iter().map(|end| begin.iter().chain(end).cloned().collect())).collect()
}

fn chosen<'a>(ways: impl IntoIterator<Item = &'a Vec<Step>>) -> Vec<Vec<Item<'a>>> {
    let ways = ways.into_iter().flat_map(|steps| items(&steps.iter().collect::<Vec<_>>()));
    ways.map(|way| std::iter::once(Item::Apart).chain(way).collect()).collect()
}

fn grouped<'a>(way: &[Item<'a>]) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let (mut is_apart, mut after_ms) = (true, 0);
    for item in way {
        match item {
            Item::Apart => is_apart = true,
            Item::Wait(wait_ms) => (is_apart, after_ms) = (true, after_ms + wait_ms),
            Item::Act(act) => match groups.last_mut().filter(|_| act.at_the_same_time && !is_apart) {
                Some(group) => group.acts.push(act),
                None => {
                    groups.push(Group { acts: vec![act], after_ms: std::mem::take(&mut after_ms) });
                    is_apart = false;
                }
            },
        }
    }
    groups
}

/// The groups of that way as far as the jobs went it; `None` where they did not, or stopped inside a group.
pub(super) fn taken<'a, 'j>(way: &[Group<'a>], mut jobs: &'j [JobRow]) -> Option<Vec<(Group<'a>, &'j [JobRow])>> {
    let mut taken = Vec::new();
    for group in way {
        if jobs.is_empty() {
            break;
        }
        let (now, rest) = jobs.split_at_checked(group.acts.len())?;
        let is_so = |(act, job): (&&Act, &JobRow)| act.action.kind.as_str() == job.kind && name(act) == job.act;
        if !group.acts.iter().zip(now).all(is_so) {
            return None;
        }
        taken.push((group.clone(), now));
        jobs = rest;
    }
    jobs.is_empty().then_some(taken)
}

fn name(act: &Act) -> &str {
    act.action.parameters.get("act").and_then(|name| name.as_str()).unwrap_or_default()
}
