//! What an earlier session left: held with all that follows from it, until somebody releases or discards it.

use cuelight_core::event::EventType::{Comment, Gift};
use cuelight_core::id::{ServiceId, SessionId};
use cuelight_core::job::JobState::{Completed, Discarded, Pending};
use cuelight_core::reason::Reason;

use super::engine::{Engine, act, firing, wait};
use super::{LUNA, reader};
use crate::store::{Claim, Which};

fn voice() -> ServiceId {
    ServiceId::new("voice")
}

/// Begins another session and holds what the one before left.
fn next_session(engine: &mut Engine) -> SessionId {
    let before = engine.session;
    let begun = engine.journal.begin_session(&LUNA, engine.now_ms).expect("it begins").session;
    (engine.session, engine.number) = (begun, 0);
    let now_ms = engine.now_ms;
    engine.work(|queues, _| queues.hold_old(Some(begun), now_ms));
    before
}

fn release(engine: &mut Engine, which: &Which) -> u32 {
    let now_ms = engine.now_ms;
    let released = engine.work(|queues, _| queues.release_held(which, now_ms)).0;
    engine.work(|queues, world| queues.release_due(world));
    released
}

#[test]
fn what_a_crash_left_running_is_held_with_the_rest_of_its_session() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Comment, "old", &[act("speak", "voice")]));
    engine.started("voice");
    let mut engine = engine.restarted();
    let before = next_session(&mut engine);
    engine.work(|queues, world| queues.recover(&voice(), world));
    assert_eq!((engine.states(), engine.claim("voice")), (vec![Pending], Claim::Empty), "it waits for an answer");
    assert_eq!(reader(&engine.store).held_jobs().expect("readable"), 1, "and is told");
    assert_eq!(release(&mut engine, &Which::Session(before)), 1, "its session goes on after all");
    assert_eq!(engine.run_all("voice"), ["old"], "so it runs");
}

#[test]
fn what_a_crash_left_running_is_discarded_with_the_rest_of_its_session() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Comment, "old", &[act("speak", "voice")]));
    engine.started("voice");
    let mut engine = engine.restarted();
    next_session(&mut engine);
    engine.work(|queues, world| queues.discard(&Which::Held, &Reason::OldJob, world));
    engine.work(|queues, world| queues.recover(&voice(), world));
    assert_eq!(engine.states(), [Discarded], "nobody wants it any more");
    assert_eq!(engine.jobs()[0].reason, Some(Reason::OldJob), "and its row says why");
}

#[test]
fn what_follows_from_a_held_run_is_held_with_it() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Comment, "old", &[act("speak", "voice"), act("log_write", "basics")]));
    let runs_elsewhere = engine.started("voice");
    next_session(&mut engine);
    engine.complete(runs_elsewhere.id);
    assert_eq!(engine.states(), [Completed, Pending], "what ran when it was held ends");
    assert_eq!(engine.claim("basics"), Claim::Empty, "and what follows waits for an answer");
    release(&mut engine, &Which::Held);
    assert_eq!(engine.run_all("basics"), ["old"], "until there is one");
}

#[test]
fn what_was_held_does_not_jump_ahead_when_it_is_released() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Comment, "old", &[act("open", "voice"), act("click", "voice")]));
    let open = engine.started("voice");
    engine.complete(open.id);
    next_session(&mut engine);
    engine.fire(firing(1, Gift, "new", &[act("speak", "voice")]));
    release(&mut engine, &Which::Held);
    assert_eq!(engine.run_all("voice"), ["new", "old"], "others came between, so the gift is first");
}

#[test]
fn whoever_works_a_service_lets_runs_go_on_that_wait_for_their_time() {
    let mut engine = Engine::new();
    engine.fire(firing(1, Comment, "later", &[wait(1_000), act("speak", "voice"), act("log_write", "basics")]));
    engine.fire(firing(2, Comment, "now", &[act("speak", "voice"), act("log_write", "basics")]));
    next_session(&mut engine);
    engine.now_ms += 2_000;
    assert_eq!(reader(&engine.store).held_jobs().expect("readable"), 2, "the job, and the run that waits");
    assert_eq!(release(&mut engine, &Which::Service(voice())), 2, "both are released");
    assert_eq!(engine.run_all("voice"), ["later", "now"], "and go on");
    assert_eq!(engine.run_all("basics"), ["later", "now"], "to their ends");
}
