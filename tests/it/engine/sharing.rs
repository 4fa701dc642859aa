//! Several processes share a data folder: one decides, and each queue has one worker.

use serde_json::json;

use super::lives::comments;
use super::{enqueue, first_day, jobs, logged, only_with, set};
use crate::support::running::Running;

#[test]
fn a_second_worker_waits_and_names_who_works_the_queue() {
    let workplace = first_day();
    let work = || Running::start(workplace.cuelight(["work", "--service", "overlays"]));
    let mut first = work();
    first.next_with("🔧 Overlays  ✅ worker active");
    let mut second = work();
    let waits = second.next_with("🔧 Overlays");
    assert!(waits.contains(&format!("process {}", first.id())), "it says whom it waits for: {waits}");
    first.kill();
    second.next_with("🔧 Overlays  ✅ worker active");
    let asked = ["do", "log_write", "text=hello", "--service", "overlays"];
    let done = workplace.run(asked).expect_status(0).stdout;
    assert!(done.contains("✅ [Overlays] log_write (P:10) completed"), "{done}");
    second.next_with("✅ [Overlays] log_write (P:10) completed");
    second.interrupt();
    let (status, said) = second.end();
    assert_eq!(status, Some(0), "Ctrl+C is a good end: {said}");
    assert!(said.contains("🟢 Overlays   pending 0 · processing 0 · async running 0 · completed 1"), "{said}");
}

#[test]
fn only_one_may_decide_in_a_data_folder_while_workers_and_lists_may_share_it() {
    let workplace = first_day();
    let mut engine = Running::start(workplace.cuelight(["run", "--source", "simulator"]));
    engine.next_with("✅ Capturing");
    let process = format!("process {}", engine.id());
    for args in [
        &["run", "--source", "simulator"][..],
        &["capture", "--source", "simulator", "--enqueue", "--duration", "1"],
        &["replay", "1", "--execute"],
    ] {
        let refused = workplace.run(args.iter().copied()).expect_status(6);
        assert!(refused.stderr.contains(&process), "{args:?} says who is there: {:?}", refused.stderr);
    }
    for args in [
        &["jobs", "list"][..],
        &["services", "list"],
        &["rules", "list"],
        &["sessions", "list"],
        &["do", "counter_change", "counter=shared"],
    ] {
        workplace.run(args.iter().copied()).expect_status(0);
    }
    engine.interrupt();
    assert_eq!(engine.end().0, Some(0), "and the engine did not mind");
}

#[test]
fn one_action_by_hand_starts_nothing_else_of_its_queue() {
    let workplace = only_with(json!([{"id": "chat", "name": "Chat", "when": {"on": "comment"},
        "do": [{"action": "log_write", "service": "voice", "with": {"text": "{comment}"}}]}]));
    enqueue(&workplace, &comments(3));
    let asked = ["do", "log_write", "text=now", "--service", "voice"];
    workplace.run(asked).expect_status(0);
    assert_eq!(logged(&workplace), ["now"], "it does not wait behind what nobody works off, and starts none of it");
    let jobs = jobs(&workplace, &["--state", "pending"]);
    assert_eq!(jobs.len(), 3, "all of that still waits: {jobs:?}");
    assert!(jobs.iter().all(|job| job["attempt"] == 0), "and was not tried");
}

#[test]
fn a_service_that_is_switched_on_during_a_run_is_worked_from_then_on() {
    let workplace = first_day();
    set(&workplace, "voice", &["active=off"]);
    let mut engine = Running::start(workplace.cuelight(["work"]));
    engine.next_with("🔧 Voice");
    set(&workplace, "voice", &["active=on"]);
    engine.next_with("🔧 Voice  ✅ worker active");
    workplace.run(["do", "log_write", "text=hello", "--service", "voice"]).expect_status(0);
    engine.next_with("✅ [Voice] log_write (P:10) completed");
    engine.interrupt();
    assert_eq!(engine.end().0, Some(0), "Ctrl+C is a good end");
}

#[test]
fn what_a_service_that_is_off_keeps_is_told_and_not_waited_for() {
    let workplace = only_with(json!([{"id": "chat", "name": "Chat", "when": {"on": "comment"},
        "do": [{"action": "log_write", "service": "voice", "with": {"text": "{comment}"}}]}]));
    enqueue(&workplace, &comments(2));
    set(&workplace, "voice", &["active=off"]);
    let said = workplace.run(["work", "--until-empty"]).expect_status(0).stdout;
    assert!(said.contains("⚪ Voice is switched off and keeps 2 jobs"), "{said}");
    set(&workplace, "voice", &["active=on"]);
    workplace.run(["work", "--until-empty"]).expect_status(0);
    assert_eq!(logged(&workplace), ["1", "2"], "they wait for better days");
}
