//! What a commit does to the queues: no doubling, the order of claims, full queues, folding, moderation.

use cuelight_core::decision::Effect;
use cuelight_core::event::EventType::{Comment, Gift, Like};
use cuelight_core::facts::Facts;
use cuelight_core::id::{MsgId, RuleId, UserId};
use cuelight_core::job::JobState::{Completed, Discarded, Pending, Processing};
use cuelight_core::reason::Reason;
use rusqlite::Connection;

use super::engine::{Engine, act, firing, foldable, wait, with_priority};
use crate::store::Claim;
use crate::store::queue::{DUE_JOBS, DUE_RUNS, HEAD, NEXT_DUE, OPEN_OF_VIEWER, WEAKEST};

#[test]
fn a_firing_becomes_one_run_however_often_it_is_committed() {
    let mut engine = Engine::new();
    let one = firing(1, Comment, "hola", &[act("log_write", "basics"), act("log_write", "basics")]);
    let touched = engine.fire(one.clone());
    assert_eq!(touched.services().len(), 1, "one queue has something new");
    assert!(engine.fire(one.clone()).is_empty(), "the same firing with a later event changes nothing");
    engine.effects(vec![Effect::Start(Box::new(one.clone())), Effect::Start(Box::new(one.clone()))]);
    let mut engine = engine.restarted();
    engine.fire(one);
    assert_eq!(engine.states(), [Pending], "one run, of which only the first step was handed off");
}

#[test]
fn the_claim_order_is_priority_then_arrival() {
    let mut engine = Engine::new();
    let steps = [act("log_write", "basics")];
    for (cause, event_type, text) in [(1, Like, "like"), (2, Comment, "one"), (3, Gift, "rose"), (4, Comment, "two")] {
        engine.fire(firing(cause, event_type, text, &steps));
    }
    engine.fire(with_priority(firing(5, Like, "urgent", &steps), 10));
    let mut engine = engine.restarted();
    assert_eq!(engine.run_all("basics"), ["rose", "urgent", "one", "two", "like"], "10 first, equal ones as they came");
    assert!(engine.states().iter().all(|state| *state == Completed), "and each ran once");
}

#[test]
fn steps_of_one_run_on_a_sync_service_are_held_together() {
    let mut engine = Engine::new();
    let steps = [act("open", "voice"), act("click", "voice")];
    engine.fire(firing(1, Comment, "first", &steps));
    engine.fire(with_priority(firing(2, Gift, "second", &steps[..1]), 10));
    engine.fire(firing(3, Comment, "third", &steps[..1]));
    assert_eq!(engine.run_all("voice"), ["second", "first", "first", "third"], "nothing gets between open and click");
}

#[test]
fn nothing_starts_beside_a_sync_job() {
    let mut engine = Engine::new();
    let steps = [act("speak", "voice")];
    engine.fire(firing(1, Comment, "one", &steps));
    engine.fire(firing(2, Comment, "two", &steps));
    let one = engine.started("voice");
    assert_eq!(engine.claim("voice"), Claim::Wait, "the first one is still speaking");
    engine.complete(one.id);
    let two = engine.started("voice");
    engine.complete(two.id);
    assert_eq!(engine.claim("voice"), Claim::Empty, "and now there is none");
}

#[test]
fn a_full_queue_refuses_displaces_and_never_drops_what_is_not_discardable() {
    let mut engine = Engine::new();
    let steps = [act("speak", "voice")];
    for (cause, text) in [(1, "one"), (2, "two"), (3, "three")] {
        engine.fire(firing(cause, Comment, text, &steps));
    }
    engine.fire(firing(4, Comment, "four", &steps));
    assert_eq!(engine.states(), [Pending, Pending, Pending, Discarded], "at equal priority the newcomer loses");
    assert!(matches!(engine.jobs()[3].reason, Some(Reason::QueueFull { size: 3, .. })), "and its row says why");

    engine.fire(firing(5, Gift, "rose", &steps));
    assert_eq!(engine.states(), [Pending, Pending, Discarded, Discarded, Pending], "the newest comment made room");
    assert!(matches!(engine.jobs()[2].reason, Some(Reason::Displaced { by: 10, .. })), "for something of priority 10");

    for cause in 6..=9 {
        engine.fire(firing(cause, Gift, "more", &steps));
    }
    let waiting = engine.states().iter().filter(|state| **state == Pending).count();
    assert_eq!(waiting, 5, "two more took the last places of comments, two went beyond the bound");
    let gifts = engine.jobs().into_iter().filter(|job| job.event_type == Some(Gift));
    assert!(gifts.into_iter().all(|job| job.state == Pending), "no gift was dropped");
}

#[test]
fn firings_of_one_commit_see_each_other_in_a_full_queue() {
    let mut engine = Engine::new();
    engine.number = 1;
    let starts = (1..=5).map(|number| {
        let mut firing = firing(1, Comment, "hola", &[act("speak", "voice")]);
        firing.firing = number;
        Effect::Start(Box::new(firing))
    });
    engine.effects(starts.collect());
    assert_eq!(engine.states(), [Pending, Pending, Pending, Discarded, Discarded], "three fit in");
}

#[test]
fn what_still_waits_is_folded_into_the_first_of_it() {
    let mut engine = Engine::new();
    let steps = [act("speak", "voice")];
    let since_ms = engine.now_ms - 5_000;
    let fold = |cause| foldable(firing(cause, Gift, "rose", &steps), since_ms);
    engine.fire(fold(1));
    engine.fire(fold(2));
    engine.fire(fold(3));
    engine.fire(fold(3));
    assert_eq!(engine.states(), [Pending], "one job for all three");
    let job = engine.started("voice");
    assert_eq!(job.parameters["count"], 3, "which says how many, and the one that came twice counts once");
    engine.fire(fold(4));
    assert_eq!(engine.states(), [Processing, Pending], "what runs takes nothing in any more");
    engine.now_ms += 20_000;
    engine.fire(foldable(firing(5, Gift, "rose", &steps), engine.now_ms - 5_000));
    assert_eq!(engine.states(), [Processing, Pending, Pending], "what began too long ago neither");
}

#[test]
fn a_run_that_goes_along_with_a_combo_grows_and_ends_with_it() {
    let mut engine = Engine::new();
    let mut last = act("log_write", "basics");
    if let cuelight_core::step::Step::Act(act) = &mut last {
        act.at_the_end = true;
    }
    let mut begun = firing(1, Gift, "rose", &[act("speak", "voice"), last]);
    begun.combo_open = true;
    engine.fire(begun.clone());
    let facts = |count| Box::new(Facts { count: Some(count), ..begun.facts.clone() });
    engine.number += 1;
    engine.effects(vec![Effect::Grow { rule: RuleId::new("thanks"), cause: 1, facts: facts(5) }]);
    let job = engine.started("voice");
    assert_eq!(job.parameters["count"], 5, "what waited knows the count of now");
    engine.complete(job.id);
    assert_eq!(engine.claim("basics"), Claim::Empty, "the combo goes on");
    engine.number += 1;
    engine.effects(vec![Effect::Finish { rule: RuleId::new("thanks"), cause: 1, facts: facts(9) }]);
    assert_eq!(engine.started("basics").parameters["count"], 9, "its end is told with the final count");
}

#[test]
fn moderators_take_back_what_still_waits() {
    let mut engine = Engine::new();
    let speak = [act("speak", "voice")];
    engine.fire(firing(1, Comment, "runs", &speak));
    let runs = engine.started("voice");
    engine.fire(firing(2, Comment, "rude", &speak));
    engine.fire(firing(3, Comment, "later", &[wait(60_000), act("speak", "voice")]));
    let mut other = firing(4, Comment, "kind", &speak);
    other.facts.viewer.as_mut().expect("somebody").user_id = UserId::new("luna");
    engine.fire(other);
    engine.number += 1;
    engine.effects(vec![Effect::Moderate { msg_ids: vec![MsgId::new("702")], user_ids: Vec::new() }]);
    assert_eq!(engine.states(), [Processing, Discarded, Pending], "one comment was taken away");
    assert_eq!(engine.jobs()[1].reason, Some(Reason::Moderated), "its row says so");
    engine.effects(vec![Effect::Moderate { msg_ids: Vec::new(), user_ids: vec![UserId::new("mira")] }]);
    engine.complete(runs.id);
    engine.now_ms += 120_000;
    engine.work(|queues, world| queues.release_due(world));
    assert_eq!(engine.run_all("voice"), ["kind"], "what waited for its time is gone too, and others are not touched");
}

#[test]
fn every_statement_of_the_queues_uses_its_index() {
    let engine = Engine::new();
    let database = Connection::open(engine.home.folder.database()).expect("it is there");
    for (sql, parameters, index) in [
        (HEAD, 1, "job_claim"),
        (WEAKEST, 1, "job_waiting"),
        (DUE_JOBS, 1, "job_due"),
        (DUE_RUNS, 2, "run_due"),
        (NEXT_DUE, 0, "job_due"),
        (NEXT_DUE, 0, "run_due"),
        ("SELECT 1 FROM job WHERE service = ?1 AND state = 'pending' LIMIT ?2", 2, "job_waiting"),
        (OPEN_OF_VIEWER, 1, "COVERING INDEX run_open"),
    ] {
        let mut statement = database.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect("SQL");
        let zeros = rusqlite::params_from_iter(std::iter::repeat_n(0, parameters));
        let plan: Vec<String> =
            statement.query_map(zeros, |row| row.get(3)).expect("a plan").map(|line| line.expect("text")).collect();
        let plan = plan.join("; ");
        assert!(plan.contains(index), "{sql}: {plan} must use {index}");
        assert!(!plan.contains("TEMP B-TREE"), "{sql}: {plan} must not sort");
    }
}
