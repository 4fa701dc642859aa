//! Through which service's queue an action goes.

use cuelight_core::action::Prepare as _;
use cuelight_core::id::ServiceId;
use cuelight_core::reason::Reason;
use cuelight_core::service::{ServiceKind, Services};
use serde_json::json;

use super::{action, facts, service, services, values};
use crate::actions::Registry;

fn check(kind: &str, named: Option<&str>, services: &Services, expected: Result<&str, Reason>) {
    let mut action = action(kind, json!({}));
    action.service = named.map(ServiceId::new);
    let prepared = Registry::built_in().prepare(&action, &facts(), &values(), services);
    let service = prepared.map(|prepared| prepared.service);
    assert_eq!(service, expected.map(ServiceId::new), "{kind} in {named:?}");
}

#[test]
fn an_action_goes_through_its_own_service_unless_the_step_names_another_that_runs_it() {
    let second = service("basics-2", ServiceKind::Basics);
    let more = Services::new(services().iter().cloned().chain([second]).collect());
    check("counter_change", None, &more, Ok("basics"));
    check("counter_change", Some("basics-2"), &more, Ok("basics-2"));
    let wrong = Reason::WrongService { kind: "counter_change".into(), service: "web".into() };
    check("counter_change", Some("web"), &more, Err(wrong));
}

#[test]
fn the_log_can_be_written_in_every_service() {
    check("log_write", Some("web"), &services(), Ok("web"));
    check("log_write", None, &services(), Ok("basics"));
}

#[test]
fn what_does_not_exist_is_told_by_its_name() {
    let gone = Reason::NoSuchService { service: "lights".into() };
    check("log_write", Some("lights"), &services(), Err(gone));
    let no_basics = Services::new(vec![service("web", ServiceKind::Web)]);
    check("counter_change", None, &no_basics, Err(Reason::NoSuchService { service: "basics".into() }));
    check("coffee_make", None, &services(), Err(Reason::NoSuchAction { kind: "coffee_make".into() }));
}
