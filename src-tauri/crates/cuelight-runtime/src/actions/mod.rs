//! What steps can do: one file a kind in `kinds`, and the registry through which the engine knows them.
//!
//! A kind fills its parameters from the facts when a step's turn comes ([`ActionKind::prepare`], pure) and does what it
//! says when a worker claimed the job ([`ActionKind::run`]).

mod change_summary;
mod context;
mod failure;
mod first_text;
mod kind;
mod kinds;
mod parameters;
mod registry;
mod schemas;
mod written_file;

pub use context::ActionContext;
pub use failure::ActionError;
pub use kind::{ActionKind, Output};
pub use parameters::{ConfigError, Filling, WholeNumber};
pub use registry::{Registry, SUMMARY_CHARACTERS};
pub use schemas::{KindSchema, schemas_json};

#[cfg(test)]
mod tests;
