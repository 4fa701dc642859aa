//! Capture, journal and everything that touches the outside world; knows nothing of windows.
//!
//! [`runtime::Runtime`] opens a data folder and runs captures in it: a [`source`] yields events, the [`pipeline`] turns
//! them into what happened and into what the rules make of it, commits both to the [`store`], and only then is the source
//! told "received". The [`engine`] joins that to the [`worker`]s, which claim jobs from the queues and run their
//! [`actions`].

pub mod actions;
pub mod clock;
pub mod decode;
pub mod disk;
pub mod doctor;
pub mod engine;
pub mod equipped;
pub mod feed;
pub mod locks;
pub mod logs;
pub mod paths;
pub mod pipeline;
pub mod publish;
pub mod redis_stream;
pub mod replay;
pub mod report;
pub mod rulebook;
pub mod runtime;
pub mod secrets;
pub mod source;
pub mod store;
pub mod tls;
pub mod wipe;
pub mod worker;
