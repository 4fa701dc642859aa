//! Rules: listed, added, saved, switched, duplicated, moved, and their earlier forms.

use std::collections::HashSet;

use cuelight_core::id::RuleId;
use cuelight_core::rule::Rule;
use cuelight_core::rule_name::{id_for, name_of_copy};
use cuelight_core::rules_file::There;
use cuelight_runtime::store::{Deed, DeedKind};
use serde::Deserialize;
use ts_rs::TS;

use super::editing::{edited, faultless, saved};
use super::{Caller, Nothing};
use crate::dto::{Failure, FailureCode, NewRule, RuleVersion, Rulebook, Saved};

/// A rule that is to be added.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AddRule {
    rule: NewRule,
}

/// A rule that is to be saved.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SaveRule {
    rule: Rule,
    /// The rulebook's, on which it was edited.
    revision: i64,
}

/// A rule that is to be switched.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct EnableRule {
    rule: RuleId,
    enabled: bool,
}

/// A rule that is meant.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OneRule {
    pub(super) rule: RuleId,
}

/// A rule that is to be moved.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct MoveRule {
    rule: RuleId,
    /// None: it goes last.
    before: Option<RuleId>,
}

/// An earlier form that a rule is to have again.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RestoreVersion {
    rule: RuleId,
    version: u32,
}

/// Everything that the Rules screen lists.
pub(super) async fn rulebook(caller: Caller<'_>, _: Nothing) -> Result<Rulebook, Failure> {
    crate::rulebook::rulebook(caller.app).await
}

/// Adds a rule, switched on and behind the others; its id is made from its name.
pub(super) async fn add_rule(caller: Caller<'_>, input: AddRule) -> Result<Saved, Failure> {
    saved(caller.app, move |edit| {
        let NewRule { name, when, steps } = input.rule;
        let rule = Rule {
            id: free_id(&edit.there()?, &name),
            name,
            enabled: true,
            when,
            only_if: Vec::new(),
            steps,
            combo: Default::default(),
            cooldown: Default::default(),
            group: None,
            fold: None,
            priority: None,
        };
        let rule = faultless(edit, rule)?;
        edit.add_rule(&rule)?;
        Ok((Deed::new(DeedKind::RuleAdded, rule.name), rule.id))
    })
    .await
}

/// Saves a rule as a whole; refused only where this rule itself was changed or switched after that revision, by whomever.
pub(super) async fn save_rule(caller: Caller<'_>, input: SaveRule) -> Result<Saved, Failure> {
    saved(caller.app, move |edit| {
        let SaveRule { rule, revision } = input;
        if edit.changed_since(&rule.id, revision)? {
            let problem = format!("rule {} was changed after revision {revision}", rule.id);
            return Err(Failure::new(FailureCode::ChangedMeanwhile, problem));
        }
        let rule = faultless(edit, rule)?;
        edit.put_rule(&rule)?;
        Ok((Deed::new(DeedKind::RuleChanged, rule.name), rule.id))
    })
    .await
}

/// Switches a rule on or off.
pub(super) async fn enable_rule(caller: Caller<'_>, input: EnableRule) -> Result<Saved, Failure> {
    saved(caller.app, move |edit| {
        let rule = Rule { enabled: input.enabled, ..edit.rule(&input.rule)? };
        edit.put_rule(&rule)?;
        Ok((Deed::new(DeedKind::RuleChanged, rule.name), rule.id))
    })
    .await
}

/// Adds the same rule once more, behind the others, under a name and an id of its own.
pub(super) async fn duplicate_rule(caller: Caller<'_>, input: OneRule) -> Result<Saved, Failure> {
    saved(caller.app, move |edit| {
        let original = edit.rule(&input.rule)?;
        let there = edit.there()?;
        let names: HashSet<&str> = there.rules.iter().map(|rule| rule.name.as_str()).collect();
        let name = name_of_copy(&original.name, |name| names.contains(name));
        let rule = Rule { id: free_id(&there, &name), name, ..original };
        edit.add_rule(&rule)?;
        Ok((Deed::new(DeedKind::RuleAdded, rule.name), rule.id))
    })
    .await
}

/// Puts a rule before another one, or last.
pub(super) async fn move_rule(caller: Caller<'_>, input: MoveRule) -> Result<Rulebook, Failure> {
    edited(caller.app, move |edit| {
        let rule = edit.rule(&input.rule)?;
        edit.move_rule(&rule.id, input.before.as_ref())?;
        Ok(Deed::new(DeedKind::RuleMoved, rule.name))
    })
    .await
}

/// The earlier forms of a rule, the newest first.
pub(super) async fn rule_history(caller: Caller<'_>, input: OneRule) -> Result<Vec<RuleVersion>, Failure> {
    let versions = caller.app.read(move |reader| reader.rule_versions(&input.rule)).await?;
    let version = |it: cuelight_runtime::store::RuleVersion| RuleVersion {
        version: it.version,
        saved_ms: it.saved_ms,
        rule: it.rule,
    };
    Ok(versions.into_iter().map(version).collect())
}

/// Gives a rule an earlier form again; it stays switched as it is.
pub(super) async fn restore_rule_version(caller: Caller<'_>, input: RestoreVersion) -> Result<Saved, Failure> {
    saved(caller.app, move |edit| {
        let RestoreVersion { rule, version } = input;
        let stands = edit.rule(&rule)?;
        let earlier = edit.version(&rule, version)?;
        let earlier = earlier.ok_or_else(|| Failure::not_found(format!("form {version} of rule {rule}")))?;
        let rule = faultless(edit, Rule { enabled: stands.enabled, ..earlier })?;
        edit.put_rule(&rule)?;
        Ok((Deed::new(DeedKind::RuleChanged, rule.name), rule.id))
    })
    .await
}

/// An id for a rule of that name that no rule has or may come back to.
fn free_id(there: &There, name: &str) -> RuleId {
    let There { rules, unreadable_rules, binned_rules, .. } = there;
    let taken: HashSet<&RuleId> =
        rules.iter().map(|rule| &rule.id).chain(unreadable_rules).chain(binned_rules).collect();
    id_for(name, |id| taken.contains(id))
}
