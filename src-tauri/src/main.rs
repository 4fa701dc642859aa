//! The window of Cuelight: a thin Tauri shell over the running app.

fn main() {}
