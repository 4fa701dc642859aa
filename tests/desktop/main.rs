//! The packaged and installed app, used as people do: on a display, with a tray, a keychain and a bus of its own.
//!
//! `CUELIGHT_DESKTOP` names the installed program; `make desktop` packages it, installs it and sets that. One test runs at a
//! time: WebKit's driver serves one window.

#![cfg(target_os = "linux")]

mod closing;
mod figures;
mod first_start;
mod keys;
mod live_page;
mod story;
mod support;
mod trouble;
