//! What keys, buttons and calls bring about while no session is open: decided as within one, for runs of no session.

use cuelight_core::decide::{Decided, Occasion, RuleState, SessionFacts, decide};
use cuelight_core::decision::{Effect, Firing};
use cuelight_core::id::SessionId;
use cuelight_core::signal::Signal;
use cuelight_core::viewer::Standing;

use super::Engine;
use crate::clock::Clock;
use crate::rulebook::Rulebook;
use crate::store::StoreError;

/// The rules as they are asked between two lives. Cooldowns hold here, too, for as long as this is kept.
#[derive(Debug)]
pub struct BetweenLives {
    rulebook: Rulebook,
    state: RuleState,
    clock: Clock,
}

impl Engine {
    /// The rules for what happens while no session is open.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn between_lives(&self, clock: &Clock) -> Result<BetweenLives, StoreError> {
        let reader = self.store.reader()?;
        let creator = reader.settings()?.connection.tiktok_user.unwrap_or_default();
        let now_ms = clock.now_ms();
        let nowhere = SessionFacts {
            // No session has this number.
            id: SessionId(0),
            creator: creator.into(),
            started_ms: now_ms,
            seed: now_ms.unsigned_abs(),
            utc_offset_s: clock.utc_offset_s(),
        };
        Ok(BetweenLives { rulebook: Rulebook::read(reader)?, state: RuleState::new(nowhere), clock: clock.clone() })
    }
}

impl BetweenLives {
    /// What is to be run because of that signal, in order.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn decide(&mut self, signal: &Signal) -> Result<Vec<Firing>, StoreError> {
        let refreshed = self.rulebook.refresh()?;
        for fault in &refreshed.faults {
            tracing::error!(rule = %fault.rule, place = fault.place, problem = fault.problem, "a rule cannot be used");
        }
        let mut decided = Decided::default();
        let (rules, services, values) = (self.rulebook.rules(), self.rulebook.services(), self.rulebook.values());
        let (standing, occasion) = (Standing::default(), Occasion::Signal(signal));
        decide(rules, services, values, &mut self.state, &standing, occasion, self.clock.now_ms(), &mut decided);
        Ok(decided.effects.into_iter().filter_map(of_no_session).collect())
    }
}

/// The firing of an effect of a signal; there is no combo to follow and no message to take back.
fn of_no_session(effect: Effect) -> Option<Firing> {
    match effect {
        Effect::Start(mut firing) => {
            firing.facts.session = None;
            Some(*firing)
        }
        Effect::Grow { .. } | Effect::Finish { .. } | Effect::Moderate { .. } => None,
    }
}
