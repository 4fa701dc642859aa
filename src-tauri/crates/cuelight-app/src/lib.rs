//! The running app behind every face: one engine, the live it follows, and the door through which it is asked.
//!
//! The window, the browser and scripts all come through [`Door::call`] with the name of a command and its input, and hear
//! through [`Door::listen`] what changed. What a caller may do depends on its role alone. Nothing here knows of windows: what
//! only a desktop can do is asked of a [`shell::Shell`].

pub mod api;
pub mod app;
pub mod dto;
pub mod live;
pub mod push;
pub mod server;
pub mod shell;

pub use self::api::Door;
pub use self::app::App;
