//! The window of Cuelight: a thin Tauri shell over the running app.

// Windows opens a console beside every program that does not say that it has a window.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    cuelight_desktop::run()
}
