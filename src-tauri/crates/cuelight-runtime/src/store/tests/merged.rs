//! Taking back what was merged: only the one whose it is, and all of theirs.

use cuelight_core::decision::{Effect, Firing};
use cuelight_core::event::EventType::Gift;
use cuelight_core::id::{MsgId, UserId};
use cuelight_core::job::JobState::{Discarded, Pending};
use cuelight_core::reason::Reason;

use super::engine::{Engine, act, firing, foldable};

/// Roses of three viewers, merged into one job: two of mira's, one of luna's, one of kai's.
fn merged() -> Engine {
    let mut engine = Engine::new();
    let since_ms = engine.now_ms - 5_000;
    for (cause, viewer) in [(1, "mira"), (2, "luna"), (3, "mira"), (4, "kai")] {
        engine.fire(foldable(of(viewer, firing(cause, Gift, viewer, &[act("speak", "voice")])), since_ms));
    }
    assert_eq!(engine.states(), [Pending], "one job for all of them");
    engine
}

fn of(viewer: &str, mut firing: Firing) -> Firing {
    firing.facts.viewer.as_mut().expect("somebody").user_id = UserId::new(viewer);
    firing
}

fn ban(engine: &mut Engine, viewer: &str) {
    engine.effects(vec![Effect::Moderate { msg_ids: Vec::new(), user_ids: vec![UserId::new(viewer)] }]);
}

/// What the job that waits says: whose words, and how many.
fn waiting(engine: &Engine) -> (String, u64) {
    let parameters = engine.jobs()[0].parameters.clone();
    (parameters["text"].as_str().expect("a text").to_owned(), parameters["count"].as_u64().expect("a number"))
}

#[test]
fn a_banned_viewer_takes_nobody_elses_gifts_along() {
    let mut engine = merged();
    ban(&mut engine, "mira");
    assert_eq!((engine.states(), waiting(&engine)), (vec![Pending], ("luna".into(), 2)), "luna's and kai's are left");
    let since_ms = engine.now_ms - 5_000;
    engine.fire(foldable(of("kai", firing(5, Gift, "kai", &[act("speak", "voice")])), since_ms));
    assert_eq!(waiting(&engine), ("luna".into(), 3), "and more of it may come");
    ban(&mut engine, "kai");
    assert_eq!(waiting(&engine), ("luna".into(), 1), "kai's are taken out");
    ban(&mut engine, "luna");
    assert_eq!(engine.states(), [Discarded], "nothing is left");
    assert_eq!(engine.jobs()[0].reason, Some(Reason::Moderated), "and the row says why");
}

#[test]
fn a_viewer_who_came_later_takes_only_their_own_along() {
    let mut engine = merged();
    ban(&mut engine, "luna");
    assert_eq!(waiting(&engine), ("mira".into(), 3), "mira's and kai's are left");
    ban(&mut engine, "luna");
    assert_eq!(waiting(&engine), ("mira".into(), 3), "twice is once");
}

#[test]
fn a_deleted_message_takes_only_itself_along() {
    let mut engine = merged();
    engine.effects(vec![Effect::Moderate { msg_ids: vec![MsgId::new("701")], user_ids: Vec::new() }]);
    assert_eq!(waiting(&engine), ("luna".into(), 3), "luna's, mira's second and kai's are left");
    ban(&mut engine, "mira");
    assert_eq!(waiting(&engine), ("luna".into(), 2), "then mira's second one");
}
