//! A running program that ends with its test, and what Linux tells about it and its children.

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use super::memory::{self, Memory};
use super::until;

/// A running program; it is killed with all that it started when this is dropped.
pub(crate) struct Program {
    child: Child,
}

impl Program {
    /// Starts it, as the head of a group that whatever it starts belongs to.
    pub(crate) fn start(mut command: Command) -> Self {
        command.process_group(0);
        let child = command.spawn().unwrap_or_else(|error| panic!("could not start {command:?}: {error}"));
        Self { child }
    }

    /// The child itself, for its pipes.
    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// It has not ended.
    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("it is our child").is_none()
    }

    /// Its living children, and theirs, whose name begins so.
    pub(crate) fn below(&self, name: &str) -> Vec<u32> {
        below(self.id(), name)
    }

    /// Memory of those below it whose name begins so.
    pub(crate) fn memory(&self, name: &str) -> Memory {
        self.below(name).into_iter().map(Memory::of).fold(Memory::default(), Memory::plus)
    }

    /// Processor time of it and all below it so far.
    pub(crate) fn cpu_time(&self) -> Duration {
        self.below("").into_iter().chain([self.id()]).map(memory::cpu_time).sum()
    }

    /// Waits for its end.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        until("the end of the program", async || self.child.try_wait().expect("it is our child")).await
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Its group, since tauri-driver leaves its own driver behind. It may have ended by itself, which is as good.
        let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", self.id())]).stderr(Stdio::null()).status();
        let _ = self.child.wait();
    }
}

/// Asks a process to end, as the system does at shutdown.
pub(crate) fn terminate(id: u32) {
    let told = Command::new("kill").args(["-TERM", &id.to_string()]).status();
    assert!(told.is_ok_and(|status| status.success()), "process {id} can be told to end");
}

/// The living children of a process, and theirs, whose name begins so.
pub(crate) fn below(id: u32, name: &str) -> Vec<u32> {
    let mut found = Vec::new();
    let mut waiting = vec![id];
    while let Some(parent) = waiting.pop() {
        for child in children(parent) {
            let called = fs::read_to_string(format!("/proc/{child}/comm")).unwrap_or_default();
            if called.starts_with(name) {
                found.push(child);
            }
            waiting.push(child);
        }
    }
    found
}

fn children(id: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten();
    let lists = threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    lists.flat_map(|list| list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<u32>>()).collect()
}
