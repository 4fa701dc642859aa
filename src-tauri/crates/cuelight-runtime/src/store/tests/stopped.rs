//! Runs that were stopped while a job of them ran: nothing revives it. And rows that cannot be read: the others go on.

use cuelight_core::event::EventType::{Comment, Gift};
use cuelight_core::id::{ServiceId, UserId};
use cuelight_core::job::Ending;
use cuelight_core::job::JobState::{Completed, Discarded, Failed, Pending, Processing};
use cuelight_core::reason::Reason;
use rusqlite::Connection;

use super::engine::{Engine, act, all_async, firing, wait};
use crate::store::{Claim, Recovered, Which};

fn voice() -> ServiceId {
    ServiceId::new("voice")
}

fn ban_mira(engine: &mut Engine) {
    let mira = Which::Viewer(UserId::new("mira"));
    engine.work(|queues, world| queues.discard(&mira, &Reason::Moderated, world));
}

#[test]
fn a_job_whose_run_was_stopped_is_not_tried_again() {
    for run_again in [false, true] {
        let mut engine = Engine::new();
        engine.service("voice", all_async);
        engine.fire(firing(1, Comment, "rude", &[act("speak", "voice")]));
        let mut job = engine.started("voice");
        if run_again {
            engine.complete(job.id);
            let now_ms = engine.now_ms;
            engine.work(|queues, _| queues.run_again(job.id, now_ms));
            job = engine.started("voice");
        }
        ban_mira(&mut engine);
        let due_ms = engine.now_ms + 1_000;
        engine.work(|queues, world| queues.retry(job.id, due_ms, &Reason::TimedOut { limit_ms: 1 }, world));
        engine.now_ms = due_ms;
        engine.work(|queues, world| queues.release_due(world));
        assert_eq!(engine.claim("voice"), Claim::Empty, "nobody wants it any more");
        let last = engine.jobs().pop().expect("it is there");
        assert_eq!((last.state, last.reason), (Discarded, Some(Reason::Moderated)), "and its row says why");
    }
}

#[test]
fn a_job_whose_run_was_stopped_does_not_come_back_after_a_crash() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Comment, "rude", &[act("speak", "voice")]));
    engine.started("voice");
    ban_mira(&mut engine);
    let mut engine = engine.restarted();
    let (recovered, _) = engine.work(|queues, world| queues.recover(&voice(), world));
    assert_eq!(recovered, Recovered { again: 0, failed: 0, discarded: 1 }, "it ends");
    assert_eq!(engine.jobs()[0].reason, Some(Reason::Moderated), "for the reason that stopped its run");
}

#[test]
fn a_job_whose_run_was_stopped_may_come_to_its_end() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Comment, "rude", &[act("speak", "voice")]));
    let job = engine.started("voice");
    ban_mira(&mut engine);
    assert_eq!(engine.states(), [Processing], "what runs is not torn out");
    engine.complete(job.id);
    assert_eq!((engine.states(), &engine.jobs()[0].reason), (vec![Completed], &None), "and it was done");
}

#[test]
fn a_job_that_waits_in_its_place_is_given_back_after_a_crash_whatever_its_kind() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Gift, "keys", &[act("once_press_keys", "voice")]));
    let job = engine.started("voice");
    let due_ms = engine.now_ms + 1_000;
    engine.work(|queues, _| queues.back_off(job.id, due_ms, &Reason::TimedOut { limit_ms: 1 }));
    assert_eq!(engine.states(), [Processing], "it keeps its place");
    let mut engine = engine.restarted();
    engine.work(|queues, world| queues.recover(&voice(), world));
    let row = &engine.jobs()[0];
    assert_eq!((row.state, row.due_ms, row.interrupted), (Pending, Some(due_ms), false), "nothing had been under way");
    engine.now_ms = due_ms;
    engine.work(|queues, world| queues.release_due(world));
    assert_eq!(engine.started("voice").attempt, 2, "the tries count on");
}

#[test]
fn every_try_in_its_place_counts_over_a_crash() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Gift, "speech", &[act("speak", "voice")]));
    let job = engine.started("voice");
    for _ in 0..2 {
        let due_ms = engine.now_ms;
        engine.work(|queues, _| queues.back_off(job.id, due_ms, &Reason::TimedOut { limit_ms: 1 }));
        assert_eq!(engine.work(|queues, _| queues.try_again(job.id)).0, None, "it may");
    }
    assert_eq!(engine.jobs()[0].attempt, 3, "the first try and two more");
    let mut engine = engine.restarted();
    engine.work(|queues, world| queues.recover(&voice(), world));
    assert_eq!(engine.states(), [Failed], "three tries are all there are");
}

#[test]
fn a_job_that_waits_in_its_place_learns_that_its_run_was_stopped() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Gift, "speech", &[act("speak", "voice")]));
    let job = engine.started("voice");
    let due_ms = engine.now_ms + 1_000;
    engine.work(|queues, _| queues.back_off(job.id, due_ms, &Reason::TimedOut { limit_ms: 1 }));
    ban_mira(&mut engine);
    let (stopped, _) = engine.work(|queues, _| queues.try_again(job.id));
    assert_eq!(stopped, Some(Reason::Moderated), "its worker is told");
    assert_eq!(engine.jobs()[0].attempt, 1, "and no try began");
    engine.end(job.id, &Ending::Discarded(Reason::Moderated));
    assert_eq!(engine.states(), [Discarded], "it ends");
}

fn spoil(engine: &Engine, sql: &str) {
    let database = Connection::open(engine.home.folder.database()).expect("it is there");
    assert_eq!(database.execute(sql, []).expect("SQL"), 1, "one row is spoilt");
}

#[test]
fn a_job_that_cannot_be_read_fails_and_the_next_one_has_its_turn() {
    for spoilt in ["parameters = 'no JSON'", "mode = 'sideways'", "priority = 99"] {
        let mut engine = Engine::new();
        engine.fire(firing(1, Gift, "spoilt", &[act("speak", "voice"), act("log_write", "basics")]));
        engine.fire(firing(2, Gift, "whole", &[act("speak", "voice")]));
        spoil(&engine, &format!("UPDATE job SET {spoilt} WHERE id = 1"));
        assert_eq!(engine.run_all("voice"), ["whole"], "the queue goes on over {spoilt}");
        let row = |column: &str| -> String {
            let database = Connection::open(engine.home.folder.database()).expect("it is there");
            database.query_row(&format!("SELECT {column} FROM job WHERE id = 1"), [], |row| row.get(0)).expect("a text")
        };
        assert_eq!((row("state").as_str(), row("reason").contains("unreadable")), ("failed", true), "and it says why");
    }
}

#[test]
fn a_run_that_cannot_be_read_ends_and_all_others_go_on() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Gift, "spoilt", &[wait(1_000), act("speak", "voice")]));
    engine.fire(firing(2, Gift, "whole", &[wait(1_000), act("speak", "voice")]));
    spoil(&engine, "UPDATE run SET body = '{}' WHERE id = 1");
    engine.now_ms += 1_000;
    let (_, next_due_ms) = engine.work(|queues, world| queues.release_due(world));
    assert_eq!(next_due_ms, None, "nothing is left to wait for");
    assert_eq!(engine.run_all("voice"), ["whole"], "the other one went on");
}
