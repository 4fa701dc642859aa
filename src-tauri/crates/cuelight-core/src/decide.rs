//! Which rules fire, how often, and why the others do not: the one place where that is decided.
//!
//! The same rules, state, occasions and times give the same decisions, byte for byte. Nothing here reads a clock, a file or
//! a random number; live capture, replay and tests all ask the same function.

mod answer;
mod beats;
mod conditions;
mod judge;
mod matching;
mod row;
mod scene;
mod state;

pub use self::state::{RuleState, SessionFacts};

use self::scene::Scene;
use crate::decision::{Decision, Effect};
use crate::event::Event;
use crate::facts::Values;
use crate::reason::Reason;
use crate::rule_set::RuleSet;
use crate::service::Services;
use crate::signal::Signal;
use crate::totals::SessionTotals;
use crate::viewer::Standing;

/// What rules may answer.
#[derive(Debug, Clone, Copy)]
pub enum Occasion<'a> {
    /// An event of the session, as the journal holds it.
    Event {
        /// The event.
        event: &'a Event,
        /// Its number within the session, 1 first.
        number: u32,
        /// The session's sums, this event included.
        totals: &'a SessionTotals,
        /// How many rules led to it by running or emitting each other; 0 for what the live itself sends.
        depth: u8,
    },
    /// Time passed; see [`RuleState::next_wake_ms`].
    Tick,
    /// Something that is no event of the live.
    Signal(&'a Signal),
    /// A counter changed.
    CounterChanged {
        /// Its name.
        name: &'a str,
        /// Its value before.
        from: i64,
        /// Its value now.
        to: i64,
        /// How many rules led to it by changing counters or running each other; 0 where a person changed it.
        depth: u8,
    },
}

/// What was decided, in the order of the rules.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decided {
    /// Why no rule was looked at, where that is so: the viewer is muted.
    pub muted: Option<Reason>,
    /// One for each rule whose trigger matched, and for each default action that fired.
    pub decisions: Vec<Decision>,
    /// What is to be done, in this order.
    pub effects: Vec<Effect>,
}

/// Decides what follows from one occasion and adds it to `out`.
///
/// `standing` is that of the event's viewer, and `now_ms` the time at which the event arrived, ms since 1970. Whoever calls
/// it stores [`RuleState::changed`] together with what was decided. `values` are the counters and variables of this moment.
#[expect(clippy::too_many_arguments, reason = "everything that a decision depends on is passed in")]
pub fn decide(
    rules: &RuleSet,
    services: &Services,
    values: &Values,
    state: &mut RuleState,
    standing: &Standing,
    occasion: Occasion<'_>,
    now_ms: i64,
    out: &mut Decided,
) {
    state.notice_time(&rules.index().awaited, now_ms);
    let scene = Scene::new(rules, values, *standing, now_ms);
    match occasion {
        Occasion::Event { event, number, totals, depth } => {
            answer::event(scene.of_event(event, number, depth), services, totals, state, out);
        }
        Occasion::Tick => answer::tick(&scene, state, out),
        Occasion::Signal(signal) => answer::signal(scene, signal, state, out),
        Occasion::CounterChanged { name, from, to, depth } => {
            let scene = scene.at_depth(depth);
            let reached = rules.index().of_counter(name).iter();
            let reached = reached.filter(|(value, _)| from < *value && *value <= to).map(|(_, rule)| *rule);
            answer::plain(&scene, reached, state, out);
        }
    }
}
