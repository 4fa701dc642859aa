//! The bin: what was thrown away, until it is emptied.

use cuelight_runtime::store::{Deed, DeedKind};

use super::editing::{edited, faultless, saved, tell};
use super::rules::OneRule;
use super::{Caller, Nothing};
use crate::dto::{BinnedRule, Failure, Rulebook, Saved};

/// Throws a rule away; it can come back.
pub(super) async fn bin_rule(caller: Caller<'_>, input: OneRule) -> Result<Rulebook, Failure> {
    edited(caller.app, move |edit| {
        let rule = edit.rule(&input.rule)?;
        edit.bin_rule(&rule.id)?;
        Ok(Deed::new(DeedKind::RuleBinned, rule.name))
    })
    .await
}

/// What lies in the bin, thrown away last first.
pub(super) async fn binned_rules(caller: Caller<'_>, _: Nothing) -> Result<Vec<BinnedRule>, Failure> {
    let binned = caller.app.read(|reader| reader.binned_rules()).await?;
    Ok(binned.into_iter().map(|it| BinnedRule { rule: it.rule, binned_ms: it.binned_ms }).collect())
}

/// Takes a rule out of the bin, behind the others and switched as it was.
pub(super) async fn restore_rule(caller: Caller<'_>, input: OneRule) -> Result<Saved, Failure> {
    saved(caller.app, move |edit| {
        let rule = edit.binned(&input.rule)?;
        let rule = rule.ok_or_else(|| Failure::not_found(format!("rule {} in the bin", input.rule)))?;
        // A group or service that it needs may be gone.
        let rule = faultless(edit, rule)?;
        edit.restore_rule(&rule.id)?;
        Ok((Deed::new(DeedKind::RuleRestored, rule.name), rule.id))
    })
    .await
}

/// Deletes what lies in the bin for good; this alone cannot be undone.
pub(super) async fn empty_bin(caller: Caller<'_>, _: Nothing) -> Result<Nothing, Failure> {
    caller.app.change(|store| store.empty_bin()).await?;
    tell(caller.app).await?;
    Ok(Nothing {})
}
