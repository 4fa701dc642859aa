//! The running app behind every face: one engine, the live it follows, and the door through which it is asked.
//!
//! The window, the browser and scripts all come through [`Door::call`] with the name of a command and its input, and hear
//! through [`Door::listen`] what changed. What a caller may do depends on its role alone. Nothing here knows of windows: what
//! only a desktop can do is asked of a [`shell::Shell`].

pub mod api;
pub mod app;
pub mod autostart;
pub mod catching;
mod diagnostics;
pub mod dto;
mod gift_list;
pub mod hotkeys;
pub mod live;
mod pages;
pub mod pictures;
pub mod push;
pub mod rulebook;
pub mod server;
pub mod shell;
#[cfg(test)]
mod stage;
mod trial;
mod view;

pub use self::api::Door;
pub use self::app::App;
