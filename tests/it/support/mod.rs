//! Running `cuelight` in a data folder of its own, and reading what it left.

#[cfg(target_os = "linux")]
pub(crate) mod alone;
#[cfg(target_os = "linux")]
pub(crate) mod journal;
pub(crate) mod lives;
pub(crate) mod running;
pub(crate) mod source;

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A data folder and a working folder for one test, gone afterwards.
pub(crate) struct Workplace {
    folder: TempDir,
}

impl Workplace {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// `cuelight` in this workplace, without a terminal.
    pub(crate) fn cuelight<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = system_tests::program::cuelight();
        command
            .current_dir(self.folder.path())
            .env("CUELIGHT_DATA_DIR", self.data_dir())
            .stdin(Stdio::null())
            .args(args);
        command
    }

    /// Runs it to its end.
    pub(crate) fn run<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Finished {
        Finished::of(self.cuelight(args))
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The events that a capture saved.
    pub(crate) fn saved(&self, name: &str) -> Vec<Value> {
        let text = std::fs::read_to_string(self.path(name)).expect("the saved file is there");
        serde_json::from_str(&text).expect("the saved file is a JSON array")
    }
}

/// How a program ended and what it said.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Finished {
    pub(crate) fn of(mut command: Command) -> Self {
        Self::from(command.output().expect("cuelight starts"))
    }

    /// Fails the test with everything that was said, unless it ended like that.
    #[track_caller]
    pub(crate) fn expect_status(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "exit status\nstdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }
}

impl From<Output> for Finished {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        }
    }
}
