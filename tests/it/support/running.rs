//! A program that still runs: what it says meanwhile, and how it is stopped.

use std::io::{BufRead as _, BufReader, Lines};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// Lines that may wait to be read; more than any test makes a program say.
const LINES: usize = 100_000;

/// A program whose stdout is read while it runs; killed when dropped.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
    /// What was read so far, for whoever asks what went wrong.
    said: Vec<String>,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("cuelight starts");
        let stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let (sender, lines) = sync_channel(LINES);
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Self { child, lines, said: Vec::new() }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The next line within that time; `None` where none comes or the program ended.
    pub(crate) fn next_within(&mut self, time: Duration) -> Option<String> {
        let line = self.lines.recv_timeout(time).ok()?;
        self.said.push(line.clone());
        Some(line)
    }

    /// The next line that contains this; those before it are passed over.
    #[track_caller]
    pub(crate) fn next_with(&mut self, what: &str) -> String {
        loop {
            match self.next_within(PATIENCE) {
                Some(line) if line.contains(what) => return line,
                Some(_) => {}
                None => panic!("it did not say {what:?} but:\n{}", self.said.join("\n")),
            }
        }
    }

    /// Ctrl+C.
    pub(crate) fn interrupt(&self) {
        interrupt(&self.child);
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("SIGKILL");
        self.child.wait().expect("it is gone");
    }

    /// Waits for its end; gives its exit status and all that it said.
    #[track_caller]
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => self.said.push(line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end but says:\n{}", self.said.join("\n")),
            }
        }
        (self.child.wait().expect("it ended").code(), self.said.join("\n"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a program says on stderr, line by line, while it runs.
pub(crate) struct Said(Lines<BufReader<ChildStderr>>);

impl Said {
    /// Takes the stderr of a program that was started with it piped.
    pub(crate) fn by(child: &mut Child) -> Self {
        Self(BufReader::new(child.stderr.take().expect("stderr is piped")).lines())
    }

    /// The next line that contains this; those before it are passed over.
    #[track_caller]
    pub(crate) fn next_with(&mut self, what: &str) -> String {
        let lines = self.0.by_ref().map(|line| line.expect("stderr is UTF-8"));
        lines.into_iter().find(|line| line.contains(what)).unwrap_or_else(|| panic!("it ended without saying {what:?}"))
    }

    /// What it says from now to its end.
    pub(crate) fn rest(self) -> Vec<String> {
        self.0.map(|line| line.expect("stderr is UTF-8")).collect()
    }
}

/// Ctrl+C for a program without a terminal.
pub(crate) fn interrupt(child: &Child) {
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(kill.success(), "the program is still there");
}
