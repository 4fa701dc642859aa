//! Rules that run each other in a circle.

use std::collections::{HashMap, HashSet};

use crate::action_kind::RUN_RULE;
use crate::id::RuleId;
use crate::rule::Rule;
use crate::step::for_each_act;

/// The way back to itself of each rule that has one, the rule at both ends.
pub(super) fn find(rules: &[Rule]) -> HashMap<RuleId, Vec<RuleId>> {
    let runs: HashMap<RuleId, Vec<RuleId>> = rules
        .iter()
        .filter_map(|rule| {
            let mut targets = Vec::new();
            for_each_act(&rule.steps, "do", &mut |act, _| {
                if act.action.kind.as_str() == RUN_RULE {
                    targets.extend(act.action.parameters.get("rule").and_then(|rule| rule.as_str()).map(RuleId::new));
                }
            });
            (!targets.is_empty()).then(|| (rule.id.clone(), targets))
        })
        .collect();
    runs.keys().filter_map(|start| Some((start.clone(), way_back(start, &runs)?))).collect()
}

/// The shortest way from a rule back to itself.
fn way_back(start: &RuleId, runs: &HashMap<RuleId, Vec<RuleId>>) -> Option<Vec<RuleId>> {
    let mut came_from: HashMap<&RuleId, &RuleId> = HashMap::new();
    let mut seen: HashSet<&RuleId> = HashSet::new();
    let mut ways = std::collections::VecDeque::from([start]);
    while let Some(rule) = ways.pop_front() {
        for target in runs.get(rule).into_iter().flatten() {
            if target == start {
                let mut chain = vec![start.clone()];
                let mut step = rule;
                while step != start {
                    chain.push(step.clone());
                    step = came_from[step];
                }
                chain.push(start.clone());
                chain.reverse();
                return Some(chain);
            }
            if seen.insert(target) {
                came_from.insert(target, rule);
                ways.push_back(target);
            }
        }
    }
    None
}
