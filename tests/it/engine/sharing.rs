//! Several processes share a data folder: one decides, and each queue has one worker.

use super::first_day;
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
