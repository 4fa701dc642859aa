//! Programs under measurement: what Linux tells about them, and their end.

use std::fs;
use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The last line that the fake prints before it waits for clients.
const LAST_BASE: &str = "CUELIGHT_TIKTOK_WS";

/// How long a program may take to end by itself.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running program; it is killed when this is dropped.
pub(crate) struct Program {
    child: Child,
}

impl Program {
    /// Starts it without input; what it prints is thrown away.
    pub(crate) fn start(mut command: Command) -> Self {
        let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self { child: command.spawn().expect("the program starts") }
    }

    /// Starts it and reads the lines that it prints.
    pub(crate) fn start_and_listen(mut command: Command) -> (Self, Lines<BufReader<ChildStdout>>) {
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the program starts");
        let lines = BufReader::new(child.stdout.take().expect("stdout is a pipe")).lines();
        (Self { child }, lines)
    }

    /// CPU time of all its living threads so far.
    pub(crate) fn cpu_time(&self) -> Duration {
        let threads = fs::read_dir(format!("/proc/{}/task", self.child.id())).into_iter().flatten().flatten();
        let nanoseconds = threads.filter_map(|thread| {
            let times = fs::read_to_string(thread.path().join("schedstat")).ok()?;
            times.split(' ').next()?.parse::<u64>().ok()
        });
        Duration::from_nanos(nanoseconds.sum())
    }

    /// Its resident memory now, in megabytes.
    pub(crate) fn resident_mb(&self) -> Option<f64> {
        self.memory_mb("VmRSS:")
    }

    /// The most resident memory it ever had, in megabytes; nothing once it has ended.
    pub(crate) fn peak_mb(&self) -> Option<f64> {
        self.memory_mb("VmHWM:")
    }

    /// Waits until it has ended by itself, and calls `meanwhile` every millisecond.
    pub(crate) fn wait(&mut self, mut meanwhile: impl FnMut(&Self)) {
        let end = Instant::now() + PATIENCE;
        while self.child.try_wait().is_ok_and(|status| status.is_none()) {
            assert!(Instant::now() < end, "the program goes on after {PATIENCE:?}");
            meanwhile(self);
            sleep(Duration::from_millis(1));
        }
    }

    fn memory_mb(&self, name: &str) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let kilobytes: f64 =
            status.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()?;
        Some(kilobytes * 1024.0 / 1e6)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The fake TikTok in a process of its own, playing a recording as fast as it is read.
pub(crate) struct FakeTikTok {
    _program: Program,
    environment: Vec<(String, String)>,
}

impl FakeTikTok {
    pub(crate) fn playing(recording: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fake-tiktok"));
        command.arg("--frames").arg(recording);
        let (program, lines) = Program::start_and_listen(command);
        let mut environment = Vec::new();
        for line in lines.map_while(Result::ok) {
            let Some((name, value)) = line.split_once('=') else { continue };
            environment.push((name.to_owned(), value.to_owned()));
            if name == LAST_BASE {
                break;
            }
        }
        Self { environment, _program: program }
    }

    /// `cuelight capture` on its way to this TikTok, with its data in that folder.
    pub(crate) fn capture(&self, data_folder: &Path) -> Command {
        let mut command = system_tests::program::cuelight();
        command.args(["capture", "sim", "--duration", "0", "--output"]).arg(data_folder.join("events.json"));
        command.env("CUELIGHT_DATA_DIR", data_folder).envs(self.environment.iter().cloned());
        command
    }

    /// The same, and it fills the queues.
    pub(crate) fn enqueue(&self, data_folder: &Path) -> Command {
        let mut command = self.capture(data_folder);
        command.arg("--enqueue");
        command
    }

    /// `cuelight run`: it fills the queues and works them.
    pub(crate) fn run(&self, data_folder: &Path) -> Command {
        let mut command = system_tests::program::cuelight();
        command.args(["run", "sim"]).env("CUELIGHT_DATA_DIR", data_folder).envs(self.environment.iter().cloned());
        command
    }
}

/// Bytes that this process has sent towards the disk so far.
pub(crate) fn written_bytes() -> u64 {
    let counters = fs::read_to_string("/proc/self/io").unwrap_or_default();
    let written = counters.lines().find_map(|line| line.strip_prefix("write_bytes: "));
    written.and_then(|bytes| bytes.parse().ok()).unwrap_or(0)
}
