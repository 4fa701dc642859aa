//! Promises to the user that the whole program keeps, one file each.

mod app_live;
mod architecture;
mod bad_input;
mod console;
mod crash;
mod direct;
#[cfg(target_os = "linux")]
mod disk;
mod engine;
mod publish;
mod queues;
mod recordings;
#[cfg(target_os = "linux")]
mod secrets;
mod server;
mod sessions;
mod simulation;
mod support;
