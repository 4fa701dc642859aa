//! What workers do to the queues: outcomes, retries, crashes, lateness, and what people do by hand.

use cuelight_core::action::StateChange;
use cuelight_core::decision::{Firing, Origin};
use cuelight_core::event::EventType::{Comment, Gift};
use cuelight_core::id::{RuleId, ServiceId, UserId};
use cuelight_core::job::Ending;
use cuelight_core::job::JobState::{Completed, Discarded, Failed, Pending, Processing};
use cuelight_core::limits::{RULE_DEPTH, RUNS_PER_FIRING};
use cuelight_core::reason::Reason;
use cuelight_core::rule::Rule;
use serde_json::json;

use super::engine::{Engine, act, all_async, at_the_same_time, firing, wait};
use super::{LUNA, reader};
use crate::store::{Claim, CounterChange, Emission, Recovered, Which};

fn changes(changes: Vec<StateChange>) -> Ending {
    Ending::Completed { outputs: Vec::new(), changes }
}

fn voice() -> ServiceId {
    ServiceId::new("voice")
}

#[test]
fn the_next_step_comes_with_the_outcome_of_the_one_before_whatever_crashes() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Comment, "hola", &[act("speak", "voice"), act("log_write", "basics")]));
    let mut engine = engine.restarted();
    let first = engine.started("voice");
    let mut engine = engine.restarted();
    assert_eq!(engine.states(), [Processing], "a crash after the claim leaves it claimed");
    engine.complete(first.id);
    let mut engine = engine.restarted();
    assert_eq!(engine.states(), [Completed, Pending], "outcome and next step are of one commit");
    engine.complete(first.id);
    assert_eq!(engine.states(), [Completed, Pending], "an outcome that is told again changes nothing");
    assert_eq!(engine.run_all("basics"), ["hola"], "and the next step runs once");
    assert!(engine.restarted().states().iter().all(|state| *state == Completed), "all of it is done");
}

#[test]
fn a_failed_step_stops_its_run() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Comment, "hola", &[act("speak", "voice"), act("log_write", "basics")]));
    let job = engine.started("voice");
    engine.end(job.id, &Ending::Failed(Reason::TimedOut { limit_ms: 30_000 }));
    assert_eq!(engine.states(), [Failed], "nothing follows it");
    assert_eq!(engine.jobs()[0].reason, Some(Reason::TimedOut { limit_ms: 30_000 }), "and the row says why");
}

#[test]
fn what_a_run_has_begun_is_not_dropped_for_want_of_space_or_time() {
    let mut engine = Engine::new();
    engine.service("basics", |service| service.max_queue_size = 1);
    let steps = [act("speak", "voice"), at_the_same_time(act("log_write", "basics"))];
    engine.fire(firing(1, Comment, "begun", &steps));
    let spoken = engine.started("voice");
    engine.complete(spoken.id);
    engine.fire(firing(2, Gift, "rose", &[act("log_write", "basics")]));
    let now_ms = engine.now_ms;
    engine.work(|queues, _| queues.begin_work(&ServiceId::new("basics"), now_ms));
    engine.now_ms += 3_600_000;
    assert_eq!(engine.run_all("basics"), ["rose", "begun"], "neither displaced nor too late");
}

#[test]
fn what_a_crash_left_running_runs_again_only_where_that_is_safe() {
    let mut engine = Engine::new();
    engine.service("voice", all_async);
    engine.fire(firing(1, Comment, "safe", &[act("speak", "voice")]));
    engine.fire(firing(2, Comment, "once", &[act("once_press_keys", "voice"), act("log_write", "basics")]));
    engine.started("voice");
    engine.started("voice");
    let mut engine = engine.restarted();
    let (recovered, _) = engine.work(|queues, world| queues.recover(&voice(), world));
    assert_eq!(recovered, Recovered { again: 1, failed: 1, discarded: 0 }, "each after its kind");
    assert_eq!(engine.states(), [Pending, Failed], "and the run of the failed one stopped");
    assert_eq!(engine.jobs()[1].reason, Some(Reason::Interrupted), "which says so");
    let again = engine.started("voice");
    assert_eq!((again.attempt, again.interrupted), (2, true), "the try that was cut off counts");
}

#[test]
fn a_retry_waits_for_its_time_and_lets_others_go_on() {
    let mut engine = Engine::new();
    engine.service("voice", all_async);
    engine.fire(firing(1, Gift, "rose", &[act("speak", "voice")]));
    engine.fire(firing(2, Comment, "hola", &[act("speak", "voice")]));
    let rose = engine.started("voice");
    let due_ms = engine.now_ms + 2_000;
    let touched = engine.work(|queues, world| queues.retry(rose.id, due_ms, &Reason::TimedOut { limit_ms: 1 }, world));
    assert_eq!(touched.due_ms, Some(due_ms), "whoever waits knows until when");
    assert_eq!(engine.run_all("voice"), ["hola"], "the queue goes on meanwhile");
    let (_, next_due_ms) = engine.work(|queues, world| queues.release_due(world));
    assert_eq!(next_due_ms, Some(due_ms), "it is not time yet");
    engine.now_ms = due_ms;
    let (touched, next_due_ms) = engine.work(|queues, world| queues.release_due(world));
    assert_eq!((touched.services(), next_due_ms), ([voice()].as_slice(), None), "now it is");
    assert_eq!(engine.started("voice").attempt, 2, "the second try");
}

#[test]
fn a_wait_between_steps_outlives_a_crash() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Comment, "later", &[wait(5_000), act("speak", "voice")]));
    assert_eq!(engine.jobs(), [], "no job blocks a worker meanwhile");
    let mut engine = engine.restarted();
    engine.now_ms += 5_000;
    engine.work(|queues, world| queues.release_due(world));
    assert_eq!(engine.run_all("voice"), ["later"], "its time came");
}

#[test]
fn only_time_with_a_worker_makes_a_job_late() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Comment, "hola", &[act("speak", "voice")]));
    engine.now_ms += 3_600_000;
    let mut engine = engine.restarted();
    let now_ms = engine.now_ms;
    engine.work(|queues, _| queues.begin_work(&voice(), now_ms));
    engine.work(|queues, _| queues.pause(&voice()));
    engine.now_ms += 59_000;
    assert_eq!(engine.claim("voice"), Claim::Wait, "it is paused");
    // A crash: the period ended with the last thing that was done in it, which is its beginning.
    let mut engine = engine.restarted();
    engine.now_ms += 3_600_000;
    let now_ms = engine.now_ms;
    engine.work(|queues, _| queues.begin_work(&voice(), now_ms));
    engine.work(|queues, _| queues.resume(&voice()));
    engine.now_ms += 60_000;
    let at_the_limit = engine.started("voice");
    let now_ms = engine.now_ms;
    assert_eq!(at_the_limit.expires_ms, Some(now_ms), "hours without a worker do not count");
    engine.complete(at_the_limit.id);

    engine.fire(firing(2, Comment, "stale", &[act("speak", "voice")]));
    engine.fire(firing(3, Gift, "rose", &[act("speak", "voice")]));
    engine.now_ms += 60_001;
    assert_eq!(engine.run_all("voice"), ["rose"], "what never expires runs, the comment came too late");
    let reason = engine.jobs()[1].reason.clone();
    assert_eq!(reason, Some(Reason::TooLate { waited_ms: 60_001, limit_ms: 60_000 }), "and its row says by how much");
}

#[test]
fn jobs_of_an_earlier_session_are_held_until_somebody_decides() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Comment, "old", &[act("speak", "voice")]));
    engine.fire(firing(2, Comment, "old too", &[wait(1_000), act("speak", "voice")]));
    let begun = engine.journal.begin_session(&LUNA, engine.now_ms).expect("it begins").session;
    (engine.session, engine.number) = (begun, 0);
    let now_ms = engine.now_ms;
    let (held, _) = engine.work(|queues, _| queues.hold_old(Some(begun), now_ms));
    engine.now_ms += 2_000;
    let (_, next_due_ms) = engine.work(|queues, world| queues.release_due(world));
    assert_eq!((held, next_due_ms, engine.claim("voice")), (2, None, Claim::Empty), "neither job nor run goes on");
    engine.fire(firing(1, Comment, "new", &[act("speak", "voice")]));
    let now_ms = engine.now_ms;
    engine.work(|queues, _| queues.release_held(&Which::Held, now_ms));
    engine.work(|queues, world| queues.release_due(world));
    assert_eq!(engine.run_all("voice"), ["old", "old too", "new"], "in the order in which they arrived");
}

#[test]
fn counters_change_with_the_outcome_and_later_steps_know() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Comment, "hola", &[act("counter_change", "basics")]));
    let job = engine.started("basics");
    let add = StateChange::CounterAdd { name: "deaths".into(), by: 3 };
    let set = StateChange::VariableSet { name: "king".into(), to: "mira".into() };
    let touched = engine.end(job.id, &changes(vec![add.clone(), set]));
    assert_eq!(touched.counters, [CounterChange { name: "deaths".into(), from: 0, to: 3 }], "rules may wait for it");
    engine.end(job.id, &changes(vec![add]));
    let values = reader(&engine.store).values().expect("readable");
    assert_eq!((values.counter("deaths"), values.variable("king")), (3, "mira"), "once, however often it is told");
}

fn rule(id: &str) -> Rule {
    let rule = json!({ "id": id, "name": id, "when": { "on": "comment" },
        "do": [{ "action": "run_rule", "service": "basics" }] });
    serde_json::from_value(rule).expect("a rule")
}

#[test]
fn rules_that_run_each_other_end_at_the_bound() {
    let mut engine = Engine::new();
    engine.store.put_rule(&rule("loop")).expect("there is room");
    engine.fire(firing(1, Comment, "hola", &[act("run_rule", "basics")]));
    let again = changes(vec![StateChange::RunRule { rule: RuleId::new("loop") }]);
    let mut rounds = 0;
    while let Claim::Started(job) = engine.claim("basics") {
        engine.end(job.id, &again);
        rounds += 1;
        assert!(rounds < 50, "it has to end");
    }
    let jobs = engine.jobs();
    assert_eq!(jobs.len(), usize::from(RULE_DEPTH) + 1, "the rule that began it, and so many that it led to");
    let last = jobs.last().expect("there are some");
    assert_eq!(
        (last.state, &last.reason),
        (Failed, &Some(Reason::TooDeep { limit: RULE_DEPTH })),
        "the last one tells"
    );
}

#[test]
fn rules_that_run_many_rules_end_at_the_bound() {
    let mut engine = Engine::new();
    engine.store.put_rule(&rule("loop")).expect("there is room");
    let again = || changes(vec![StateChange::RunRule { rule: RuleId::new("loop") }; 6]);
    for cause in 1..=2 {
        engine.fire(firing(cause, Comment, "hola", &[act("run_rule", "basics")]));
        let jobs_before = engine.jobs().len();
        let mut refused = 0;
        while let Claim::Started(job) = engine.claim("basics") {
            engine.end(job.id, &again());
            let ended = engine.jobs().into_iter().find(|it| it.id == job.id).expect("it is there");
            refused += usize::from(ended.reason == Some(Reason::TooMany { limit: RUNS_PER_FIRING }));
        }
        let led_to = engine.jobs().len() - jobs_before;
        assert!(led_to <= RUNS_PER_FIRING as usize, "{led_to} runs of firing {cause}, each firing counts by itself");
        assert!(led_to + 6 > RUNS_PER_FIRING as usize && refused > 0, "the bound is told where it is met");
    }
}

#[test]
fn every_change_of_a_counter_waits_for_the_lane_in_order() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Comment, "hola", &[act("counter_change", "basics")]));
    let job = engine.started("basics");
    let deaths = |by| StateChange::CounterAdd { name: "deaths".into(), by };
    let reset = StateChange::CounterSet { name: "deaths".into(), to: 0 };
    engine.end(job.id, &changes(vec![deaths(9), deaths(1), reset.clone(), reset]));
    let emitted = reader(&engine.store).emitted(engine.session, 0).expect("readable");
    let crossed: Vec<_> = emitted
        .into_iter()
        .map(|emitted| match emitted.what {
            Emission::Counter { from, to, .. } => (from, to, emitted.depth),
            Emission::Event { .. } => panic!("no rule brought up an event"),
        })
        .collect();
    assert_eq!(crossed, [(0, 9, 1), (9, 10, 1), (10, 0, 1)], "none is lost between two looks, and none is made up");
}

#[test]
fn an_event_is_emitted_into_the_open_session_or_told_to_be_refused() {
    let mut engine = Engine::new();
    let emit = || changes(vec![StateChange::EmitEvent { name: "party".into(), fields: serde_json::Map::new() }]);
    let ask = |engine: &mut Engine| {
        let firing = Firing { origin: Origin::Asked, ..firing(0, Comment, "hola", &[act("emit_event", "basics")]) };
        engine.work(|queues, world| queues.ask(&firing, world));
        engine.started("basics").id
    };
    let asked = ask(&mut engine);
    engine.end(asked, &emit());
    let emitted = reader(&engine.store).emitted(engine.session, 0).expect("readable");
    assert_eq!(emitted.len(), 1, "asked for by hand, it belongs to the live that is on");

    engine.fire(firing(1, Comment, "hola", &[act("emit_event", "basics")]));
    let late = engine.started("basics").id;
    let session = engine.session;
    engine.journal.end_session(session, 1).expect("it ends");
    let asked = ask(&mut engine);
    for job in [late, asked] {
        engine.end(job, &emit());
        let job = engine.jobs().into_iter().find(|it| it.id == job).expect("it is there");
        assert_eq!((job.state, job.reason), (Failed, Some(Reason::NoSessionOpen)), "nobody would take it");
    }
    let emitted = reader(&engine.store).emitted(session, 0).expect("readable");
    assert_eq!(emitted, [], "nothing is left over");
}

#[test]
fn an_event_that_a_rule_brings_up_waits_for_the_journal() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Comment, "hola", &[act("emit_event", "basics")]));
    let job = engine.started("basics");
    let before = reader(&engine.store).revisions().expect("readable");
    let emit = StateChange::EmitEvent { name: "party".into(), fields: serde_json::Map::new() };
    assert!(engine.end(job.id, &changes(vec![emit])).emitted, "the engine is told");
    let reader = reader(&engine.store);
    assert!(reader.revisions().expect("readable").emitted > before.emitted, "other processes notice");
    let [emitted] = reader.emitted(engine.session, 0).expect("readable").try_into().expect("one event");
    let party = Emission::Event { name: "party".into(), fields: serde_json::Map::new() };
    assert_eq!((&emitted.what, emitted.depth), (&party, 1), "with the number of rules that led to it");
    let totals = cuelight_core::totals::SessionTotals::default();
    let commit = crate::store::Commit { emitted: &[emitted.id], ..super::plain(engine.session, &[], &totals) };
    engine.journal.commit(&commit).expect("there is room");
    assert_eq!(reader.emitted(engine.session, 0).expect("readable"), [], "taken in with the commit of its row");
}

#[test]
fn people_discard_move_up_and_run_again() {
    let mut engine = Engine::new();
    for (cause, text) in [(1, "one"), (2, "two"), (3, "three")] {
        engine.fire(firing(cause, Gift, text, &[act("speak", "voice"), act("speak", "voice")]));
    }
    let ids: Vec<_> = engine.jobs().iter().map(|job| job.id).collect();
    let up = |engine: &mut Engine, job| engine.work(|queues, _| queues.move_up(job)).0;
    assert!(up(&mut engine, ids[2]), "three goes before two");
    assert!(up(&mut engine, ids[2]), "and before one");
    assert!(!up(&mut engine, ids[2]), "and is first now");
    engine.work(|queues, world| queues.discard(&Which::Job(ids[0]), &Reason::DiscardedByYou, world));
    assert_eq!(engine.run_all("voice"), ["three", "three", "two", "two"], "one was taken out with what follows");
    let now_ms = engine.now_ms;
    let (copy, _) = engine.work(|queues, _| queues.run_again(ids[0], now_ms));
    assert!(copy.is_some_and(|copy| copy > ids[2]), "a job of its own");
    let (second, _) = engine.work(|queues, _| queues.run_again(ids[0], now_ms));
    assert!(second.is_some() && second != copy, "as often as somebody wants");
    assert_eq!(engine.run_all("voice"), ["one", "one"], "each runs once, and nothing follows it");
    let jobs = engine.jobs();
    assert_eq!((jobs[0].id, jobs[0].state), (ids[0], Discarded), "what was is not changed");
    let (none, _) = engine.work(|queues, _| queues.run_again(cuelight_core::id::JobId(999), now_ms));
    assert_eq!(none, None, "there is no such job");
}

#[test]
fn stop_everything_leaves_nothing_that_waits() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Gift, "runs", &[act("speak", "voice"), act("speak", "voice")]));
    engine.fire(firing(2, Gift, "waits", &[act("speak", "voice")]));
    engine.fire(firing(3, Gift, "later", &[wait(1_000), act("speak", "voice")]));
    let running = engine.started("voice");
    let (discarded, _) = engine.work(|queues, world| queues.discard(&Which::All, &Reason::StoppedByYou, world));
    engine.end(running.id, &Ending::Failed(Reason::StoppedByYou));
    engine.now_ms += 2_000;
    engine.work(|queues, world| queues.release_due(world));
    assert_eq!((discarded, engine.claim("voice")), (1, Claim::Empty), "neither jobs nor runs go on");
}

#[test]
fn muting_takes_back_what_waits_and_is_remembered() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Comment, "rude", &[act("speak", "voice")]));
    let (discarded, _) = engine.work(|queues, world| queues.mute(&UserId::new("mira"), world));
    assert_eq!((discarded, engine.states()), (1, vec![Discarded]), "what waited is gone");
    assert_eq!(reader(&engine.store).muted().expect("readable"), [UserId::new("mira")], "and she stays muted");
    engine.work(|queues, _| queues.unmute(&UserId::new("mira")));
    assert_eq!(reader(&engine.store).muted().expect("readable"), [], "until she is not");
}

#[test]
fn an_action_that_was_asked_for_goes_through_its_queue() {
    let mut engine = Engine::new();
    let asked = Firing { origin: Origin::Asked, ..firing(0, Gift, "try it", &[act("speak", "voice")]) };
    let (first, _) = engine.work(|queues, world| queues.ask(&asked, world));
    let (second, _) = engine.work(|queues, world| queues.ask(&asked, world));
    assert_ne!(first, second, "asking twice is two runs");
    let counts = reader(&engine.store).queue_counts(cuelight_core::id::JobId(0)).expect("readable");
    assert_eq!(counts[&voice()].pending, 2, "and they wait like others");
    assert_eq!(engine.run_all("voice"), ["try it", "try it"], "each once");
}
