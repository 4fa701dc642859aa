//! The settings of services through the door.

use std::time::Duration;

use cuelight_core::id::ServiceId;
use cuelight_runtime::worker::ServiceState;
use serde_json::{Value, json};

use crate::api::editing::tests::Home;
use crate::dto::FailureCode;

/// Far longer than a worker takes to begin.
const PATIENCE: Duration = Duration::from_secs(20);

async fn service(home: &Home, id: &str) -> Value {
    let services = home.call("services", json!({})).await;
    let mut services = services.as_array().expect("a list").iter();
    services.find(|service| service["id"] == id).expect("it is listed").clone()
}

/// Waits until the service's worker says that nothing is to be done.
async fn until_idle(home: &Home, id: &ServiceId) {
    let mut statuses = home.app.engine.workers.statuses();
    let idle = statuses.wait_for(|all| all.get(id).is_some_and(|it| it.state == ServiceState::Idle));
    assert!(tokio::time::timeout(PATIENCE, idle).await.is_ok_and(|it| it.is_ok()), "a worker works for {id}");
}

fn is_worked_for(home: &Home, id: &ServiceId) -> bool {
    home.app.engine.workers.statuses().borrow().contains_key(id)
}

#[tokio::test]
async fn a_service_is_changed_within_its_bounds_and_back() {
    let home = Home::new();
    let before = service(&home, "voice").await;
    let changed = home.call("change_service", json!({"service": "voice", "name": "My voice", "maxQueueSize": 7})).await;
    assert_eq!((&changed["name"], &changed["maxQueueSize"]), (&json!("My voice"), &json!(7)), "what was named");
    assert_eq!(changed["maxParallel"], before["maxParallel"], "and nothing else");
    for (input, field) in [
        (json!({"service": "voice", "maxQueueSize": 0}), "maxQueueSize"),
        (json!({"service": "voice", "maxParallel": 1_000}), "maxParallel"),
        (json!({"service": "voice", "name": ""}), "name"),
    ] {
        let failure = home.fail("change_service", input).await;
        assert_eq!((failure.code, failure.field.as_deref()), (FailureCode::BadInput, Some(field)), "{failure:?}");
    }
    let failure = home.fail("change_service", json!({"service": "nobody", "active": false})).await;
    assert_eq!(failure.code, FailureCode::NotFound, "{failure:?}");
    let undo = home.call("undo", json!({})).await;
    assert_eq!(undo["redo"], json!({"what": "service_changed", "name": "My voice"}), "it was one deed");
    assert_eq!(service(&home, "voice").await, before, "and is taken back");
}

#[tokio::test]
async fn an_event_type_is_changed_and_treated_apart() {
    let home = Home::new();
    let change =
        |event_type: Value, change: Value| json!({"service": "voice", "eventType": event_type, "change": change});
    let never = home.call("change_service_event", change(json!("comment"), json!({"expiresAfterSeconds": null}))).await;
    assert_eq!(never["events"]["comment"]["expiresAfterSeconds"], Value::Null, "a null that is there is any time");
    let input = change(json!("comment"), json!({"priority": 9, "mode": "async", "discardable": false}));
    let comment = home.call("change_service_event", input).await["events"]["comment"].clone();
    assert_eq!((&comment["priority"], &comment["mode"]), (&json!(9), &json!("async")), "what was named");
    assert_eq!(comment["expiresAfterSeconds"], Value::Null, "what is left out stays");
    let others = home.call("change_service_event", change(Value::Null, json!({"enabled": false}))).await;
    assert_eq!(others["others"]["enabled"], false, "all others at once");
    let failure = home.fail("change_service_event", change(json!("comment"), json!({"expiresAfterSeconds": 0}))).await;
    assert_eq!(failure.field.as_deref(), Some("change.expiresAfterSeconds"), "{failure:?}");

    let apart = |service: &str, event_type: &str, apart: bool| json!({"service": service, "eventType": event_type, "apart": apart});
    let separated = home.call("separate_event_type", apart("voice", "live_start", true)).await;
    assert_eq!(separated["events"]["live_start"], separated["others"], "as it was among the others");
    let together = home.call("separate_event_type", apart("voice", "live_start", false)).await;
    assert_eq!(together["events"]["live_start"], Value::Null, "and again one of them");
    let failure = home.fail("separate_event_type", apart("overlays", "gift", false)).await;
    assert_eq!(failure.code, FailureCode::NotNow, "its alert would be lost: {failure:?}");
}

#[tokio::test]
async fn a_default_action_is_switched_among_the_rules_and_back() {
    let home = Home::new();
    let enabled = |book: &Value| {
        let mut defaults = book["defaults"].as_array().expect("a list").iter();
        let gift = defaults.find(|it| it["service"] == "overlays" && it["eventType"] == "gift").expect("it is listed");
        gift["enabled"].as_bool().expect("a switch")
    };
    let off = json!({"service": "overlays", "eventType": "gift", "enabled": false});
    let book = home.call("enable_default", off).await;
    assert!(!enabled(&book), "it is off");
    home.call("undo", json!({})).await;
    assert!(enabled(&home.call("rulebook", json!({})).await), "and on again");
    let nothing = json!({"service": "voice", "eventType": "gift", "enabled": false});
    assert_eq!(home.fail("enable_default", nothing).await.code, FailureCode::NotFound, "voice does nothing by default");
}

#[tokio::test]
async fn an_added_service_works_at_once_and_goes_only_when_nothing_needs_it() {
    let home = Home::new();
    let added = home.call("add_service", json!({"kind": "overlays", "name": "Second screen"})).await;
    assert_eq!(
        (&added["id"], &added["name"]),
        (&json!("overlays-2"), &json!("Second screen")),
        "under an id of its own"
    );
    let id = ServiceId::new("overlays-2");
    until_idle(&home, &id).await;

    let act = json!({"action": "log_write", "service": "overlays-2", "with": {"text": "hello"}});
    let rule = json!({"name": "Hello", "when": {"on": "comment"}, "do": [act]});
    let rule = home.call("add_rule", json!({ "rule": rule })).await["rule"]["rule"]["id"].clone();
    let remove = json!({"service": "overlays-2"});
    let failure = home.fail("remove_service", remove.clone()).await;
    assert_eq!(failure.code, FailureCode::NotNow, "{failure:?}: the rule could not be followed any more");
    home.call("bin_rule", json!({ "rule": rule })).await;
    home.call("remove_service", remove).await;
    assert!(!is_worked_for(&home, &id), "nobody works for it");
    let failure = home.fail("restore_rule", json!({ "rule": rule })).await;
    assert_eq!(failure.field.as_deref(), Some("do[0].service"), "{failure:?}: what needs it stays in the bin");

    home.call("undo", json!({})).await;
    until_idle(&home, &id).await;
    home.call("redo", json!({})).await;
    assert!(!is_worked_for(&home, &id), "and gone again");
}

#[tokio::test]
async fn what_comes_with_the_app_stays_and_programs_are_not_added_by_name() {
    let home = Home::new();
    let failure = home.fail("remove_service", json!({"service": "voice"})).await;
    assert_eq!(failure.code, FailureCode::NotNow, "{failure:?}");
    let failure = home.fail("add_service", json!({"kind": "custom", "name": "Lights"})).await;
    assert_eq!((failure.code, failure.field.as_deref()), (FailureCode::BadInput, Some("kind")), "{failure:?}");
    let failure = home.fail("add_service", json!({"kind": "voice", "name": "  "})).await;
    assert_eq!(failure.field.as_deref(), Some("name"), "{failure:?}");
}
