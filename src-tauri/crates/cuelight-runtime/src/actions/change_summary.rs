//! A change of our own database in a few words, in signs that every language reads.

use cuelight_core::action::StateChange;

/// Such as `deaths +1`, `king = mia`, `✓ rose`.
pub(super) fn change_summary(change: &StateChange) -> String {
    match change {
        StateChange::CounterAdd { name, by } => format!("{name} {by:+}"),
        StateChange::CounterSet { name, to } => format!("{name} = {to}"),
        StateChange::VariableSet { name, to } => format!("{name} = {to}"),
        StateChange::RunRule { rule } => rule.to_string(),
        StateChange::EnableRule { rule, enabled: true } => format!("✓ {rule}"),
        StateChange::EnableRule { rule, enabled: false } => format!("✗ {rule}"),
        StateChange::EmitEvent { name, .. } => name.clone(),
    }
}
