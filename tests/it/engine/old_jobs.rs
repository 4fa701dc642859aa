//! What an earlier live left waiting is not forgotten, and not done unasked either.

use super::lives::comments;
use super::{enqueue, first_day, jobs, lives};
use crate::support::Workplace;

/// Jobs that the earlier live left: a chat line and one over the dinosaur for each of its comments.
const LEFT: usize = 10;

/// A workplace in which an earlier live left jobs.
fn with_old_jobs() -> Workplace {
    let workplace = first_day();
    enqueue(&workplace, &comments(5));
    assert_eq!(jobs(&workplace, &["--state", "pending"]).len(), LEFT, "they wait");
    lives::write(&workplace, "next.jsonl", &comments(1));
    workplace
}

/// How the jobs of the earlier live stand now.
fn states(workplace: &Workplace) -> Vec<String> {
    let jobs = jobs(workplace, &[]);
    let old = jobs.iter().filter(|job| job["session"] == 1);
    old.map(|job| job["state"].as_str().expect("a text").to_owned()).collect()
}

#[test]
fn old_jobs_are_held_and_told_until_somebody_decides() {
    let workplace = with_old_jobs();
    let said = workplace.run(["run", "--source", "file:next.jsonl"]).expect_status(0).stdout;
    assert!(said.contains("⏸️ 10 jobs of an earlier live are held; --old-jobs run does them"), "{said}");
    assert!(said.contains("✅ Everything is saved; 10 jobs wait for next time"), "the end says it too: {said}");
    assert_eq!(states(&workplace), ["pending"; LEFT], "none of them ran");
    for job in jobs(&workplace, &["--state", "pending"]) {
        assert!(job["held_since"].is_string(), "it is held: {job}");
        assert_eq!(job["why"], "It belongs to an earlier live and is held.", "and says so");
    }
}

#[test]
fn old_jobs_run_if_that_is_wanted() {
    let workplace = with_old_jobs();
    let said = workplace.run(["run", "--source", "file:next.jsonl", "--old-jobs", "run"]).expect_status(0).stdout;
    assert!(said.contains("▶️ 10 jobs of an earlier live run now"), "{said}");
    assert_eq!(states(&workplace), ["completed"; LEFT], "all of them ran");
    assert!(said.contains("pending 0 · processing 0 · completed 6"), "and are counted, with the new one: {said}");
}

#[test]
fn old_jobs_are_discarded_if_that_is_wanted() {
    let workplace = with_old_jobs();
    let said = workplace.run(["run", "--source", "file:next.jsonl", "--old-jobs", "discard"]).expect_status(0).stdout;
    assert!(said.contains("🗑️ 10 jobs of an earlier live were discarded"), "{said}");
    assert_eq!(states(&workplace), ["discarded"; LEFT], "none of them ran");
    let list = workplace.run(["jobs", "list", "--state", "discarded"]).expect_status(0).stdout;
    assert_eq!(list.matches("It belonged to an earlier session.").count(), LEFT, "each says why: {list}");
}

#[test]
fn work_runs_what_it_finds_held_or_not() {
    let workplace = with_old_jobs();
    workplace.run(["run", "--source", "file:next.jsonl"]).expect_status(0);
    let work = workplace.run(["work", "--until-empty"]).expect_status(0);
    assert!(work.stderr.contains("▶️ 10 jobs of an earlier live run now"), "{:?}", work.stderr);
    assert_eq!(states(&workplace), ["completed"; LEFT], "all of them ran");
    assert!(work.stdout.contains("completed 5 · failed 0 · discarded 0"), "and are counted: {}", work.stdout);
}
