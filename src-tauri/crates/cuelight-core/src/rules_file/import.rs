//! Taking a rules file in beside the rules that are there: nothing is overwritten.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::RulesFile;
use crate::action_kind::{ENABLE_RULE, RUN_RULE};
use crate::id::RuleId;
use crate::rule::{Rule, RuleGroup};
use crate::step::Step;

/// What taking a file in would change.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Import {
    /// The groups to add.
    pub groups: Vec<RuleGroup>,
    /// The rules to add, under the ids that they get.
    pub rules: Vec<Rule>,
    /// Ids of the file that were taken by other rules, and the ids that its rules have instead.
    pub renamed: Vec<(RuleId, RuleId)>,
    /// Names of groups that were taken by other groups, and the names that the file's have instead.
    pub renamed_groups: Vec<(String, String)>,
    /// Rules that are there already as the file has them, under the ids that they have here.
    pub unchanged: Vec<RuleId>,
}

/// The rules and groups of a data folder.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct There {
    /// The rules that this version can read.
    pub rules: Vec<Rule>,
    /// The groups that it can read.
    pub groups: Vec<RuleGroup>,
    /// Ids of rules that another version wrote and this one cannot read.
    pub unreadable_rules: Vec<RuleId>,
    /// Names of such groups.
    pub unreadable_groups: Vec<String>,
    /// Ids of the rules in the bin, to which they may come back.
    pub binned_rules: Vec<RuleId>,
}

/// Compares a file with what is there.
///
/// A rule whose id is taken by another rule, readable or not or in the bin, gets a new one, such as `rose-2`; steps of the
/// file that run or switch it follow. What is there with the same content, also under such a new id, stays alone, so taking
/// a file in twice changes nothing the second time.
#[must_use]
pub fn import(there: &There, file: &RulesFile) -> Import {
    let There { rules, groups, unreadable_rules, unreadable_groups, binned_rules } = there;
    let mut import = Import::default();
    let mut group_names: BTreeSet<String> = groups.iter().chain(&file.groups).map(|group| group.name.clone()).collect();
    group_names.extend(unreadable_groups.iter().cloned());
    let mut new_names = BTreeMap::new();
    let mut new_groups = Vec::new();
    for group in &file.groups {
        let taken = unreadable_groups.contains(&group.name)
            || groups.iter().any(|other| other.name == group.name && other != group);
        let twin = groups.iter().find(|other| is_variant(&other.name, &group.name) && same_but_name(other, group));
        let name = match twin {
            Some(twin) => twin.name.clone(),
            None if taken => free_name(&group.name, |name| group_names.contains(name)),
            None => group.name.clone(),
        };
        group_names.insert(name.clone());
        if name != group.name {
            new_names.insert(group.name.clone(), name.clone());
        }
        if twin.is_none() {
            new_groups.push(RuleGroup { name, ..group.clone() });
        }
    }

    let there: BTreeMap<&RuleId, &Rule> = rules.iter().map(|rule| (&rule.id, rule)).collect();
    let out_of_sight: BTreeSet<&RuleId> = unreadable_rules.iter().chain(binned_rules).collect();
    let new_ids = choose_ids(&there, &out_of_sight, &new_names, file);
    for rule in &file.rules {
        let rule = rewritten(rule, &new_ids, &new_names);
        match there.get(&rule.id) {
            Some(_) => import.unchanged.push(rule.id),
            None => import.rules.push(rule),
        }
    }
    import.groups = new_groups;
    import.renamed = new_ids.into_iter().collect();
    import.renamed_groups = new_names.into_iter().collect();
    import
}

/// The ids that cannot stay. A rule that speaks of a renamed one becomes another rule by that, so this goes on until
/// nothing changes any more.
fn choose_ids(
    there: &BTreeMap<&RuleId, &Rule>,
    out_of_sight: &BTreeSet<&RuleId>,
    new_names: &BTreeMap<String, String>,
    file: &RulesFile,
) -> BTreeMap<RuleId, RuleId> {
    let mut taken: BTreeSet<String> = file.rules.iter().map(|rule| rule.id.to_string()).collect();
    taken.extend(there.keys().copied().chain(out_of_sight.iter().copied()).map(ToString::to_string));
    let mut new_ids = BTreeMap::new();
    loop {
        let before = new_ids.clone();
        for rule in &file.rules {
            let here = rewritten(rule, &new_ids, new_names);
            let is_taken = match there.get(&here.id) {
                Some(other) => **other != here,
                None => out_of_sight.contains(&here.id),
            };
            if is_taken {
                let known = (here.id == rule.id).then(|| known_variant(rule, there, &new_ids, new_names)).flatten();
                let id = known.unwrap_or_else(|| RuleId::new(free_name(rule.id.as_str(), |name| taken.contains(name))));
                taken.insert(id.to_string());
                new_ids.insert(rule.id.clone(), id);
            }
        }
        if new_ids == before {
            return new_ids;
        }
    }
}

/// The id under which the rule was taken in before, when its own was taken then too.
fn known_variant(
    rule: &Rule,
    there: &BTreeMap<&RuleId, &Rule>,
    ids: &BTreeMap<RuleId, RuleId>,
    names: &BTreeMap<String, String>,
) -> Option<RuleId> {
    let is_it = |other: &&&Rule| {
        let mut ids = ids.clone();
        ids.insert(rule.id.clone(), other.id.clone());
        rewritten(rule, &ids, names) == ***other
    };
    let mut variants = there.values().filter(|other| is_variant(other.id.as_str(), rule.id.as_str()));
    variants.find(is_it).map(|other| other.id.clone())
}

/// The rule as it is here: under its new id, and with the new names of what it speaks of.
fn rewritten(rule: &Rule, ids: &BTreeMap<RuleId, RuleId>, groups: &BTreeMap<String, String>) -> Rule {
    let mut rule = rule.clone();
    if let Some(id) = ids.get(&rule.id) {
        rule.id = id.clone();
    }
    if let Some(name) = rule.group.as_ref().and_then(|name| groups.get(name)) {
        rule.group = Some(name.clone());
    }
    if !ids.is_empty() {
        follow(&mut rule.steps, ids);
    }
    rule
}

/// Lets steps that run or switch rules find them under their new ids.
fn follow(steps: &mut [Step], ids: &BTreeMap<RuleId, RuleId>) {
    for step in steps {
        match step {
            Step::Act(act) if matches!(act.action.kind.as_str(), RUN_RULE | ENABLE_RULE) => {
                if let Some(Value::String(id)) = act.action.parameters.get_mut("rule")
                    && let Some(new) = ids.get(&RuleId::new(id.as_str()))
                {
                    *id = new.to_string();
                }
            }
            Step::Choose(choose) => {
                follow(&mut choose.then, ids);
                follow(&mut choose.otherwise, ids);
            }
            Step::PickOne(pick) => pick.pick_one.iter_mut().for_each(|way| follow(way, ids)),
            Step::Act(_) | Step::Wait(_) => {}
        }
    }
}

/// Whether a name is another one, or that with a number that was put behind it.
fn is_variant(name: &str, of: &str) -> bool {
    name == of
        || name
            .strip_prefix(of)
            .and_then(|rest| rest.strip_prefix('-'))
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn same_but_name(one: &RuleGroup, other: &RuleGroup) -> bool {
    RuleGroup { name: other.name.clone(), ..one.clone() } == *other
}

fn free_name(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    (2_u64..).map(|number| format!("{name}-{number}")).find(|name| !is_taken(name)).expect("numbers do not run out")
}
