//! Jobs are listed with their reasons, run again, and taken out of their queues.

use cuelight_core::facts::Values;
use cuelight_core::id::ServiceId;
use cuelight_core::service::Services;
use cuelight_core::world::World;
use cuelight_runtime::actions::Registry;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::store::{Claim, open_beside_engine};
use serde_json::Value;

use super::{first_day, folder, hold, refuse};
use crate::support::Workplace;

/// Puts a job into the queue of `overlays`, whose worker's place is held by whoever calls.
fn ask(workplace: &Workplace, text: &str) {
    let text = format!("text={text}");
    let asked = ["do", "log_write", &text, "--service", "overlays", "--timeout", "0"];
    workplace.run(asked).expect_status(1);
}

fn jobs(workplace: &Workplace, more: &[&str]) -> Vec<Value> {
    let args = ["jobs", "list", "--json"].into_iter().chain(more.iter().copied());
    let list = workplace.run(args).expect_status(0).stdout;
    list.lines().map(|line| serde_json::from_str(line).expect("one JSON object a line")).collect()
}

#[test]
fn a_waiting_job_can_be_discarded_and_the_list_says_who_did() {
    let workplace = first_day();
    let _still = hold(&workplace, "overlays");
    ask(&workplace, "first");
    ask(&workplace, "second");
    let waiting = jobs(&workplace, &["--state", "pending"]);
    let texts: Vec<&Value> = waiting.iter().map(|job| &job["with"]["text"]).collect();
    assert_eq!(texts, ["second", "first"], "the newest first");
    workplace.run(["jobs", "discard", "1"]).expect_status(0);
    let discarded = jobs(&workplace, &["--state", "discarded"]);
    assert_eq!(discarded.len(), 1, "one of them");
    assert_eq!(discarded[0]["reason"]["code"], "discarded_by_you", "for machines");
    let line = workplace.run(["jobs", "list", "--state", "discarded"]).expect_status(0).stdout;
    for part in ["🗑️ discarded", "[overlays] log_write (P:10)", "Discarded by you."] {
        assert!(line.contains(part), "{part} is missing in {line:?}");
    }
    refuse(&workplace, &["jobs", "discard", "1"], 1, "❌ Job 1 has ended already: it is discarded");
}

#[test]
fn an_ended_job_runs_again_as_a_new_one() {
    let workplace = first_day();
    let _still = hold(&workplace, "overlays");
    ask(&workplace, "once more");
    refuse(&workplace, &["jobs", "retry", "1"], 1, "❌ Job 1 has not run yet: it waits in the queue of overlays");
    workplace.run(["jobs", "discard", "1"]).expect_status(0);
    let said = workplace.run(["jobs", "retry", "1"]).expect_status(0).stdout;
    assert_eq!(said, "✅ Job 1 runs again as job 2 in the queue of overlays\n", "it says under which number");
    let [again] = jobs(&workplace, &["--state", "pending"]).try_into().expect("one job waits");
    assert_eq!(
        (&again["id"], &again["with"]["text"]),
        (&2.into(), &"once more".into()),
        "the same, under a new number"
    );
}

#[test]
fn a_running_job_is_not_taken_out_from_under_its_worker() {
    let workplace = first_day();
    let _still = hold(&workplace, "overlays");
    ask(&workplace, "runs");
    let (store, _) = open_beside_engine(&folder(&workplace), &Clock::system()).expect("it is there");
    let services = Services::new(store.reader().expect("readable").services().expect("readable"));
    let (prepare, values) = (Registry::built_in(), Values::default());
    let now_ms = Clock::system().now_ms();
    let world = World { services: &services, prepare: &prepare, values: &values, seed: 0, now_ms };
    let overlays = ServiceId::new("overlays");
    let claim = store.journal().expect("writable").work(|queues| queues.claim(&overlays, &world));
    assert!(matches!(claim, Ok((Claim::Started(_), _))), "a worker takes it: {claim:?}");
    refuse(&workplace, &["jobs", "discard", "1"], 1, "❌ Job 1 is running in overlays and cannot be taken out");
    refuse(&workplace, &["jobs", "retry", "1"], 1, "❌ Job 1 is running in overlays; it can run again once it ended");
}

#[test]
fn what_is_no_job_is_told() {
    let workplace = first_day();
    refuse(&workplace, &["jobs", "discard", "7"], 1, "❌ There is no job 7");
    refuse(&workplace, &["jobs", "retry", "7"], 1, "❌ There is no job 7");
    refuse(&workplace, &["jobs", "retry", "seven"], 2, "a job is a number such as 31");
    refuse(&workplace, &["jobs", "list", "--state", "lost"], 2, "pending, processing, completed, failed, discarded");
    refuse(&workplace, &["jobs", "list", "--service", "radio"], 2, "❌ There is no service \"radio\"");
    let none = workplace.run(["jobs", "list"]).expect_status(0);
    assert_eq!((none.stdout.as_str(), none.stderr.as_str()), ("", "No such jobs.\n"), "an empty list says so");
}
