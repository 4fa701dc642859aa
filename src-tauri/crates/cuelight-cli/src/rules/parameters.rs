//! What the steps of a rule give to actions that these do not take.

use cuelight_core::action::Action;
use cuelight_core::service::Services;
use cuelight_core::step::Step;
use cuelight_runtime::actions::{KindSchema, Registry};

/// Looks at every action of the steps and hands each problem on with its place, such as `do[1].with.name`.
pub(super) fn look(steps: &[Step], services: &Services, warn: &mut impl FnMut(&str, &str)) {
    let kinds: Vec<KindSchema> = Registry::built_in().kinds().collect();
    look_at_steps(steps, "do", &mut |action, place| {
        // A kind that is not known has a warning of its own.
        let Some(kind) = kinds.iter().find(|kind| kind.id == action.kind.as_str()) else { return };
        look_at_action(action, kind, services, place, warn);
    });
}

fn look_at_steps(steps: &[Step], place: &str, visit: &mut impl FnMut(&Action, &str)) {
    for (number, step) in steps.iter().enumerate() {
        let place = format!("{place}[{number}]");
        match step {
            Step::Act(act) => visit(&act.action, &place),
            Step::Choose(choose) => {
                look_at_steps(&choose.then, &format!("{place}.then"), visit);
                look_at_steps(&choose.otherwise, &format!("{place}.otherwise"), visit);
            }
            Step::PickOne(pick) => {
                for (number, way) in pick.pick_one.iter().enumerate() {
                    look_at_steps(way, &format!("{place}.pick_one[{number}]"), visit);
                }
            }
            Step::Wait(_) => {}
        }
    }
}

fn look_at_action(
    action: &Action,
    kind: &KindSchema,
    services: &Services,
    place: &str,
    warn: &mut impl FnMut(&str, &str),
) {
    for name in action.parameters.keys().filter(|name| !kind.fields.contains(name)) {
        let fields = kind.fields.join(", ");
        let problem = format!("Action {} has no parameter {name:?}; there are {fields}.", kind.id);
        warn(&format!("{place}.with.{name}"), &problem);
    }
    let service = action.service.as_ref().and_then(|id| services.get(id));
    if let Some(service) = service.filter(|service| service.kind != kind.service && !kind.runs_in_any_service) {
        let problem = format!("Action {} cannot run in service {}.", kind.id, service.id);
        warn(&format!("{place}.service"), &problem);
    }
}
