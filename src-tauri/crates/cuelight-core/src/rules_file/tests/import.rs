//! Taking files in overwrites nothing.

use serde_json::json;

use super::super::{Import, RulesFile, There, import};
use crate::id::RuleId;
use crate::rule::{Rule, RuleGroup};

fn rule(id: &str, name: &str, runs: Option<&str>) -> Rule {
    let steps = runs.map(|runs| json!({"action": "run_rule", "with": {"rule": runs}}));
    serde_json::from_value(json!({
        "id": id, "name": name, "when": {"on": "comment"},
        "do": [{"if": [], "then": Vec::from_iter(steps)}],
    }))
    .expect("a rule")
}

fn with(rules: &[Rule]) -> There {
    There { rules: rules.to_vec(), ..There::default() }
}

fn ids(import: &Import) -> Vec<&str> {
    import.rules.iter().map(|rule| rule.id.as_str()).collect()
}

fn taken_in(rules: &[Rule], import: &Import) -> Vec<Rule> {
    rules.iter().chain(&import.rules).cloned().collect()
}

#[test]
fn a_new_rule_is_added_and_one_that_is_there_stays() {
    let there = [rule("a", "A", None)];
    let import = import(&with(&there), &RulesFile::new(Vec::new(), vec![rule("a", "A", None), rule("b", "B", None)]));
    assert_eq!(
        (ids(&import), &import.unchanged[..]),
        (vec!["b"], &[RuleId::new("a")][..]),
        "only what is new is added"
    );
}

#[test]
fn a_taken_id_gets_a_number_and_those_who_run_the_rule_follow() {
    let there = [rule("a", "mine", None), rule("a-2", "mine too", None), rule("runner", "R", Some("a"))];
    let file = RulesFile::new(Vec::new(), vec![rule("a", "theirs", None), rule("runner", "R", Some("a"))]);
    let first = import(&with(&there), &file);
    assert_eq!(ids(&first), ["a-3", "runner-2"], "the runner is another one, since it runs another rule");
    assert_eq!(first.rules[1], rule("runner-2", "R", Some("a-3")), "it runs the rule of its file");
    let second = import(&with(&taken_in(&there, &first)), &file);
    assert!(second.rules.is_empty(), "taken in twice, nothing changes: {:?}", ids(&second));
    assert_eq!(second.unchanged, [RuleId::new("a-3"), RuleId::new("runner-2")], "they are found again");
}

#[test]
fn a_group_of_another_meaning_gets_a_new_name_and_its_rules_follow() {
    let group = |cooldown_seconds| -> RuleGroup {
        serde_json::from_value(json!({"name": "spins", "cooldown_seconds": cooldown_seconds})).expect("a group")
    };
    let member = Rule { group: Some("spins".to_owned()), ..rule("m", "M", None) };
    let file = RulesFile::new(vec![group(5.0)], vec![member]);
    let import = import(&There { groups: vec![group(9.0)], ..There::default() }, &file);
    assert_eq!(import.groups[0].name, "spins-2", "the group that is there stays as it is");
    assert_eq!(import.rules[0].group.as_deref(), Some("spins-2"), "the rule belongs to the group of its file");
}

#[test]
fn a_rule_or_group_that_cannot_be_read_keeps_its_name() {
    let group: RuleGroup = serde_json::from_value(json!({"name": "spins"})).expect("a group");
    let file = RulesFile::new(vec![group], vec![rule("a", "theirs", None), rule("runner", "R", Some("a"))]);
    let newer = |rules: &[Rule], groups: &[RuleGroup]| There {
        rules: rules.to_vec(),
        groups: groups.to_vec(),
        unreadable_rules: vec![RuleId::new("a")],
        unreadable_groups: vec!["spins".to_owned()],
        binned_rules: Vec::new(),
    };
    let first = import(&newer(&[], &[]), &file);
    assert_eq!(ids(&first), ["a-2", "runner"], "what another version wrote stays where it is");
    assert_eq!(first.rules[1], rule("runner", "R", Some("a-2")), "and the file's rules speak of their own");
    assert_eq!(first.groups[0].name, "spins-2", "groups too");
    let second = import(&newer(&first.rules, &first.groups), &file);
    assert_eq!((second.rules.len(), second.groups.len()), (0, 0), "taken in twice, nothing changes");
}

#[test]
fn a_rule_in_the_bin_can_come_back_to_its_id() {
    let file = RulesFile::new(Vec::new(), vec![rule("a", "theirs", None)]);
    let binned = |rules: &[Rule]| There { binned_rules: vec![RuleId::new("a")], ..with(rules) };
    let first = import(&binned(&[]), &file);
    assert_eq!(ids(&first), ["a-2"], "its id stays free for it");
    assert_eq!(import(&binned(&first.rules), &file).rules, [], "and taken in twice, nothing changes");
}
