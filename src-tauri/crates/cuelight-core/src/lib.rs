//! What an event is and what follows from it: pure, without I/O, async, clock or randomness.
//!
//! Every source yields [`event::Event`]s; [`session::SessionState`] turns them into what happened, once: duplicates
//! dropped, combos counted, like totals only growing. [`decide::decide`] says which rules that fires and why the others
//! stay silent, [`run::Run`] takes the steps of a firing from the front, [`dispatch`] finds each job its place. The same
//! input always gives the same output.

pub mod action;
pub mod action_kind;
pub mod attempt;
pub mod chance;
pub mod clean;
pub mod combo;
pub mod condition;
pub mod cooldown;
pub mod decide;
pub mod decision;
pub mod dedupe;
pub mod defaults;
pub mod dispatch;
pub mod event;
pub mod facts;
pub mod firing;
mod gap;
pub mod gift_catalogue;
pub mod handle;
pub mod id;
pub mod job;
pub mod key_combination;
pub mod likes;
pub mod limits;
pub mod priority;
pub mod reason;
pub mod retry;
pub mod rule;
pub mod rule_name;
pub mod rule_set;
pub mod rules_file;
pub mod run;
pub mod searchable;
pub mod service;
pub mod service_setting;
pub mod session;
pub mod settings;
pub mod shed;
pub mod signal;
pub mod step;
pub mod template;
pub mod timestamp;
pub mod totals;
pub mod trigger;
pub mod trying;
mod typescript;
pub mod user;
pub mod viewer;
pub mod warning;
pub mod way;
pub mod work_periods;
pub mod world;
