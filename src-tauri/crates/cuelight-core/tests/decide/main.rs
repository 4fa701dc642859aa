//! Which rules fire, how often, and why the others do not.

mod combos;
mod conditions;
mod live;
mod properties;
mod rules;
mod together;
mod triggers;
