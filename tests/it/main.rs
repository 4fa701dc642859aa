//! Promises to the user that the whole program keeps, one file each.

mod app_live;
mod architecture;
mod bad_input;
#[cfg(target_os = "linux")]
mod chrome;
mod connection_story;
mod console;
mod crash;
mod direct;
#[cfg(target_os = "linux")]
mod disk;
mod engine;
mod gift_list;
mod languages;
mod only_tiktok;
mod proxies;
mod publish;
mod queues;
mod recordings;
mod redis_source;
#[cfg(target_os = "linux")]
mod secrets;
mod server;
mod sessions;
mod simulation;
#[cfg(target_os = "linux")]
mod staying_long;
mod support;
mod tikfinity;
mod ways;
