//! Runs a client against a fake TikTok and collects the events it prints.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use serde_json::Value;
use system_tests::{FakeTikTok, program};

use crate::line::Line;

/// How long a client may take from its start to the end of the live.
const CLIENT_TIMEOUT: Duration = Duration::from_secs(90);

/// Lines that wait between a client and the test.
const LINES_WAITING_MAX: usize = 1024;

/// Who is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Client {
    /// `cuelight capture`.
    Ours,
    /// TikTokLive from PyPI.
    Python,
    /// tiktok-live-connector from npm.
    Node,
}

impl Client {
    /// Whether events come in the order in which they were sent. The Node client unpacks frames side by side and
    /// hands them out as they get ready.
    pub(crate) fn keeps_order(self) -> bool {
        match self {
            Client::Ours | Client::Python => true,
            Client::Node => false,
        }
    }

    /// Runs the client on `@sim` until the live ends.
    ///
    /// # Panics
    /// The client is not installed, does not end in time, or prints something else than events.
    pub(crate) fn capture(self, tiktok: &FakeTikTok) -> Vec<Line> {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut command = match self {
            Client::Ours => {
                let mut command = program::cuelight();
                command.args(["capture", "sim", "--source", "tiktok:direct", "--json", "--all"]);
                command.args(["--duration", "60", "--output"]).arg(folder.path().join("events.json"));
                command.arg("--data-dir").arg(folder.path()).envs(tiktok.environment());
                command
            }
            Client::Python => {
                let mut command = Command::new(program::repository(".setup/peers-python/bin/python"));
                command.arg(program::repository("tests/peers/python/capture.py"));
                command.args([&tiktok.http_url(), "sim"]);
                command
            }
            Client::Node => {
                let mut command = Command::new("node");
                command.arg(program::repository("tests/peers/node/capture.mjs"));
                command.args([&tiktok.http_url(), "sim"]);
                command
            }
        };
        let messages = folder.path().join("messages.txt");
        let child = command
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&messages).expect("a temporary file can be made"))
            .spawn()
            .unwrap_or_else(|error| panic!("{self:?} does not start ({error}); run scripts/setup"));
        let lines = printed(child, CLIENT_TIMEOUT).unwrap_or_else(|failure| {
            let said = std::fs::read_to_string(&messages).unwrap_or_default();
            panic!("{self:?} {failure}; it said:\n{said}")
        });
        lines.iter().map(|line| self.line(line)).collect()
    }

    fn line(self, text: &str) -> Line {
        let value: Value =
            serde_json::from_str(text).unwrap_or_else(|error| panic!("{self:?} printed no event ({error}): {text}"));
        match self {
            Client::Ours => Line::of_ours(&value),
            Client::Python | Client::Node => Line::of_peer(&value),
        }
    }
}

/// What the child prints on its piped standard output until it ends well, or what went wrong. A child that does not end
/// within that time is ended.
pub(crate) fn printed(mut child: Child, within: Duration) -> Result<Vec<String>, String> {
    let output = child.stdout.take().expect("standard output is piped");
    let (sender, receiver) = sync_channel(LINES_WAITING_MAX);
    let reader = std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    let deadline = Instant::now() + within;
    let mut lines = Vec::new();
    loop {
        match receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => lines.push(line),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                child.kill().expect("a running child can be killed");
                return Err(format!("printed {} lines and did not end within {within:?}", lines.len()));
            }
        }
    }
    reader.join().expect("reading lines does not panic");
    let status = child.wait().expect("a child that closed its output can be waited for");
    if status.success() { Ok(lines) } else { Err(format!("printed {} lines and ended with {status}", lines.len())) }
}
