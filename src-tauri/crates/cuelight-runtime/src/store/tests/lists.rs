//! What screens read: lines with what became of events, stories, queues in their order, and how many ended today.

use std::collections::BTreeMap;

use cuelight_core::action::StateChange;
use cuelight_core::decision::Origin;
use cuelight_core::event::EventType::{Comment, Gift};
use cuelight_core::id::{EventId, JobId, RuleId, ServiceId, SessionId, UserId};
use cuelight_core::job::{Ending, JobState};
use cuelight_core::reason::Reason;
use cuelight_core::rule::Rule;
use cuelight_core::totals::SessionTotals;
use rusqlite::Connection;
use serde_json::json;

use super::engine::{Engine, act, firing, foldable, wait};
use super::{Arrival, Home, NOON_MS, comment, comments, commit, join, plain, reader, roses};
use crate::store::lines::Lines;
use crate::store::outcomes::OF_EVENTS;
use crate::store::queue::{
    ENDED, ENDED_COUNTS, ENDED_SINCE, EVENTS_OF_JOBS, HELD, HELD_COUNTS, OLD_JOBS, READY, SHOWN,
};
use crate::store::{EventRow, ServiceCounts, StoredOutcome, Which};

/// A quarter of an hour in which nothing has happened yet.
const MIDNIGHT_MS: i64 = NOON_MS - 43_200_000;

fn event(engine: &Engine, number: u32) -> EventId {
    EventId { session: engine.session, number }
}

fn outcome(engine: &Engine, number: u32) -> StoredOutcome {
    let outcomes = reader(&engine.store).outcomes(&[event(engine, number)]).expect("readable");
    let [(_, outcome)] = outcomes.try_into().expect("the event is there");
    outcome
}

fn numbers(lines: &[crate::store::StoredLine]) -> Vec<u32> {
    lines.iter().map(|line| line.id.number).collect()
}

#[test]
fn lines_are_the_newest_of_a_stretch_and_of_what_is_looked_for() {
    let home = Home::new();
    let (store, mut journal) = home.journal();
    let session = journal.open_session(&super::LUNA, NOON_MS).expect("it begins").session;
    let bodies = [comment("mira"), roses("ana", 1), join("jon"), roses("ana", 2), comment("jon"), join("mira")];
    let arrivals: Vec<Arrival> =
        (1..).zip(bodies).map(|(number, body)| Arrival::new(number, NOON_MS + i64::from(number), body)).collect();
    commit(&mut journal, session, &arrivals);
    let reader = reader(&store);
    assert_eq!(reader.open_session().expect("readable"), Some(session), "it goes on");
    let id = |number| EventId { session, number };
    for (which, from, to, limit, expected, why) in [
        (Lines::All, 1, u32::MAX, 3, &[4, 5, 6][..], "the newest, oldest first"),
        (Lines::All, 2, 4, 9, &[2, 3, 4], "both ends are meant"),
        (Lines::Paid, 1, 6, 9, &[2, 4], "gifts"),
        (Lines::Said, 1, 4, 9, &[1], "comments before a number"),
        (Lines::All, 1, 0, 9, &[], "nothing is before the first"),
    ] {
        let lines = reader.lines(which, id(from), id(to), limit).expect("readable");
        assert_eq!(numbers(&lines), expected, "{why}");
    }
    assert_eq!(
        reader.line(id(2)).expect("readable").map(|line| line.event.event_type),
        Some("gift".into()),
        "by number"
    );
    assert_eq!(reader.line(id(7)).expect("readable"), None, "there is no such event");
}

#[test]
fn an_outcome_counts_the_jobs_of_all_runs_of_the_event() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Comment, "one", &[act("speak", "voice"), act("log_write", "basics")]));
    assert_eq!((outcome(&engine, 1).pending, outcome(&engine, 1).took_ms), (1, None), "the first step waits");
    engine.now_ms += 300;
    let job = engine.started("voice");
    assert_eq!(outcome(&engine, 1).processing, 1, "and runs");
    engine.complete(job.id);
    let job = engine.started("basics");
    engine.now_ms += 700;
    engine.end(job.id, &Ending::Failed(Reason::TimedOut { limit_ms: 5 }));
    let ended = outcome(&engine, 1);
    assert_eq!((ended.completed, ended.failed, ended.pending), (1, 1, 0), "each step by how it ended");
    assert_eq!(ended.reason, Some(Reason::TimedOut { limit_ms: 5 }), "the first that did not complete says why");
    assert_eq!(ended.took_ms, Some(1_000), "from the arrival to the last end");
    let now_ms = engine.now_ms;
    engine.work(|queues, _| queues.run_again(job.id, now_ms));
    assert_eq!(outcome(&engine, 1).pending, 1, "what is run again belongs to it, too");
}

#[test]
fn an_outcome_is_open_while_a_run_waits_for_its_time() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Comment, "one", &[act("speak", "voice"), wait(5_000), act("speak", "voice")]));
    let job = engine.started("voice");
    engine.complete(job.id);
    let between = outcome(&engine, 1);
    assert_eq!((between.completed, between.took_ms), (1, None), "something is still to come");
}

#[test]
fn an_outcome_of_a_recording_is_measured_by_our_own_clock() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Comment, "one", &[act("speak", "voice")]));
    let database = Connection::open(engine.home.folder.database()).expect("it is there");
    database.execute("UPDATE event SET received_ms = received_ms - 40000000000", []).expect("years ago");
    engine.now_ms += 250;
    let job = engine.started("voice");
    engine.complete(job.id);
    assert_eq!(outcome(&engine, 1).took_ms, Some(250), "from when it was taken in");
}

#[test]
fn what_was_merged_or_led_to_by_other_rules_is_found_from_its_event() {
    let mut engine = Engine::new();
    let since_ms = engine.now_ms - 5_000;
    engine.fire(foldable(firing(1, Gift, "rose", &[act("speak", "voice")]), since_ms));
    engine.fire(foldable(firing(2, Gift, "rose", &[act("speak", "voice")]), since_ms));
    assert_eq!(outcome(&engine, 2).pending, 1, "the job that it was merged into does it");
    let rule: Rule = serde_json::from_value(json!({
        "id": "other", "name": "Another one", "when": { "on": "comment" }, "do": [{ "action": "log_write", "with": {} }]
    }))
    .expect("a rule");
    engine.store.put_rule(&rule).expect("there is room");
    engine.fire(firing(3, Comment, "run", &[act("run_rule", "basics")]));
    let job = engine.started("basics");
    let run = StateChange::RunRule { rule: RuleId::new("other") };
    engine.end(job.id, &Ending::Completed { outputs: Vec::new(), changes: vec![run] });
    let led = outcome(&engine, 3);
    assert_eq!((led.completed, led.pending), (1, 1), "the rule that was run, and what it runs");

    let reader = reader(&engine.store);
    let jobs: Vec<JobId> = engine.jobs().iter().map(|job| job.id).collect();
    let events_of = |jobs: &[JobId]| -> Vec<u32> {
        reader.events_of_jobs(jobs).expect("readable").into_iter().map(|event| event.number).collect()
    };
    assert_eq!(events_of(&jobs[..1]), [1, 2], "a merged job is told at both its events");
    assert_eq!(events_of(&jobs[2..]), [3], "and one of a rule that was run at the event that began it");
    let runs = reader.runs_of_event(event(&engine, 3)).expect("readable");
    let told: Vec<(String, bool, usize)> =
        runs.iter().map(|run| (run.origin.to_string(), run.is_first, run.jobs.len())).collect();
    assert_eq!(told, [("thanks".to_owned(), true, 1), ("other".to_owned(), false, 1)], "the story has both");
    let cause = runs[1].jobs[0].cause.clone().expect("an event caused it");
    assert_eq!((cause.event, cause.event_type), (event(&engine, 3), Comment), "over the rule on the way");
    assert_eq!(cause.viewer, Some((UserId::new("mira"), "MIRA".to_owned())), "whose name it says");
}

#[test]
fn decisions_are_those_of_the_row_and_default_actions_that_fired() {
    let mut engine = Engine::new();
    let default = Origin::Default(ServiceId::new("overlays"));
    let fired = cuelight_core::decision::Firing {
        origin: default.clone(),
        ..firing(1, Comment, "hola", &[act("log_write", "overlays")])
    };
    engine.fire(fired);
    let arrival = Arrival::new(2, NOON_MS, comment("mira"));
    let decisions = json!({ "revision": 3, "muted": { "code": "muted" } }).to_string();
    let rows = [EventRow { decisions: Some(&decisions), ..arrival.row() }];
    engine.journal.commit(&plain(engine.session, &rows, &SessionTotals::default())).expect("there is room");
    let first = outcome(&engine, 1);
    let told: Vec<_> = first.decisions.iter().map(|decision| (&decision.rule, decision.fired)).collect();
    assert_eq!(told, [(&default, 1)], "its run says that it fired");
    assert_eq!(outcome(&engine, 2).muted, Some(Reason::Muted), "and why no rule was looked at");
}

#[test]
fn a_queue_is_shown_in_the_order_in_which_it_will_run() {
    let mut engine = Engine::new();
    engine.service("voice", super::engine::all_async);
    for (cause, text) in [(1, "later"), (2, "held"), (3, "one"), (4, "two")] {
        engine.fire(firing(cause, Gift, text, &[act("speak", "voice")]));
    }
    let later = engine.started("voice");
    let due_ms = engine.now_ms + 2_000;
    engine.work(|queues, world| queues.retry(later.id, due_ms, &Reason::TimedOut { limit_ms: 1 }, world));
    let ids: Vec<JobId> = engine.jobs().iter().map(|job| job.id).collect();
    let now_ms = engine.now_ms;
    engine.work(|queues, _| queues.hold_job(ids[1], now_ms));
    let reader = reader(&engine.store);
    let voice = ServiceId::new("voice");
    let order = [ids[2], ids[3], ids[0], ids[1]];
    assert_eq!(reader.waiting_jobs(&voice, 9).expect("readable"), order, "ready, for its time, held");
    assert_eq!(reader.waiting_jobs(&voice, 3).expect("readable"), order[..3], "as many as are asked for");
    assert_eq!(reader.next_jobs([&voice], 9).expect("readable"), order[..2], "only what is ready comes next");
    let shown = reader.shown_jobs(&[ids[3], JobId(99), ids[0]]).expect("readable");
    let shown: Vec<JobId> = shown.iter().map(|shown| shown.job.id).collect();
    assert_eq!(shown, [ids[3], ids[0]], "in the order asked for, without what is not there");
    let rose = engine.started("voice");
    engine.now_ms += 10;
    engine.complete(rose.id);
    let two = engine.started("voice");
    assert_eq!(reader.running_jobs().expect("readable"), [two.id], "what runs");
    engine.complete(two.id);
    assert_eq!(reader.ended_jobs(&voice, MIDNIGHT_MS, 9).expect("readable"), [two.id, rose.id], "the newest first");
}

#[test]
fn one_viewers_jobs_are_taken_out_of_one_queue_only() {
    let mut engine = Engine::new();
    let by = |name: &str, cause, service| {
        let mut firing = firing(cause, Gift, name, &[act("speak", service)]);
        firing.facts.viewer.as_mut().expect("somebody").user_id = UserId::new(name);
        firing
    };
    engine.fire(by("mira", 1, "voice"));
    engine.fire(by("luna", 2, "voice"));
    engine.fire(by("mira", 3, "sounds"));
    let since_ms = engine.now_ms - 5_000;
    engine.fire(foldable(by("mira", 4, "voice"), since_ms));
    engine.fire(foldable(by("ana", 5, "voice"), since_ms));
    let which = Which::ViewerIn(UserId::new("mira"), ServiceId::new("voice"));
    let (discarded, _) = engine.work(|queues, world| queues.discard(&which, &Reason::DiscardedByYou, world));
    assert_eq!(discarded, 1, "what is hers alone");
    assert_eq!(engine.run_all("voice"), ["luna", "mira"], "another's, and what she shares with another, stay");
    assert_eq!(engine.run_all("sounds"), ["mira"], "and other queues are not touched");
}

/// What the rows of jobs say themselves.
fn counted(engine: &Engine) -> BTreeMap<ServiceId, ServiceCounts> {
    let mut counts = BTreeMap::<ServiceId, ServiceCounts>::new();
    for job in engine.jobs() {
        let counts = counts.entry(job.service).or_default();
        *match job.state {
            JobState::Pending => &mut counts.pending,
            JobState::Processing => &mut counts.processing,
            JobState::Completed => &mut counts.completed,
            JobState::Failed => &mut counts.failed,
            JobState::Discarded => &mut counts.discarded,
        } += 1;
        counts.held += u64::from(job.state == JobState::Pending && job.held_since_ms.is_some());
    }
    counts
}

#[test]
fn what_ended_today_is_counted_as_it_ends_and_agrees_with_the_rows() {
    let mut engine = Engine::new();
    let check = |engine: &Engine, why: &str| {
        let counts = reader(&engine.store).service_counts(MIDNIGHT_MS).expect("readable");
        let told: BTreeMap<_, _> = counts.into_iter().filter(|(_, it)| *it != ServiceCounts::default()).collect();
        assert_eq!(told, counted(engine), "{why}");
    };
    for cause in 1..=5 {
        engine.fire(firing(cause, Comment, "hola", &[act("speak", "voice")]));
    }
    check(&engine, "three wait, two found no place");
    let job = engine.started("voice");
    check(&engine, "one runs");
    engine.end(job.id, &Ending::Failed(Reason::Unreadable));
    check(&engine, "it failed");
    engine.fire(firing(6, Comment, "emit", &[act("emit_event", "basics")]));
    let job = engine.started("basics");
    let run = StateChange::RunRule { rule: RuleId::new("no_such_rule") };
    engine.end(job.id, &Ending::Completed { outputs: Vec::new(), changes: vec![run] });
    assert_eq!(engine.jobs().last().expect("a job").state, JobState::Failed, "what it changes was refused");
    check(&engine, "so it counts as failed, not as done");
    engine.work(|queues, world| queues.discard(&Which::All, &Reason::StoppedByYou, world));
    let mut engine = engine.restarted();
    check(&engine, "and over a restart");
    let ended = reader(&engine.store).jobs_ended_since(MIDNIGHT_MS).expect("readable");
    assert_eq!(ended.len(), engine.jobs().len(), "all have ended");
    let tomorrow = reader(&engine.store).service_counts(MIDNIGHT_MS + 86_400_000).expect("readable");
    assert_eq!(tomorrow, BTreeMap::new(), "a new day begins with none");
    let session = engine.session;
    engine.journal.end_session(session, NOON_MS).expect("there is room");
    engine.journal.delete_session(session).expect("there is room");
    check(&engine, "what was deleted is not counted any more");
}

#[test]
fn every_statement_of_the_lists_uses_its_index() {
    let home = Home::new();
    let (_store, mut journal) = home.journal();
    let session = journal.open_session(&super::LUNA, NOON_MS).expect("it begins").session;
    commit(&mut journal, session, &comments(1, 3));
    let database = Connection::open(home.folder.database()).expect("it is there");
    for (sql, parameters, uses) in [
        (Lines::All.sql(), 3, &["INTEGER PRIMARY KEY"][..]),
        (Lines::Paid.sql(), 3, &["event_paid"]),
        (Lines::Said.sql(), 3, &["event_said"]),
        (OF_EVENTS, 1, &["run_event", "run_led"]),
        (EVENTS_OF_JOBS, 1, &["run_folded"]),
        (ENDED_SINCE, 1, &["COVERING INDEX job_ended"]),
        (ENDED, 3, &["COVERING INDEX job_ended"]),
        (READY, 2, &["INDEX job_claim"]),
        (HELD, 2, &["job_held"]),
        (HELD_COUNTS, 0, &["job_held"]),
        (OLD_JOBS, 1, &["job_held", "run_held"]),
        (SHOWN, 1, &["SEARCH job USING INTEGER PRIMARY KEY", "SEARCH event USING INTEGER PRIMARY KEY"]),
        (ENDED_COUNTS, 1, &["job_tally USING PRIMARY KEY (quarter>?)"]),
    ] {
        let mut statement = database.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect("SQL");
        let zeros = rusqlite::params_from_iter(std::iter::repeat_n(0, parameters));
        let plan: Vec<String> =
            statement.query_map(zeros, |row| row.get(3)).expect("a plan").map(|line| line.expect("text")).collect();
        let plan = plan.join("; ");
        for index in uses {
            assert!(plan.contains(index), "{sql}: {plan} must use {index}");
        }
        for table in ["SCAN job", "SCAN run", "SCAN event"] {
            let scans = plan.split("; ").any(|line| line.starts_with(table) && !line.contains("job_held"));
            assert!(!scans, "{sql}: {plan} must not go through all rows");
        }
    }
}

#[test]
fn an_older_database_counts_what_ended_before() {
    let database = Connection::open_in_memory().expect("memory");
    for step in ["0001_journal", "0002_rules"] {
        let path = format!("{}/src/store/migrations/{step}.sql", env!("CARGO_MANIFEST_DIR"));
        database.execute_batch(&std::fs::read_to_string(path).expect("it is there")).expect("SQL");
    }
    database
        .execute_batch(
            "INSERT INTO run (id, origin, cause, firing, state, foldable, event_ms, position, created_ms, body)
                VALUES (1, 'rose', 1, 1, 'done', 0, 0, 0, 0, '{}');
             INSERT INTO job (run, step, service, kind, parameters, state, priority, position, mode, discardable,
                              time_limit_ms, replay, follows, ready_ms, created_ms, ended_ms)
                VALUES (1, 1, 'voice', 'speak', '{}', 'failed', 5, 0, 'sync', 0, 1, 'safe', 0, 0, 0, 900001),
                       (1, 2, 'voice', 'speak', '{}', 'pending', 5, 0, 'sync', 0, 1, 'safe', 0, 0, 0, NULL);",
        )
        .expect("rows of the older form");
    let path = format!("{}/src/store/migrations/0005_lists.sql", env!("CARGO_MANIFEST_DIR"));
    database.execute_batch(&std::fs::read_to_string(path).expect("it is there")).expect("SQL");
    let tally = database.query_row("SELECT quarter, service, state, jobs FROM job_tally", [], |row| {
        row.try_into() as rusqlite::Result<(i64, String, String, i64)>
    });
    assert_eq!(tally.expect("one row"), (1, "voice".into(), "failed".into(), 1), "what waits is not in it");
}

#[test]
fn sessions_that_ended_are_not_the_open_one() {
    let mut engine = Engine::new();
    let session = engine.session;
    engine.journal.end_session(session, NOON_MS).expect("there is room");
    assert_eq!(reader(&engine.store).open_session().expect("readable"), None, "it is over");
    assert_eq!(session, SessionId(1), "the first one");
}
