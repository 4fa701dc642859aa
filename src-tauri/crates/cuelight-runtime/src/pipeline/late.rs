//! Which waits of which services have just grown so long that a rule wants to hear of it.

use std::collections::BTreeMap;

use cuelight_core::id::ServiceId;
use cuelight_core::rule_set::RuleSet;
use cuelight_core::signal::Signal;

use crate::worker::Lateness;

/// Remembers what was told, so that each wait is told once for each bound.
#[derive(Debug, Default)]
pub(super) struct LateWatch {
    /// The wait that was told last for a service and a bound, by when it began, ms since 1970.
    told: BTreeMap<(ServiceId, u32), i64>,
}

impl LateWatch {
    /// The bounds that were passed since the last call.
    pub(super) fn passed(&mut self, rules: &RuleSet, lateness: &Lateness, now_ms: i64) -> Vec<Signal> {
        let mut passed = Vec::new();
        for (service, seconds) in rules.late_bounds() {
            let Some(since_ms) = lateness.get(service) else { continue };
            let key = (service.clone(), seconds);
            if reached_ms(*since_ms, seconds) <= now_ms && self.told.get(&key) != Some(since_ms) {
                self.told.insert(key, *since_ms);
                passed.push(Signal::ServiceLate { service: service.clone(), seconds });
            }
        }
        passed
    }

    /// When the next bound is passed if nothing changes, ms since 1970.
    pub(super) fn next_ms(&self, rules: &RuleSet, lateness: &Lateness) -> Option<i64> {
        let bounds = rules.late_bounds().filter_map(|(service, seconds)| {
            let since_ms = *lateness.get(service)?;
            let is_told = self.told.get(&(service.clone(), seconds)) == Some(&since_ms);
            (!is_told).then(|| reached_ms(since_ms, seconds))
        });
        bounds.min()
    }
}

fn reached_ms(since_ms: i64, seconds: u32) -> i64 {
    since_ms.saturating_add(i64::from(seconds) * 1000)
}

#[cfg(test)]
mod tests {
    use cuelight_core::id::RuleId;
    use cuelight_core::rule::Rule;
    use cuelight_core::service::Services;

    use super::*;

    #[test]
    fn each_wait_is_told_once_when_it_passes_the_bound() {
        let voice = ServiceId::new("voice");
        let rule: Rule = serde_json::from_value(serde_json::json!({
            "id": "late", "name": "Late", "do": [{ "action": "log_write", "with": { "text": "late" } }],
            "when": { "on": "service_late", "service": "voice", "seconds": 10 },
        }))
        .expect("a rule");
        assert_eq!(rule.id, RuleId::new("late"));
        let services = Services::new(cuelight_core::defaults::services());
        let (rules, faults) = RuleSet::new(1, vec![rule], Vec::new(), &services);
        assert_eq!(faults, [], "the rule can be followed");
        let mut watch = LateWatch::default();
        let waits = Lateness::from([(voice.clone(), 5_000)]);
        assert_eq!(watch.next_ms(&rules, &waits), Some(15_000), "ten seconds after the wait began");
        assert_eq!(watch.passed(&rules, &waits, 14_999), [], "not yet");
        let late = Signal::ServiceLate { service: voice.clone(), seconds: 10 };
        assert_eq!(watch.passed(&rules, &waits, 15_000), std::slice::from_ref(&late), "now");
        assert_eq!(watch.passed(&rules, &waits, 60_000), [], "the same wait is told once");
        assert_eq!(watch.next_ms(&rules, &waits), None, "and nothing more is waited for");
        let next = Lateness::from([(voice, 61_000)]);
        assert_eq!(watch.passed(&rules, &next, 71_000), [late], "another wait is news");
    }
}
