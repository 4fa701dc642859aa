//! Every kind of action, one file each; a new one needs its file and its two lines here.

mod counter_change;
mod emit_event;
mod enable_rule;
mod file_write;
mod log_write;
mod run_rule;
mod variable_set;

use super::registry::Registry;

/// Makes the kinds that come with the app known.
pub(super) fn register(registry: &mut Registry) {
    registry.add(counter_change::CounterChange);
    registry.add(emit_event::EmitEvent);
    registry.add(enable_rule::EnableRule);
    registry.add(file_write::FileWrite);
    registry.add(log_write::LogWrite);
    registry.add(run_rule::RunRule);
    registry.add(variable_set::VariableSet);
}
