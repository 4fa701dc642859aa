//! What an event is and what follows from it: pure, without I/O, async, clock or randomness.
//!
//! Every source yields [`event::Event`]s; [`session::SessionState`] turns them into what happened, once: duplicates
//! dropped, combos counted, like totals only growing. The same input always gives the same output.

pub mod clean;
pub mod combo;
pub mod dedupe;
pub mod event;
mod gap;
pub mod gift_catalogue;
pub mod handle;
pub mod id;
pub mod likes;
pub mod limits;
pub mod reason;
pub mod session;
pub mod shed;
pub mod timestamp;
pub mod totals;
pub mod user;
pub mod viewer;
