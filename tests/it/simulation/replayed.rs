//! Deciding a session again from its journal, in one go: what crashes and restarts must not have changed.

use cuelight_core::decide::{Decided, Occasion, RuleState, SessionFacts, decide};
use cuelight_core::decision::{Decision, Origin};
use cuelight_core::event::{Body, Event};
use cuelight_core::facts::Values;
use cuelight_core::id::SessionId;
use cuelight_core::rule_set::RuleSet;
use cuelight_core::service::Services;
use cuelight_core::totals::SessionTotals;
use cuelight_core::viewer::Standing;
use cuelight_runtime::pipeline::seed_of;
use serde_json::{Value, json};

use super::oracle::Oracle;
use super::rows::EventRow;

/// Decides all events of the session again and compares with what was decided then.
pub(super) fn check(id: u32, rows: &[EventRow], rules: &RuleSet, services: &Services, oracle: &Oracle) {
    let Some(first) = rows.first() else { return };
    let mut state = RuleState::new(SessionFacts {
        id: SessionId(id),
        creator: "luna".into(),
        started_ms: first.received_ms,
        seed: seed_of(SessionId(id)),
        utc_offset_s: 0,
    });
    let mut totals = SessionTotals::default();
    for row in rows {
        let data = serde_json::from_str(&row.data).expect("an event is JSON");
        let event = Event::from_parts(&row.event_type, &data).expect("it reads back");
        totals.add(&event);
        let standing = Standing { muted: oracle.of_muted.contains(&(id, row.number)), ..Standing::default() };
        let depth = u8::from(matches!(event.body, Body::Custom(_)));
        let occasion = Occasion::Event { event: &event, number: row.number, totals: &totals, depth };
        let mut decided = Decided::default();
        decide(rules, services, &Values::default(), &mut state, &standing, occasion, row.received_ms, &mut decided);
        let fired = |it: &&Decision| !matches!(it.rule, Origin::Default(_)) || it.because.is_some();
        let decisions: Vec<&Decision> = decided.decisions.iter().filter(fired).collect();
        let stored: Value = row.decisions.as_deref().map_or(Value::Null, |it| serde_json::from_str(it).expect("JSON"));
        let stored = stored.get("decisions").cloned().unwrap_or_else(|| json!([]));
        let again = serde_json::to_value(&decisions).expect("decisions have a JSON form");
        assert_eq!(stored, again, "event {} of session {id} is decided as it was: {}", row.number, row.data);
    }
}
