//! A program that still runs: what it says meanwhile, and how it is stopped.

use std::io::{BufRead as _, BufReader, Lines};
use std::process::{Child, ChildStderr, Command};

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
