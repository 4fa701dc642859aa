//! How every edit goes: one deed in the store, the engine looks again, everybody is told.

use cuelight_core::id::RuleId;
use cuelight_core::limits::RULE_NAME_CHARACTERS;
use cuelight_core::rule::Rule;
use cuelight_core::rule_name::is_name;
use cuelight_core::rule_set;
use cuelight_runtime::store::{Deed, Edit};

use crate::app::App;
use crate::dto::{Failure, FailureCode, Rulebook, Saved};
use crate::rulebook::rulebook;

/// Makes an edit and notes it for *undo*.
pub(super) async fn edit<T: Send + 'static>(
    app: &App,
    change: impl FnOnce(&Edit<'_>) -> Result<(Deed, T), Failure> + Send + 'static,
) -> Result<T, Failure> {
    let now_ms = app.clock.now_ms();
    app.change(move |store| store.edit(now_ms, change)).await
}

/// Tells everybody that the rulebook is another one, and gives it.
pub(super) async fn tell(app: &App) -> Result<Rulebook, Failure> {
    let _turn = app.telling_undo.lock().await;
    let rulebook = rulebook(app).await?;
    app.push.note(|gathered| {
        gathered.rulebook_revision = gathered.rulebook_revision.max(Some(rulebook.revision));
        gathered.undo = Some(rulebook.undo.clone());
    });
    Ok(rulebook)
}

/// An edit whose answer is the whole rulebook.
pub(super) async fn edited(
    app: &App,
    change: impl FnOnce(&Edit<'_>) -> Result<Deed, Failure> + Send + 'static,
) -> Result<Rulebook, Failure> {
    edit(app, |edit| Ok((change(edit)?, ()))).await?;
    tell(app).await
}

/// An edit whose answer is one rule.
pub(super) async fn saved(
    app: &App,
    change: impl FnOnce(&Edit<'_>) -> Result<(Deed, RuleId), Failure> + Send + 'static,
) -> Result<Saved, Failure> {
    let id = edit(app, change).await?;
    let Rulebook { revision, rules, undo, .. } = tell(app).await?;
    let rule = rules.into_iter().find(|listed| listed.rule.id == id);
    // Somebody else may have thrown it away at once.
    let rule = rule.ok_or_else(|| Failure::not_found(format!("rule {id}")))?;
    Ok(Saved { rule, revision, undo })
}

/// A rule that can be followed; a warning stops nobody.
///
/// # Errors
/// The first fault, with its place in the rule.
pub(super) fn faultless(edit: &Edit<'_>, rule: Rule) -> Result<Rule, Failure> {
    named(&rule.name, "name")?;
    let faults = rule_set::check(&rule, &edit.groups()?, &edit.services()?);
    match faults.into_iter().next() {
        Some(fault) => Err(Failure::new(FailureCode::BadInput, fault.to_string()).about(fault.place)),
        None => Ok(rule),
    }
}

/// Lets a name pass.
///
/// # Errors
/// It cannot be a name.
pub(super) fn named(name: &str, field: &str) -> Result<(), Failure> {
    if is_name(name) {
        return Ok(());
    }
    let problem = format!("a name has 1 to {RULE_NAME_CHARACTERS} visible characters; {name:?} is none");
    Err(Failure::new(FailureCode::BadInput, problem).about(field))
}

#[cfg(test)]
pub(super) mod tests;
