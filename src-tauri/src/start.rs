//! How the app was started: which data folder, with or without a window; and where its log goes.

use std::ffi::OsString;
use std::path::PathBuf;

use cuelight_runtime::logs::log_file_layer;
use cuelight_runtime::paths::{DATA_FOLDER_VARIABLE, DataFolder};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Starts in the tray, without a window; what starting with the system does.
pub(crate) const BACKGROUND: &str = "--background";

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The app.
    Start(Start),
    /// Its version, and nothing else.
    Version,
}

/// How to start.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Start {
    /// The data folder, where one was named.
    pub(crate) data_folder: Option<PathBuf>,
    /// Without a window, where there is a tray to open one from.
    pub(crate) in_background: bool,
}

impl Start {
    /// Reads the arguments. What is unknown is left out: desktops add arguments of their own.
    pub(crate) fn read(arguments: impl IntoIterator<Item = OsString>) -> Asked {
        let mut start = Self::default();
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let text = argument.to_string_lossy();
            if text == "--data-dir" {
                start.data_folder = arguments.next().map(PathBuf::from);
            } else if let Some(folder) = text.strip_prefix("--data-dir=") {
                start.data_folder = Some(PathBuf::from(folder));
            } else if text == BACKGROUND {
                start.in_background = true;
            } else if text == "--version" {
                return Asked::Version;
            }
        }
        Asked::Start(start)
    }

    /// A data folder was named, here or in the environment.
    pub(crate) fn names_a_folder(&self) -> bool {
        self.data_folder.is_some() || std::env::var_os(DATA_FOLDER_VARIABLE).is_some_and(|it| !it.is_empty())
    }
}

/// Sends what is logged to the log files of the data folder, and what is wrong to stderr too.
pub(crate) fn keep_log(folder: Option<&DataFolder>) {
    let stderr = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).without_time();
    // A folder that takes no log takes no database either: the window will say so.
    let file = folder.filter(|folder| folder.create().is_ok());
    let file = file.and_then(|folder| log_file_layer(&folder.logs(), LevelFilter::INFO).ok());
    tracing_subscriber::registry().with(stderr.with_filter(LevelFilter::WARN)).with(file).init();
}

/// Says on the console, for whoever started it there, which version this is.
#[expect(clippy::print_stdout, reason = "the answer to --version belongs on the console")]
pub(crate) fn tell_version() {
    println!("cuelight-desktop {}", env!("CARGO_PKG_VERSION"));
}

/// Says on the console what there is no window to say it in.
#[expect(clippy::print_stderr, reason = "there is no window to say it in")]
pub(crate) fn tell(text: &str) {
    eprintln!("{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: &[&str], data_folder: Option<&str>, in_background: bool) {
        let read = Start::read(arguments.iter().map(OsString::from));
        let expected = Start { data_folder: data_folder.map(PathBuf::from), in_background };
        assert_eq!(read, Asked::Start(expected), "{arguments:?}");
    }

    #[test]
    fn the_command_line_names_the_folder_and_the_background() {
        check(&[], None, false);
        check(&["--data-dir", "/tmp/a b"], Some("/tmp/a b"), false);
        check(&["--data-dir=/tmp/a"], Some("/tmp/a"), false);
        check(&["--background"], None, true);
        check(&["--data-dir"], None, false);
        check(&["-psn_0_12345", "--what-a-desktop-adds"], None, false);
    }

    #[test]
    fn the_version_is_told_without_starting() {
        assert_eq!(Start::read([OsString::from("--version")]), Asked::Version, "scripts ask for it");
    }
}
