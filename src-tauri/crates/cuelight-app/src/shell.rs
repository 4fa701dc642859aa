//! What only a desktop can do for the app: dialogs, folders, hotkeys, starting with the system.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use cuelight_runtime::source::page::PageHost;

use crate::dto::HotkeyStatus;

/// A deed of the shell that takes its time.
pub type ShellFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, ShellError>> + Send + 'a>>;

/// Why the shell could not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShellError {
    /// There is no desktop here.
    #[error("this needs the window; it runs without one")]
    NoDesktop,
    /// The system refused.
    #[error("could not {what}: {cause}")]
    Refused {
        /// What was tried.
        what: &'static str,
        /// What the system said.
        cause: String,
    },
}

/// The desktop that the app runs on.
pub trait Shell: Send + Sync + 'static {
    /// Shows a folder in the system's file browser.
    fn open_folder<'a>(&'a self, folder: &'a Path) -> ShellFuture<'a, ()>;

    /// Asks where to save a text and saves it there; `None` where people thought better of it.
    fn save_text<'a>(&'a self, file_name: &'a str, text: &'a str) -> ShellFuture<'a, Option<PathBuf>>;

    /// Takes these global key combinations, each in the form that [`cuelight_core::key_combination::KeyCombination`]
    /// writes, and lets go of all others; says which of them are ours.
    fn take_hotkeys<'a>(&'a self, keys: &'a [String]) -> ShellFuture<'a, Vec<HotkeyStatus>>;

    /// Starts the app with the system, or no longer.
    fn start_with_system(&self, wanted: bool) -> ShellFuture<'_, ()>;

    /// Ends the app and starts it anew, such as after a backup was restored.
    fn restart(&self) -> ShellFuture<'_, ()>;

    /// What of the desktop itself can show TikTok's page; where nothing can, a browser does.
    fn pages(&self) -> Option<Arc<dyn PageHost>>;
}

/// No desktop: `cuelight serve` and tests.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoShell;

impl Shell for NoShell {
    fn open_folder<'a>(&'a self, _: &'a Path) -> ShellFuture<'a, ()> {
        Box::pin(async { Err(ShellError::NoDesktop) })
    }

    fn save_text<'a>(&'a self, _: &'a str, _: &'a str) -> ShellFuture<'a, Option<PathBuf>> {
        Box::pin(async { Err(ShellError::NoDesktop) })
    }

    fn take_hotkeys<'a>(&'a self, keys: &'a [String]) -> ShellFuture<'a, Vec<HotkeyStatus>> {
        let none_is_ours = keys.iter().map(|keys| HotkeyStatus { keys: keys.clone(), registered: false }).collect();
        Box::pin(async { Ok(none_is_ours) })
    }

    fn start_with_system(&self, _: bool) -> ShellFuture<'_, ()> {
        Box::pin(async { Err(ShellError::NoDesktop) })
    }

    fn restart(&self) -> ShellFuture<'_, ()> {
        Box::pin(async { Err(ShellError::NoDesktop) })
    }

    fn pages(&self) -> Option<Arc<dyn PageHost>> {
        None
    }
}
