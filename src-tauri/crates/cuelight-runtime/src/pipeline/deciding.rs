//! The rules at work in the lane: what an event or time passing causes, committed together with it.

use std::sync::Arc;

use cuelight_core::decide::{Decided, Occasion, RuleState, decide};
use cuelight_core::decision::{Decision, Origin};
use cuelight_core::reason::Reason;
use cuelight_core::signal::Signal;
use cuelight_core::viewer::Standing;
use cuelight_core::world::World;
use serde::Serialize;
use tokio::sync::{Notify, mpsc, watch};

use super::group::Group;
use crate::actions::Registry;
use crate::rulebook::{Refreshed, Rulebook};
use crate::store::StoreError;
use crate::worker::{Bells, Idleness, Lateness};

/// What a lane decides with; a lane without it only journals.
#[derive(Debug)]
pub struct Deciding {
    /// The rules, services and values.
    pub rulebook: Rulebook,
    /// The kinds of action.
    pub registry: Arc<Registry>,
    /// Rung when somebody else may have changed what the rulebook holds.
    pub changes: Arc<Notify>,
    /// Occasions that are no events.
    pub signals: mpsc::Receiver<Signal>,
    /// Told after each commit which queues have something new.
    pub bells: Bells,
    /// Since when the services' oldest ready jobs wait.
    pub lateness: watch::Receiver<Lateness>,
    /// When the workers of this process have nothing left to do: a session whose source ended stays open until then, so that
    /// what its jobs emit is answered in it. None where nobody works.
    pub idleness: Option<Idleness>,
    /// The streamer's offset from UTC, in seconds, for times of day.
    pub utc_offset_s: i32,
}

/// What stands in the journal beside an event: the decisions, and the rules that they were made with.
///
/// A default action that fired is left out: its run stands in the journal too.
#[derive(Serialize)]
struct Recorded<'a> {
    revision: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    muted: Option<&'a Reason>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    decisions: Vec<&'a Decision>,
}

impl Deciding {
    /// Decides one occasion: effects go into the group, decisions are given back as JSON where there are any.
    pub(super) fn decide(
        &self,
        state: &mut RuleState,
        standing: &Standing,
        occasion: Occasion<'_>,
        number: u32,
        now_ms: i64,
        group: &mut Group,
    ) -> Option<String> {
        let mut decided = Decided::default();
        let (rules, services) = (self.rulebook.rules(), self.rulebook.services());
        decide(rules, services, self.rulebook.values(), state, standing, occasion, now_ms, &mut decided);
        group.cause(number, decided.effects);
        let decisions: Vec<&Decision> = decided.decisions.iter().filter(|it| !is_default_that_fired(it)).collect();
        if decisions.is_empty() && decided.muted.is_none() {
            return None;
        }
        let recorded = Recorded { revision: rules.revision(), muted: decided.muted.as_ref(), decisions };
        Some(serde_json::to_string(&recorded).expect("numbers and texts have a JSON form"))
    }

    /// What handing off depends on.
    pub(super) fn world(&self, seed: u64, now_ms: i64) -> World<'_> {
        World {
            services: self.rulebook.services(),
            prepare: &*self.registry,
            values: self.rulebook.values(),
            seed,
            now_ms,
        }
    }

    /// Reads what others changed.
    pub(super) fn refresh(&mut self) -> Result<Refreshed, StoreError> {
        let refreshed = self.rulebook.refresh()?;
        for fault in &refreshed.faults {
            tracing::error!(rule = %fault.rule, place = fault.place, problem = fault.problem, "a rule cannot be used");
        }
        Ok(refreshed)
    }
}

fn is_default_that_fired(decision: &Decision) -> bool {
    matches!(decision.rule, Origin::Default(_)) && decision.because.is_none()
}
