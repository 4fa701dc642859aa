//! What a run hands off, step by step.

mod properties;
mod scene;

use serde_json::json;

use self::scene::{NOW_MS, Scene, act, at_the_end, at_the_same_time, firing, goes_on, in_service, wait, when};
use super::*;
use crate::condition::Comparison;
use crate::facts::ViewerFact;
use crate::id::UserId;
use crate::job::JobState;
use crate::service::Services;
use crate::step::PickOne;

fn failed() -> Ending {
    Ending::Failed(Reason::TimedOut { limit_ms: 1 })
}

fn discarded() -> Ending {
    Ending::Discarded(Reason::DiscardedByYou)
}

fn completed() -> Ending {
    Ending::Completed { outputs: Vec::new(), changes: Vec::new() }
}

/// Ends jobs one after another and compares what each ending brings about.
fn check(steps: Vec<Step>, first: &[&str], then: &[(u32, Ending, &[&str])], state: RunState) {
    let mut scene = Scene::default();
    let mut run = Run::of(&firing(steps), None, 7);
    assert_eq!(scene.begin(&mut run), first, "handed off at the beginning");
    for (step, ending, expected) in then {
        assert_eq!(scene.end(&mut run, *step, ending), *expected, "handed off after step {step} ended as {ending:?}");
    }
    assert_eq!(run.state(), state, "where the run stands then");
}

#[test]
fn a_group_ends_before_the_next_step_begins() {
    check(
        vec![act("a"), at_the_same_time(act("b")), act("c")],
        &["a", "b"],
        &[(2, completed(), &[]), (1, completed(), &["c"]), (3, completed(), &[])],
        RunState::Done,
    );
}

#[test]
fn only_a_step_that_nothing_follows_is_the_last_one() {
    let mut scene = Scene::default();
    let mut begun = |steps| {
        let mut run = Run::of(&firing(steps), None, 7);
        scene.begin(&mut run);
        run
    };
    assert_eq!(begun(vec![act("a")]).last_step(), Some(1), "it is alone");
    for steps in [vec![act("a"), act("b")], vec![act("a"), at_the_same_time(act("b"))], vec![act("a"), wait(5)]] {
        assert_eq!(begun(steps.clone()).last_step(), None, "{steps:?} go on after the first ending");
    }
    let mut two = begun(vec![act("a"), act("b")]);
    scene.end(&mut two, 1, &completed());
    assert_eq!(two.last_step(), Some(2), "the second one has begun");
    scene.end(&mut two, 2, &completed());
    assert_eq!((two.last_step(), two.state()), (None, RunState::Done), "nothing is under way");
}

#[test]
fn an_ending_told_twice_hands_nothing_off_twice() {
    check(
        vec![act("a"), act("b"), act("c")],
        &["a"],
        &[(1, completed(), &["b"]), (1, completed(), &[]), (9, failed(), &[])],
        RunState::Open,
    );
}

#[test]
fn a_failed_or_discarded_step_stops_the_run_after_its_group() {
    for ending in [failed(), discarded()] {
        check(
            vec![act("a"), at_the_same_time(act("b")), act("c")],
            &["a", "b"],
            &[(1, ending.clone(), &[]), (2, completed(), &[])],
            RunState::Stopped,
        );
        check(vec![goes_on(act("a")), act("b")], &["a"], &[(1, ending, &["b"])], RunState::Open);
    }
}

#[test]
fn what_is_switched_off_is_left_out_and_the_run_goes_on() {
    for service in ["off", "closed"] {
        check(
            vec![in_service(service, act("a")), act("b")],
            &["a discarded", "b"],
            &[(2, completed(), &[])],
            RunState::Done,
        );
    }
}

#[test]
fn what_cannot_be_prepared_stops_the_run_unless_it_may_go_on() {
    let nowhere = || in_service("nowhere", act("a"));
    for broken in [act("unknown"), nowhere()] {
        let mut scene = Scene::default();
        let mut run = Run::of(&firing(vec![broken, act("b")]), None, 7);
        assert_eq!(scene.begin(&mut run).len(), 1, "the broken step is told, and nothing after it");
        assert_eq!(run.state(), RunState::Stopped, "it failed");
        assert_eq!(scene.jobs[0].ended.as_ref().map(Ending::state), Some(JobState::Failed), "with its reason");
    }
    check(vec![goes_on(nowhere()), act("b")], &["a failed", "b"], &[], RunState::Open);
}

#[test]
fn an_unprepared_job_shows_what_was_written_in_the_service_that_was_named_or_basics() {
    for (step, service) in [(act("unknown"), "basics"), (in_service("nowhere", act("a")), "nowhere")] {
        let mut scene = Scene::default();
        scene.begin(&mut Run::of(&firing(vec![step]), None, 7));
        let job = &scene.jobs[0];
        assert_eq!(job.service.as_str(), service, "every job is listed somewhere");
        assert_eq!(job.parameters, json!({ "text": "×{count}" }), "unfilled, as people wrote it");
    }
}

#[test]
fn a_choice_is_asked_when_its_turn_comes() {
    let mut scene = Scene::default();
    let choose = when("{counter:deaths}", Comparison::AtLeast, "3", vec![act("many"), act("more")], vec![act("few")]);
    let mut run = Run::of(&firing(vec![act("a"), choose, act("z")]), None, 7);
    scene.begin(&mut run);
    scene.values.counters.insert("deaths".to_owned(), 10);
    assert_eq!(scene.end(&mut run, 1, &completed()), ["many"], "10 deaths by now are more than 3");
    assert_eq!(scene.end(&mut run, 2, &completed()), ["more"], "the chosen steps come first");
    assert_eq!(scene.end(&mut run, 3, &completed()), ["z"], "and then what stood after the choice");
}

#[test]
fn later_steps_see_the_outputs_of_earlier_ones() {
    let mut scene = Scene::default();
    let choose = when("{reply}", Comparison::Contains, "YES", vec![act("yes")], vec![act("no")]);
    let mut run = Run::of(&firing(vec![act("ask"), choose]), None, 7);
    scene.begin(&mut run);
    let answer = Ending::Completed { outputs: vec![("reply".into(), "oh yes, mia!".into())], changes: Vec::new() };
    assert_eq!(scene.end(&mut run, 1, &answer), ["yes"], "the reply contains a yes");
}

#[test]
fn outputs_are_bounded_in_number_and_length() {
    let mut scene = Scene::default();
    let mut run = Run::of(&firing(vec![act("a"), act("b")]), None, 7);
    scene.begin(&mut run);
    let outputs = (0..OUTPUTS * 2).map(|number| (format!("output{number:03}"), "ab".repeat(FILLED_CHARACTERS)));
    scene.end(&mut run, 1, &Ending::Completed { outputs: outputs.collect(), changes: Vec::new() });
    let again = Ending::Completed { outputs: vec![("output000".into(), "new".into())], changes: Vec::new() };
    scene.end(&mut run, 2, &again);
    assert_eq!(run.facts().outputs.len(), OUTPUTS, "a chatty action does not grow the row without end");
    assert_eq!(run.facts().outputs["output000"], "new", "what is there can still change");
    assert_eq!(run.facts().outputs["output001"].chars().count(), FILLED_CHARACTERS, "and a long text is cut");
}

#[test]
fn nothing_is_handed_off_before_a_wait_is_over() {
    let mut scene = Scene::default();
    let mut run = Run::of(&firing(vec![act("a"), wait(1_500), act("b")]), None, 7);
    scene.begin(&mut run);
    assert_eq!(run.due_ms(), None, "the wait has not begun");
    assert!(scene.end(&mut run, 1, &completed()).is_empty(), "b waits");
    assert_eq!(run.due_ms(), Some(NOW_MS + 1_500), "from the end of a");
    assert_eq!(run.state(), RunState::Open, "something is left");
    assert_eq!(scene.wait_over(&mut run), ["b"], "now it is b's turn");
    assert_eq!(run.due_ms(), None, "and nothing is due any more");
    let mut run = Run::of(&firing(vec![wait(u64::MAX)]), None, 7);
    scene.begin(&mut run);
    assert_eq!(run.due_ms(), Some(i64::MAX), "nonsense is only very long");
}

#[test]
fn what_is_marked_at_the_end_waits_for_the_combo() {
    let steps = || vec![act("show"), at_the_end(act("hide")), act("count"), at_the_end(act("thank"))];
    let mut scene = Scene::default();
    let mut run = Run::of(&Firing { combo_open: true, ..firing(steps()) }, None, 7);
    assert_eq!(scene.begin(&mut run), ["show"]);
    assert_eq!(scene.end(&mut run, 1, &completed()), ["count"], "hide waits for the end");
    assert!(scene.end(&mut run, 2, &completed()).is_empty(), "so does thank");
    assert_eq!(run.state(), RunState::Open, "the combo goes on, so the run does");
    assert_eq!(scene.finish(&mut run, 9), ["hide"], "the combo ended");
    assert_eq!(scene.jobs.last().map(|job| &job.parameters), Some(&json!({ "text": "×9" })), "with its last count");
    assert_eq!(scene.end(&mut run, 3, &completed()), ["thank"]);
    scene.end(&mut run, 4, &completed());
    assert_eq!(run.state(), RunState::Done, "all had its turn");

    let mut run = Run::of(&Firing { combo_open: true, ..firing(steps()) }, None, 7);
    scene.begin(&mut run);
    assert!(scene.finish(&mut run, 2).is_empty(), "a combo may end while a job is under way");
    assert_eq!(scene.end(&mut run, 1, &completed()), ["count"], "the other steps come first all the same");

    check(steps(), &["show"], &[(1, completed(), &["hide"])], RunState::Open);
}

#[test]
fn a_run_that_did_something_is_brought_to_its_end() {
    let mut scene = Scene::default();
    let mut run = Run::of(&firing(vec![goes_on(act("a")), act("b"), act("c")]), None, 7);
    scene.begin(&mut run);
    scene.end(&mut run, 1, &failed());
    assert!(!run.has_done_something(), "a failure did nothing");
    scene.end(&mut run, 2, &completed());
    assert!(run.has_done_something(), "b did");
    let told: Vec<_> = scene.jobs.iter().map(|job| (job.discardable, job.expires_after_ms)).collect();
    let may_go = (true, Some(60_000));
    assert_eq!(told, [may_go, may_go, (false, None)], "from then on it is neither dropped nor too late");
}

#[test]
fn what_is_never_dropped_is_never_too_late_either() {
    let mut scene = Scene::default();
    scene.services = Services::new(
        scene
            .services
            .iter()
            .cloned()
            .map(|mut service| {
                service.others.discardable = false;
                service
            })
            .collect(),
    );
    scene.begin(&mut Run::of(&firing(vec![act("a")]), None, 7));
    let job = &scene.jobs[0];
    assert_eq!((job.discardable, job.expires_after_ms), (false, None), "whatever its service says of its time");
}

#[test]
fn what_was_merged_can_be_taken_back_piece_by_piece() {
    let facts = |viewer: &str, count| Facts {
        viewer: Some(ViewerFact { user_id: UserId::new(viewer), ..ViewerFact::default() }),
        count: Some(count),
        ..Facts::default()
    };
    let (luna, kai) = (facts("luna", 3), facts("kai", 4));
    let mut run = Run::of(&Firing { facts: facts("mira", 2), ..firing(vec![act("a")]) }, Some(SessionId(12)), 7);
    assert!(!run.has_merged(), "it is alone");
    run.fold(&luna);
    run.fold(&kai);
    assert_eq!((run.facts().count, run.has_merged()), (Some(9), true), "all three");
    assert!(run.merge_again(std::slice::from_ref(&kai)), "luna is taken out");
    assert_eq!((run.facts().count, run.facts().others.len()), (Some(6), 1), "mira's and kai's are left");
    run.take_back_own();
    assert!(run.merge_again(std::slice::from_ref(&kai)), "mira is taken out");
    let left = run.facts();
    assert_eq!((left.viewer.as_ref(), left.count), (kai.viewer.as_ref(), Some(4)), "only kai's is left");
    assert_eq!(left.session, Some(SessionId(12)), "and it is of the same session");
    run.fold(&luna);
    assert_eq!(run.facts().count, Some(7), "more may come");
    assert!(!run.merge_again(&[]), "and without all of them it is about nothing");
}

#[test]
fn the_rules_priority_wins_over_the_services() {
    for (rule, expected) in [(None, 5), (Some(Priority::HIGHEST), 10)] {
        let mut scene = Scene::default();
        scene.begin(&mut Run::of(&Firing { priority: rule, ..firing(vec![act("a")]) }, None, 7));
        assert_eq!(scene.jobs[0].priority.get(), expected, "where the rule says {rule:?}");
    }
}

#[test]
fn consecutive_steps_of_one_sync_service_are_held_together() {
    let stage = |name| in_service("stage", act(name));
    let hall = |name| in_service("hall", act(name));
    let off = |name| in_service("off", act(name));
    for (steps, expected, why) in [
        (vec![stage("a"), stage("b"), stage("c")], vec![false, true, true], "one after another"),
        (vec![stage("a"), hall("b"), stage("c")], vec![false, false, false], "another service came between"),
        (vec![stage("a"), wait(5), stage("b")], vec![false, false], "time passed between"),
        (vec![act("a"), act("b")], vec![false, false], "async jobs hold nothing"),
        (
            vec![stage("a"), at_the_same_time(hall("b")), stage("c")],
            vec![false, false, false],
            "a group of two holds nothing",
        ),
        (vec![stage("a"), off("b"), stage("c")], vec![false, false, true], "what is left out takes no time"),
        (vec![hall("a"), stage("b"), at_the_same_time(stage("c"))], vec![false, false, false], "a first step there"),
    ] {
        let mut scene = Scene::default();
        let mut run = Run::of(&firing(steps), None, 7);
        scene.complete_all(&mut run);
        let follows: Vec<_> = scene.jobs.iter().map(|job| job.follows).collect();
        assert_eq!(follows, expected, "{why}");
    }
    let mut scene = Scene::default();
    let mut run = Run::of(&firing(vec![goes_on(stage("a")), stage("b")]), None, 7);
    scene.begin(&mut run);
    scene.end(&mut run, 1, &discarded());
    assert!(!scene.jobs[1].follows, "a job that never ran is nothing to go on from");
}

#[test]
fn chance_is_the_same_for_the_same_firing_and_differs_from_one_to_the_next() {
    let pick = || Step::PickOne(PickOne { pick_one: ["a", "b", "c"].map(|name| vec![act(name)]).to_vec() });
    let drawn = |number| {
        let mut scene = Scene::default();
        let mut run = Run::of(&Firing { firing: number, ..firing(vec![pick(), pick(), pick()]) }, None, 7);
        scene.complete_all(&mut run);
        scene.names()
    };
    assert_eq!(drawn(1), drawn(1), "a repetition draws the same");
    let all: std::collections::BTreeSet<_> = (1..200).map(drawn).collect();
    assert_eq!(all.len(), 27, "every row of three picks comes up, so they do not depend on each other");
}

#[test]
fn a_run_hands_off_a_bounded_number_of_steps() {
    let mut scene = Scene::default();
    let mut run = Run::of(&firing(vec![at_the_same_time(act("a")); STEPS + 5]), None, 7);
    scene.complete_all(&mut run);
    assert_eq!((scene.jobs.len(), run.state()), (STEPS, RunState::Stopped), "the rest falls away");
}

#[test]
fn a_waiting_job_is_prepared_again_from_what_is_known_by_then() {
    let mut scene = Scene::default();
    let mut run = Run::of(&Firing { combo_open: true, ..firing(vec![act("show")]) }, Some(SessionId(12)), 7);
    scene.begin(&mut run);
    run.grow(&Facts { count: Some(4), ..Facts::default() });
    assert_eq!(scene.prepare_again(&run, 1), Some(Ok(json!({ "text": "×4" }))), "the combo grew");
    assert_eq!(run.facts().session, Some(SessionId(12)), "what does not grow stays");
    run.fold(&Facts { count: Some(3), ..Facts::default() });
    assert_eq!(scene.prepare_again(&run, 1), Some(Ok(json!({ "text": "×7" }))), "another firing was merged into it");
    assert_eq!(scene.prepare_again(&run, 2), None, "there is no such step");
    scene.end(&mut run, 1, &completed());
    assert_eq!(scene.prepare_again(&run, 1), None, "what has ended stays as it was");
}

#[test]
fn a_stopped_run_hands_nothing_off_and_a_done_one_stays_done() {
    let mut scene = Scene::default();
    let mut run = Run::of(&firing(vec![act("a"), act("b")]), None, 7);
    scene.begin(&mut run);
    run.stop();
    assert_eq!(run.state(), RunState::Stopped, "at once, though a is under way");
    assert!(scene.end(&mut run, 1, &completed()).is_empty(), "b has no turn any more");
    assert!(run.has_done_something(), "but a did what it should");
    let mut run = Run::of(&firing(Vec::new()), None, 7);
    scene.begin(&mut run);
    run.stop();
    assert_eq!(run.state(), RunState::Done, "there was nothing to stop");
}
