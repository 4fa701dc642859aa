//! A desktop for one test: display, bus, keychain, tray, home; and the app on it.

mod bus;
mod desk;
mod display;
mod keychain;
mod memory;
mod page;
mod program;
mod tray;
mod waiting;

pub(crate) use self::desk::{Desk, command_line};
pub(crate) use self::memory::Memory;
pub(crate) use self::page::Page;
pub(crate) use self::program::Program;
pub(crate) use self::tray::TrayHost;
pub(crate) use self::waiting::until;
