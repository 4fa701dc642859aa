//! What an event is and what follows from it: pure, without I/O, async, clock or randomness.
//!
//! Every source yields [`event::Event`]s; [`session::SessionState`] turns them into what happened, once: duplicates
//! dropped, combos counted, like totals only growing. The same input always gives the same output.

pub mod action;
pub mod clean;
pub mod combo;
pub mod condition;
pub mod decision;
pub mod dedupe;
pub mod event;
pub mod facts;
mod gap;
pub mod gift_catalogue;
pub mod handle;
pub mod id;
pub mod job;
pub mod likes;
pub mod limits;
pub mod priority;
pub mod reason;
pub mod rule;
pub mod service;
pub mod session;
pub mod shed;
pub mod step;
pub mod timestamp;
pub mod totals;
pub mod trigger;
pub mod user;
pub mod viewer;
pub mod world;
